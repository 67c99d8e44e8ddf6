"""Rights that were printed before there was a result; they open once the dossier ends.

A slip on the receipt is printed when the dossier comes in. Until it ends, its link and its code
say so in plain words; then they become a right like any other.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from surveys.ratings.cells import CELL_DOSSIERS
from surveys.ratings.rights import Invitation, find_invitation, hash_token, open_hashed
from surveys.register.finished import finished_at
from surveys.transactions import Row, fetch, fetch_one, transaction

PROMISE = """
INSERT INTO promised_right (token_hash, code_hash, dossier, questionnaire, days)
SELECT t.token_hash, t.code_hash, t.dossier, $4, $5
FROM unnest($1::int[], $2::text[], $3::text[]) AS t(dossier, token_hash, code_hash)
"""

# Taken away in the transaction that opens them; whoever asks at the same time waits and finds them.
TAKE_KEPT = f"""
DELETE FROM promised_right p USING dossier d
WHERE d.id = p.dossier AND {finished_at()} IS NOT NULL
    AND ($1::text[] = '{{}}' OR p.token_hash = ANY($1) OR p.code_hash = ANY($1))
RETURNING p.token_hash, p.code_hash, p.dossier, p.questionnaire, p.days
"""

ADD_CODES = """
INSERT INTO link_code (code_hash, token_hash, used)
SELECT *, 0 FROM unnest($1::text[], $2::text[])
"""

PROMISED = "SELECT FROM promised_right WHERE token_hash = $1 OR code_hash = $1"

INVITATION = """
SELECT r.questionnaire, a.name AS agency, a.code AS agency_code, p.name AS procedure,
    now() + make_interval(days => r.days) AS expires_at, false AS spent, false AS finished
FROM promised_right r JOIN dossier d ON d.id = r.dossier
JOIN agency a ON a.id = d.agency JOIN procedure p ON p.id = d.procedure
WHERE r.token_hash = $1
"""


async def promise_rights(
    dossiers: Sequence[int],
    token_hashes: Sequence[str],
    code_hashes: Sequence[str],
    *,
    questionnaire: str,
    days: int,
) -> None:
    """Promise a right for each of these dossiers that have not ended."""
    await fetch(PROMISE, dossiers, token_hashes, code_hashes, questionnaire, days)


async def keep_promises(*hashed: str, cell_dossiers: int = CELL_DOSSIERS) -> int:
    """Open the rights of dossiers that have ended: those of these tokens or codes, or all."""
    now = datetime.now(UTC)
    async with transaction():
        rows = await fetch(TAKE_KEPT, list(hashed))
        alike: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for row in rows:
            alike[row["questionnaire"], row["days"]].append(row)
        for (questionnaire, days), group in alike.items():
            await open_hashed(
                [row["dossier"] for row in group],
                [row["token_hash"] for row in group],
                questionnaire=questionnaire,
                now=now,
                expiry=now + timedelta(days=days),
                cell_dossiers=cell_dossiers,
            )
        codes = [row["code_hash"] for row in rows]
        await fetch(ADD_CODES, codes, [row["token_hash"] for row in rows])
    return len(rows)


async def is_promised(hashed: str) -> bool:
    """Whether the right of this token or code waits for its dossier to end."""
    return bool(await fetch(PROMISED, hashed))


async def open_invitation(token: str, *, cell_dossiers: int = CELL_DOSSIERS) -> Invitation | None:
    """What a link is for, also one whose dossier has not ended; None when nobody made it."""
    found = await find_invitation(token)
    if found is not None:
        return found
    hashed = hash_token(token)
    if await keep_promises(hashed, cell_dossiers=cell_dossiers):
        return await find_invitation(token)
    row = await fetch_one(INVITATION, hashed)
    return None if row is None else Invitation(**row)
