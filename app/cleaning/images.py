"""Pictures: decoded, turned upright, and written anew from nothing but their pixels."""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from app.cleaning.kinds import Refusal

# The largest picture that common telephones take has 50 million pixels, and JPEG is decoded at the
# size that is kept. The others are decoded whole, which takes a hundred MB for each ten million.
MOST_PIXELS: Final = {"image/jpeg": 51_000_000, "image/png": 26_000_000, "image/webp": 26_000_000}
# Enough to read a page of small print that fills the picture.
LONGEST_SIDE: Final = 4000
QUALITY: Final = 85

FORMATS: Final = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def clean_image(kind: str, data: bytes) -> bytes | Refusal:
    """The picture without EXIF, places, comments, profiles, further frames, or anything behind it.

    Its size is read before it is decoded, so that a small file cannot fill the memory.
    """
    # Pillow has a limit of its own, which is in the way of ours.
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(BytesIO(data), formats=[FORMATS[kind]]) as opened:
        if opened.width * opened.height > MOST_PIXELS[kind]:
            return Refusal.TOO_LARGE
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(opened)
        picture = picture.convert(_mode(picture))
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    # What a format keeps beside the pixels is in here; writers would take some of it over.
    picture.info.clear()
    made = BytesIO()
    picture.save(made, FORMATS[kind], quality=QUALITY)
    return made.getvalue()


def _mode(picture: Image.Image) -> str:
    if picture.mode in {"L", "1", "I;16", "I"}:
        return "L"
    return "RGBA" if picture.has_transparency_data else "RGB"
