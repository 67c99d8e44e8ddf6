"""What the kiosk's page is made of, as one release: whoever has a part of it has all of it.

The service worker keeps a whole release on the device. Its version is a hash of every byte, and
stands in the addresses of the scripts, so that parts of two releases never meet.
"""

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.kiosk_texts import all_texts
from app.rendering import asset

HERE = Path(__file__).parent
SCRIPTS = HERE / "static" / "kiosk"
# Modules that the kiosk shares with the online form.
SHARED_SCRIPTS = (HERE / "static" / "ticket.js", HERE / "static" / "dist" / "blindrsa.js")
TEMPLATES = HERE / "templates" / "kiosk"
PAGES = ("/kiosk", "/kiosk/enrol")
KINDS = {".js": "text/javascript", ".css": "text/css"}
WORKER = "worker.js"


@dataclass(frozen=True, slots=True)
class Release:
    """One version of the kiosk's page: its scripts and styles by name, its texts, its worker."""

    version: str
    files: dict[str, bytes]
    texts: str
    worker: bytes

    def address(self, name: str) -> str:
        """Where this release serves a file."""
        return f"/kiosk/files/{self.version}/{name}"


def make_release(*, simulated: bool, scripts: Path = SCRIPTS) -> Release:
    """Read the release from the disk; `simulated` decides whether the page shows the demo's note."""
    files = {path.name: path.read_bytes() for path in sorted(scripts.iterdir())}
    files |= {path.name: path.read_bytes() for path in SHARED_SCRIPTS if path.exists()}
    worker = files.pop(WORKER)
    texts = json.dumps(all_texts(), ensure_ascii=False)
    templates = [path.read_bytes() for path in sorted(TEMPLATES.iterdir())]
    parts = [*files.values(), worker, texts.encode(), *templates, repr(shared_files()).encode()]
    version = sha256(b"\0".join([*parts, str(simulated).encode()])).hexdigest()[:12]
    own = [f"/kiosk/files/{version}/{name}" for name in files]
    head = f"const VERSION = {version!r};\nconst FILES = {[*PAGES, *own, *shared_files()]!r};\n"
    return Release(version, files, escape_json(texts), head.encode() + worker)


def shared_files() -> list[str]:
    """What the page takes from the files of all pages: fonts and the mark."""
    styles = HERE / "static" / "dist" / "fonts.css"
    fonts = re.findall(r"url\((fonts/[^)]+)\)", styles.read_text()) if styles.exists() else []
    return [
        asset("dist/fonts.css"),
        asset("images/mark.svg"),
        *[f"/static/dist/{font}" for font in fonts],
    ]


def escape_json(text: str) -> str:
    """JSON as it may stand inside a script element."""
    return text.replace("<", "\\u003c").replace("&", "\\u0026")
