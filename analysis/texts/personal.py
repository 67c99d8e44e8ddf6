"""Everything in a text that tells who somebody is."""

import re
from typing import Final

from analysis.texts.addresses import find_addresses
from analysis.texts.folding import Folded, fold
from analysis.texts.mails import find_mails
from analysis.texts.name_company import find_company
from analysis.texts.names import find_names
from analysis.texts.numbers import Found, find_numbers
from analysis.texts.plates import find_plates
from analysis.texts.spans import COVERS, Span, cover, join
from analysis.texts.spelled import find_spelled
from analysis.texts.tokens import NAMED

__all__ = ["COVERS", "Span", "cover", "find_personal", "join"]

ROUNDS: Final = 4


def find_personal(text: str) -> list[Span]:
    """Places of phones, papers, plates, mails, accounts, addresses and names, in their order.

    A person looks at them before anything is public: what is found needlessly costs a click, what
    is missed costs a secret, so doubtful places are found. What finding once leaves is looked at
    again with the finds blanked out, until nothing new comes up.
    """
    folded = fold(text)
    folded = _blank(folded, _covered(folded.text))
    found: list[Found] = []
    for _ in range(ROUNDS):
        new = _find(_blank(folded, found))
        new += _find_company(folded, found + new)
        if not new:
            break
        found += new
    spans = (Span(*folded.place(start, end), kind, rule) for start, end, kind, rule in found)
    return join(spans, len(text))


def _find(folded: Folded) -> list[Found]:
    """Numbers and mails first, then addresses, then names in what is left."""
    found = [*find_mails(folded.plain)]
    found += find_plates(_blank(folded, found).plain)
    found += find_spelled(_blank(folded, found).plain)
    found += find_numbers(_blank(folded, found).plain)
    found += find_addresses(_blank(folded, found))
    return [*found, *find_names(_blank(folded, found))]


def _find_company(folded: Folded, found: list[Found]) -> list[Found]:
    """Names by the names that were found; all else that was found is blanked out."""
    names = [one for one in found if one[2] == "name"]
    others = [one for one in found if one[2] != "name"]
    return [*find_company(_blank(folded, others), names)]


def _blank(folded: Folded, found: list[Found]) -> Folded:
    text, plain = list(folded.text), list(folded.plain)
    for start, end, kind, rule in found:
        capital = rule == "cover" or folded.text[start].isupper()
        sign = NAMED if kind == "name" and capital else "¤"
        text[start:end] = plain[start:end] = sign * (end - start)
    return Folded("".join(text), "".join(plain), folded.start, folded.end)


def _covered(text: str) -> list[Found]:
    """What was covered before, which names nobody."""
    return [
        (match.start(), match.end(), kind, "cover")
        for kind, words in COVERS.items()
        for match in re.finditer(re.escape(words), text)
    ]
