"""Checks of rows made ready: SQL that finds the bad ones, and what to tell of them."""

from typing import Final

import msgspec


class Check(msgspec.Struct, frozen=True):
    """Rows of `ready` that are bad: the column and reason to tell, and in which rows."""

    heading: str
    reason: str
    where: str
    value: str = ""
    detail: str = "''"
    joins: str = ""


def periods(table: str, code: str) -> str:
    """The periods in which a code is valid, for people: 2000-01-01–2025-07-01, 2025-07-01–."""
    return (
        "(SELECT string_agg(v.valid_from || '–' || coalesce(v.valid_to::text, ''), ', '"
        f" ORDER BY v.valid_from) FROM {table} v WHERE v.code = {code})"
    )


def valid_reference(
    heading: str, target: str, table: str, day: str, reasons: tuple[str, str]
) -> tuple[Check, Check]:
    """Checks that a code exists, and that it is valid on the day that matters."""
    missing = f"r.{target} IS NULL AND s.{heading} IS NOT NULL"
    known = f"EXISTS (SELECT FROM {table} v WHERE v.code = s.{heading})"
    return (
        Check(heading, reasons[0], f"{missing} AND NOT {known}"),
        Check(
            heading, reasons[1], f"{missing} AND s.{day} IS NOT NULL AND {known}",
            detail=periods(table, f"s.{heading}"),
        ),
    )  # fmt: skip


def reference(heading: str, target: str, reason: str) -> Check:
    """The check that a code exists."""
    return Check(heading, reason, f"r.{target} IS NULL AND s.{heading} IS NOT NULL")


def not_earlier(heading: str, target: str, than: str, reason: str) -> Check:
    """The check that one moment of a dossier is not before another."""
    local = f"to_char(r.{than} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'DD/MM/YYYY HH24:MI')"
    value = local.replace(than, target)
    return Check(heading, reason, f"r.{target} < r.{than}", value=value, detail=local)


ENDS_AFTER_START: Final = Check(
    "valid_to", "ends_early", "r.valid_to <= r.valid_from", detail="r.valid_from"
)
