"""The words of a text with what their writing tells: capitals, marks, the beginning of a sentence."""

import re
from dataclasses import dataclass
from typing import Final

from analysis.texts.folding import Folded

WORD: Final = re.compile(r"(?:[HhKk]' )?[^\W\d_]+(?:'[^\W\d_]+)*")
ENDING: Final = re.compile(r"[.!?:;\n\"“”•*]|^\s*[\-+(]")
CONSONANTS: Final = frozenset("bcdđghklmnpqrstvx")
PARTS: Final = re.compile(r"[,;:.()]|\d")
LONGEST_NAME: Final = 5
UNITS: Final = frozenset(("km", "kg", "cm", "mm", "ml"))
ABBREVIATION: Final = re.compile(r"^\.[ ]?$")
# Stands where a name in capitals was blanked out.
NAMED: Final = "¶"
# A capital behind a small letter or a comma, and a small letter behind it.
UPPER: Final = "".join(one for one in map(chr, range(0x41, 0x1EFA)) if one.isupper())
LOWER: Final = "".join(one for one in map(chr, range(0x61, 0x1EFA)) if one.islower())
MIDDLE_CAPITAL: Final = re.compile(rf"[{LOWER},] (?:[{UPPER}][{LOWER}]|{NAMED})")


@dataclass(frozen=True)
class Token:
    """One word.

    Attributes
    ----------
    low, plain : str
        Lower case, with and without marks.
    cap : bool
        A capital that tells something: not in a line written in capitals all through.
    gap : str
        What stands between the word before and this one.
    head : bool
        It begins a sentence or a line.
    bare : bool
        Its line is written without marks.
    loud : bool
        It is written in capitals all through.
    neat : bool
        Its line has marks and a capital within a sentence, so that names will have one too.
    """

    start: int
    end: int
    low: str
    plain: str
    cap: bool
    gap: str
    head: bool
    bare: bool
    loud: bool = False
    neat: bool = False


def find_tokens(folded: Folded) -> list[Token]:
    """All words in their order."""
    tokens: list[Token] = []
    begin, last = 0, 0
    for line in folded.text.split("\n"):
        matches = list(WORD.finditer(folded.text, begin, begin + len(line)))
        marked = sum(folded.plain[m.start() : m.end()] != m[0].lower() for m in matches)
        bare = marked <= 0.15 * len(matches)
        # "NGUYEN THI HOA" as banks print it, in a line with marks.
        copied = sum(_is_copied(m[0], folded.plain[m.start() : m.end()]) for m in matches) >= 3
        silent = _is_silent([match[0] for match in matches], line)
        neat = not (bare or silent) and MIDDLE_CAPITAL.search(line) is not None
        for match in matches:
            gap = folded.text[last : match.start()]
            word = match[0]
            tokens.append(
                Token(
                    *(match.start(), match.end(), word.lower()),
                    folded.plain[match.start() : match.end()],
                    *(word[0].isupper() and not silent, gap),
                    head=not tokens or "\n" in gap or _ends(gap, tokens[-1]),
                    bare=bare
                    or (copied and _is_copied(word, folded.plain[match.start() : match.end()])),
                    loud=word.isupper() and len(word) > 1,
                    neat=neat,
                )
            )
            last = match.end()
        begin += len(line) + 1
    return tokens


def _ends(gap: str, before: Token) -> bool:
    """Whether the gap ends a sentence; a dot after a short title or an initial does not."""
    if ABBREVIATION.match(gap) and is_abbreviation(before.low):
        return False
    return ENDING.search(gap) is not None


def is_abbreviation(low: str) -> bool:
    """Whether a word before a dot is short for another: "a.", "bs.", "Ng.", but not "Hà."."""
    if len(low) == 1:
        return low.isascii() or low in {"ô", "đ"}
    return low == "ac" or (len(low) == 2 and CONSONANTS.issuperset(low) and low not in UNITS)


def _is_copied(word: str, plain: str) -> bool:
    return word.isupper() and len(word) > 1 and word.lower() == plain


def _is_silent(words: list[str], line: str) -> bool:
    """Whether capitals tell nothing here: most words have one."""
    loud = sum(word.isupper() for word in words)
    capital = sum(word[0].isupper() for word in words)
    return (len(words) >= 3 and loud > 0.7 * len(words)) or (
        len(words) >= 8 and capital > 0.85 * len(words) and not _is_row(line)
    )


def _is_row(line: str) -> bool:
    """Whether the line is a row of names: no part of it is longer than these are."""
    return all(len(part.split()) <= LONGEST_NAME for part in PARTS.split(line))
