"""The process that decodes one file: it comes on standard input and leaves on standard output."""

import contextlib
import resource
import sys
from typing import Final

# Room for the largest picture twice over, and for the interpreter.
MEMORY: Final = 1_500_000_000
CPU_SECONDS: Final = 30
REFUSED: Final = 3


def _fence() -> None:
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        # Not every system lets a process narrow each of these.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def main(kind: str) -> int:
    """Clean one file; 3 and a word of `Refusal` for one that cannot be taken."""
    _fence()
    from app.cleaning.documents import clean_document
    from app.cleaning.images import clean_image
    from app.cleaning.kinds import Refusal

    data = sys.stdin.buffer.read()
    made: bytes | Refusal
    try:
        made = clean_document(data) if kind == "application/pdf" else clean_image(kind, data)
    except MemoryError:
        made = Refusal.TOO_LARGE
    except Exception:  # noqa: BLE001 - decoders raise all sorts of things over what strangers send
        made = Refusal.BROKEN
    if isinstance(made, Refusal):
        sys.stdout.write(made.value)
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
