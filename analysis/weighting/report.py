"""The weights at a glance: as data, as text; as a figure by `analysis.charts.weight_chart`."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.cells import sum_by
from analysis.codes import encode, with_missing
from analysis.design import Design, refuse_bundles
from analysis.weighting.logs import measure_deff


@dataclass(frozen=True, eq=False)
class WeightReport:
    """What weighting did to a sample.

    Attributes
    ----------
    summary : mapping of str to float
        n, sum, mean, min, max, quantiles, Kish's design effect and effective size, share of the
        total weight held by the top 1 %, and the range of final over base weight.
    steps : polars.DataFrame
        One row per step with its sum, range and design effect.
    margins : polars.DataFrame
        Totals asked for and attained, of every step that had any.
    domains : polars.DataFrame
        n, sum of weights and Kish's design effect by domain.
    weights : (n,) float
        Positive weights, for a figure.
    """

    summary: dict[str, float]
    steps: pl.DataFrame
    margins: pl.DataFrame
    domains: pl.DataFrame
    weights: Floats

    def describe(self) -> str:
        """The summary as lines of text."""
        figures = self.summary
        lines = [
            f"n {figures['n']:,.0f}, effective size {figures['n_eff']:,.0f} "
            f"(design effect of weighting {figures['deff']:.3f})",
            f"weights {figures['min']:,.3f} to {figures['max']:,.3f}, mean {figures['mean']:,.3f}, "
            f"sum {figures['sum']:,.1f}",
            f"top 1 % of the rows hold {figures['top_share']:.1%} of the weight",
            f"final over base weight {figures['g_min']:.3f} to {figures['g_max']:.3f}",
        ]
        lines += [
            f"step {row['step']}: design effect {row['deff_after']:.3f}, sum {row['sum_after']:,.1f}"
            for row in self.steps.iter_rows(named=True)
        ]
        return "\n".join(lines)


def report_weights(design: Design, by: Sequence[str] = ()) -> WeightReport:
    """Kish's measures, range, steps and margins of the design's weights.

    Parameters
    ----------
    by : sequence of str
        Columns whose combinations are the domains.

    References
    ----------
    Kish (1992), Journal of Official Statistics 8, 183-200.
    """
    refuse_bundles(design, "a weight report")
    used = design.weights.final > 0
    weight, base = design.weights.final[used], design.weights.base[used]
    history = design.weights.steps
    keys = ("sum_before", "sum_after", "min_after", "max_after", "deff_before", "deff_after")
    steps = pl.DataFrame(
        [{"step": step.name, **{key: step.detail[key] for key in keys}} for step in history],
        schema={"step": pl.String, **dict.fromkeys(keys, pl.Float64)},
    )
    tables = [
        step.margins.with_columns(step=pl.lit(f"{place + 1} {step.name}"))
        for place, step in enumerate(history)
        if len(step.margins)
    ]
    return WeightReport(
        summary=_summarise(weight, base),
        steps=steps,
        margins=pl.concat(tables) if tables else pl.DataFrame(),
        domains=_describe_domains(design, by),
        weights=weight,
    )


def _summarise(weight: Floats, base: Floats) -> dict[str, float]:
    deff = measure_deff(weight)
    top = max(1, round(len(weight) / 100))
    quantiles = np.quantile(weight, (0.01, 0.25, 0.5, 0.75, 0.99))
    factor = weight / np.where(base > 0, base, np.nan)
    named = dict(zip(("q01", "q25", "q50", "q75", "q99"), quantiles.tolist(), strict=True))
    return {
        "n": float(len(weight)),
        "sum": float(weight.sum()),
        "mean": float(weight.mean()),
        "min": float(weight.min()),
        "max": float(weight.max()),
        **named,
        "deff": deff,
        "n_eff": len(weight) / deff,
        "top_share": float(np.sort(weight)[-top:].sum() / weight.sum()),
        "g_min": float(np.nanmin(factor)),
        "g_max": float(np.nanmax(factor)),
    }


def _describe_domains(design: Design, by: Sequence[str]) -> pl.DataFrame:
    codes = with_missing(encode(design.data, by))
    weight = design.weights.final
    n = sum_by(codes.code, (weight > 0).astype(np.float64), codes.size)
    total = sum_by(codes.code, weight, codes.size)
    squares = sum_by(codes.code, weight**2, codes.size)
    with np.errstate(invalid="ignore", divide="ignore"):
        deff = n * squares / total**2
    return codes.labels.with_columns(
        n=n.astype(np.int64), sum=total, deff=deff, n_eff=n / deff
    ).fill_nan(None)
