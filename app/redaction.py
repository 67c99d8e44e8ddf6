"""Covering what names a person, as pages of officials and of everybody show it."""

import re
from asyncio import to_thread
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import msgspec

from analysis.texts.dossiers import find_dossiers
from analysis.texts.folding import Folded, fold
from analysis.texts.personal import COVERS, Span, cover, find_personal, join
from surveys.reflections import contact_places

N_ = str

KINDS: Final = {
    "name": N_("họ tên"),
    "phone": N_("số điện thoại"),
    "identity": N_("số giấy tờ"),
    "plate": N_("biển số xe"),
    "mail": N_("thư điện tử"),
    "account": N_("số tài khoản"),
    "address": N_("địa chỉ"),
    "birth": N_("ngày sinh"),
    "dossier": N_("mã hồ sơ"),
    "profile": N_("tài khoản mạng"),
    "other": N_("thông tin riêng"),
}
COVERED: Final = re.compile("|".join(re.escape(words) for words in COVERS.values()))
MOST_PLACES: Final = 500
SHORTEST: Final = 2
# How a place was found that a person covered in another text of the case.
SHARED: Final = "case"
# Covered texts of up to so many signs are kept, so many of them: some megabytes at most.
KEPT_LENGTH: Final = 2_000
KEPT_TEXTS: Final = 512
# A text longer than this takes long enough that others would wait for it.
LONG_TEXT: Final = 1_000


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """A place that is or could be covered; `key` is how a form names it.

    What is `own` names the citizen or tells how to reach them: it is always covered.
    """

    key: str
    kind: str
    text: str
    around: tuple[str, str]
    covered: bool
    found_by: str
    own: bool = False


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text, and the kind of what stands there (empty for plain words)."""

    text: str
    kind: str = ""


def mark_of(text: str) -> str:
    """What a form carries so that places are not counted in another text."""
    return sha256(text.encode()).hexdigest()[:16]


def find_places(
    text: str, known: Iterable[tuple[str, str]], shared: Iterable[tuple[str, str]] = ()
) -> list[Span]:
    """What the finders find, codes of dossiers, and the citizen's own name and ways to be reached.

    `shared` are words that a person covered in another text of the case, by their kind.
    """
    folded = fold(text)
    spans = find_personal(text) + find_dossiers(folded)
    for kind, words in known:
        spans += find_words(folded, words, kind, "contact")
    for kind, words in shared:
        spans += [
            span
            for span in find_words(folded, words, kind, SHARED)
            if " " in words or _alike(text[span.start : span.end], words)
        ]
    return join([*spans, *own_spans(text, known)], len(text))


def words_by_hand(text: str, spans: Iterable[Span]) -> list[tuple[str, str]]:
    """The words of a text that a person covered, by their kind, each once."""
    said = ((one.kind, text[one.start : one.end]) for one in spans if one.found_by == "person")
    return list(dict.fromkeys((kind, " ".join(words.split())) for kind, words in said))


def _alike(one: str, other: str) -> bool:
    """Whether two words have the same marks, or one is written without: not "hóa" for "hoa"."""
    first, second = fold(one), fold(other)
    low, wanted = first.text.lower(), second.text.lower()
    return low in {wanted, first.plain} or (wanted == second.plain and one[0].isupper())


def own_spans(text: str, known: Iterable[tuple[str, str]]) -> list[Span]:
    """The places that nobody may uncover: the citizen's own name, phone and mail."""
    return [Span(start, end, kind, "contact") for start, end, kind in contact_places(text, known)]


def find_words(folded: Folded, words: str, kind: str, found_by: str) -> list[Span]:
    """Every place where these words stand, with or without marks and capitals."""
    wanted = " ".join(fold(words).plain.split())
    if len(wanted) < SHORTEST:
        return []
    pattern = r"(?<!\w)" + r"\s++".join(map(re.escape, wanted.split())) + r"(?!\w)"
    return [
        Span(*folded.place(match.start(), match.end()), kind, found_by)
        for match in re.finditer(pattern, folded.plain)
    ]


def read_spans(text: str, keys: Iterable[str], words: str) -> list[Span]:
    """The places that were ticked, and all where the words stand that were added, a line each."""
    spans = []
    for key in list(keys)[:MOST_PLACES]:
        match = re.fullmatch(r"(\d{1,6})-(\d{1,6})-([a-z]+)-([a-z_0-9]+)", key)
        if match and match[3] in COVERS:
            spans.append(Span(int(match[1]), int(match[2]), match[3], match[4]))
    folded = fold(text)
    for line in lines_of(words)[0]:
        kinds = {span.kind for span in find_personal(line)} & set(COVERS)
        kind = kinds.pop() if len(kinds) == 1 else "other"
        spans += find_words(folded, line, kind, "person")
    return join(spans, len(text))


def missing_words(text: str, words: str) -> list[str]:
    """The lines of added words that cover nothing: they stand nowhere, or are a single letter."""
    folded = fold(text)
    read, beyond = lines_of(words)
    return [one for one in read if not find_words(folded, one, "other", "person")] + beyond


def lines_of(words: str) -> tuple[list[str], list[str]]:
    """The lines of added words, each once, and those beyond what is looked for."""
    lines = dict.fromkeys(" ".join(line.split()) for line in words.splitlines())
    said = [line for line in lines if line]
    return said[:MOST_PLACES], said[MOST_PLACES:]


def places_of(
    text: str, found: list[Span], chosen: list[Span], own: Iterable[Span] = ()
) -> list[Place]:
    """Every place that was found or chosen, in order; what is chosen is covered."""
    kept, hidden = set(chosen), _letters(chosen)
    free = [span for span in found if not hidden.intersection(range(span.start, span.end))]
    always = _letters(own)
    return [
        Place(
            key=f"{span.start}-{span.end}-{span.kind}-{span.found_by}",
            kind=span.kind,
            text=text[span.start : span.end],
            around=(text[max(0, span.start - 24) : span.start], text[span.end : span.end + 24]),
            covered=span in kept,
            found_by=span.found_by,
            own=bool(always.intersection(range(span.start, span.end))),
        )
        for span in sorted([*chosen, *free])
    ]


def names_left(text: str, found: list[Span], chosen: list[Span]) -> list[Place]:
    """Found names, and words covered in another text, of which a letter stays uncovered.

    A person must say that they need not be covered.
    """
    hidden = _letters(chosen)
    bare = [
        span
        for span in found
        if (span.kind == "name" or span.found_by == SHARED)
        and any(text[at].isalnum() and at not in hidden for at in range(span.start, span.end))
    ]
    return places_of(text, bare, [])


def _letters(spans: Iterable[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def shown_places(text: str, spans: list[Span]) -> list[Piece]:
    """The text cut at the places, for showing what will be covered."""
    pieces, last = [], 0
    for span in join(spans, len(text)):
        pieces += [Piece(text[last : span.start]), Piece(text[span.start : span.end], span.kind)]
        last = span.end
    return [piece for piece in [*pieces, Piece(text[last:])] if piece.text]


def shown_covers(text: str) -> list[Piece]:
    """A covered text cut at its covers, so that a page can tell them from what was written."""
    pieces, last = [], 0
    for match in COVERED.finditer(text):
        pieces += [Piece(text[last : match.start()]), Piece(match[0], "cover")]
        last = match.end()
    return [piece for piece in [*pieces, Piece(text[last:])] if piece.text]


def cover_all(text: str) -> str:
    """A text that nobody has looked at, with everything covered that is found."""
    return _kept_cover(text) if len(text) <= KEPT_LENGTH else _cover(text)


async def cover_aside(*texts: str) -> list[str]:
    """The same for several texts; long ones in a thread, so that nobody else's page waits."""
    if sum(map(len, texts)) <= LONG_TEXT:
        return [cover_all(text) for text in texts]
    return await to_thread(lambda: [cover_all(text) for text in texts])


@lru_cache(maxsize=KEPT_TEXTS)
def _kept_cover(text: str) -> str:
    return _cover(text)


def _cover(text: str) -> str:
    return cover(text, find_places(text, ()))


def kept_spans(spans: list[Span]) -> list[dict[str, Any]]:
    """Places as a version keeps them: where, of what kind, found by what; not what stood there."""
    return [
        {"start": one.start, "end": one.end, "kind": one.kind, "by": one.found_by} for one in spans
    ]


def restored_spans(kept: list[dict[str, Any]]) -> list[Span]:
    """The places of a version."""
    return [Span(one["start"], one["end"], one["kind"], one["by"]) for one in kept]
