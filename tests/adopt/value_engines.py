"""Engines as learners write them: six ways to be a number with a gradient."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from known_engines import Micrograd, Slopes


class Table:
    """Rules live in a table beside the class; names are its own."""

    RULES: ClassVar = {
        "add": (lambda x, y: x + y, lambda g, x, y, out: (g, g)),
        "sub": (lambda x, y: x - y, lambda g, x, y, out: (g, -g)),
        "mul": (lambda x, y: x * y, lambda g, x, y, out: (g * y, g * x)),
        "div": (lambda x, y: x / y, lambda g, x, y, out: (g / y, -g * x / y**2)),
        "tanh": (math.tanh, lambda g, x, out: (g * (1 - out * out),)),
        "sin": (math.sin, lambda g, x, out: (g * math.cos(x),)),
    }

    def __init__(self, value, parents=(), rule=None, name=""):
        self.value, self.derivative, self.parents, self.rule, self.name = value, 0.0, list(parents), rule, name

    @classmethod
    def call(cls, rule, *parents):
        return cls(cls.RULES[rule][0](*(each.value for each in parents)), parents, rule)

    def backward(self):
        order, seen = [], set()

        def visit(each):
            if id(each) not in seen:
                seen.add(id(each))
                for parent in each.parents:
                    visit(parent)
                order.append(each)

        visit(self)
        self.derivative = 1.0
        for each in reversed(order):
            if each.rule:
                slopes = self.RULES[each.rule][1](each.derivative, *(p.value for p in each.parents), each.value)
                for parent, slope in zip(each.parents, slopes, strict=True):
                    parent.derivative += slope

    __add__ = lambda self, other: Table.call("add", self, other)
    __sub__ = lambda self, other: Table.call("sub", self, other)
    __mul__ = lambda self, other: Table.call("mul", self, other)
    __truediv__ = lambda self, other: Table.call("div", self, other)


class Closures:
    """No sign: the name of the method that made the closure tells; children in a list."""

    def __init__(self, data, children=()):
        self.data, self.grad, self.children, self._backward = float(data), 0.0, list(children), lambda: None

    def __add__(self, other):
        out = Closures(self.data + other.data, [self, other])

        def push():
            self.grad += out.grad
            other.grad += out.grad

        out._backward = push
        return out

    def __mul__(self, other):
        out = Closures(self.data * other.data, [self, other])

        def push():
            self.grad += other.data * out.grad
            other.grad += self.data * out.grad

        out._backward = push
        return out

    def exp(self):
        out = Closures(math.exp(self.data), [self])

        def push():
            self.grad += out.data * out.grad

        out._backward = push
        return out

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for child in value.children:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = 1.0
        for value in reversed(order):
            value._backward()


class Arrays:
    """Whole arrays, with a matrix product."""

    def __init__(self, data, children=(), op=""):
        self.data, self.grad, self.children, self.op = np.asarray(data, float), np.zeros(np.shape(data)), children, op

    def __matmul__(self, other):
        return Arrays(self.data @ other.data, (self, other), "@")

    def __mul__(self, other):
        return Arrays(self.data * other.data, (self, other), "*")

    def tanh(self):
        return Arrays(np.tanh(self.data), (self,), "tanh")

    def sum(self):
        return Arrays(self.data.sum(), (self,), "sum")

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for child in value.children:
                    visit(child)
                order.append(value)

        visit(self)
        self.grad = np.ones(())
        for out in reversed(order):
            if out.op == "@":
                x, y = out.children
                x.grad = x.grad + out.grad @ y.data.T
                y.grad = y.grad + x.data.T @ out.grad
            elif out.op == "*":
                x, y = out.children
                x.grad = x.grad + out.grad * y.data
                y.grad = y.grad + out.grad * x.data
            elif out.op == "tanh":
                (x,) = out.children
                x.grad = x.grad + out.grad * (1 - out.data**2)
            elif out.op == "sum":
                (x,) = out.children
                x.grad = x.grad + out.grad * np.ones_like(x.data)


class Plain:
    """Records on a tape of its own; every field says what it is."""

    def __init__(self, val, inputs=(), operation="", label=""):
        self.val, self.gradient, self.inputs, self.operation, self.label = val, 0.0, inputs, operation, label

    def __sub__(self, other):
        return Plain(self.val - other.val, (self, other), "-")

    def __mul__(self, other):
        return Plain(self.val * other.val, (self, other), "*")

    def sigmoid(self):
        return Plain(1 / (1 + math.exp(-self.val)), (self,), "sigmoid")

    def backward(self):
        order = []

        def visit(value):
            if value not in order:
                for child in value.inputs:
                    visit(child)
                order.append(value)

        visit(self)
        self.gradient = 1.0
        for out in reversed(order):
            if out.operation == "-":
                out.inputs[0].gradient += out.gradient
                out.inputs[1].gradient -= out.gradient
            elif out.operation == "*":
                x, y = out.inputs
                x.gradient += y.val * out.gradient
                y.gradient += x.val * out.gradient
            elif out.operation == "sigmoid":
                out.inputs[0].gradient += out.val * (1 - out.val) * out.gradient


def micrograd():
    """The example of micrograd's README."""
    a, b = Micrograd(-4.0), Micrograd(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += d * 3 + (b + (-a)).relu()
    e = c - d
    f = e**2
    g = f * 0.5
    return g + Micrograd(10.0) / f, [(a, 138.83381924198252), (b, 645.5772594752186)]


def slopes():
    x, y = Slopes(0.7), Slopes(-1.3)
    z = (x * y + x * x).exp() + (x**2.5) / (y * y + 1.0)
    return (z.log() * 2.0 - y.relu()) * x, None


def table():
    x, w = Table(0.5, name="x"), Table(-2.0, name="w")
    h = Table.call("tanh", w * x + x)
    return Table.call("sin", h / (w - x)) * h, None


def closures():
    x, y = Closures(0.3), Closures(-0.8)
    z = x * y
    return (z + z * x).exp() * z, None


def arrays():
    generator = np.random.default_rng(0)
    x, w, v = (Arrays(generator.normal(size=shape)) for shape in ((4, 3), (3, 5), (4, 5)))
    return ((x @ w).tanh() * v).sum(), None


def plain():
    x, y = Plain(0.4, label="x"), Plain(1.5, label="target")
    p = (x * y).sigmoid()
    return (p - y) * (p - y), None


ENGINES = {each.__name__: each for each in (micrograd, slopes, table, closures, arrays, plain)}
