"""QR codes as part of a page: the policy forbids images with data in their address."""

from io import BytesIO
from typing import Any

import segno
from markupsafe import Markup

QUIET_ZONE = 2


def qr_drawing(text: str) -> Markup:
    """A code as SVG that stands in the page itself; what it says must stand beside it."""
    picture = BytesIO()
    shape = {"svgclass": "qr", "lineclass": None, "xmldecl": False, "svgns": False}
    code = segno.make(text, error="m", micro=False, boost_error=False)
    code.save(
        picture, kind="svg", border=QUIET_ZONE, dark="#000", light="#fff", omitsize=True, **shape
    )
    drawn = picture.getvalue().decode().replace("<svg ", '<svg aria-hidden="true" ', 1)
    return Markup(drawn)  # noqa: S704 - ours


def qr_rows(text: str) -> list[str]:
    """A code as rows of 0 and 1, for a page that draws it by script."""
    code: Any = segno.make(text, error="m", micro=False, boost_error=False)
    return ["".join(str(int(bool(module))) for module in row) for row in code.matrix]
