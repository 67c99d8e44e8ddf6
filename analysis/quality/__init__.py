"""Signs that ratings were not given by citizens: each with its null, joined and kept in bounds."""

from analysis.quality.explanation import explain
from analysis.quality.judgement import judge
from analysis.quality.records import (
    GAP_EDGES,
    REASON,
    DeviceDays,
    Handovers,
    History,
    Judgement,
    OpenHours,
    QualityRecipe,
    Taps,
    week_of,
)

__all__ = [
    "GAP_EDGES",
    "REASON",
    "DeviceDays",
    "Handovers",
    "History",
    "Judgement",
    "OpenHours",
    "QualityRecipe",
    "Taps",
    "explain",
    "judge",
    "week_of",
]
