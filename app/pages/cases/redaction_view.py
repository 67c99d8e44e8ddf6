"""One text on the page of redaction: its places, its preview, its newest version."""

from typing import Any

from analysis.texts.personal import cover, join
from app.redaction import (
    find_places,
    mark_of,
    places_of,
    restored_spans,
    shown_covers,
    shown_places,
)


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
    return {
        "name": name,
        "mark": mark_of(text),
        "pieces": shown_places(text, chosen),
        "places": places_of(text, found, chosen),
        "words": given["words"] if given else "",
        "preview": shown_covers(cover(text, chosen)),
        "is_preview": given is not None,
        "saved": saved,
        "saved_pieces": shown_covers(saved["text"]) if saved else [],
        "left": [place for place in places_of(text, found, chosen) if not place.covered],
        "confirmed": bool(saved and saved["confirmed_at"]),
    }


def _fits(version: dict[str, Any], text: str) -> bool:
    """Whether a version was made of this text: covering its places gives its words."""
    covered = cover(text, restored_spans(version["spans"]))
    return covered == str(version["text"])
