"""The two scalar engines that are read most: with closures and a set of children, and with stored slopes."""

from __future__ import annotations

import math


class Micrograd:
    """Children are a set, the operation is a sign, the rule a closure."""

    def __init__(self, data, _children=(), _op=""):
        self.data, self.grad, self._prev, self._op = data, 0.0, set(_children), _op
        self._backward = lambda: None

    def __add__(self, other):
        other = other if isinstance(other, Micrograd) else Micrograd(other)
        out = Micrograd(self.data + other.data, (self, other), "+")

        def _backward():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = _backward
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Micrograd) else Micrograd(other)
        out = Micrograd(self.data * other.data, (self, other), "*")

        def _backward():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = _backward
        return out

    def __pow__(self, other):
        out = Micrograd(self.data**other, (self,), f"**{other}")

        def _backward():
            self.grad += other * self.data ** (other - 1) * out.grad

        out._backward = _backward
        return out

    def relu(self):
        out = Micrograd(max(self.data, 0), (self,), "ReLU")

        def _backward():
            self.grad += (out.data > 0) * out.grad

        out._backward = _backward
        return out

    def backward(self):
        order, seen = [], set()

        def visit(value):
            if value not in seen:
                seen.add(value)
                for child in value._prev:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value._backward()

    __radd__, __rmul__ = __add__, __mul__
    __neg__ = lambda self: self * -1
    __sub__ = lambda self, other: self + (-other)
    __truediv__ = lambda self, other: self * other**-1


class Slopes:
    """Children are a tuple, slopes are stored, nothing says which operation it is."""

    __slots__ = ("_children", "_local_grads", "data", "grad")

    def __init__(self, data, children=(), local_grads=()):
        self.data, self.grad, self._children, self._local_grads = data, 0, children, local_grads

    def __add__(self, other):
        other = other if isinstance(other, Slopes) else Slopes(other)
        return Slopes(self.data + other.data, (self, other), (1, 1))

    def __mul__(self, other):
        other = other if isinstance(other, Slopes) else Slopes(other)
        return Slopes(self.data * other.data, (self, other), (other.data, self.data))

    def __pow__(self, other):
        return Slopes(self.data**other, (self,), (other * self.data ** (other - 1),))

    def log(self):
        return Slopes(math.log(self.data), (self,), (1 / self.data,))

    def exp(self):
        return Slopes(math.exp(self.data), (self,), (math.exp(self.data),))

    def relu(self):
        return Slopes(max(0, self.data), (self,), (float(self.data > 0),))

    def backward(self):
        order, seen, waiting = [], set(), [(self, False)]
        while waiting:
            value, done = waiting.pop()
            if done:
                order.append(value)
            elif value not in seen:
                seen.add(value)
                waiting.append((value, True))
                waiting += [(child, False) for child in value._children]
        self.grad = 1
        for value in reversed(order):
            for child, slope in zip(value._children, value._local_grads, strict=True):
                child.grad += slope * value.grad

    __radd__, __rmul__ = __add__, __mul__
    __neg__ = lambda self: self * -1
    __sub__ = lambda self, other: self + (-other)
    __truediv__ = lambda self, other: self * other**-1
