"""Rights that were printed before there was a result; they open once the dossier ends."""

from surveys.transactions import fetch

PROMISED = "SELECT dossier FROM promised_right WHERE token_hash = $1"


async def keep_promise(token_hash: str) -> bool:
    """Whether a right was promised under this token; opened by now if its dossier has ended."""
    return bool(await fetch(PROMISED, token_hash))
