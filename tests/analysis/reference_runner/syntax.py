"""A parser for the R calls and expressions that the cases are written in."""

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][+-]?\d+)?L?|\.\d+(?:[eE][+-]?\d+)?)"
    r"|(?P<text>'[^']*'|\"[^\"]*\")|(?P<name>`[^`]+`|[A-Za-z.][\w.]*)"
    r"|(?P<operator>%in%|<=|>=|==|!=|&&|\|\||[-+*/^~<>&|!(),=:$]))"
)
BINARY = {
    "~": 1,
    "||": 2,
    "|": 2,
    "&&": 3,
    "&": 3,
    "==": 5,
    "!=": 5,
    "<": 5,
    ">": 5,
    "<=": 5,
    ">=": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "%in%": 8,
    ":": 9,
    "^": 11,
}
UNARY = {"~": 1, "!": 4, "-": 10, "+": 10}


@dataclass(frozen=True)
class Name:
    name: str


@dataclass(frozen=True)
class Constant:
    value: float | str | bool | None


@dataclass(frozen=True)
class Call:
    """A call or an operator; arguments with their names, empty where they have none."""

    function: str
    arguments: tuple[tuple[str, "Expression"], ...]

    def get(self, place: int, name: str) -> "Expression | None":
        """An argument by name, or by place among those without a name."""
        for key, value in self.arguments:
            if key == name:
                return value
        plain = [value for key, value in self.arguments if not key]
        return plain[place] if place < len(plain) else None


Expression = Name | Constant | Call
NAMED = {"TRUE": True, "FALSE": False, "T": True, "F": False, "NA": None, "NULL": None}


class Parser:
    """Precedence climbing over the tokens of one text."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while place < len(text.rstrip()):
            match = TOKEN.match(text, place)
            if match is None:
                raise ValueError(f"Cannot read {text[place:]!r}")
            self.tokens.append((str(match.lastgroup), match.group(str(match.lastgroup))))
            place = match.end()
        self.place = 0

    def peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def take(self, expected: str = "") -> tuple[str, str]:
        kind, text = self.tokens[self.place]
        if expected and text != expected:
            raise ValueError(f"Expected {expected!r}, found {text!r}")
        self.place += 1
        return kind, text

    def parse(self, strength: int = 0) -> Expression:
        left = self.parse_unary()
        while self.peek() in BINARY and BINARY[self.peek()] >= strength:
            operator = self.take()[1]
            # Powers bind from the right.
            deeper = BINARY[operator] + (operator != "^")
            left = Call(operator, (("", left), ("", self.parse(deeper))))
        return left

    def parse_unary(self) -> Expression:
        if self.peek() in UNARY and self.tokens[self.place][0] == "operator":
            operator = self.take()[1]
            return Call(operator, (("", self.parse(UNARY[operator])),))
        return self.parse_primary()

    def parse_primary(self) -> Expression:
        kind, text = self.take()
        if text == "(":
            inner = self.parse()
            self.take(")")
            return Call("(", (("", inner),))
        if kind == "number":
            return Constant(float(text.rstrip("L")))
        if kind == "text":
            return Constant(text[1:-1])
        if text in NAMED:
            return Constant(NAMED[text])
        name = text.strip("`")
        if self.peek() != "(":
            return Name(name)
        return Call(name, self.parse_arguments())

    def parse_arguments(self) -> tuple[tuple[str, Expression], ...]:
        self.take("(")
        found: list[tuple[str, Expression]] = []
        while self.peek() != ")":
            key = ""
            following = self.tokens[self.place + 1][1]
            if self.tokens[self.place][0] in ("name", "text") and following == "=":
                key = self.take()[1].strip("`'\"")
                self.take("=")
            found.append((key, self.parse()))
            if self.peek() == ",":
                self.take(",")
        self.take(")")
        return tuple(found)


def parse(text: str) -> Expression:
    """The first expression of a text; what follows it is a remark."""
    return Parser(text).parse()


def deparse(expression: Expression) -> str:
    """The expression as R prints it."""
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Constant):
        return _deparse_constant(expression.value)
    parts = [deparse(value) for _, value in expression.arguments]
    if expression.function == "(":
        return f"({parts[0]})"
    if expression.function in BINARY or expression.function in UNARY:
        if len(parts) == 1:
            return f"{expression.function}{parts[0]}"
        gap = "" if expression.function in ("^", ":") else " "
        return f"{parts[0]}{gap}{expression.function}{gap}{parts[1]}"
    named = [
        f"{key} = {part}" if key else part
        for (key, _), part in zip(expression.arguments, parts, strict=True)
    ]
    return f"{expression.function}({', '.join(named)})"


def _deparse_constant(value: float | str | bool | None) -> str:
    if value is None:
        return "NA"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return f'"{value}"'
