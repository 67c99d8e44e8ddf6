"""Weights that meet known totals: raking on cells, and calibration with bounds."""

from analysis.calibration.distances import Distance, Method
from analysis.calibration.feasibility import Feasibility, measure_feasibility
from analysis.calibration.newton import Solution, solve_calibration
from analysis.calibration.raking import Raking, rake_cells

__all__ = [
    "Distance",
    "Feasibility",
    "Method",
    "Raking",
    "Solution",
    "measure_feasibility",
    "rake_cells",
    "solve_calibration",
]
