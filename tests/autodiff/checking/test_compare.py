"""The comparison of the ways to differentiate: numbers, tables, figure and widget."""

from __future__ import annotations

import math
import subprocess
import sys

import numpy as np
import pytest
from worked_examples import EXAMPLES, exact, lecture_graph, lecture_point

from backpropviz import parse, trace
from backpropviz.autodiff.checking.agreement import agreement, seconds_text, ten_digits
from backpropviz.autodiff.checking.compare import compare_methods
from backpropviz.charts.comparison_labels import power_of_ten
from backpropviz.errors import InputError, SeedError
from backpropviz.widgets.comparison import ComparisonPanel, compare

LECTURE = "exp(x*z) + x*z/ln(x) + sin(ln(x))/(x*z)"


@pytest.fixture(scope="module")
def comparison():
    return compare(LECTURE, x=2, z=3)


@pytest.fixture
def panel(comparison):
    shown = ComparisonPanel(comparison)
    yield shown
    shown.close()


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_four_methods_agree_on_the_lecture_examples(name):
    measured = compare_methods(lecture_graph(name), lecture_point(name))
    for wrt in measured.graph.inputs:
        for method in measured.methods.values():
            assert method.gradient[wrt] == pytest.approx(exact(name, "adjoints", wrt), rel=1e-7, abs=1e-8)
        assert measured.methods["forward mode"].digits[wrt] >= 13
        assert measured.methods["symbolic"].digits[wrt] >= 13
        assert measured.methods["finite differences"].digits[wrt] >= 7
    assert measured.methods["forward mode"].sweeps.startswith(str(len(measured.graph.inputs)))


def test_digits_count_what_agrees():
    assert agreement(1.0, 1.001) == pytest.approx(3.0)
    assert agreement(1.0, 1.0) == 16
    assert agreement(np.nan, np.nan) == 16
    assert agreement(1.0, np.nan) == 0
    assert agreement(np.inf, np.inf) == 16
    assert agreement(1.0, 7.0) == 0
    assert agreement([1e-9, 1.0], [2e-9, 1.0]) == pytest.approx(9.0)
    assert agreement(np.zeros(0), np.zeros(0)) == 16


def test_numbers_and_times_are_readable():
    assert ten_digits(-0.0) == "0"
    assert ten_digits(-1.5) == "−1.5"
    assert ten_digits(np.full((2, 2), 0.5)) == "2×2 array, norm 1"
    assert [seconds_text(each) for each in (2.5, 0.0125, 3e-6, math.nan)] == ["2.5 s", "12.5 ms", "3 µs", "–"]
    assert power_of_ten(9.6e-9) == "10⁻⁸"


def test_the_tables_print(comparison):
    text = str(comparison)
    for words in (
        "y = 412.1914573 at x = 2, z = 3",
        "1208.381215",
        "Decimal digits that agree with reverse mode",
        "4 evaluations",
        "2 sweeps",
        "times the operations of the value alone",
    ):
        assert words in text
    assert comparison.ratio == pytest.approx(3.125)
    assert comparison.time_ratio > 1


def test_arrays_are_compared_without_symbols():
    measured = compare_methods(
        trace(lambda x, w: np.sum(np.tanh(x @ w)), "x", "w"), x=np.ones((2, 3)), w=[0.1, 0.2, 0.3]
    )
    assert measured.methods["symbolic"].gradient is None
    assert "acts on whole arrays" in str(measured)
    assert measured.methods["forward mode"].sweeps == "9 sweeps"
    assert measured.methods["finite differences"].digits["x"] > 7


def test_functions_too_long_to_write_out_are_still_compared():
    program = "x1 = x*(1 - x)" + "".join(f"; x{n} = x{n - 1}*(1 - x{n - 1})" for n in range(2, 31))
    measured = compare_methods(parse(program), x=0.3)
    assert "too many for symbolic differentiation" in measured.notes[-1]
    assert measured.methods["reverse mode"].operations < 200


def test_bad_requests_are_refused():
    with pytest.raises(InputError, match="no input 'w'"):
        compare(LECTURE, x=2, z=3, w=1)
    with pytest.raises(SeedError, match="needs a seed"):
        compare(trace(lambda x: x * 2), x=[1.0, 2.0])
    with pytest.raises(InputError, match="no input 'w' to differentiate by"):
        compare(LECTURE, x=2, z=3).error_curve("w")


def test_values_that_are_no_numbers_crash_nothing():
    for text, value in (("ln(x)", -1.0), ("1/x", 0.0), ("sqrt(x)", 0.0), ("x*x", math.nan), ("exp(x)", 1000.0)):
        found = compare(text, x=value)
        assert "×" in str(found)
        found.to_figure()


def test_comparing_in_print_loads_no_plotting_library():
    code = "import sys, backpropviz as b; from backpropviz.autodiff.checking.compare import compare_methods; "
    code += "str(compare_methods(b.parse('x*x'), x=1.0)); "
    code += "assert not {'plotly', 'ipywidgets', 'anywidget'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


# -- the figure and the widget -------------------------------------------------------------------------------


def test_one_figure_holds_both_charts(comparison):
    figure = comparison.to_figure()
    traces = {trace.name: trace for trace in figure.data}
    assert set(traces) == {
        *("forward", "central", "complex"),
        *("reverse mode", "forward mode", "finite differences", "this graph"),
    }
    assert min(traces["central"].x) == 1e-16
    assert max(traces["central"].x) == 1.0
    assert (traces["reverse mode"].x[0], traces["reverse mode"].x[-1]) == (10, 10_000)
    assert figure.layout.xaxis.type == figure.layout.yaxis.type == figure.layout.xaxis2.type == "log"
    words = " ".join(annotation.text for annotation in figure.layout.annotations)
    for word in ("round-off", "truncation", "best step", "this graph", "counted in operations", "reverse mode"):
        assert word in words
    assert "sendChartToCloud" in figure.layout.modebar.remove


def test_no_number_of_the_figure_breaks_its_message(panel):
    def finite(value):
        if isinstance(value, dict):
            return all(finite(each) for each in value.values())
        if isinstance(value, (list, tuple, np.ndarray)):
            return all(finite(each) for each in value)
        return not isinstance(value, float) or math.isfinite(value)

    assert finite(panel.figure.to_dict())
    assert finite(panel.tables.get_state())


def test_names_cannot_become_markup():
    from backpropviz.graph import Graph, Node  # noqa: PLC0415

    hostile = "<a href='https://example.org'>x</a>"
    graph = Graph([Node(hostile, "input"), Node("y", "multiply", (hostile, hostile))], "y")
    titles = [annotation.text for annotation in compare(graph, {hostile: 2.0}).to_figure().layout.annotations]
    assert not any("<a" in title for title in titles)


def test_the_figure_follows_the_page(panel):
    panel.tables.width = 900
    side_by_side = panel.figure.layout
    assert side_by_side.width == 900
    assert side_by_side.xaxis.domain[1] < side_by_side.xaxis2.domain[0]
    panel.tables.width = 480
    assert panel.figure.layout.width == 480
    assert panel.figure.layout.yaxis2.domain[1] < panel.figure.layout.yaxis.domain[0]
    light = panel.figure.layout.paper_bgcolor
    panel.tables.dark = True
    assert panel.figure.layout.paper_bgcolor != light
    assert panel.message == {}


def test_another_input_may_be_chosen(panel):
    before = panel.figure.data[1].y
    panel.tables.chosen = "z"
    assert panel.figure.data[1].y != before
    assert "derivative by z" in panel.figure.layout.annotations[0].text
    panel.tables.chosen = "w"
    assert "no input 'w'" in panel.message["text"]


def test_closing_frees_every_part(comparison):
    from ipywidgets.widgets.widget import _instances  # noqa: PLC0415

    before = set(_instances)
    shown = ComparisonPanel(comparison)
    assert set(_instances) > before
    shown.close()
    assert set(_instances) == before
