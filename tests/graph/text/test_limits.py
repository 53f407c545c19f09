"""Limits of text, and none on the depth of graphs."""

from __future__ import annotations

import time

import pytest

from backpropviz.errors import ExpressionError
from backpropviz.graph import GraphBuilder, parse
from backpropviz.graph.text import limits


@pytest.mark.parametrize(
    ("text", "start", "message"),
    [
        ("x" * 4097, 4096, "4,097 characters"),
        ("(" * 101 + "x" + ")" * 101, 100, "More than 100 parentheses"),
        ("sin(" * 101 + "x" + ")" * 101, 403, "More than 100 parentheses"),
        ("-" * 2001 + "x", 0, "more than 2,000 operations"),
        ("x" + "-x" * 2001, 0, "more than 2,000 operations"),
        ("+".join(f"x{number}" for number in range(201)), 890, "more than 200 names"),
        (";".join(f"x{number}=1" for number in range(201)), 1290, "more than 200 names"),
    ],
)
def test_beyond(text, start, message):
    with pytest.raises(ExpressionError, match=message) as caught:
        parse(text)
    assert caught.value.start == start
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "x" * 4096,
        "(" * 100 + "x" + ")" * 100,
        "-" * 2000 + "x",
        "x" + "-x" * 2000,
        "x" + "**x" * 1300,
        "+".join(f"x{number}" for number in range(200)),
    ],
)
def test_up_to(text):
    parse(text)


def test_a_long_sum_is_one_gate():
    graph = parse("+".join(["x"] * 2000))
    assert len(graph.arguments("y")) == 2000
    assert len(graph.consumers("x")) == 2000


def test_parentheses_side_by_side_are_not_nested():
    parse("+".join(["(x)"] * (limits.NESTING + 1)))


def test_a_chain_of_50000_nodes_needs_no_recursion():
    builder = GraphBuilder()
    node = builder.input("x")
    for _ in range(50_000):
        node = builder.apply("sin", node)
    graph = builder.build(node)
    assert len(graph) == 50_001
    assert graph.nodes[-1] == graph.output


def test_time_grows_with_length_not_faster():
    def seconds(text):
        times = []
        for _ in range(3):
            start = time.thread_time()
            parse(text)
            times.append(time.thread_time() - start)
        return min(times)

    short, long = "-".join(["x"] * 200), "-".join(["x"] * 1600)
    assert seconds(long) < 8 * 4 * seconds(short)  # 8 times the text; quadratic would be 64 times


def test_short_texts_are_read_within_a_millisecond():
    text = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"
    parse(text)
    times = []
    for _ in range(100):
        start = time.thread_time()
        parse(text)
        times.append(time.thread_time() - start)
    assert sorted(times)[50] < 5e-3  # 0.4 ms on a quiet machine; room for a busy one
