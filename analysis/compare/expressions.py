"""Arithmetic written as text, read without running anything else."""

import ast
import operator
from collections.abc import Callable

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.errors import DataError

_OPERATORS: dict[type[ast.AST], Callable[..., complex]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}
_FUNCTIONS: dict[str, Callable[[complex], complex]] = {
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
}


def read_expression(text: str, labels: pl.DataFrame) -> Callable[[Floats], Floats]:
    """The function of figures that an expression in their component names describes.

    Raises
    ------
    DataError
        If it holds anything but names, numbers, + - * / ^, parentheses, log, exp and sqrt, or a
        name that does not belong to one figure.
    """
    try:
        tree = ast.parse(text.replace("^", "**"), mode="eval").body
    except SyntaxError:
        raise DataError(f"{text!r} is no arithmetic expression.") from None
    names = labels["component"].to_list() if "component" in labels.columns else []
    places: dict[str, int] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id not in _FUNCTIONS:
            if names.count(node.id) != 1:
                raise DataError(f"{names.count(node.id)} figures are called {node.id}; name one.")
            places[node.id] = names.index(node.id)
    _refuse_unknown(tree, text)

    def evaluate(figures: Floats) -> Floats:
        return np.asarray(_compute(tree, figures, places))

    return evaluate


def _refuse_unknown(tree: ast.expr, text: str) -> None:
    known = (ast.expr_context, ast.Name, *_OPERATORS, ast.BinOp, ast.UnaryOp)
    for node in ast.walk(tree):
        number = isinstance(node, ast.Constant) and isinstance(node.value, int | float)
        call = (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _FUNCTIONS
            and len(node.args) == 1
            and not node.keywords
        )
        if not (isinstance(node, known) or number or call):
            raise DataError(f"{text!r} holds {type(node).__name__}, which is not understood here.")


def _compute(node: ast.expr, figures: Floats, places: dict[str, int]) -> complex:
    if isinstance(node, ast.BinOp):
        left, right = (_compute(side, figures, places) for side in (node.left, node.right))
        return _OPERATORS[type(node.op)](left, right)
    if isinstance(node, ast.UnaryOp):
        return _OPERATORS[type(node.op)](_compute(node.operand, figures, places))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _FUNCTIONS[node.func.id](_compute(node.args[0], figures, places))
    if isinstance(node, ast.Name):
        return complex(figures[places[node.id]])
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return complex(node.value)
    raise DataError(f"{type(node).__name__} is not understood in an expression.")
