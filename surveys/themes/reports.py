"""What unsatisfied raters of a published period wrote about: counted, frozen, taken back."""

import json
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from surveys.accounts import audit
from surveys.errors import NotFoundError, StateError
from surveys.periods import Period, parse_period
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

# Comments of a cell of a quarter stand in its first month: a span must be of whole quarters.
CODED: Final = """
SELECT a.code, count(DISTINCT c.id)::integer AS comments,
    (count(DISTINCT c.id) FILTER (WHERE t.id IS NOT NULL))::integer AS coded
FROM comment c JOIN agency a ON a.id = c.agency
JOIN questionnaire_version q ON q.id = c.version AND q.key = $3
LEFT JOIN comment_theme t ON t.comment = c.id
WHERE c.month BETWEEN $1 AND $2 AND c.satisfied = false GROUP BY a.code
"""
THEMES: Final = """
SELECT a.code, t.theme, count(*)::integer AS comments
FROM comment c JOIN agency a ON a.id = c.agency JOIN comment_theme t ON t.comment = c.id
JOIN questionnaire_version q ON q.id = c.version AND q.key = $3
WHERE c.month BETWEEN $1 AND $2 AND c.satisfied = false AND t.theme <> '' GROUP BY 1, 2
"""
FIND: Final = """
SELECT id, document, published_at, withdrawn_at FROM theme_report
WHERE period = $1 AND questionnaire = $2
"""
YEAR: Final = """
SELECT period FROM theme_report WHERE questionnaire = $1 AND left(period, 4) = $2
"""
PUBLISH: Final = """
INSERT INTO theme_report (period, questionnaire, document, account)
VALUES ($1, $2, $3::jsonb, $4)
"""


class Coded(msgspec.Struct, frozen=True, kw_only=True):
    """Comments of unsatisfied raters of an agency: how many, how many were read, by theme."""

    comments: int
    coded: int
    themes: dict[str, int]


async def count_coded(period: Period, questionnaire: str) -> dict[str, Coded]:
    """Comments of unsatisfied raters by agency."""
    values = (period.first, period.last, questionnaire)
    themes: dict[str, dict[str, int]] = {}
    for row in await fetch(THEMES, *values):
        themes.setdefault(row["code"], {})[row["theme"]] = row["comments"]
    return {
        row["code"]: Coded(
            comments=row["comments"], coded=row["coded"], themes=themes.get(row["code"], {})
        )
        for row in await fetch(CODED, *values)
    }


async def agency_names(codes: Sequence[str]) -> dict[str, str]:
    """Names of agencies by code, in their alphabet."""
    rows = await fetch(
        "SELECT code, name FROM agency WHERE code = ANY ($1) ORDER BY name", list(codes)
    )
    return {row["code"]: row["name"] for row in rows}


async def find_report(period: str, questionnaire: str) -> Row | None:
    """The report of a period as it was published, with its document; None if there is none."""
    row = await fetch_one(FIND, period, questionnaire)
    return None if row is None else row | {"document": json.loads(row["document"])}


async def publish_report(
    period: Period, questionnaire: str, document: dict[str, Any], *, actor: int
) -> None:
    """Publish what was counted, once. Raises StateError.

    A year is told by quarters or as a whole, never both: hidden parts could be subtracted.
    """
    if period.kind == "month":
        raise StateError(N_("Chủ đề chỉ công bố theo quý hoặc theo năm."))
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock(hashtext('theme_report'))")
        told = [row["period"] for row in await fetch(YEAR, questionnaire, period.name[:4])]
        if period.name in told:
            raise StateError(N_("Chủ đề của kỳ này đã công bố và không tính lại."))
        if any(parse_period(one).kind != period.kind for one in told):
            raise StateError(
                N_("Năm này đã công bố chủ đề theo kỳ dài ngắn khác; trừ cho nhau sẽ lộ số nhỏ.")
            )
        said = json.dumps(document, ensure_ascii=False)
        await fetch(PUBLISH, period.name, questionnaire, said, actor)
        await audit("themes_published", period.name, actor=actor)


async def withdraw_report(period: str, questionnaire: str, *, actor: int) -> None:
    """Take a report from the public; it is not published again. Raises NotFoundError."""
    async with transaction():
        row = await fetch_one(
            "UPDATE theme_report SET withdrawn_at = now() WHERE period = $1 AND questionnaire = $2"
            " AND withdrawn_at IS NULL RETURNING id",
            *(period, questionnaire),
        )
        if row is None:
            raise NotFoundError(N_("Kỳ này chưa công bố chủ đề nào."))
        await audit("themes_withdrawn", period, actor=actor)
