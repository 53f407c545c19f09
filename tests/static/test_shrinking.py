"""Shortened JavaScript does what it did."""

from __future__ import annotations

import pytest

from backpropviz.static.shrinking import shrunk


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("const value = 1;\nconst other = value + +value;", "const a=1;const b=a+ +a;"),
        ("function twice(number) { return number + number }", "function b(a){return a+a}"),
        ("const text = 'a  // b';", "const a='a  // b';"),
        ("const pattern = /[/*]  x/g.test(window.name);", "const a=/[/*]  x/g.test(window.name);"),
        ("const half = whole / 2 / part;", "const a=whole/2/part;"),
        ("const told = `a ${ count + `b ${count}` }  c`;\nconst count = 1;", "const b=`a ${a+`b ${a}`}  c`;const a=1;"),
        ("items.filter(Boolean)", "items.filter(Boolean)"),
        ("const made = { name, size: big };", "const a={name,size:big};"),
        ("const { first, second } = pair;\nuse(first)", "const{first,second}=pair;use(first)"),
        ("class Thing { show(step) { this.step = step; } }", "class a{show(step){this.step=step;}}"),
        ("let count\ncount = 1\n++count", "let a\na=1\n++a"),
    ],
)
def test_what_becomes_of_a_script(script, expected):
    assert shrunk(script) == expected
