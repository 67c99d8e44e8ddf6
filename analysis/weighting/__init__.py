"""Steps from base weights to final ones, each a function of a design that gives a design."""

from analysis.weighting.calibrating import calibrate
from analysis.weighting.margins import Margin, match_margin
from analysis.weighting.nonresponse import (
    Propensity,
    adjust_by_propensity,
    adjust_nonresponse,
    fit_propensity,
)
from analysis.weighting.raking import poststratify, rake, rake_coded
from analysis.weighting.report import WeightReport, report_weights
from analysis.weighting.trimming import trim, trim_and_repeat

__all__ = [
    "Margin",
    "Propensity",
    "WeightReport",
    "adjust_by_propensity",
    "adjust_nonresponse",
    "calibrate",
    "fit_propensity",
    "match_margin",
    "poststratify",
    "rake",
    "rake_coded",
    "report_weights",
    "trim",
    "trim_and_repeat",
]
