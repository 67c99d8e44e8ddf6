"""Which themes a comment may belong to: a suggestion for a person to confirm.

A theme is told by its seeds, and by the comments that people put to it before. Two things speak
for a theme: seeds that stand in the comment, the rarer the more; and the cosine between the TF-IDF
vectors of the comment and of all that tells the theme. No model is fetched or trained.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log
from typing import Final

import numpy as np

from analysis.arrays import Floats
from analysis.texts.segmentation import is_marked, plain, segment, syllables
from analysis.texts.similarity import vectors

# Under this nothing is suggested; the second theme must be nearly as strong as the first.
LEAST: Final = 0.2
NEARLY: Final = 0.6
MOST: Final = 2
# A comment that is nearly one that was confirmed belongs where that one does.
ALIKE: Final = 0.7
# So many other syllables may stand between those of a seed: "chờ quá lâu" has "chờ lâu".
GAP: Final = 2


@dataclass(frozen=True)
class Theme:
    """A theme as it is told: seeds, and comments that were confirmed.

    `last` is for what is suggested only where no other theme is: praise in general.
    """

    key: str
    seeds: Sequence[str]
    examples: Sequence[str] = field(default=())
    last: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A theme with how strongly it is suggested, 0 to 1."""

    key: str
    score: float


def suggest(texts: Sequence[str], themes: Sequence[Theme]) -> list[list[Suggestion]]:
    """For each text at most two themes, the strongest first; none where little speaks for any.

    References
    ----------
    Spärck Jones (1972), Journal of Documentation 28, 11-21, for weighing by rarity; Salton &
    Buckley (1988), Information Processing & Management 24, 513-523, for the cosine.
    """
    if not texts or not themes:
        return [[] for _text in texts]
    scores = 1 - (1 - _find_seeds(texts, themes)) * (1 - _resemble(texts, themes))
    known = {text: theme.key for theme in themes for text in theme.examples}
    return [
        [Suggestion(known[text], 1.0)] if text in known else _choose(themes, row)
        for text, row in zip(texts, scores, strict=True)
    ]


def _choose(themes: Sequence[Theme], scores: Floats) -> list[Suggestion]:
    found = [
        Suggestion(theme.key, round(float(score), 4))
        for theme, score in zip(themes, scores, strict=True)
        if score >= LEAST
    ]
    last = {theme.key for theme in themes if theme.last}
    ranked = sorted(found, key=lambda one: (one.key in last, -one.score, one.key))
    return [one for one in ranked[:MOST] if _is_near(one, ranked[0], last)]


def _is_near(one: Suggestion, first: Suggestion, last: set[str]) -> bool:
    return one is first or (one.score >= NEARLY * first.score and one.key not in last)


def _find_seeds(texts: Sequence[str], themes: Sequence[Theme]) -> Floats:
    """How much the seeds say, (texts, themes): 1 - Π (1 - rarity of the seed × how whole it is)."""
    read = [_Read(text) for text in texts]
    against = np.ones((len(texts), len(themes)))
    most = log(1 + len(texts) + 1)
    for place, theme in enumerate(themes):
        for seed in theme.seeds:
            wanted = _Seed(seed)
            whole = np.array([wanted.stands_in(text) for text in read])
            rarity = log((1 + len(texts) + 1) / (1 + np.count_nonzero(whole))) / most
            against[:, place] *= 1 - whole * max(rarity, 0.25)
    return 1 - against


def _resemble(texts: Sequence[str], themes: Sequence[Theme]) -> Floats:
    """Cosine with what tells a theme, and with the most alike of its confirmed comments."""
    told = ["\n".join([*theme.seeds, *theme.examples]) for theme in themes]
    known = vectors([*texts, *told])
    rows, themed = known.rows[: len(texts)], known.rows[len(texts) :]
    cosines: Floats = (rows @ themed.T).toarray()
    for place, theme in enumerate(themes):
        if theme.examples:
            alike = (rows @ known.of(theme.examples).T).max(axis=1).toarray().ravel()
            cosines[:, place] = np.maximum(cosines[:, place], np.where(alike >= ALIKE, alike, 0))
    return np.clip(cosines, 0.0, 1.0)


class _Read:
    """A comment as it was typed: with marks or without."""

    def __init__(self, text: str) -> None:
        self.marked = is_marked(text)
        self.syllables = syllables(text) if self.marked else [plain(one) for one in syllables(text)]
        self.words = set(segment(text)) if self.marked else set(self.syllables)


class _Seed:
    """A word or phrase that speaks for a theme."""

    def __init__(self, seed: str) -> None:
        self.marked = syllables(seed)
        self.bare = [plain(one) for one in self.marked]

    def stands_in(self, text: _Read) -> float:
        """1 where it stands as it is, less where other words stand between, 0 where it does not."""
        wanted = self.marked if text.marked else self.bare
        if len(wanted) == 1:
            # Without marks a single syllable means too many things.
            alone = wanted[0] in text.words and (text.marked or self.marked == self.bare)
            return float(alone)
        spans = (_span(wanted, text.syllables[start:]) for start in _places(wanted[0], text))
        gaps = min((span - len(wanted) for span in spans if span), default=GAP + 1)
        return 0.0 if gaps > GAP else 1 - 0.15 * gaps


def _places(first: str, text: _Read) -> list[int]:
    return [place for place, one in enumerate(text.syllables) if one == first]


def _span(wanted: Sequence[str], found: Sequence[str]) -> int:
    """How many syllables from the first of a seed to its last, in order; 0 if one is missing."""
    place = 0
    for one in wanted:
        while place < len(found) and found[place] != one:
            place += 1
        if place == len(found):
            return 0
        place += 1
    return place
