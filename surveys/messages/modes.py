"""Mode splits: by lot, some citizens are asked at the kiosk, some by message, some not at all.

The lot is a hash of the plan's seed and the dossier's code, so anybody who holds the seed can draw
it again. Only dossiers whose citizen agreed to be written to take part.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime

from surveys.accounts import FieldError, audit
from surveys.days import local_day
from surveys.errors import NotFoundError
from surveys.tables.messages import AskedBy
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

IN_FORCE = """
SELECT id, kiosk, message, none, seed FROM mode_plan
WHERE agency = $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2)
ORDER BY valid_from DESC, id DESC LIMIT 1
"""

LIST = """
SELECT p.id, a.code AS agency, a.name AS agency_name, p.kiosk, p.message, p.none, p.seed,
    p.valid_from, p.valid_to,
    count(m.id) FILTER (WHERE m.mode = 'kiosk') AS to_kiosk,
    count(m.id) FILTER (WHERE m.mode = 'message') AS to_message,
    count(m.id) FILTER (WHERE m.mode = 'none') AS to_none
FROM mode_plan p JOIN agency a ON a.id = p.agency LEFT JOIN mode_assignment m ON m.plan = p.id
GROUP BY p.id, a.id ORDER BY p.valid_to IS NOT NULL, p.valid_from DESC, p.id DESC
"""


@dataclass(frozen=True, slots=True)
class Split:
    """Shares of the three arms, in percent."""

    kiosk: int
    message: int
    none: int


def draw_mode(seed: str, dossier: str, split: Split) -> AskedBy:
    """The arm that a dossier falls into: the same for the same seed, code and shares."""
    lot = int.from_bytes(hmac.digest(seed.encode(), dossier.encode(), "sha256")[:8], "big")
    place = lot * 100 / 2**64
    if place < split.kiosk:
        return AskedBy.KIOSK
    return AskedBy.MESSAGE if place < split.kiosk + split.message else AskedBy.NONE


async def assign_mode(dossier: Row, now: datetime) -> AskedBy:
    """By what this dossier's citizen is asked; without a plan, by message. Drawn once for good.

    `dossier` has `id`, `code`, `agency` and `finished_at`.
    """
    known = await fetch_one("SELECT mode FROM mode_assignment WHERE dossier = $1", dossier["id"])
    if known is not None:
        return AskedBy(known["mode"])
    plan = await fetch_one(IN_FORCE, dossier["agency"], local_day(now))
    if plan is None:
        return AskedBy.MESSAGE
    split = Split(plan["kiosk"], plan["message"], plan["none"])
    mode = draw_mode(plan["seed"], dossier["code"], split)
    await fetch(
        "INSERT INTO mode_assignment (dossier, plan, mode, before_return, day)"
        " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (dossier) DO NOTHING",
        *(dossier["id"], plan["id"], mode.value, dossier["finished_at"] is None, local_day(now)),
    )
    if mode is not AskedBy.KIOSK:
        # The kiosk must not ask whom the lot sends elsewhere.
        await fetch(
            "DELETE FROM right_to_rate WHERE dossier = $1 AND mode = 'kiosk'", dossier["id"]
        )
    return mode


async def start_plan(
    agency: int, split: Split, *, actor: int, seed: str = "", today: date | None = None
) -> int:
    """Split an agency's citizens from today on; an earlier plan of the agency ends."""
    if min(split.kiosk, split.message, split.none) < 0 or (
        split.kiosk + split.message + split.none != 100
    ):
        raise FieldError("kiosk", N_("Ba tỷ lệ phải là số từ 0 đến 100, cộng lại bằng 100."))
    day = today or local_day(datetime.now(UTC))
    async with transaction():
        code = await fetch_one("SELECT code FROM agency WHERE id = $1", agency)
        await _end_open(agency, day)
        row = await fetch_one(
            "INSERT INTO mode_plan (agency, kiosk, message, none, seed, valid_from)"
            " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            *(agency, split.kiosk, split.message, split.none),
            *(seed.strip()[:64] or secrets.token_hex(16), day),
        )
        shares = f"{split.kiosk}/{split.message}/{split.none}"
        await audit("mode_plan_started", code["code"] if code else "", actor=actor, shares=shares)
    return int(row["id"]) if row else 0


async def end_plan(plan: int, *, actor: int, today: date | None = None) -> None:
    """End a plan today; what was assigned stays."""
    row = await fetch_one("SELECT agency, valid_to FROM mode_plan WHERE id = $1", plan)
    if row is None:
        raise NotFoundError(N_("Không có cách chia này."))
    if row["valid_to"] is None:
        async with transaction():
            await _end_open(row["agency"], today or local_day(datetime.now(UTC)))
            await audit("mode_plan_ended", str(plan), actor=actor)


async def _end_open(agency: int, day: date) -> None:
    """End the agency's plan; one that began today and has drawn nothing never was."""
    await fetch(
        "DELETE FROM mode_plan p WHERE agency = $1 AND valid_to IS NULL AND valid_from >= $2"
        " AND NOT EXISTS (SELECT FROM mode_assignment m WHERE m.plan = p.id)",
        *(agency, day),
    )
    await fetch(
        "UPDATE mode_plan SET valid_to = greatest($2, valid_from + 1)"
        " WHERE agency = $1 AND valid_to IS NULL",
        *(agency, day),
    )


async def list_plans() -> list[Row]:
    """Every plan with what it drew so far, those in force first."""
    return await fetch(LIST)
