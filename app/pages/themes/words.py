"""What the pages about comments share: periods, moods and factors in words."""

from datetime import date
from typing import Any

from litestar import Request

from app.forms import clean
from app.rendering import _
from app.words import measure_names
from surveys import themes
from surveys.errors import InputError, NotFoundError
from surveys.periods import Period, parse_period

QUESTIONNAIRE = "counter"
QUARTERS = 8

AnyRequest = Request[Any, Any, Any]


def mood_names() -> dict[str, str]:
    """How the writer of a comment felt."""
    return {
        "unsatisfied": _("Chưa hài lòng"),
        "satisfied": _("Hài lòng"),
        "unknown": _("Không chọn mức"),
    }


def factor_names() -> dict[str, str]:
    """The five factors without their prefix."""
    prefix = "factor_"
    return {
        key.removeprefix(prefix): name
        for key, name in measure_names().items()
        if key.startswith(prefix)
    }


async def list_quarters() -> list[Period]:
    """Quarters with comments, newest first."""
    return [quarter_of(first) for first in (await themes.comment_periods())[:QUARTERS]]


def quarter_of(day: date) -> Period:
    """The quarter of a day."""
    return parse_period(f"{day.year:04}-Q{(day.month + 2) // 3}")


def read_period(request: AnyRequest, quarters: list[Period]) -> Period:
    """The period that an address asks for; raises NotFoundError for one that nobody can read."""
    typed = clean(request.query_params.get("period", ""))
    if not typed:
        return quarters[0] if quarters else quarter_of(date(2000, 1, 1))
    try:
        return parse_period(typed)
    except InputError as error:
        raise NotFoundError(error.told(_)) from None
