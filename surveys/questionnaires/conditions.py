"""When a question is asked: the part of XPath that our own pages and checks evaluate.

Comparisons of one question with a number or a quoted string, `selected()`, `and`, `or`, `not()`.
What goes beyond it is left to ODK Collect, and the form says so.
"""

import operator
import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

import msgspec

from surveys.questionnaires import expressions as xpath

Comparison = Literal["=", "!=", "<", "<=", ">", ">="]
# The answer of each question by name, as XForms hold it: text, and blank where there is none.
Values = Mapping[str, str]


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """One question against a constant; a number compares as a number."""

    question: str
    comparison: Comparison
    value: float | str


class Selected(msgspec.Struct, frozen=True, tag="selected"):
    """An option of a multiple choice, or the level of a scale, was chosen."""

    question: str
    option: str


class Every(msgspec.Struct, frozen=True, tag="every"):
    """All parts hold."""

    parts: tuple["Condition", ...]


class Some(msgspec.Struct, frozen=True, tag="some"):
    """At least one part holds."""

    parts: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The part does not hold."""

    part: "Condition"


Condition = Compare | Selected | Every | Some | Not

_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MIRRORED: Final[dict[str, Comparison]] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    "<=": ">=",
    ">": "<",
    ">=": "<=",
}


_XPATH_NUMBER = re.compile(r"\s*-?([0-9]+(\.[0-9]*)?|\.[0-9]+)\s*")


class BeyondSubsetError(ValueError):
    """A sound expression that only ODK Collect evaluates; names the part."""


class UnknownQuestionError(ValueError):
    """A path to something that is not a question before this one."""


def condition_of(node: xpath.Node, names: Mapping[str, str]) -> Condition:
    """The tree as a condition on the questions that `names` gives for each path.

    Raises BeyondSubsetError or UnknownQuestionError.
    """
    if isinstance(node, xpath.Binary):
        return _joined_or_compared(node, names)
    if isinstance(node, xpath.Call) and node.name == "not":
        return Not(condition_of(node.arguments[0], names))
    if isinstance(node, xpath.Call) and node.name == "selected":
        option = node.arguments[1]
        if isinstance(option, xpath.Literal):
            return Selected(_question(node.arguments[0], names), option.value)
    raise BeyondSubsetError(_described(node))


def _joined_or_compared(node: xpath.Binary, names: Mapping[str, str]) -> Condition:
    if node.operator in {"and", "or"}:
        parts = (condition_of(node.left, names), condition_of(node.right, names))
        return Every(parts) if node.operator == "and" else Some(parts)
    if node.operator not in _MIRRORED:
        raise BeyondSubsetError(node.operator)
    comparison = _MIRRORED[_MIRRORED[node.operator]]
    left, right = node.left, node.right
    if _constant(left) is not None:
        left, right, comparison = right, left, _MIRRORED[comparison]
    value = _constant(right)
    if value is None:
        raise BeyondSubsetError(_described(right))
    return Compare(_question(left, names), comparison, value)


def _constant(node: xpath.Node) -> float | str | None:
    if isinstance(node, xpath.Number | xpath.Literal):
        return node.value
    if isinstance(node, xpath.Negative) and isinstance(node.operand, xpath.Number):
        return -node.operand.value
    return None


def _question(node: xpath.Node, names: Mapping[str, str]) -> str:
    if not isinstance(node, xpath.Path) or not node.plain:
        raise BeyondSubsetError(_described(node))
    if node.text not in names:
        raise UnknownQuestionError(node.text)
    return names[node.text]


def _described(node: xpath.Node) -> str:
    match node:
        case xpath.Call(name):
            return f"{name}()"
        case xpath.Binary(sign):
            return sign
        case xpath.Path(text):
            return text
        case xpath.Negative():
            return "-"
        case _:
            return str(node.value)


def holds(condition: Condition, values: Values) -> bool:
    """Whether the condition is true of these answers, by the rules of XPath 1.0."""
    match condition:
        case Every(parts):
            return all(holds(part, values) for part in parts)
        case Some(parts):
            return any(holds(part, values) for part in parts)
        case Not(part):
            return not holds(part, values)
        case Selected(question, option):
            return option in values.get(question, "").split()
        case Compare(question, comparison, value):
            return _compares(values.get(question, ""), comparison, value)


def _compares(text: str, comparison: Comparison, value: float | str) -> bool:
    if isinstance(value, str) and comparison in {"=", "!="}:
        return (text == value) == (comparison == "=")
    return _COMPARISONS[comparison](_number(text), _number(value))


def _number(value: float | str) -> float:
    # XPath 1.0, 4.4: what is not a number is NaN, which is unequal to everything.
    if isinstance(value, str):
        return float(value) if _XPATH_NUMBER.fullmatch(value) else float("nan")
    return value
