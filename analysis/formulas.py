"""Model formulas and their design matrices, with treatment coding on sorted levels."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.codes import encode_series, require, to_numbers
from analysis.errors import DataError

Term = tuple[str, ...]


@dataclass(frozen=True)
class Formula:
    """Terms of a linear predictor.

    Attributes
    ----------
    terms : tuple of tuples of str
        Variables of each term, main effects first; a term of one variable is a main effect.
    intercept : bool
    """

    terms: tuple[Term, ...]
    intercept: bool = True

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable once, in order of appearance."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term))


@dataclass(frozen=True, eq=False)
class ModelMatrix:
    """Columns of a linear predictor.

    Attributes
    ----------
    values : (n, p) float
        NaN where a variable is missing.
    names : tuple of str
        `variable`, or `variable` followed by the level; the parts of an interaction with colons.
    term : (p,) int
        Which term a column belongs to; -1 for the intercept.
    levels : mapping
        Sorted levels of every categorical variable; the first is the reference.
    """

    values: Floats
    names: tuple[str, ...]
    term: Ints
    levels: Mapping[str, tuple[str, ...]]


def parse_formula(text: str) -> Formula:
    """Terms of a formula written with `+`, `:`, `*`, and `0` or `-1` to leave out the intercept.

    Names that hold anything but letters, digits, dots and underscores go in backticks.

    Raises
    ------
    DataError
        If the text is no such formula.

    References
    ----------
    Wilkinson & Rogers (1973), Applied Statistics 22, 392-399.
    """
    body = text.rsplit("~", maxsplit=1)[-1]
    words = re.findall(r"`[^`]+`|[\w.]+|[+:*-]|\S", body)
    found: list[Term] = []
    intercept = True
    for sign, part in _split_terms(words, text):
        if part == ["0"] or (part == ["1"] and sign == "-"):
            intercept = False
        elif part != ["1"]:
            if sign == "-":
                raise DataError(f"Formula {text!r} takes a term away; leave it out instead.")
            found.extend(_expand(part, text))
    # a:b and b:a are one term, written in the order in which the variables first appear.
    order = {name: place for place, name in enumerate(dict.fromkeys(sum(found, ())))}
    terms = dict.fromkeys(tuple(sorted(term, key=order.__getitem__)) for term in found)
    return Formula(tuple(sorted(terms, key=len)), intercept)


def _split_terms(words: Sequence[str], text: str) -> list[tuple[str, list[str]]]:
    parts: list[tuple[str, list[str]]] = [("+", [])]
    for word in words:
        if word in "+-":
            parts.append((word, []))
        else:
            parts[-1][1].append(word)
    filled = [(sign, part) for sign, part in parts if part]
    if not filled:
        raise DataError(f"Formula {text!r} has no terms.")
    return filled


def _expand(part: Sequence[str], text: str) -> list[Term]:
    names, operators = list(part[::2]), set(part[1::2])
    well_formed = all(re.fullmatch(r"`[^`]+`|[\w.]+", name) for name in names)
    if len(part) % 2 == 0 or not operators <= {":", "*"} or not well_formed:
        raise DataError(f"Formula {text!r} is not understood at {' '.join(part)!r}.")
    groups: list[list[str]] = [[]]
    for position, name in enumerate(names):
        if position and part[2 * position - 1] == "*":
            groups.append([])
        groups[-1].append(name.strip("`"))
    return [
        tuple(dict.fromkeys(name for group in chosen for name in group))
        for size in range(1, len(groups) + 1)
        for chosen in combinations(groups, size)
    ]


def build_matrix(frame: pl.DataFrame, formula: Formula | str) -> ModelMatrix:
    """Design matrix of the rows of a frame.

    Text, categorical and Boolean columns are categories, the others numbers. A category gets
    treatment coding where the rest of its term is in the formula, else an indicator per level;
    without an intercept, the first category of the first term that has one gets them all.

    Raises
    ------
    DataError
        If a variable is not in the frame or a category has no levels.

    References
    ----------
    Chambers & Hastie (1992), Statistical Models in S, section 2.4.1.
    """
    parsed = parse_formula(formula) if isinstance(formula, str) else formula
    require(frame, parsed.variables)
    coded = {name: _code_variable(frame, name) for name in parsed.variables}
    present = {frozenset(), *(frozenset(term) for term in parsed.terms)}
    spanning = None if parsed.intercept else _find_first_category(parsed, coded)
    columns = [np.ones(len(frame))] if parsed.intercept else []
    names, owner = ["(Intercept)"] * parsed.intercept, [-1] * parsed.intercept
    for position, term in enumerate(parsed.terms):
        full = spanning[1] if spanning and spanning[0] == position else ""
        for name, column in _cross_columns(term, coded, present, full=full):
            names.append(name)
            columns.append(column)
            owner.append(position)
    values = np.column_stack(columns) if columns else np.zeros((len(frame), 0))
    levels = {name: labels for name, (labels, _) in coded.items() if labels}
    return ModelMatrix(values, tuple(names), np.array(owner, dtype=np.int64), levels)


def _code_variable(frame: pl.DataFrame, name: str) -> tuple[tuple[str, ...], Floats]:
    """Labels (none for numbers) and an indicator per label, or the numbers, (n, L)."""
    if frame[name].dtype.is_numeric():
        return (), to_numbers(frame, name)[:, None]
    codes = encode_series(frame[name])
    if not codes.size:
        raise DataError(f"Column {name} is empty; leave it out of the formula.")
    indicators = (codes.code[:, None] == np.arange(codes.size)).astype(np.float64)
    indicators[codes.code < 0] = np.nan
    return tuple(str(label) for label in codes.labels.to_series()), indicators


def _find_first_category(
    formula: Formula, coded: Mapping[str, tuple[tuple[str, ...], Floats]]
) -> tuple[int, str] | None:
    """The term and the variable whose indicators span a constant that is left out."""
    for position, term in enumerate(formula.terms):
        for name in term:
            if coded[name][0]:
                return position, name
    return None


def _cross_columns(
    term: Term,
    coded: Mapping[str, tuple[tuple[str, ...], Floats]],
    present: set[frozenset[str]],
    *,
    full: str,
) -> list[tuple[str, Floats]]:
    parts = []
    for name in term:
        labels, values = coded[name]
        reduced = labels and name != full and frozenset(term) - {name} in present
        first = 1 if reduced else 0
        heads = [f"{name}{label}" for label in labels] if labels else [name]
        parts.append([(heads[place], values[:, place]) for place in range(first, len(heads))])
    crossed = []
    # The first variable of a term runs fastest.
    for chosen in product(*reversed(parts)):
        ordered = chosen[::-1]
        column = np.prod([column for _, column in ordered], axis=0)
        crossed.append((":".join(head for head, _ in ordered), column))
    return crossed
