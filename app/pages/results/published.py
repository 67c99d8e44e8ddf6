"""What is published, as pages read it: the stored document with its dates as dates."""

from datetime import datetime
from typing import Any

from app.pages.results.rows import Document
from surveys import themes
from surveys.results import public_periods, public_results


async def read_period(period: str) -> Document:
    """The public document of a period; raises NotFoundError when there is none."""
    document = await public_results(period)
    notices = [
        notice | {"at": datetime.fromisoformat(notice["at"])} for notice in document["notices"]
    ]
    return document | {
        "published_at": datetime.fromisoformat(document["published_at"]),
        "notices": notices,
        "confidence": document["recipe"].get("confidence", 0.95),
    }


async def read_voices(document: Document) -> dict[str, Any] | None:
    """What unsatisfied raters of this period wrote about, where it was published."""
    found = await themes.find_report(document["period"], document["questionnaire"]["key"])
    if found is None or found["withdrawn_at"] is not None:
        return None
    return dict(found)


async def list_periods() -> list[dict[str, Any]]:
    """Periods with something to show, newest first, each once."""
    periods: dict[str, dict[str, Any]] = {}
    for item in await public_periods():
        periods.setdefault(item["period"], item)
    return list(periods.values())


async def latest_period() -> str | None:
    """The newest period whose results stand; a withdrawn one only if there is no other."""
    periods = await list_periods()
    standing = [item for item in periods if item["state"] == "published"] or periods
    return standing[0]["period"] if standing else None
