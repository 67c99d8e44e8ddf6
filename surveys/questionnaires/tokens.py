"""The words of an XPath expression, and where each begins."""

import re
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<literal>"[^"]*"|'[^']*')
    | (?P<name>[^\W\d][\w.\-]*(?::(?!:)(?:[^\W\d][\w.\-]*|\*))?)
    | (?P<mark>!=|<=|>=|//|::|\.\.|[.@,()\[\]/|+\-=<>*$])
    )""",
    re.VERBOSE,
)
_WORD_OPERATORS = frozenset({"and", "or", "div", "mod"})


class SyntaxFaultError(ValueError):
    """An expression that no XPath engine reads; says what was found and where."""

    def __init__(self, found: str, at: int) -> None:
        self.found = found
        self.at = at
        super().__init__(f"{found!r} at character {at}")


@dataclass(frozen=True)
class Token:
    """A word of the expression: its kind, its text and the character it begins at."""

    kind: str
    text: str
    at: int


def tokens_of(expression: str) -> list[Token]:
    """The tokens in order, with one of kind "end" after them; raises SyntaxFaultError."""
    tokens: list[Token] = []
    at = 0
    end = len(expression.rstrip())
    while at < end:
        match = _TOKEN.match(expression, at)
        if match is None:
            rest = expression[at:].lstrip()
            raise SyntaxFaultError(rest[:1], len(expression) - len(rest) + 1)
        group = str(match.lastgroup)
        kind = "operator" if _acts_as_operator(match[group], tokens) else group
        tokens.append(Token(kind, match[group], match.start(group) + 1))
        at = match.end()
    return [*tokens, Token("end", "", end + 1)]


def _acts_as_operator(text: str, before: list[Token]) -> bool:
    # XPath 1.0, 3.7: `*`, `and`, `or`, `div`, `mod` are operators only after an operand.
    if text in {"!=", "<=", ">=", "<", ">", "=", "+", "-", "|"}:
        return True
    if text != "*" and text not in _WORD_OPERATORS:
        return False
    if not before:
        return False
    last = before[-1]
    return last.kind != "operator" and last.text not in {"@", "::", "(", "[", ",", "/", "//"}
