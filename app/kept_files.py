"""Files beside the database that are made once: keys that only we read."""

import os
import secrets
from pathlib import Path


def write_once(path: Path, text: str) -> None:
    """Write a whole file or none: of two programs that start at once, the first one's stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
