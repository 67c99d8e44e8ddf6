"""The marked sentences of the redaction tests, and what the finders reach on them."""

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from analysis.texts.personal import Span, find_personal

HERE: Final = Path(__file__).parent
KINDS: Final = {
    "n": "name", "p": "phone", "i": "identity", "l": "plate", "m": "mail", "a": "account",
    "d": "address", "b": "birth",
}  # fmt: skip
SETS: Final = (
    "redaction_sentences", "redaction_held_back", "redaction_held_back_2", "redaction_held_back_3",
)  # fmt: skip
MARK: Final = re.compile(r"\{([a-z]):([^}]*)\}")


@dataclass(frozen=True)
class Marked:
    """A text and the places in it that must be covered."""

    text: str
    places: tuple[Span, ...]


@dataclass(frozen=True)
class Reached:
    """What was found of one kind.

    `whole` places of `marked` are covered to the last letter; `right` of `found` spans touch a
    marked place of whatever kind.
    """

    marked: int
    whole: int
    found: int
    right: int
    missed: tuple[str, ...]
    needless: tuple[str, ...]

    @property
    def recall(self) -> float:
        return self.whole / self.marked if self.marked else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def read_set(name: str) -> list[Marked]:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [read_marked(line) for line in lines if line.strip() and not line.startswith("#")]


def read_marked(line: str) -> Marked:
    text, places, last = "", [], 0
    line = line.replace("\\n", "\n")
    for match in MARK.finditer(line):
        text += line[last : match.start()]
        places.append(Span(len(text), len(text) + len(match[2]), KINDS[match[1]], "hand"))
        text += match[2]
        last = match.end()
    return Marked(text + line[last:], tuple(places))


def measure(texts: list[Marked]) -> dict[str, Reached]:
    """Recall by the kind that was marked, precision by the kind that was found."""
    counts: Counter[tuple[str, str]] = Counter()
    missed: dict[str, list[str]] = {}
    needless: dict[str, list[str]] = {}
    for one in texts:
        found = find_personal(one.text)
        hidden = {place for span in found for place in range(span.start, span.end)}
        for place in one.places:
            counts[place.kind, "marked"] += 1
            letters = [i for i in range(place.start, place.end) if one.text[i].isalnum()]
            whole = hidden.issuperset(letters)
            counts[place.kind, "whole"] += whole
            if not whole:
                missed.setdefault(place.kind, []).append(
                    f"{one.text[place.start : place.end]} | {one.text}"
                )
        for span in found:
            counts[span.kind, "found"] += 1
            right = any(span.start < place.end and place.start < span.end for place in one.places)
            counts[span.kind, "right"] += right
            if not right:
                needless.setdefault(span.kind, []).append(
                    f"{one.text[span.start : span.end]} | {one.text}"
                )
    return {
        kind: Reached(
            counts[kind, "marked"], counts[kind, "whole"], counts[kind, "found"],
            counts[kind, "right"], tuple(missed.get(kind, ())), tuple(needless.get(kind, ())),
        )
        for kind in KINDS.values()
    }  # fmt: skip


def main() -> None:
    """Print what the finders reach: `python -m tests.analysis.redaction_sets [--missed]`."""
    import sys

    for name in SETS:
        texts = read_set(name)
        print(f"{name}: {len(texts)} texts")
        for kind, one in measure(texts).items():
            print(
                f"  {kind:9} recall {one.recall:.3f} ({one.whole}/{one.marked})"
                f"  precision {one.precision:.3f} ({one.right}/{one.found})"
            )
            if "--missed" in sys.argv:
                for line in one.missed:
                    print("      missed  ", line.replace("\n", "\\n"))
                for line in one.needless:
                    print("      needless", line.replace("\n", "\\n"))


if __name__ == "__main__":
    main()
