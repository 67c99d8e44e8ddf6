"""The register: units, agencies, counters, procedures, dossiers, and the totals printed of them."""

from surveys.register.agencies import (
    AgencyRecord,
    CounterRecord,
    Kin,
    get_agency,
    list_agencies,
    open_counters,
    predecessors,
    successors,
)
from surveys.register.errors import (
    ImportFileError,
    Problem,
    Sentence,
    UnknownAgencyError,
)
from surveys.register.imports import Options, Report, import_file
from surveys.register.population import Part, population
from surveys.register.sheets import KINDS
from surveys.register.totals import Comparison, Difference, check_totals

__all__ = [
    "KINDS",
    "AgencyRecord",
    "Comparison",
    "CounterRecord",
    "Difference",
    "ImportFileError",
    "Kin",
    "Options",
    "Part",
    "Problem",
    "Report",
    "Sentence",
    "UnknownAgencyError",
    "check_totals",
    "get_agency",
    "import_file",
    "list_agencies",
    "open_counters",
    "population",
    "predecessors",
    "successors",
]
