"""PDF files: opened, freed of what acts and of what tells of their maker, and written anew."""

from io import BytesIO
from typing import Any, Final

import pikepdf

from app.cleaning.kinds import Refusal

MOST_PAGES: Final = 500
DEEPEST: Final = 60

# Keys of ISO 32000-2: actions, scripts, files within the file, forms in XML, who made it and with
# what. They go wherever they stand.
TAKEN_OUT: Final = frozenset(
    {"/AA", "/OpenAction", "/JS", "/JavaScript", "/EF", "/EmbeddedFiles", "/AF", "/XFA"}
    | {"/Metadata", "/PieceInfo", "/Collection", "/RichMediaContent", "/RichMediaSettings"}
    | {"/3DD", "/Movie", "/Sound", "/URI", "/LastModified", "/Perms", "/DSS", "/Renditions"}
    | {"/AlternatePresentations", "/Requirements"}
)
# What may lie over a page; everything else over it is a way to act or a file.
NOTES: Final = frozenset(
    {"/Link", "/Widget", "/Text", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon"}
    | {"/PolyLine", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut", "/Stamp", "/Caret"}
    | {"/Ink", "/Popup", "/Redact"}
)
# A click may lead to another page of the same file and nowhere else.
HARMLESS_ACTION: Final = "/GoTo"

# JPEG segments that hold what a camera wrote: APP1 to APP13 and APP15, and comments. APP0 and
# APP14 tell how to read the colours.
SEGMENTS: Final = frozenset([*range(0xE1, 0xEE), 0xEF, 0xFE])


def clean_document(data: bytes) -> bytes | Refusal:
    """The document without scripts, actions, files within it, and what is told of its maker."""
    try:
        pdf = pikepdf.open(BytesIO(data))
    except pikepdf.PasswordError:
        return Refusal.LOCKED
    with pdf:
        if not 0 < len(pdf.pages) <= MOST_PAGES:
            return Refusal.BROKEN if not pdf.pages else Refusal.TOO_LARGE
        if "/Info" in pdf.trailer:
            del pdf.trailer["/Info"]
        for thing in pdf.objects:
            _clean(thing, 0)
        for page in pdf.pages:
            _clean_notes(page.obj)
        made = BytesIO()
        pdf.save(made, deterministic_id=True, encryption=False)
    return made.getvalue()


def _clean(thing: Any, depth: int) -> None:
    """Clean an object and what is written inside it; what it refers to has its own turn."""
    if depth > DEEPEST:
        raise ValueError
    if isinstance(thing, pikepdf.Stream):
        _clean_photograph(thing)
    for one in _clean_keys(thing):
        if isinstance(one, pikepdf.Object) and not one.is_indirect:
            _clean(one, depth + 1)


def _clean_keys(thing: Any) -> list[Any]:
    """Take the keys out that act or tell; returns what else is in there."""
    if isinstance(thing, pikepdf.Array):
        return list(thing)
    if not isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        return []
    for key in list(thing.keys()):
        if key in TAKEN_OUT or (key == "/A" and not _is_harmless(thing[key])):
            del thing[key]
    return [value for _key, value in thing.items()]


def _is_harmless(action: Any) -> bool:
    goes = isinstance(action, pikepdf.Dictionary) and action.get("/S") == HARMLESS_ACTION
    return bool(goes and "/Next" not in action)


def _clean_notes(page: Any) -> None:
    notes = page.get("/Annots")
    if isinstance(notes, pikepdf.Array):
        kept = [
            note
            for note in notes
            if isinstance(note, pikepdf.Dictionary) and note.get("/Subtype") in NOTES
        ]
        page["/Annots"] = pikepdf.Array(kept)


def _clean_photograph(stream: Any) -> None:
    """Take the camera's notes, and the place, out of a JPEG that stands in the document as it is."""
    filters = stream.get("/Filter")
    alone = isinstance(filters, pikepdf.Array) and len(filters) == 1
    if (filters[0] if alone else filters) == "/DCTDecode":
        raw = stream.read_raw_bytes()
        stream.write(without_segments(raw), filter=filters, decode_parms=stream.get("/DecodeParms"))


def without_segments(raw: bytes) -> bytes:
    """A JPEG without what its camera told; as it was when it is not built as one."""
    kept, at = [raw[:2]], 2
    while raw[at : at + 1] == b"\xff" and len(raw) >= at + 4:
        marker, length = raw[at + 1], int.from_bytes(raw[at + 2 : at + 4]) + 2
        if marker == 0xDA:
            break
        if marker not in SEGMENTS:
            kept.append(raw[at : at + length])
        at += length
    return b"".join([*kept, raw[at:]])
