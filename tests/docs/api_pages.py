"""The reference of public names, written from their docstrings."""

from __future__ import annotations

import inspect
import re
from functools import cached_property
from typing import Any

import backpropviz
from backpropviz import autodiff, errors, ops, steps

HEAD = "<!-- Written by `python tests/docs/pages.py` from the docstrings; edit those. -->"

GROUPS: dict[str, tuple[str, str, list[str]]] = {
    "api_graphs.md": (
        "Graphs and runs",
        "What is computed: graphs, the ways to make them, and their runs.",
        ["parse", "trace", "Graph", "zoom", "examples", "Tape", "Adjoints", "Tangents", "record", "Timeline"],
    ),
    "api_differentiation.md": (
        "Differentiation",
        "Derivatives of a graph, their price, and their check.",
        [
            *("gradient", "jacobian", "Jacobian", "hessian", "Hessian", "finite_difference", "error_curve"),
            *("symbolic", "expression_swell", "cost", "compare", "Comparison", "check", "paths"),
        ],
    ),
    "api_learning.md": (
        "Learning",
        "Networks, data sets, optimisers and training.",
        [
            *("MLP", "UnitNetwork", "datasets", "SGD", "Adam", "schedules", "fit", "Training", "EpochRecord"),
            *("History", "sweep", "Sweep", "least_squares"),
        ],
    ),
    "api_adoption.md": (
        "Models of other frameworks",
        "Brought along as graphs, compared with what their own framework computes, and examined.",
        ["from_torch", "from_jax", "from_onnx", "from_values", "health"],
    ),
    "api_widgets.md": ("Widgets", "What people hold in a notebook.", []),
    "api_operations.md": (
        "Operations",
        "What a gate is, and how to add one.",
        ["register", "Elementwise", "Structured", "Function", "Role", "Kink", "Interval", "suggest"],
    ),
    "api_errors.md": ("Errors", "Every error of the package, all under `BackpropvizError`.", []),
}
ELSEWHERE = {
    **{name: getattr(autodiff, name) for name in ("Tape", "Adjoints", "Tangents")},
    "Timeline": steps.Timeline,
    **{name: getattr(ops, name) for name in GROUPS["api_operations.md"][2]},
}
_SECTIONS = ("Parameters", "Attributes", "Returns", "Yields", "Raises", "Examples", "References", "Notes", "See Also")


def api_pages() -> dict[str, str]:
    """Write the index and one page per group."""
    groups = {page: list(names) for page, (_, _, names) in GROUPS.items()}
    placed = {name for names in groups.values() for name in names} | {"__version__"}
    groups["api_widgets.md"] = [name for name in backpropviz.__all__ if name not in placed]
    groups["api_errors.md"] = [
        name for name, found in vars(errors).items() if inspect.isclass(found) and found.__module__ == errors.__name__
    ]
    pages = {page: _page(GROUPS[page], names) for page, names in groups.items()}
    return {"api.md": _index(groups), **pages}


def _find(name: str) -> Any:
    if name in backpropviz.__all__:
        return getattr(backpropviz, name)
    return ELSEWHERE[name] if name in ELSEWHERE else getattr(errors, name)


def _index(groups: dict[str, list[str]]) -> str:
    lines = [HEAD, "# Reference", "", "Everything below is found as `bpv.name` after `import backpropviz as bpv`, save"]
    lines += ["where the name says another module.", ""]
    for page, names in groups.items():
        title, summary, _ = GROUPS[page]
        lines += [f"## [{title}]({page})", "", summary, "", "| name | what it does |", "|---|---|"]
        lines += [f"| [`{_shown(name)}`]({page}#{_anchor(name, names)}) | {_summary(_find(name))} |" for name in names]
        lines.append("")
    return "\n".join(lines)


def _anchor(name: str, names: list[str]) -> str:
    """Give the anchor of a heading; of two that differ in case only, the second is numbered."""
    before = [each.lower() for each in names[: names.index(name)]].count(name.lower())
    return f"{name.lower()}-{before}" if before else name.lower()


def _shown(name: str) -> str:
    if name in backpropviz.__all__:
        return name
    return f"{_find(name).__module__}.{name}" if name in ELSEWHERE else f"backpropviz.errors.{name}"


def _page(group: tuple[str, str, list[str]], names: list[str]) -> str:
    title, summary, _ = group
    parts = [HEAD, f"# {title}", "", summary, "", "[All names](api.md)", ""]
    for name in names:
        parts += [f"## {name}", "", *_body(name, _find(name)), ""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).rstrip() + "\n"


def _body(name: str, found: Any) -> list[str]:
    if inspect.ismodule(found):
        lines = _docstring(found)
        for public in sorted(getattr(found, "__all__", None) or (each for each in vars(found) if each[0].islower())):
            inner = getattr(found, public)
            if getattr(inner, "__module__", "").startswith("backpropviz") and inner.__doc__ and callable(inner):
                lines += [
                    "",
                    f"### {name}.{public}",
                    "",
                    *_signature(f"{name}.{public}", inner),
                    "",
                    *_docstring(inner),
                ]
        return lines
    if not (inspect.isclass(found) or inspect.isroutine(found)):
        return ["```text", str(found), "```"]
    lines = [*_signature(_shown(name), found), "", *_docstring(found)]
    if inspect.isclass(found) and not issubclass(found, Exception):
        for member, value in _members(found):
            lines += ["", f"### {name}.{member}", "", *_signature(member, value), "", *_docstring(value)]
    return lines


def _members(found: type) -> list[tuple[str, Any]]:
    """Methods and properties with a docstring, of the class and of our own classes it stands on."""
    members: dict[str, Any] = {}
    for each in reversed(found.__mro__):
        if each.__module__.startswith("backpropviz"):
            members |= {name: value for name, value in vars(each).items() if not name.startswith("_")}
    kinds = (property, cached_property, staticmethod, classmethod)
    return [
        (name, value)
        for name, value in members.items()
        if (inspect.isfunction(value) or isinstance(value, kinds)) and _raw(value)
    ]


def _raw(found: Any) -> str:
    return inspect.getdoc(found) or ""


def _signature(name: str, found: Any) -> list[str]:
    if isinstance(found, (property, cached_property)):
        return ["Property."]
    target = getattr(found, "__func__", found)
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return []
    if inspect.isclass(found) and issubclass(found, Exception):
        return ["Also a " + " and a ".join(f"`{base.__name__}`" for base in found.__bases__) + "."]
    kept = [each.replace(annotation=each.empty) for each in parameters if each.name not in {"self", "cls"}]
    shown = str(inspect.Signature(kept)).replace("<factory>", "…")
    return ["```python", f"{name}{re.sub(r'<[^>]*>', '…', shown)}", "```"]


def _summary(found: Any) -> str:
    if not (inspect.ismodule(found) or inspect.isclass(found) or inspect.isroutine(found)):
        return _plain((type(found).__doc__ or "").partition("\n")[0]).replace("|", "\\|")
    return _plain(_raw(found).partition("\n\n")[0].replace("\n", " ")).replace("|", "\\|")


def _plain(text: str) -> str:
    """Turn reST's roles and double backquotes into Markdown."""
    text = re.sub(r":\w+:`~?([^`]*)`", lambda match: f"`{match[1].removeprefix('backpropviz.')}`", text)
    return text.replace("``", "`")


def _docstring(found: Any) -> list[str]:
    """Write a NumPy docstring in Markdown."""
    lines = _raw(found).splitlines()
    written: list[str] = []
    section = ""
    fenced = False
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if line in _SECTIONS and following and set(following) == {"-"}:
            section = line
            written += ["", f"**{line}**", ""]
        elif set(line) == {"-"} and lines[number - 1] == section:
            continue
        elif section == "Examples" and (line.startswith((">>>", "...")) or fenced):
            if not fenced:
                written.append("```pycon")
            fenced = bool(line)
            written.append(line or "```")
        elif section in {"Parameters", "Attributes", "Returns", "Yields", "Raises"}:
            written.append(_entry(line))
        else:
            written.append(_plain(line))
    return [*written, "```"] if fenced else written


def _entry(line: str) -> str:
    if not line:
        return ""
    if line.startswith(" "):
        return "  " + _plain(line.strip())
    name, colon, kind = line.partition(" : ")
    return f"- `{name}`: {_plain(kind)}  " if colon else f"- {_plain(line)}  "
