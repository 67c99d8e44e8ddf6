"""Charts as matplotlib figures, never through pyplot, and their SVG files."""

from analysis.charts.intervals import interval_chart, rank_chart
from analysis.charts.priorities import importance_performance_chart
from analysis.charts.shares import likert_chart, margin_chart
from analysis.charts.svg import svg_bytes
from analysis.charts.trends import trend_chart
from analysis.charts.weights import overlap_chart, weight_chart
from analysis.charts.words import ENGLISH, VIETNAMESE, Words

__all__ = [
    "ENGLISH",
    "VIETNAMESE",
    "Words",
    "importance_performance_chart",
    "interval_chart",
    "likert_chart",
    "margin_chart",
    "overlap_chart",
    "rank_chart",
    "svg_bytes",
    "trend_chart",
    "weight_chart",
]
