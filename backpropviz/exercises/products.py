"""Which product gives a gradient: every product of the factors at hand, with what is right or wrong with it."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from backpropviz.errors import InputError
from backpropviz.exercises.answers import MISTAKEN, RIGHT, UNREADABLE, WRONG, Verdict
from backpropviz.exercises.mistakes import (
    AVERAGED,
    ENTRYWISE,
    FACTOR_ORDER,
    MATRIX_WISE,
    NO_LOCAL,
    NO_UPSTREAM,
    NOT_TRANSPOSED,
    PER_EXAMPLE,
    SWAPPED,
    TRANSPOSED,
    WRONG_SIGN,
)
from backpropviz.exercises.product_forms import Factors, spoken, used
from backpropviz.exercises.product_text import form_text, listed, read_product
from backpropviz.graph import CONSTANT
from backpropviz.ops import REGISTRY
from backpropviz.steps.segments import shape_text

if TYPE_CHECKING:
    from backpropviz.autodiff import Adjoints, Tape
    from backpropviz.exercises.product_text import Form
    from backpropviz.schema.story import PlainVerdict

NO_FIT = "multiplied shapes that do not meet"
OTHER_SHAPE = "gave the gradient another shape"
_MOST_CHOICES = 5
_MOST_ALIKE = 2
"""Choices that may show one error in two ways."""


@dataclass(frozen=True, slots=True)
class ProductTable:
    """The judged products of one question.

    Parameters
    ----------
    names : dict of str to str
        What may be typed, and which factor it means.
    ranks : dict of str to int
        Number of axes of each factor.
    scale : float
        The number that stands before a right product: -1 behind a minus.
    verdicts : dict of str to Verdict
        By form; see :func:`backpropviz.exercises.product_text.read_product`.
    choices : tuple of str
        Products to choose from, one of them right, as people write them.
    answer : str
        A right product, as people write it.
    """

    names: dict[str, str]
    ranks: dict[str, int]
    scale: float
    verdicts: dict[str, Verdict]
    choices: tuple[str, ...]
    answer: str

    def judge(self, text: str) -> Verdict:
        """Judge a product as it was typed."""
        try:
            typed = read_product(text, self.names, self.ranks)
        except InputError as fault:
            return Verdict(UNREADABLE, str(fault))
        verdict = self.verdicts.get(typed.form)
        if verdict is None:
            return Verdict(WRONG, f"That is not it: look for a product of {listed(self.factors)}.")
        if verdict.status != RIGHT or typed.scale == self.scale:
            return verdict
        if typed.scale == -self.scale:
            return Verdict(MISTAKEN, "The product is right, its sign is not.", kinds=(WRONG_SIGN,))
        return Verdict(WRONG, "The product is right, the number before it is not.")

    @property
    def factors(self) -> tuple[str, ...]:
        """Names of the factors."""
        return tuple(dict.fromkeys(self.names.values()))

    def plain_verdicts(self) -> tuple[list[PlainVerdict], dict[str, int]]:
        """Give every verdict once, and which one a form has."""
        every = list(dict.fromkeys(self.verdicts.values()))
        plain: list[PlainVerdict] = [[each.status, each.text, list(each.kinds)] for each in every]
        return plain, {form: every.index(verdict) for form, verdict in self.verdicts.items()}


def product_question(tape: Tape, adjoints: Adjoints, node: str, seed: int = 0) -> ProductTable | None:
    """Judge the products that may give the gradient of a node; None where one contribution of a product is not all.

    A product is right where it gives the contribution for any numbers of these shapes, not only here.
    """
    graph, shapes = tape.graph, tape.shapes
    terms = [term for term in graph.consumers(node) if term in adjoints.contributions]
    if len(terms) != 1 or graph.op(node) == CONSTANT:
        return None
    consumer, slot = terms[0]
    op, arguments = graph.op(consumer), graph.arguments(consumer)
    if len(arguments) != 2 or op not in ("matmul", "dot", "multiply", "add", "subtract"):
        return None
    repeated = shapes[node] != shapes[consumer]
    if any(len(shapes[name]) > 2 for name in (consumer, *arguments)) or not any(map(len, shapes.values())):
        return None
    if op in ("add", "subtract") and not repeated:
        return None  # it is passed on as it is: nothing is multiplied or summed
    if op == "multiply" and not len(shapes[node]):
        return None
    upstream = _free_name(graph.nodes)
    return _Judge(tape, consumer, slot, node, upstream).table(seed)


def _free_name(taken: tuple[str, ...]) -> str:
    return next(name for name in ("G", "U", "D", "G_up", "G_in", "G_above") if name not in taken)


class _Judge:
    """Tries every product of the factors on numbers drawn at random."""

    def __init__(self, tape: Tape, consumer: str, slot: int, node: str, upstream: str) -> None:
        graph = tape.graph
        self.op, self.slot, self.node, self.consumer, self.upstream = graph.op(consumer), slot, node, consumer, upstream
        self.arguments = graph.arguments(consumer)
        self.other = self.arguments[1 - slot]
        drawn = np.random.default_rng(1)
        numbers = {name: drawn.normal(size=tape.shapes[name]) for name in self.arguments}
        given = [numbers[name] for name in self.arguments]
        numbers[upstream] = drawn.normal(size=tape.shapes[consumer])
        rule, parameters = REGISTRY[self.op], graph.parameters(consumer)
        out = np.asarray(rule.value(*given, **parameters))
        (self.wanted,) = rule.vjp(numbers[upstream], out, given, parameters, (slot,))
        self.scale = -1.0 if self.op == "subtract" and slot == 1 else 1.0
        self.shape = tape.shapes[node]
        self.asked = f"the gradient of {node} has {node}'s own shape, {shape_text(self.shape)}"
        self.is_sum = self.op in ("add", "subtract")
        self.entrywise = self.op not in ("matmul", "dot")
        self.factors = Factors(numbers, self.entrywise)

    def table(self, seed: int) -> ProductTable | None:
        judged = {form: self._verdict(form) for form in self.factors.forms()}
        right = [form for form, verdict in judged.items() if verdict.status == RIGHT]
        if not right:
            return None
        names = {name: name for name in self.factors.numbers}
        aliases = (f"∇{self.consumer}", f"g_{self.consumer}", f"d{self.consumer}")
        names |= {alias: self.upstream for alias in aliases if alias not in names}
        ranks = {name: np.ndim(number) for name, number in self.factors.numbers.items()}
        choices = [right[0], *self._wrong_choices(judged)]
        random.Random(f"{seed}/{self.node}").shuffle(choices)  # noqa: S311  an order, not a secret
        sign = "−" if self.scale < 0 else ""
        told = tuple(sign + spoken(each) for each in choices)
        verdicts = {form_text(form): verdict for form, verdict in judged.items()}
        return ProductTable(names, ranks, self.scale, verdicts, told, sign + spoken(right[0]))

    def _wrong_choices(self, judged: dict[Form, Verdict]) -> list[Form]:
        """Choose wrong products, of every error one: those of the right factors first."""
        fitting = {self.upstream} if self.is_sum else {self.upstream, self.other}
        found: dict[object, Form] = {}
        for form in sorted(judged, key=lambda form: (set(used(form)) != fitting, form_text(form).count("'"))):
            names, verdict = used(form), judged[form]
            telling = self.upstream in names and len(names) == len(set(names)) and form.kind != "sum-1"
            if telling and verdict.status == MISTAKEN:
                found.setdefault((verdict.kinds, form.kind if len(found) < _MOST_ALIKE else ""), form)
        return list(found.values())[: _MOST_CHOICES - 1]

    def _verdict(self, form: Form) -> Verdict:
        try:
            number = self.factors.number(form)
        except ValueError:
            return Verdict(MISTAKEN, self._misfit(form), kinds=(NO_FIT,))
        # A vector may be computed as a row or a column; a matrix has its own shape.
        fits = np.size(number) == np.size(self.wanted) and (len(self.shape) < 2 or np.shape(number) == self.shape)
        if fits and np.allclose(np.reshape(number, self.shape), self.scale * self.wanted):
            return Verdict(RIGHT, "Right.")
        kind, text = self._wrong_factors(form) or self._wrong_order(form, number, fits=fits)
        return Verdict(MISTAKEN, text, kinds=(kind,))

    def _misfit(self, form: Form) -> str:
        inner = form if form.kind in ("@", "*") else form.parts[0]
        if len(inner.parts) < 2:
            return f"{spoken(form)} has no such axis: {spoken(inner)} is {shape_text(self.factors.shape(inner))}."
        one, two = (f"{spoken(each)} is {shape_text(self.factors.shape(each))}" for each in inner.parts)
        if inner.kind == "*":
            return f"These do not fit entry by entry: {one} and {two}."
        return f"These do not fit: {one} and {two}, and the inner sizes have to agree."

    def _wrong_factors(self, form: Form) -> tuple[str, str] | None:
        """Name what is wrong with the factors themselves, or with how they are joined."""
        node, other, upstream, consumer = self.node, self.other, self.upstream, self.consumer
        names = used(form)
        if upstream not in names:
            return NO_UPSTREAM, f"The upstream gradient {upstream} is missing here."
        if form.kind.startswith("mean"):
            return AVERAGED, f"Not the mean: what comes back from every use of {node} is summed."
        if form.kind == "name" and self.is_sum:
            return PER_EXAMPLE, f"Sum over the batch: {node} was used several times at {consumer}, and {self.asked}."
        if form.kind == "name":
            text = f"This is what arrives at {consumer}: multiply it by what {consumer} multiplies {node} by."
            return NO_LOCAL, text
        if node in names and node != other:
            return SWAPPED, f"{node} itself does not stand in its gradient here: the other factor, {other}, does."
        if form.kind == "*" and not self.entrywise:
            return ENTRYWISE, f"This multiplies entry by entry: {consumer} is a matrix product, rows by columns."
        if form.kind == "@" and self.entrywise:
            does = "adds" if self.is_sum else "multiplies"
            return MATRIX_WISE, f"This multiplies rows by columns: {consumer} {does} entry by entry."
        return None

    def _wrong_order(self, form: Form, number: Any, *, fits: bool) -> tuple[str, str]:
        """Name what is wrong with the order of the right factors, or with what is summed."""
        shape = np.shape(number)
        if self.entrywise:
            told = f"has the shape {shape_text(shape)}" if shape else "is one number"
            return (
                (PER_EXAMPLE, f"This sums over the wrong axis: {self.asked}.")
                if fits
                else (
                    OTHER_SHAPE,
                    f"This {told}: {self.asked}.",
                )
            )
        if shape == self.shape[::-1] and np.allclose(np.transpose(number), self.wanted):
            return TRANSPOSED, f"This is the transpose, of shape {shape_text(shape)}: {self.asked}."
        if not fits:
            return OTHER_SHAPE, f"This has the shape {shape_text(shape)}: {self.asked}."
        if used(form) != ([self.other, self.upstream] if self.slot else [self.upstream, self.other]):
            return FACTOR_ORDER, "The factors stand in another order: matrix products do not commute."
        return NOT_TRANSPOSED, f"The order is right: {self.other} stands transposed, {self.upstream} as it is."
