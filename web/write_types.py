"""Write ``src/types/specification.d.ts`` from the types of ``backpropviz.schema``: ``python web/write_types.py``."""

from __future__ import annotations

import types
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from backpropviz.schema import PageType, picture, story, training, training_step, traits, vocabulary

TARGET = Path(__file__).with_name("src") / "types" / "specification.d.ts"
HEAD = """// Written by write_types.py from the types of backpropviz/schema: what travels between kernel and page.
"""
PLAIN = {str: "string", int: "number", float: "number", bool: "boolean", object: "unknown", type(None): "null"}


def written(kind: Any) -> str:
    """Write a type as TypeScript does.

    Examples
    --------
    >>> written(dict[str, list[float] | None])
    'Record<string, number[] | null>'
    """
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        page = next(each for each in parts[1:] if isinstance(each, PageType))
        return page.name or page.text
    if origin is NotRequired:
        return written(parts[0])
    if origin in {Union, types.UnionType}:
        return " | ".join(dict.fromkeys(written(part) for part in parts))
    if origin is Literal:
        return " | ".join(f'"{part}"' for part in parts)
    if origin is list:
        inner = written(parts[0])
        return f"({inner})[]" if " " in inner and not inner.endswith(">") else f"{inner}[]"
    if origin is dict:
        return f"Record<string, {written(parts[1])}>"
    return PLAIN[kind] if kind in PLAIN else str(kind.__name__)


def named_types(module: types.ModuleType) -> dict[str, Any]:
    """Find a module's own names for types: classes, and types that the page says more narrowly."""
    return {
        name: value
        for name, value in vars(module).items()
        if get_origin(value) is Annotated or (is_typeddict(value) and value.__module__ == module.__name__)
    }


def declaration(name: str, kind: Any) -> str:
    """Declare one type."""
    if not is_typeddict(kind):
        return f"export type {get_args(kind)[1].name or name} = {get_args(kind)[1].text};\n"
    lines = [f"/** {(kind.__doc__ or '').strip().splitlines()[0].replace('``', '`')} */", f"export interface {name} {{"]
    for field, type_of in get_type_hints(kind, include_extras=True).items():
        sign = "?" if get_origin(type_of) is NotRequired or field in kind.__optional_keys__ else ""
        lines.append(f"  {field}{sign}: {written(type_of)};")
    return "\n".join([*lines, "}"]) + "\n"


def specification_types() -> str:
    """Give the text of the file."""
    named: dict[str, Any] = {}
    for module in (story, picture, training, training_step, traits, vocabulary):
        named.update(named_types(module))
    return HEAD + "\n" + "\n".join(declaration(*each) for each in named.items())


if __name__ == "__main__":
    TARGET.write_text(specification_types(), encoding="utf-8")
