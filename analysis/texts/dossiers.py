"""Codes of dossiers: with one of them a stranger asks a portal whose it is."""

import re
from typing import Final

from analysis.texts.folding import Folded
from analysis.texts.spans import Span

# Day and number, with spaces about the dashes.
SPACED: Final = r"(?: ?- ?\d{6} ?- ?\d{3,6})"
# By their form: an agency, a day, a number.
FORMS: Final = (
    r"(?<![\w.])(?:\d{3}\.\d{2}\.\d{2}\.[a-z]\d{2}(?:[.\-]\d+)+"
    r"|[a-z]{1,5}\d{0,3}(?:\.\d{1,3})*"
    rf"(?:[.\-]\d{{6,8}}[.\-]\w{{3,8}}|{SPACED}))(?!\w)"
)
LABEL: Final = (
    r"(?<!\w)(?:ho so|bien nhan|giay hen|phieu hen|tra cuu)(?: (?:so|ma))?(?: la)?[: ]{1,3}"
)
HOUR_OR_MONTH: Final = r"(?!\d{1,2}h\d\d(?!\w)|t\d{1,2}[/.\-]\d{2,4}(?!\w))"
# Behind a label: letters with three digits among them, or five digits in a row.
MIXED: Final = r"(?:(?=[\w.\-/]*[a-z])(?=(?:[\w.\-/]*?\d){3})|(?=[\w.\-/]*\d{5}))[\w.\-/]*\w"
CODE: Final = re.compile(rf"{FORMS}|{LABEL}(?P<labelled>{HOUR_OR_MONTH}{MIXED}{SPACED}?)")


def find_dossiers(folded: Folded) -> list[Span]:
    """Every place where a dossier's code stands, in a text that may be folded back."""
    found = []
    for match in CODE.finditer(folded.plain):
        group = "labelled" if match["labelled"] else 0
        start, end = folded.place(match.start(group), match.end(group))
        found.append(Span(start, end, "dossier", "dossier"))
    return found
