"""The results room: runs as records, what of them is public, and an agency over time."""

from surveys.results.charts import get_chart, store_chart
from surveys.results.errors import (
    NoticeError,
    RunStateError,
    UnknownAgenciesError,
    UnknownResultError,
    UnknownRunError,
)
from surveys.results.own import comment_on_run, own_figures
from surveys.results.publications import (
    correct_run,
    preview,
    public_periods,
    public_results,
    publish_run,
    withdraw_run,
)
from surveys.results.runs import get_run, list_runs, store_run
from surveys.results.trends import trend

__all__ = [
    "NoticeError",
    "RunStateError",
    "UnknownAgenciesError",
    "UnknownResultError",
    "UnknownRunError",
    "comment_on_run",
    "correct_run",
    "get_chart",
    "get_run",
    "list_runs",
    "own_figures",
    "preview",
    "public_periods",
    "public_results",
    "publish_run",
    "store_chart",
    "store_run",
    "trend",
    "withdraw_run",
]
