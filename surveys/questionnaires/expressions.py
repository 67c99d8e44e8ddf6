"""XPath 1.0 as ODK forms use it: a strict parser, for forms that a converter lets through.

pyxform checks only that `${name}` exists, so an unbalanced bracket or a misspelt function would
reach the phones. The grammar is W3C XPath 1.0 (1999).
"""

from dataclasses import dataclass
from typing import Final

from surveys.questionnaires.functions import check_call
from surveys.questionnaires.tokens import SyntaxFaultError, Token, tokens_of

MAX_LENGTH: Final = 4000
MAX_DEPTH: Final = 40
# A chain `a + b + c …` is a tree as deep as it is long; whoever walks it must not run out of stack.
MAX_OPERATORS: Final = 200

_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)
_NODE_TYPES = frozenset({"comment", "text", "processing-instruction", "node"})
_AXES = frozenset(
    {"ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self"}
    | {"following", "following-sibling", "namespace", "parent", "preceding", "preceding-sibling"}
    | {"self"}
)


@dataclass(frozen=True)
class Number:
    """A number as written."""

    value: float


@dataclass(frozen=True)
class Literal:
    """A quoted string."""

    value: str


@dataclass(frozen=True)
class Path:
    """A location path; `plain` says that it holds names only."""

    text: str
    plain: bool


@dataclass(frozen=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple["Node", ...]


@dataclass(frozen=True)
class Binary:
    """Two operands and what stands between them."""

    operator: str
    left: "Node"
    right: "Node"


@dataclass(frozen=True)
class Negative:
    """A minus sign and what follows it."""

    operand: "Node"


Node = Number | Literal | Path | Call | Binary | Negative


def parse(expression: str) -> Node:
    """The expression as a tree.

    Raises SyntaxFaultError where it is no XPath, UnknownFunctionError where ODK has no such
    function.
    """
    if len(expression) > MAX_LENGTH:
        raise SyntaxFaultError(f"{expression[:20]}…", MAX_LENGTH)
    return _Parser(tokens_of(expression)).whole()


class _Parser:
    """Recursive descent over the tokens; one method a rule of the grammar."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0
        self.operators = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def fail(self) -> SyntaxFaultError:
        return SyntaxFaultError(self.token.text, self.token.at)

    def take(self) -> Token:
        token = self.token
        self.index += 1
        return token

    def accept(self, *texts: str) -> bool:
        if self.token.kind in {"mark", "operator"} and self.token.text in texts:
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        if not self.accept(text):
            raise self.fail()

    def whole(self) -> Node:
        node = self.expression()
        if self.token.kind != "end":
            raise self.fail()
        return node

    def expression(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail()
        node = self.binary(0)
        self.depth -= 1
        return node

    def binary(self, level: int) -> Node:
        if level == len(_LEVELS):
            return self.unary()
        node = self.binary(level + 1)
        while self.token.kind == "operator" and self.token.text in _LEVELS[level]:
            self.operators += 1
            if self.operators > MAX_OPERATORS:
                raise self.fail()
            operator = self.take().text
            node = Binary(operator, node, self.binary(level + 1))
        return node

    def unary(self) -> Node:
        signs = 0
        while self.accept("-"):
            signs += 1
        node = self.path()
        while self.accept("|"):
            self.path()
            node = Path("|", plain=False)
        return Negative(node) if signs % 2 else node

    def path(self) -> Node:
        if not self.starts_primary():
            return self.location()
        node = self.primary()
        filtered = self.predicates()
        if self.token.kind == "mark" and self.token.text in {"/", "//"}:
            return Path(f"…{self.location().text}", plain=False)
        return Path("…[]", plain=False) if filtered else node

    def starts_primary(self) -> bool:
        token = self.token
        if token.kind in {"number", "literal"} or token.text == "(":
            return True
        follows = self.tokens[self.index + 1] if token.kind == "name" else None
        return follows is not None and follows.text == "(" and token.text not in _NODE_TYPES

    def primary(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Number(float(token.text))
        if token.kind == "literal":
            return Literal(token.text[1:-1])
        if token.kind == "name":
            return self.call(token.text)
        node = self.expression()
        self.expect(")")
        return node

    def call(self, name: str) -> Call:
        self.expect("(")
        arguments: list[Node] = []
        if not self.accept(")"):
            arguments.append(self.expression())
            while self.accept(","):
                arguments.append(self.expression())
            self.expect(")")
        check_call(name, len(arguments))
        return Call(name, tuple(arguments))

    def predicates(self) -> bool:
        found = False
        while self.accept("["):
            found = True
            self.expression()
            self.expect("]")
        return found

    def location(self) -> Path:
        words: list[str] = []
        plain = True
        if self.token.text in {"/", "//"}:
            words.append(self.take().text)
            plain = words[0] == "/"
        while True:
            word, simple = self.step()
            words.append(word)
            plain = not self.predicates() and simple and plain
            if self.token.kind != "mark" or self.token.text not in {"/", "//"}:
                return Path("".join(words), plain)
            words.append(self.take().text)
            plain = plain and words[-1] == "/"

    def step(self) -> tuple[str, bool]:
        token = self.take()
        if token.text in {".", ".."} and token.kind == "mark":
            return token.text, token.text == "."
        if token.text == "@":
            return f"@{self.node_test()}", False
        if token.kind == "name" and self.accept("::"):
            if token.text not in _AXES:
                raise SyntaxFaultError(token.text, token.at)
            return f"{token.text}::{self.node_test()}", False
        self.index -= 1
        return self.node_test(), token.kind == "name"

    def node_test(self) -> str:
        token = self.token
        if token.kind != "name" and token.text != "*":
            raise self.fail()
        self.index += 1
        if token.text in _NODE_TYPES and self.accept("("):
            if self.token.kind == "literal":
                self.take()
            self.expect(")")
        return token.text
