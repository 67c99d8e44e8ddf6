"""One text on the page of redaction: its places, its preview, its newest version."""

from typing import Any, Final

from analysis.texts.personal import cover, join
from app.redaction import (
    find_places,
    mark_of,
    missing_words,
    names_left,
    own_spans,
    places_of,
    restored_spans,
    shown_covers,
    shown_places,
)
from surveys.accounts import FieldError
from surveys.reflections import MoveError

N_ = str
# So many phrases are named in a sentence that refuses them.
NAMED: Final = 5


def part_view(
    name: str,
    text: str,
    known: list[tuple[str, str]],
    kept: list[dict[str, Any]],
    given: dict[str, Any] | None,
) -> dict[str, Any]:
    """What the page shows of a text: where it was never covered, all that is found is ticked."""
    found = find_places(text, known)
    newest = next((row for row in kept if row["part"] == name), None)
    # A version of an answer that was given anew since belongs to another text.
    fits = newest is not None and _fits(newest, text)
    if given is not None:
        chosen = given["spans"]
    elif newest is not None and fits:
        chosen = join(restored_spans(newest["spans"]), len(text))
    else:
        chosen = found
    saved = newest if fits and given is None else None
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
        "left": [place for place in places if not place.covered and place.kind != "name"],
        "names": names_left(text, found, chosen),
        "confirmed": bool(saved and saved["confirmed_at"]),
    }


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
        text = N_("Hãy che tên còn sót, hoặc đánh dấu từng chỗ không phải tên người.")
        raise FieldError(f"{part['name']}-names", text)
    if not read:
        text = N_("Hãy đọc hết rồi đánh dấu rằng bạn đã đọc.")
        raise FieldError(f"{part['name']}-read", text)


def _fits(version: dict[str, Any], text: str) -> bool:
    """Whether a version was made of this text: covering its places gives its words."""
    covered = cover(text, restored_spans(version["spans"]))
    return covered == str(version["text"])
