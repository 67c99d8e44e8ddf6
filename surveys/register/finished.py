"""When a dossier is finished, as SQL: the same words wherever rights open and dossiers count.

Finished is what was returned to the citizen, and what ended without a result to return: refused,
withdrawn or stopped, once it is closed. Migrations index these very expressions.
"""

from typing import Final

from surveys.tables.register import Outcome

ENDS_WITHOUT_RESULT: Final = (Outcome.REFUSED, Outcome.WITHDRAWN, Outcome.STOPPED)
_ENDS: Final = ", ".join(f"'{outcome.value}'" for outcome in ENDS_WITHOUT_RESULT)


def finished_at(dossier: str = "d") -> str:
    """When the dossier of this alias was finished; null while it is not."""
    return (
        f"coalesce({dossier}.returned_at,"
        f" CASE WHEN {dossier}.outcome IN ({_ENDS}) THEN {dossier}.closed_at END)"
    )


def finished_day(dossier: str = "d") -> str:
    """The day in Viet Nam on which it was finished."""
    return f"({finished_at(dossier)} AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"


def on_time(dossier: str = "d") -> str:
    """Whether it was finished in time; without a due date it was."""
    return f"coalesce({finished_at(dossier)} <= {dossier}.due_at, true)"
