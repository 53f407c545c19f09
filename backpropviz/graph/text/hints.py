"""What to write in place of signs and words that expressions do not know."""

from __future__ import annotations

from backpropviz.graph.notation import small_digits

PRODUCTS = frozenset("×·∙⋅∗⨯✕✖•")
MINUSES = frozenset("−–—‐‑‒﹣")
QUOTIENTS = frozenset("÷∕⁄")
SUPERSCRIPTS = dict(zip(small_digits.RAISED_DIGITS + "ⁿ", "0123456789n", strict=True))
SUBSCRIPTS = dict(zip(small_digits.LOWERED_DIGITS, "0123456789", strict=True))

LIBRARIES = frozenset({"np", "numpy", "math", "torch", "jnp", "jax", "tf", "sympy", "sp", "cmath", "scipy"})
"""Modules whose functions people write with a dot."""

SIGNS = {
    "[": "Write round parentheses: ( and ).",
    "]": "Write round parentheses: ( and ).",
    "{": "Write round parentheses: ( and ).",
    "}": "Write round parentheses: ( and ).",
    "|": "Write abs(x) for the absolute value.",
    "√": "Write sqrt(x) for the square root.",
    "∛": "Write x**(1/3) for the cube root.",
    "!": "There is no factorial; for a product write 1*2*3.",
    "%": "There is no remainder; for a share write x/100.",
    "@": "There is no matrix product in text; trace a Python function with W @ x instead.",
    "<": "Write less(x, y), which is 1 or 0.",
    ">": "Write greater(x, y), which is 1 or 0.",
    "≤": "Write less_equal(x, y), which is 1 or 0.",
    "≥": "Write greater_equal(x, y), which is 1 or 0.",
    "≠": "Write not_equal(x, y), which is 1 or 0.",
    "&": "There is no logic in expressions; write arithmetic only.",
    "~": "Write -x for the negative.",
    "?": "Write where(less(x, 0), a, b) to choose.",
    ":": "Write y = … to name a value; there are no slices and types.",
    "'": "Write the expression without quotation marks.",
    '"': "Write the expression without quotation marks.",
    "`": "Write the expression without quotation marks.",
    "“": "Write the expression without quotation marks.",
    "”": "Write the expression without quotation marks.",
    "’": "Write the expression without quotation marks; there is no sign for derivatives.",
    "′": "There is no sign for derivatives; write the function itself.",
    "\\": "LaTeX is not read: write exp(x), x/y, sqrt(x).",
    "$": "LaTeX is not read: write the expression without $.",
    "∞": "Write inf.",
    "∑": "Write the sum out: x1 + x2 + x3.",
    "∏": "Write the product out: x1*x2*x3.",
    "∂": "There is no sign for derivatives; write the function itself.",
    "∫": "There is no integral; write the function itself.",
    "…": "Write the terms out.",
    "°": "Angles are in radians: write x*pi/180.",
    "½": "Write 1/2.",
    "¼": "Write 1/4.",
    "¾": "Write 3/4.",
    "≈": "Write = to name a value.",
    "←": "Write = to name a value.",
    "→": "Write = to name a value.",
    "，": "Write an ordinary comma.",
    "；": "Write an ordinary semicolon.",
}

KEYWORDS = {
    "lambda": "Write the expression alone, without “lambda x:”; as a name, write lambda_ or λ.",
    "if": "Write where(less(x, 0), a, b) to choose.",
    "else": "Write where(less(x, 0), a, b) to choose.",
    "and": "There is no logic in expressions; write arithmetic only.",
    "or": "There is no logic in expressions; write arithmetic only.",
    "not": "There is no logic in expressions; write -x for the negative.",
    "True": "Write 1.",
    "False": "Write 0.",
    "None": "Write a number or a name.",
    "def": "Write the expression alone, as in y = x**2.",
    "return": "Write the expression alone, as in y = x**2.",
    "for": "There are no loops in text; trace a Python function instead.",
    "while": "There are no loops in text; trace a Python function instead.",
    "import": "Nothing needs importing: write exp(x), sin(x) as they are.",
    "from": "Nothing needs importing: write exp(x), sin(x) as they are.",
}

KNOWN_ELSEWHERE = {
    "pow": "Write x**2.",
    "swish": "Write x*sigmoid(x).",
    "silu": "Write x*sigmoid(x).",
    "exp2": "Write 2**x.",
    "softmax": "Write it out: exp(x1)/(exp(x1) + exp(x2)). For arrays, trace a Python function with ops.softmax.",
}
"""Functions that people know from elsewhere, and what stands for them here."""
