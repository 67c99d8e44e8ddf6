"""Clean copies of what strangers send."""

from functools import cache
from io import BytesIO

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from app import cleaning
from app.cleaning import CleaningError, Refusal, clean_copy, kind_of
from app.cleaning.documents import clean_document, without_segments
from tests.app.files import MAKER, document, photograph, picture


async def test_a_photograph_keeps_its_pixels_and_loses_the_place() -> None:
    sent = photograph()
    assert MAKER in sent
    made = await clean_copy("image/jpeg", sent)
    assert MAKER not in made
    assert b"Tran Thi Be" not in made
    image = Image.open(BytesIO(made))
    assert dict(image.getexif()) == {}
    # It was lying on its side: what was above is on the right now.
    assert image.size == (48, 64)
    grey = image.convert("L").tobytes()
    assert grey[32 * 48 + 40] < 60
    assert grey[32 * 48 + 8] > 190


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_other_pictures_keep_their_kind_and_lose_their_texts(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010F] = MAKER.decode()
    sent = picture(kind, exif=exif) + b"PK\x03\x04 an archive behind the picture"
    assert kind_of(sent) == f"image/{kind.lower()}"
    made = await clean_copy(f"image/{kind.lower()}", sent)
    assert MAKER not in made
    assert b"archive" not in made
    assert Image.open(BytesIO(made)).format == kind


async def test_a_small_file_that_unpacks_into_a_huge_picture_is_refused_unread() -> None:
    bomb = BytesIO()
    Image.new("1", (20_000, 20_000)).save(bomb, "PNG")
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(CleaningError) as refused:
        await clean_copy("image/png", bomb.getvalue())
    assert refused.value.why is Refusal.TOO_LARGE


async def test_what_is_cut_off_is_refused() -> None:
    for kind, sent in (("image/jpeg", photograph()), ("application/pdf", document())):
        with pytest.raises(CleaningError) as refused:
            await clean_copy(kind, sent[:40])
        assert refused.value.why is Refusal.BROKEN


async def test_a_document_loses_scripts_files_actions_and_its_makers_name() -> None:
    sent = document()
    made = await clean_copy("application/pdf", sent)
    pdf = pikepdf.open(BytesIO(made))
    assert "/OpenAction" not in pdf.Root
    assert "/AA" not in pdf.Root
    assert not pdf.attachments
    assert "/Info" not in pdf.trailer
    kept = [(str(note.Subtype), "/A" in note) for note in pdf.pages[0].obj.Annots]
    assert kept == [("/Link", False), ("/Link", True)]
    plain = pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
    assert MAKER not in plain
    assert Image.open(BytesIO(plain)).size == (64, 48)
    for word in (b"alert", b"calc", b"evil", b"JavaScript"):
        for thing in pdf.objects:
            assert word not in thing.unparse(resolved=True)


async def test_the_same_document_gives_the_same_copy() -> None:
    sent = document()
    assert await clean_copy("application/pdf", sent) == await clean_copy("application/pdf", sent)


async def test_a_document_that_asks_for_a_password_is_refused_and_one_that_forbids_is_not() -> None:
    with pytest.raises(CleaningError) as refused:
        await clean_copy("application/pdf", document(owner="o", user="secret"))
    assert refused.value.why is Refusal.LOCKED
    made = await clean_copy("application/pdf", document(owner="o"))
    assert not pikepdf.open(BytesIO(made)).is_encrypted


async def test_a_decoder_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "SECONDS", 0.05)
    with pytest.raises(CleaningError) as refused:
        await clean_copy("image/jpeg", photograph())
    assert refused.value.why is Refusal.TOO_LARGE


whole_document = cache(document)


@given(st.dictionaries(st.integers(0, 9000), st.integers(0, 255), min_size=1, max_size=20))
def test_a_mangled_document_is_cleaned_or_refused(wounds: dict[int, int]) -> None:
    raw = bytearray(whole_document())
    for at, value in wounds.items():
        raw[at % len(raw)] = value
    try:
        made = clean_document(bytes(raw))
    except Exception:  # noqa: BLE001 - becomes a refusal in the process that does this
        return
    if isinstance(made, bytes):
        pdf = pikepdf.open(BytesIO(made))
        assert "/OpenAction" not in pdf.Root
        assert not pdf.attachments


def test_what_is_no_picture_has_no_kind() -> None:
    for sent in (b"", b"MZ\x90", b"<svg onload=alert(1)>", b"PK\x03\x04", b"GIF89a", b"\xff\xd8"):
        assert kind_of(sent) is None


def test_a_jpeg_without_segments_stays_as_it_is() -> None:
    for raw in (b"", b"\xff", b"\xff\xd8\xff\xe1\x00", b"not a picture"):
        assert without_segments(raw) == raw
