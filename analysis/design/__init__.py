"""The sampling design: stages, strata, population counts, weights and replicates."""

from analysis.design.collapse import collapse_strata, find_lonely, suggest_partners
from analysis.design.description import describe_design
from analysis.design.records import (
    Adjustment,
    Bundles,
    Calibration,
    Design,
    LonelyRule,
    Replicates,
    Stage,
    Step,
    Weights,
    refuse_bundles,
)
from analysis.design.replicated import group_rows, spread_multipliers
from analysis.design.subset import narrow

__all__ = [
    "Adjustment",
    "Bundles",
    "Calibration",
    "Design",
    "LonelyRule",
    "Replicates",
    "Stage",
    "Step",
    "Weights",
    "collapse_strata",
    "describe_design",
    "find_lonely",
    "group_rows",
    "narrow",
    "refuse_bundles",
    "spread_multipliers",
    "suggest_partners",
]
