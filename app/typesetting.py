"""What all printed matter shares: a template set as PDF with our fonts, and QR codes."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import segno

from app.rendering import HERE

FONTS = HERE / "static" / "dist" / "print"
# The rest of the four modules that a code must keep free is the white of the page around it.
QUIET_ZONE = 2


def typeset(source: Path, data: dict[str, Any], **options: Any) -> Any:
    """The template filled with data, as PDF unless told otherwise; call it in a thread."""
    import typst

    return typst.compile(
        str(source),
        root=str(source.parent),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        **{"format": "pdf"} | options,
    )


def qr_picture(text: str, *, mode: str | None = None) -> str:
    """A QR code as SVG; level Q, because paper gets folded and scratched."""
    code = segno.make(text, error="q", mode=mode, micro=False, boost_error=False)
    picture = BytesIO()
    code.save(picture, kind="svg", border=QUIET_ZONE, dark="#000000", light="#ffffff")
    return picture.getvalue().decode()
