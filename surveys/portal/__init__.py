"""Files of the national portal: reflections that were sent there become cases here, each once."""

from surveys.portal.columns import (
    COLUMNS,
    REQUIRED,
    guess_headers,
    remember_headers,
    remembered_headers,
)
from surveys.portal.files import MOST_BYTES, Sheet, read_sheet
from surveys.portal.importing import MOST_ROWS, Fault, Outcome, Wish, import_sheet

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "MOST_ROWS",
    "REQUIRED",
    "Fault",
    "Outcome",
    "Sheet",
    "Wish",
    "guess_headers",
    "import_sheet",
    "read_sheet",
    "remember_headers",
    "remembered_headers",
]
