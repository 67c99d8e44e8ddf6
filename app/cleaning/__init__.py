"""Taking a picture or PDF from a stranger: what it is by its content, and a clean copy of it.

What strangers send is decoded in a process of its own with little memory and time and none of our
secrets: a file that makes a decoder crash or run for ever harms nobody but itself.
"""

import asyncio
import sys
from functools import cache
from pathlib import Path
from typing import Final

from app.cleaning.kinds import ENDINGS, Refusal, kind_of

__all__ = ["ENDINGS", "CleaningError", "Refusal", "clean_copy", "kind_of"]

ROOT: Final = Path(__file__).parent.parent.parent
SECONDS: Final = 40
# Each holds a decoded picture in memory.
AT_ONCE: Final = 2
REFUSED: Final = 3


class CleaningError(Exception):
    """No clean copy can be made; `why` says what is wrong with the file."""

    def __init__(self, why: Refusal) -> None:
        self.why = why
        super().__init__(why.value)


async def clean_copy(kind: str, data: bytes) -> bytes:
    """The file anew, without what it tells beside what it shows.

    Raises
    ------
    CleaningError
        When it is broken, locked, too large to decode, or not what it seems.
    """
    async with _gate(asyncio.get_running_loop()):
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "app.cleaning", kind),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
            env={},
        )
        try:
            async with asyncio.timeout(SECONDS):
                made, _nothing = await child.communicate(data)
        except TimeoutError:
            raise CleaningError(Refusal.TOO_LARGE) from None
        finally:
            if child.returncode is None:
                child.kill()
                await child.wait()
    if child.returncode == REFUSED:
        raise CleaningError(Refusal(made.decode()))
    if child.returncode or not made:
        raise CleaningError(Refusal.BROKEN)
    return made


@cache
def _gate(_loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:
    return asyncio.Semaphore(AT_ONCE)
