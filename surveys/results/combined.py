"""Figures of several agencies together, worked out from what is printed of each.

Counts are recombined, never percentages averaged: each agency stands for its dossiers. Since
nothing but printed figures goes in, a combined figure tells nothing more than these do.
"""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist
from typing import Final

import msgspec

from surveys.results.records import PublicFigure, round_half_up

PERCENT_DECIMALS: Final = 2
SHARE_DECIMALS: Final = 4


class Part(msgspec.Struct, frozen=True):
    """A printed figure and the dossiers that it stands for."""

    figure: PublicFigure
    dossiers: float


def combine(parts: Sequence[Part], confidence: float) -> PublicFigure | None:
    """One figure for all parts, or None without parts; a single part stays as it is.

    The parts are strata: the estimate weighs each with its dossiers, variances add up. The
    interval is Wilson's with the effective size, as for the agencies themselves (docs/methods.md).
    """
    if not parts:
        return None
    if len(parts) == 1:
        dossiers = round(parts[0].dossiers)
        unranked: dict[str, int | None] = dict.fromkeys(("rank_low", "rank_high", "ranked"))
        return msgspec.structs.replace(parts[0].figure, **unranked, dossiers=dossiers)
    total = sum(part.dossiers for part in parts)
    shares = [part.dossiers / total if total else 1 / len(parts) for part in parts]
    estimate = sum(s * part.figure.estimate for s, part in zip(shares, parts, strict=True))
    variance = sum((s * part.figure.se) ** 2 for s, part in zip(shares, parts, strict=True))
    n = sum(part.figure.n for part in parts)
    size = _effective_size(estimate / 100, variance / 1e4, parts, shares)
    lower, upper = _wilson(estimate / 100, size, _critical(confidence, n - len(parts)))
    return make_figure(
        estimate=estimate,
        unweighted=_mean([part.figure.unweighted for part in parts], parts),
        se=sqrt(variance),
        lower=100 * lower,
        upper=100 * upper,
        n=n,
        dossiers=round(total),
        item_response=_item_response(parts),
        flag="",
    )


def make_figure(
    *,
    estimate: float,
    unweighted: float | None,
    se: float,
    lower: float,
    upper: float,
    n: int,
    dossiers: int,
    item_response: float | None,
    flag: str,
) -> PublicFigure:
    """A figure rounded as it is printed, its interval never of zero width."""
    low, high = (round_half_up(limit, PERCENT_DECIMALS) for limit in (lower, upper))
    if low >= high:
        step = 10.0**-PERCENT_DECIMALS
        low = round_half_up(max(low - step, 0.0), PERCENT_DECIMALS)
        high = round_half_up(min(high + step, 100.0), PERCENT_DECIMALS)
    return PublicFigure(
        estimate=round_half_up(estimate, PERCENT_DECIMALS),
        unweighted=None if unweighted is None else round_half_up(unweighted, PERCENT_DECIMALS),
        se=round_half_up(se, PERCENT_DECIMALS),
        lower=low,
        upper=high,
        n=n,
        dossiers=dossiers,
        item_response=None
        if item_response is None
        else round_half_up(item_response, SHARE_DECIMALS),
        flag=flag,
    )


def _mean(values: Sequence[float | None], parts: Sequence[Part]) -> float | None:
    """The mean over ratings, without weights."""
    known = [value for value in values if value is not None]
    if len(known) < len(parts):
        return None
    counts = [part.figure.n for part in parts]
    return sum(n * value for n, value in zip(counts, known, strict=True)) / sum(counts)


def _item_response(parts: Sequence[Part]) -> float | None:
    shares = [part.figure.item_response for part in parts]
    known = [share for share in shares if share]
    if len(known) < len(parts):
        return None
    asked = sum(part.figure.n / share for part, share in zip(parts, known, strict=True))
    return sum(part.figure.n for part in parts) / asked


def _effective_size(
    share: float, variance: float, parts: Sequence[Part], shares: Sequence[float]
) -> float:
    """Size of the simple random sample that would be as precise, Kish's at 0 and 1.

    Never more than the dossiers.
    """
    if variance > 0 and 0 < share < 1:
        size = share * (1 - share) / variance
    else:
        size = 1 / sum(s * s / part.figure.n for s, part in zip(shares, parts, strict=True))
    return min(size, max(sum(part.dossiers for part in parts), 1.0))


def _wilson(share: float, size: float, critical: float) -> tuple[float, float]:
    pull = critical**2 / size
    centre = (share + pull / 2) / (1 + pull)
    half = sqrt(pull * share * (1 - share) + pull**2 / 4) / (1 + pull)
    return min(max(centre - half, 0.0), share), max(min(centre + half, 1.0), share)


def _critical(confidence: float, df: int) -> float:
    """Quantile of Student's t by Fisher's expansion, good to 0.001 from 10 degrees on.

    Abramowitz & Stegun (1964), Handbook of Mathematical Functions, 26.7.5.
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / df + second / df**2
