"""Every refusal: where it points, and what it says to write."""

from __future__ import annotations

import pytest

from backpropviz.errors import ExpressionError
from backpropviz.graph import parse

CASES = [
    # text, the marked part, where it starts, and a part of the hint
    # missing sign
    ("2x", "2x", 0, "Write 2*x to multiply."),
    ("2 x", "2 x", 0, "Write 2*x to multiply."),
    ("x(y + 1)", "x", 0, "Write x*(…) to multiply."),
    ("(x)(y)", ")(", 2, "Write (…)*(…) to multiply."),
    ("(x)y", ")y", 2, "Write (…)*y to multiply."),
    ("2(x)", "2(", 0, "Write 2*(…) to multiply."),
    ("x y", "x y", 0, "Write x*y to multiply."),
    ("x 2", "x 2", 0, "Write x*2 to multiply."),
    ("2 3", "2 3", 0, "Write 2*3 to multiply."),
    ("sin x", "sin x", 0, "Write sin(x)."),
    # other signs
    ("x^2", "^", 1, "Write x**2."),
    ("e^x", "^", 1, "Write e**x or exp(x)."),
    ("(x+1)^2", "^", 5, "Write (…)**2."),
    ("x²", "²", 1, "Write x**2."),
    ("sin²(x)", "²", 3, "Write sin(x)**2."),
    ("sin^2(x)", "^", 3, "Write sin(x)**2."),
    ("log(x, 2)", "log(x, 2)", 0, "Write log(x)/log(2) for another base, such as 2."),
    ("(x)³", "³", 3, "Write (…)**3."),
    ("x₁", "₁", 1, "Write x1."),
    ("2²", "²", 1, "Write 2**2."),
    ("x×y", "×", 1, "Write x*y."),
    ("x·y", "·", 1, "Write x*y."),
    ("2⋅x", "⋅", 1, "Write 2*x."),
    ("x−1", "−", 1, "Write x-1."),
    ("−x", "−", 0, "Write -x."),
    ("x÷2", "÷", 1, "Write x/2."),
    ("2，5", "，", 1, "Write , (this one is full-width)."),
    ("ｘ+1", "ｘ", 0, "Write x."),
    ("x＋1", "＋", 1, "Write + (this one is full-width)."),
    ("２*x", "２", 0, "Write 2 (this one is full-width)."),
    ("٣*x", "٣", 0, "Write 3."),
    # equals
    ("x==2", "==", 1, "Write one =, as in y = x*z."),
    ("x == 2", "==", 2, "Write one =, as in y = x*z."),
    ("2 == x", "==", 2, "Write one =, as in y = x*z."),
    ("y = a = 2", "=", 6, "Write one per line: b = 2*x; a = b."),
    ("= 2", "=", 0, "Write a name, as in y = x*z."),
    ("y =", "=", 2, "Write the value, as in y = x*z."),
    ("a + b = 3", "a + b =", 0, "Write a name alone, as in y = x*z."),
    ("f(x) = x**2", "f(x) =", 0, "Write a name alone, as in y = x*z."),
    ("(a = 2)", "=", 3, "Name the value on a line of its own: a = x*z."),
    # functions
    ("sine(x)", "sine", 0, "Did you mean sin(…)?"),
    ("Sin(x)", "Sin", 0, "Did you mean sin(…)?"),
    ("pow(x, 2)", "pow", 0, "Write x**2."),
    ("swish(x)", "swish", 0, "Write x*sigmoid(x)."),
    ("softmax(x)", "softmax", 0, "Write it out: exp(x1)/(exp(x1) + exp(x2))."),
    ("zzz(x)", "zzz", 0, "Write zzz*(…) to multiply."),
    ("a = x; a(x)", "a", 7, "Write a*(…) to multiply."),
    ("pi(x)", "pi", 0, "Write pi*(…) to multiply."),
    ("sin()", "sin()", 0, "Write sin(x)."),
    ("sin(x, y)", "sin(x, y)", 0, "Write sin(x)."),
    ("sin(2,5)", "sin(2,5)", 0, "If the comma marks decimals, write sin(2.5)."),
    ("max(x)", "max(x)", 0, "Write max(x, y)."),
    ("atan2(x)", "atan2(x)", 0, "Write atan2(x, y)."),
    ("leaky_relu(x, y)", "y", 14, "Write it, as in 0.1."),
    ("leaky_relu(x, 1, 2)", "leaky_relu(x, 1, 2)", 0, "Write leaky_relu(x)."),
    ("sin + 1", "sin", 0, "Write sin(x)."),
    ("sin", "sin", 0, "Write sin(x)."),
    # commas and parentheses
    ("2,5", "2,5", 0, "Write 2.5."),
    ("(2,5)", "2,5", 1, "Write 2.5."),
    ("x, y", ",", 1, "Write one statement per line, or “;”."),
    ("max(x,,y)", ",", 6, "Write the argument, or delete the comma."),
    ("max(,x)", ",", 4, "Write the argument, or delete the comma."),
    ("max(x,)", ")", 6, "Write the argument, or delete the comma."),
    ("(x", "(", 0, "Write “)” where it ends."),
    ("sin(x", "(", 3, "Write “)” where it ends."),
    ("((x)", "(", 0, "Write “)” where it ends."),
    ("x)", ")", 1, "Delete this “)”, or write “(” where it opens."),
    ("sin(x))", ")", 6, "Delete this “)”, or write “(” where it opens."),
    ("()", "()", 0, "Write an expression inside."),
    ("y = (a + b\nz = 2", "(", 4, "Write “)” where it ends."),
    # operators without operands
    ("x +", "+", 2, "Write what follows it, or delete it."),
    ("x *", "*", 2, "Write what follows it, or delete it."),
    ("x**", "**", 1, "Write what follows it, or delete it."),
    ("y = a +\n b", "+", 6, "Write what follows it, or delete it. A line may be broken inside parentheses."),
    ("* x", "*", 0, "Write what “*” is to act on."),
    ("x + * y", "+ *", 2, "Write one of them."),
    ("x // y", "//", 2, "Write / to divide."),
    ("x * * y", "* *", 2, "Write ** for powers, * for products."),
    ("x *** y", "***", 2, "Write one of them."),
    ("x;;+", "+", 3, "Write what follows it, or delete it."),
    # programs
    ("", "", 0, "Write an expression, such as x*z + sin(x)."),
    ("# only words", "# only words", 0, "Write an expression, such as x*z + sin(x)."),
    ("sin = 2", "sin", 0, "Choose another name, such as sin_1."),
    ("log = x", "log", 0, "Choose another name, such as log_1."),
    ("inf = 2", "inf", 0, "Choose another name, such as inf_1."),
    ("input inf; inf", "inf", 6, "Choose another name, such as inf_1."),
    ("input x, x; x", "x", 9, "Name each input once."),
    ("a = x; input x; a", "x", 13, "Write this line first."),
    ("input x; x = 2", "x", 9, "Choose another name, such as x_2."),
    ("input x", "input x", 0, "Write the expression behind them."),
    ("input x + 2", "+", 8, "to multiply, write input*x."),
    ("input x,", ",", 7, "to multiply, write input*x."),
    ("2*input x", "input x", 2, "Write input*x to multiply."),
    ("nan(x)", "nan", 0, "Write nan*(…) to multiply."),
    ("π = x", "π", 0, "Choose another name; pi may be assigned."),
    ("a = x; a = z", "a", 7, "Choose another name, such as a_2."),
    ("y = a*x; a = 2", "a", 4, "Move the line “a = …” above this one."),
    ("a = a + 1", "a", 4, "Choose another name on the left: a_2 = …"),
    ("y = e*x; e = 2", "e", 4, "Move the line “e = …” above this one."),
    ("x; y", "x", 0, "Name it, as in a = x*z."),
    # words of Python
    ("lambda x: x", "lambda", 0, "Write the expression alone, without “lambda x:”; as a name, write lambda_ or λ."),
    ("x if y else z", "if", 2, "Write where(less(x, 0), a, b) to choose."),
    ("a and b", "and", 2, "There is no logic in expressions; write arithmetic only."),
    ("in*2", "in", 0, "Choose another name, such as in_."),
    ("import", "import", 0, "Nothing needs importing: write exp(x), sin(x) as they are."),
    ("True", "True", 0, "Write 1."),
    ("np.exp(x)", "np.", 0, "Write exp(…)."),
    ("x.y", ".", 1, "Write * to multiply; names have no dots."),
    # numbers
    ("1.2.3", "1.2.3", 0, "Write it as in 1.5."),
    ("1_000", "1_000", 0, "Write 1000."),
    ("1e999", "1e999", 0, "The largest is about 1.8e308 (float64)."),
    # signs that mean nothing
    ("x[1]", "[", 1, "Write round parentheses: ( and )."),
    ("|x|", "|", 0, "Write abs(x) for the absolute value."),
    ("√x", "√", 0, "Write sqrt(x) for the square root."),
    ("x!", "!", 1, "There is no factorial; for a product write 1*2*3."),
    ("x % 2", "%", 2, "There is no remainder; for a share write x/100."),
    ("A @ x", "@", 2, "There is no matrix product in text; trace a Python function with W @ x instead."),
    ("x < y", "<", 2, "Write less(x, y), which is 1 or 0."),
    ("'x'", "'", 0, "Write the expression without quotation marks."),
    ("<b>x</b>", "<", 0, "Write less(x, y), which is 1 or 0."),
    ("x ≥ 1", "≥", 2, "Write greater_equal(x, y), which is 1 or 0."),
    ("∞", "∞", 0, "Write inf."),
    ("x\\y", "\\", 1, "LaTeX is not read: write exp(x), x/y, sqrt(x)."),
    ("$x$", "$", 0, "LaTeX is not read: write the expression without $."),
    ("x\x00", "\x00", 1, "Delete it and type anew."),
    ("x\u200by", "\u200b", 1, "Delete it and type anew."),
    ("x\u202e", "\u202e", 1, "Delete it and type anew."),
    ("\u0301x", "\u0301", 0, "Delete it and type anew."),
    ("½", "½", 0, "Write 1/2."),
    ("Ŀ", "Ŀ", 0, "Write L."),
    ("__import__('os')", "'", 11, "Write the expression without quotation marks."),
]


@pytest.mark.parametrize(("text", "marked", "start", "hint"), CASES)
def test_refusal(text, marked, start, hint):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    fault = caught.value
    assert (text[fault.start : fault.end], fault.start) == (marked, start)
    assert hint in fault.hint
    assert fault.text == text
    assert fault.position == start


def test_it_is_a_value_error_with_a_caret_under_the_fault():
    with pytest.raises(ValueError, match="sign is missing") as caught:
        parse("a = x\ny = 3*a + 2x")
    assert str(caught.value).splitlines()[1:3] == ["  y = 3*a + 2x", "            ^^"]


def test_a_hidden_character_is_told_by_its_number():
    with pytest.raises(ExpressionError, match=r"U\+200B"):
        parse("x\u200by")


def test_a_decomposed_name_does_not_move_the_place():
    with pytest.raises(ExpressionError) as caught:
        parse("e\u0301*2 ^ 3")
    assert caught.value.start == len("e\u0301*2 ")


@pytest.mark.parametrize(
    ("text", "replacement"),
    [
        ("2x", "2*x"),
        ("2x^2 + 3y", "2*x**2 + 3*y"),
        ("x×y − z÷2", "x*y - z/2"),
        ("2πr²", "2*πr**2"),
        ("x²y + x¹²", "x**2*y + x**12"),
        ("(x + 1)(x - 1)", "(x + 1)*(x - 1)"),
        ("sin²(x)", ""),
        ("2x + (", ""),
        ("x +", ""),
    ],
)
def test_a_replacement_is_a_whole_text_that_is_read(text, replacement):
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.replacement == replacement
    if replacement:
        parse(replacement)
