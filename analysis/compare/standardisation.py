"""Figures as they would be if every agency had the same mix of cases, or of modes."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from analysis.codes import Columns, require, to_frame
from analysis.compare.contrasts import combine
from analysis.compare.figures import pick
from analysis.errors import DataError
from analysis.estimates import Estimates
from analysis.intervals import find_critical_value


def standardise(
    estimates: Estimates, standard: Columns, *, share: str = "share", confidence: float = 0.95
) -> pl.DataFrame:
    """Directly standardised figures of every domain.

    Figures by domain and stratum (field, channel, mode of answering) are averaged with the same
    shares of the strata everywhere. Where a domain has nothing in a stratum, the others' shares
    are scaled up and `cover` says how much of the standard they hold.

    Parameters
    ----------
    estimates : Estimates
        Means or shares by domain and stratum.
    standard : frame or mapping of columns
        The strata's columns, and their shares in the standard population (any scale).
    share : str
        Column of the shares.
    confidence : float

    Returns
    -------
    polars.DataFrame
        One row per domain and component: `estimate`, `se`, `df`, `lower`, `upper`, `cover` (0
        to 1) and `crude`, the same average with the domain's own mix.

    Raises
    ------
    DataError
        If a stratum's column is not among the domains', no domain column is left, a share is
        negative, or a stratum of the estimates is not in the standard.

    References
    ----------
    Korn & Graubard (1999), Analysis of Health Surveys (direct standardisation).
    """
    frame = to_frame(standard)
    require(frame, [share])
    strata = [name for name in frame.columns if name != share]
    domain = [name for name in estimates.by if name not in strata]
    _check(estimates, frame, strata, share)
    keyed = estimates.table.with_row_index("place").join(
        frame.rename({share: "(share)"}),
        on=strata,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )
    if keyed["(share)"].null_count():
        missing = keyed.filter(pl.col("(share)").is_null()).select(strata).row(0)
        raise DataError(
            f"The standard has no share for {missing}: add it, 0 if it shall not count."
        )
    total = float(frame[share].sum())
    groups = keyed.group_by([*domain, "component"], maintain_order=True)
    rows = [
        {
            **dict(zip([*domain, "component"], key, strict=True)),
            **_average(estimates, group, total, confidence),
        }
        for key, group in groups
    ]
    return pl.DataFrame(rows)


def _check(estimates: Estimates, frame: pl.DataFrame, strata: Sequence[str], share: str) -> None:
    unknown = [name for name in strata if name not in estimates.by]
    if unknown or not strata:
        raise DataError(
            f"The standard's columns {strata} must be among the domains {list(estimates.by)}."
        )
    if not (frame[share].fill_null(-1) >= 0).all() or not frame[share].sum() > 0:
        raise DataError("Shares of the standard are numbers, not negative, and not all zero.")
    if frame.select(strata).is_duplicated().any():
        raise DataError(f"The standard names a stratum of {', '.join(strata)} twice.")


def _average(
    estimates: Estimates, group: pl.DataFrame, total: float, confidence: float
) -> dict[str, float]:
    """One domain's figure with the standard's mix, and with its own."""
    found = group.filter(pl.col("estimate").is_not_null() & pl.col("se").is_not_null())
    mix = found["(share)"].to_numpy().astype(np.float64)
    covered = float(mix.sum())
    own = found["weight"].to_numpy().astype(np.float64)
    figures = found["estimate"].to_numpy().astype(np.float64)
    crude = float(own @ figures / own.sum()) if own.sum() > 0 else np.nan
    if covered == 0:
        return dict.fromkeys(("estimate", "se", "df", "lower", "upper"), np.nan) | {
            "cover": 0.0,
            "crude": crude,
        }
    parts = pick(estimates, found["place"].to_list())
    one = combine(parts, mix[None, :] / covered, pl.DataFrame({"one": [1]}))
    estimate, se, df = float(one.estimate[0]), float(one.se[0]), float(one.df[0])
    reach = float(find_critical_value(confidence, df)) * se
    return {
        "estimate": estimate,
        "se": se,
        "df": df,
        "lower": estimate - reach,
        "upper": estimate + reach,
        "cover": covered / total,
        "crude": crude,
    }
