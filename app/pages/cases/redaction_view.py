"""One text on the page of redaction: its places, its preview, its newest version."""

from collections.abc import Iterable
from typing import Any, Final, Literal

from analysis.texts.personal import cover, join
from app.redaction import (
    SHARED,
    Place,
    find_places,
    mark_of,
    missing_words,
    names_left,
    own_spans,
    places_of,
    restored_spans,
    shown_covers,
    shown_places,
    words_by_hand,
)
from surveys.accounts import FieldError
from surveys.reflections import MoveError, OpenTexts

N_ = str
Part = Literal["question", "answer", "explanation"]
PARTS: Final[tuple[Part, ...]] = ("question", "answer", "explanation")
# So many phrases are named in a sentence that refuses them.
NAMED: Final = 5


def part_view(
    name: str, texts: OpenTexts, kept: list[dict[str, Any]], given: dict[str, Any] | None
) -> dict[str, Any]:
    """What the page shows of a text: where it was never covered, all that is found is ticked.

    What a person covered in another text of the case is found in this one too.
    """
    text, known = str(getattr(texts, name)), texts.known
    others = [part for part in PARTS if part != name]
    found = find_places(text, known, covered_words(others, texts, kept, given))
    given = given if given and given["part"] == name else None
    saved = _newest(name, text, kept) if given is None else None
    if given is not None:
        chosen = given["spans"]
    else:
        chosen = join(restored_spans(saved["spans"]), len(text)) if saved else found
    names = names_left(text, found, chosen)
    places = places_of(text, found, chosen, own_spans(text, known))
    return {
        "name": name,
        "mark": mark_of(text),
        "pieces": shown_places(text, chosen),
        "places": places,
        "words": given["words"] if given else "",
        "preview": shown_covers(cover(text, chosen)),
        "is_preview": given is not None,
        "saved": saved,
        "saved_pieces": shown_covers(saved["text"]) if saved else [],
        "left": [place for place in places if _is_left(place)],
        "names": names,
        "shared": [place for place in names if place.found_by == SHARED],
        "confirmed": bool(saved and saved["confirmed_at"]),
    }


def covered_words(
    parts: Iterable[str],
    texts: OpenTexts,
    kept: list[dict[str, Any]],
    given: dict[str, Any] | None = None,
) -> list[tuple[str, str]]:
    """What a person covered in these texts by typing or selecting it, by its kind, each once."""
    found: list[tuple[str, str]] = []
    for part in parts:
        text = str(getattr(texts, part))
        newest = _newest(part, text, kept)
        if given and given["part"] == part:
            found += words_by_hand(text, given["spans"])
        elif newest:
            found += words_by_hand(text, restored_spans(newest["spans"]))
    return list(dict.fromkeys(found))


def check_shared(texts: OpenTexts, kept: list[dict[str, Any]]) -> None:
    """Refuse to publish what was confirmed before its words were covered in another text.

    Raises MoveError, which names the words.
    """
    shown = {name: part_view(name, texts, kept, None) for name in PARTS if getattr(texts, name)}
    saved = {name: part["saved"] for name, part in shown.items() if part["saved"]}
    for name, mine in saved.items():
        others = [one["saved_at"] for other, one in saved.items() if other != name]
        # Words are shared by another text that is kept, so there is one.
        shared = shown[name]["shared"]
        if shared and mine["confirmed_at"] and mine["confirmed_at"] < max(others):
            text = N_(
                "Đã che ở phần khác sau khi phần này được xác nhận: {phrases}. Hãy lưu lại phần còn "
                "để lộ, rồi xác nhận lại."
            )
            raise MoveError(text, phrases=", ".join(f"“{place.text}”" for place in shared[:NAMED]))


def check_words(name: str, text: str, words: str) -> None:
    """Refuse added words that cover nothing: whoever typed them believes that they are covered.

    Raises FieldError, which names them.
    """
    missing = missing_words(text, words)
    if not missing:
        return
    phrases = ", ".join(f"“{one}”" for one in missing[:NAMED]) + ("…" if missing[NAMED:] else "")
    told = N_(
        "Chưa lưu. Không thấy trong văn bản: {phrases}. Hãy sửa cho đúng từng chữ (ít nhất "
        "hai chữ cái hoặc chữ số), hoặc xóa dòng đó."
    )
    raise FieldError(f"{name}-words", told, phrases=phrases)


def check_read(part: dict[str, Any], version: int, read: str, not_names: set[str]) -> None:
    """Refuse to confirm what was not read, or what leaves a name of which nobody said it is none.

    Raises FieldError, or MoveError when the page showed another version.
    """
    if not part["saved"] or part["saved"]["version"] != version:
        raise MoveError(N_("Bản đã ẩn danh vừa có bản mới hơn. Hãy tải lại trang."))
    if {place.key for place in part["names"]} - not_names:
        text = N_("Hãy che chỗ còn sót, hoặc đánh dấu từng chỗ không cần che.")
        raise FieldError(f"{part['name']}-names", text)
    if not read:
        text = N_("Hãy đọc hết rồi đánh dấu rằng bạn đã đọc.")
        raise FieldError(f"{part['name']}-read", text)


def _newest(part: str, text: str, kept: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The newest version, unless it was made of an answer that was given anew since."""
    newest = next((row for row in kept if row["part"] == part), None)
    return newest if newest and _fits(newest, text) else None


def _is_left(place: Place) -> bool:
    return not place.covered and place.kind != "name" and place.found_by != SHARED


def _fits(version: dict[str, Any], text: str) -> bool:
    """Whether a version was made of this text: covering its places gives its words."""
    covered = cover(text, restored_spans(version["spans"]))
    return covered == str(version["text"])
