"""What unsatisfied raters wrote about: shares of themes, weighted as the ratings are.

A comment is cut loose from its rating and has no weight of its own. What is known is how many
unsatisfied citizens each agency has by the weighted index run, and which part of its comments is
about a theme. So an agency's comments stand for its unsatisfied dossiers, all alike: the
post-stratified estimate with agencies as strata. It assumes that within an agency those who wrote
something are as unsatisfied about the same things as those who wrote nothing.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.loops.figures import bound_share
from analysis.loops.hiding import choose_shown


@dataclass(frozen=True)
class Stratum:
    """An agency: dossiers, weighted share of unsatisfied ones, comments, and those by theme."""

    code: str
    dossiers: int
    unsatisfied: float
    comments: int
    themes: Mapping[str, int]

    @property
    def weight(self) -> float:
        """Unsatisfied dossiers that its comments stand for."""
        return self.dossiers * self.unsatisfied


def compute_voices(
    strata: Sequence[Stratum], shown: Collection[str], fewest: int
) -> dict[str, Any]:
    """Themes of every shown agency and of all of them together, the most frequent first.

    A theme is told where at least `fewest` comments are about it, and of no agency where it would
    be the only one whose comments about the theme could be taken from the province's. `points` is what the theme has
    to do with: unsatisfied people who wrote about it, in percent of all raters. A comment may have
    two themes, so neither shares nor points add up.

    References
    ----------
    Holt & Smith (1979), JRSS A 142, 33-46, for the estimate; Kish (1965), section 3.4, for its
    variance with stratum weights; Wilson (1927) with the effective size for the interval.
    """
    told = [one for one in strata if one.code in shown and one.comments > 0]
    counts = {
        key: {one.code: one.themes.get(key, 0) for one in told}
        for key in sorted({key for one in told for key in one.themes})
    }
    open_to = {key: choose_shown(own, [own.keys()], fewest) for key, own in counts.items()}
    whole = [key for key, own in counts.items() if sum(own.values()) >= fewest]
    return {
        "agencies": {
            one.code: _tell([one], [key for key in one.themes if one.code in open_to[key]])
            for one in told
        },
        "province": _tell(told, whole) if told else None,
    }


def _tell(strata: Sequence[Stratum], keys: Collection[str]) -> dict[str, Any]:
    comments = sum(one.comments for one in strata)
    dossiers = sum(one.dossiers for one in strata)
    unsatisfied = sum(one.weight for one in strata) / dossiers if dossiers else 0.0
    rows = [
        {
            "theme": key,
            "comments": sum(one.themes.get(key, 0) for one in strata),
            **_estimate(strata, key, unsatisfied),
        }
        for key in keys
    ]
    return {
        "comments": comments,
        "unsatisfied": round(100 * unsatisfied, 2),
        "themes": sorted(rows, key=lambda row: (-row["estimate"], row["theme"])),
    }


def _estimate(strata: Sequence[Stratum], key: str, unsatisfied: float) -> dict[str, float]:
    total = sum(one.weight for one in strata)
    # Where nobody is unsatisfied by the weighted figure, agencies count by their comments.
    parts = [
        (one.weight / total if total else one.comments / sum(each.comments for each in strata), one)
        for one in strata
    ]
    shares = [(part, one.themes.get(key, 0) / one.comments, one.comments) for part, one in parts]
    share = sum(part * within for part, within, _n in shares)
    size = find_size(shares, share)
    lower, upper = bound_share(share, size)
    return {
        "estimate": round(100 * share, 2),
        "lower": round(100 * lower, 2),
        "upper": round(100 * upper, 2),
        "points": round(100 * share * unsatisfied, 2),
    }


def find_size(shares: Sequence[tuple[float, float, int]], share: float) -> float:
    """Effective size of a stratified share from (weight, share, size) of the strata.

    Never more than the comments there are; Kish's where no stratum varies.
    """
    whole = float(sum(n for _part, _within, n in shares))
    variance = sum(part**2 * within * (1 - within) / max(n - 1, 1) for part, within, n in shares)
    kish = 1 / sum(part**2 / n for part, _within, n in shares)
    if variance <= 0 or not 0 < share < 1:
        return min(kish, whole)
    return min(share * (1 - share) / variance, whole)
