"""R expressions over columns, as polars expressions: both know three-valued logic."""

from collections.abc import Callable

import polars as pl

from tests.analysis.reference_runner.syntax import Call, Constant, Expression, Name

OPERATORS: dict[str, Callable[[pl.Expr, pl.Expr], pl.Expr]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a.cast(pl.Float64) / b,
    "^": lambda a, b: a.cast(pl.Float64) ** b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "&&": lambda a, b: a & b,
    "||": lambda a, b: a | b,
}
FUNCTIONS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "I": lambda a: a,
    "-": lambda a: -a,
    "!": lambda a: ~a,
    "(": lambda a: a,
    "log": lambda a: a.cast(pl.Float64).log(),
    "exp": lambda a: a.cast(pl.Float64).exp(),
    "sqrt": lambda a: a.cast(pl.Float64).sqrt(),
    "abs": lambda a: a.abs(),
    "is.na": lambda a: a.is_null(),
    "as.numeric": lambda a: a.cast(pl.Float64),
    "as.integer": lambda a: a.cast(pl.Int64),
}


def evaluate(expression: Expression, frame: pl.DataFrame) -> pl.Series:
    """The column that an expression gives over a frame."""
    made = frame.select(translate(expression, frame).alias("value"))["value"]
    return made if len(made) == len(frame) else pl.Series("value", [made[0]] * len(frame))


def translate(expression: Expression, frame: pl.DataFrame) -> pl.Expr:
    """The expression in polars' terms."""
    if isinstance(expression, Name):
        return pl.col(expression.name)
    if isinstance(expression, Constant):
        return pl.lit(expression.value)
    parts = [value for _, value in expression.arguments]
    if expression.function in SPECIAL:
        return SPECIAL[expression.function](parts, frame)
    if expression.function in OPERATORS and len(parts) == 2:
        left, right = (translate(part, frame) for part in parts)
        return _align(expression, frame, left, right)
    inner = translate(parts[0], frame)
    if expression.function not in FUNCTIONS:
        raise ValueError(f"The runner does not know {expression.function}()")
    return FUNCTIONS[expression.function](inner)


def _align(call: Call, frame: pl.DataFrame, left: pl.Expr, right: pl.Expr) -> pl.Expr:
    """Compare text with text, as R does when one side is a factor or text."""
    if call.function in ("==", "!=", "<", "<=", ">", ">="):
        kinds = frame.select(left.alias("l"), right.alias("r")).dtypes
        if pl.String in kinds and kinds[0] != kinds[1]:
            left, right = left.cast(pl.String), right.cast(pl.String)
    if call.function in ("+", "-", "*"):
        kinds = frame.select(left.alias("l"), right.alias("r")).dtypes
        left, right = (
            side.cast(pl.Int64) if kind == pl.Boolean else side
            for side, kind in zip((left, right), kinds, strict=True)
        )
    return OPERATORS[call.function](left, right)


def _translate_membership(parts: list[Expression], frame: pl.DataFrame) -> pl.Expr:
    members = read_vector(parts[1])
    found = translate(parts[0], frame)
    if frame.select(found.alias("x")).dtypes[0] == pl.String:
        members = [f"{one:.15g}" if isinstance(one, float) else one for one in members]
    elif any(isinstance(one, str) for one in members):
        found = _label(evaluate(parts[0], frame).cast(pl.Float64))
    else:
        found = found.cast(pl.Float64)
    # In R a missing value is in no set, and then the answer is FALSE, not missing.
    return found.is_in(members).fill_null(value=False)


def read_vector(expression: Expression) -> list[object]:
    """The constants of `c(...)`, of a range, or of a single constant."""
    if isinstance(expression, Constant):
        return [expression.value]
    if isinstance(expression, Call) and expression.function == ":":
        first, last = (read_number(value) for _, value in expression.arguments)
        return [float(one) for one in range(int(first), int(last) + 1)]
    if isinstance(expression, Call) and expression.function == "c":
        return [one for _, value in expression.arguments for one in read_vector(value)]
    return [read_number(expression)]


def read_number(expression: Expression) -> float:
    """The value of arithmetic over constants."""
    value = pl.select(translate(expression, pl.DataFrame()).cast(pl.Float64)).item()
    return float(value)


def _label(values: pl.Series) -> pl.Expr:
    if values.dtype.is_float():
        text = [None if one is None else f"{one:.15g}" for one in values]
        return pl.lit(pl.Series(text, dtype=pl.String))
    if values.dtype == pl.Boolean:
        return pl.lit(values.cast(pl.String).str.to_uppercase())
    return pl.lit(values.cast(pl.String))


def _translate_choice(parts: list[Expression], frame: pl.DataFrame) -> pl.Expr:
    test, yes, no = (translate(part, frame) for part in parts)
    return pl.when(test).then(yes).when(~test).then(no)


def _translate_label(parts: list[Expression], frame: pl.DataFrame) -> pl.Expr:
    return _label(evaluate(parts[0], frame))


def _translate_crossing(parts: list[Expression], frame: pl.DataFrame) -> pl.Expr:
    labels = [_label(evaluate(part, frame)) for part in parts]
    return pl.concat_str(labels, separator=".")


SPECIAL: dict[str, Callable[[list[Expression], pl.DataFrame], pl.Expr]] = {
    "%in%": _translate_membership,
    "ifelse": _translate_choice,
    "interaction": _translate_crossing,
    "factor": _translate_label,
    "as.factor": _translate_label,
    "as.character": _translate_label,
}
