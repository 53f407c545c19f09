"""The page of published examples."""

from __future__ import annotations

from published import EXAMPLES, Figure, figures

HEAD = """# Published examples

Worked examples of the open literature on automatic differentiation and backpropagation, with the digits printed there
and the numbers of this package. `tests/test_published_examples.py` compares them: ours, rounded to as many digits, must
give what is printed. Where it does not, the note says why, and the row is marked †.

Every example can be explored: `bpv.explore(program, point)`.
"""


def published_page() -> str:
    """Write the page."""
    parts = [HEAD, _contents()]
    parts += [_section(number, example) for number, example in enumerate(EXAMPLES, 1)]
    return "\n".join(parts)


def _contents() -> str:
    count = sum(len(list(figures(example))) for example in EXAMPLES)
    beyond = sum(not figure.rounds_to_it for example in EXAMPLES for figure in figures(example))
    return (
        f"{len(EXAMPLES)} examples, {count} printed numbers; {count - beyond} are reproduced to the last printed "
        f"digit, {beyond} deviate for a known reason.\n"
    )


def _section(number: int, example: dict) -> str:
    point = ", ".join(f"{name} = {value:g}" for name, value in example["inputs"].items())
    if any(float(f"{value:g}") != value for value in example["inputs"].values()):
        point = ", ".join(f"{name} = {value!r}" for name, value in example["inputs"].items())
    lines = [
        f"## {number}. {example['title'][0].upper()}{example['title'][1:]}",
        "",
        f"{example['source']}.",
        "",
        f"`{example['program']}` at {point}.",
        "",
        "| | printed | ours |",
        "|---|---|---|",
    ]
    lines += [_row(figure) for figure in figures(example)]
    if example["note"]:
        lines += ["", example["note"]]
    return "\n".join([*lines, ""])


def _row(figure: Figure) -> str:
    decimals = len(figure.printed.partition(".")[2])
    mark = "" if figure.rounds_to_it else " †"
    ours = f"{figure.ours:.{min(decimals + 3, 17)}g}" if decimals > 12 else f"{figure.ours:.{decimals + 2}f}"
    minus = str.maketrans("-", "−")
    return f"| {figure.what} | {figure.printed.translate(minus)} | {ours.translate(minus)}{mark} |"
