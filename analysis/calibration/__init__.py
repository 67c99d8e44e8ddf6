"""Weights that meet known totals: raking on cells, and calibration with bounds."""

from analysis.calibration.raking import Raking, rake_cells

__all__ = ["Raking", "rake_cells"]
