"""Coverage and bias over many samples: `python -m tests.analysis.simulation --draws 2000`.

A province of communes, hamlets and adults is sampled in three stages; the young and the town
dwellers answer less; weights are raised within cells and raked to the register. Beside it
volunteers rate, the old and the country dwellers more often, and are weighted by the sample. Every
draw has its own seed, stated beforehand, so that any draw can be looked at again.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.design import Design, describe_design
from analysis.estimates import Estimates, estimate_means, estimate_ratios, estimate_totals
from analysis.ranks import joint_rank_sets
from analysis.replicates import make_replicates
from analysis.selection import (
    estimate_by_weighting,
    estimate_doubly_robust,
    fit_selection,
    impute_by_model,
)
from analysis.weighting import adjust_nonresponse, rake
from analysis.weighting.margins import Term, Totals

SEED = 20250701
STRATA, COMMUNES, HAMLETS = 6, 40, 8
DRAWN = (12, 3, 7)
AGENCIES = 6


@dataclass(frozen=True)
class Province:
    """Every adult, and the true figures."""

    adults: pl.DataFrame
    truth: dict[str, float]
    margins: dict[Term, Totals]


def make_province(seed: int = SEED) -> Province:
    """Adults in hamlets in communes in strata, with answers that go together within communes."""
    rng = np.random.default_rng(seed)
    communes = STRATA * COMMUNES
    size = rng.integers(18, 40, communes * HAMLETS)
    hamlet = np.repeat(np.arange(len(size)), size)
    commune = hamlet // HAMLETS
    people = len(hamlet)
    town = commune % 3 == 0
    age = rng.choice(["18-29", "30-59", "60+"], people, p=[0.25, 0.5, 0.25])
    agency = (commune // COMMUNES + rng.integers(0, 2, people)) % AGENCIES
    mood = 0.25 * rng.normal(size=communes)[commune] + 0.2 * rng.normal(size=len(size))[hamlet]
    mood += 0.3 * (age == "60+") - 0.2 * town + 0.12 * agency + rng.normal(0, 0.8, people)
    visits = 1 + rng.poisson(np.exp(0.2 - 0.2 * mood))
    adults = pl.DataFrame(
        {
            "stratum": commune // COMMUNES,
            "commune": commune,
            "hamlet": hamlet,
            "age": age,
            "town": np.where(town, "town", "country"),
            "agency": [f"A{number}" for number in agency],
            "score": 3.5 + mood,
            "satisfied": (mood > 0.1).astype(float),
            "visits": visits.astype(float),
            "fee": 20.0 + 15 * visits + rng.gamma(2, 8, people),
            "M": np.full(people, COMMUNES),
            "N": np.full(people, HAMLETS),
            "H": size[hamlet],
        }
    )
    margins: dict[Term, Totals] = {
        name: {str(level): float(count) for level, count in adults[name].value_counts().rows()}
        for name in ("age", "town")
    }
    return Province(adults, _find_truth(adults), margins)


def _find_truth(adults: pl.DataFrame) -> dict[str, float]:
    by_agency = adults.group_by("agency").agg(pl.col("score").mean()).sort("agency")
    means = {name: float(adults[name].to_numpy().mean()) for name in ("score", "satisfied")}
    ratio = float(adults["fee"].sum()) / float(adults["visits"].sum())
    total = float(adults["satisfied"].sum())
    agencies = {f"score {name}": value for name, value in by_agency.rows()}
    volunteers = dict.fromkeys(("volunteers weighted", "volunteers doubly robust"), means["score"])
    return {**means, "fee/visits": ratio, "total satisfied": total, **agencies, **volunteers}


def draw_sample(province: Province, rng: np.random.Generator) -> pl.DataFrame:
    """Communes, hamlets and adults drawn without replacement, and who of them answered."""
    adults = province.adults
    commune = adults["commune"].to_numpy()
    hamlet = adults["hamlet"].to_numpy()
    drawn = np.concatenate(
        [
            stratum * COMMUNES + rng.choice(COMMUNES, DRAWN[0], replace=False)
            for stratum in range(STRATA)
        ]
    )
    hamlets = np.concatenate(
        [one * HAMLETS + rng.choice(HAMLETS, DRAWN[1], replace=False) for one in drawn]
    )
    starts = np.searchsorted(hamlet, hamlets)
    sizes = np.searchsorted(hamlet, hamlets, side="right") - starts
    rows = np.concatenate(
        [
            start + rng.choice(size, DRAWN[2], replace=False)
            for start, size in zip(starts, sizes, strict=True)
        ]
    )
    assert np.isin(commune[rows], drawn).all()
    sample = adults[rows]
    chance = 0.85 - 0.25 * (sample["age"] == "18-29").to_numpy()
    chance -= 0.1 * (sample["town"] == "town").to_numpy()
    weight = COMMUNES / DRAWN[0] * HAMLETS / DRAWN[1] * sample["H"].to_numpy() / DRAWN[2]
    answered = (rng.random(len(sample)) < chance).astype(int)
    return sample.with_columns(w=weight, resp=answered, person=np.arange(len(sample)))


def weigh_sample(province: Province, sample: pl.DataFrame) -> Design:
    """The respondents, raised within cells and raked to the register."""
    design = describe_design(
        sample,
        units=["commune", "hamlet", "person"],
        strata=["stratum"],
        populations=["M", "N", "H"],
        weight="w",
        lonely="adjust",
    )
    return rake(adjust_nonresponse(design, "resp", ["age", "town"]), province.margins)


def estimate_all(design: Design) -> tuple[pl.DataFrame, Estimates]:
    """Every figure of the truth with its standard error and interval, and those of agencies."""
    agencies = estimate_means(design, ["score"], ["agency"])
    tables = [
        estimate_means(design, ["score", "satisfied"]).table,
        estimate_ratios(design, [("fee", "visits")]).table,
        estimate_totals(design, ["satisfied"]).table.with_columns(
            component=pl.lit("total satisfied")
        ),
        agencies.table.with_columns(component="score " + pl.col("agency")).drop("agency"),
    ]
    return pl.concat(tables).select("component", "estimate", "se", "lower", "upper"), agencies


def draw_volunteers(province: Province, rng: np.random.Generator) -> pl.DataFrame:
    """Adults who rate of their own accord."""
    adults = province.adults
    logit = -3.2 + 1.0 * (adults["age"] == "60+").to_numpy()
    logit -= 0.7 * (adults["town"] == "town").to_numpy()
    return adults.filter(pl.Series(rng.random(len(adults)) < 1 / (1 + np.exp(-logit))))


def estimate_volunteers(volunteers: pl.DataFrame, design: Design) -> pl.DataFrame:
    """Their mean score, weighted by their propensity to volunteer and doubly robust."""
    answers = volunteers["score"]
    selection = fit_selection(volunteers, design, "age + town")
    outcome = impute_by_model(volunteers, design, "age + town + agency", answers)
    found = {
        "volunteers weighted": estimate_by_weighting(selection, answers),
        "volunteers doubly robust": estimate_doubly_robust(selection, outcome),
    }
    return pl.DataFrame(
        {
            "component": list(found),
            "estimate": [one.estimate for one in found.values()],
            "se": [one.se for one in found.values()],
            "lower": [one.interval()[0] for one in found.values()],
            "upper": [one.interval()[1] for one in found.values()],
        }
    )


def rank_holds(province: Province, agencies: Estimates) -> bool:
    """Whether all agencies' true ranks lie in their sets at once."""
    low, high = joint_rank_sets(
        agencies.estimate,
        agencies.covariance(),
        method="sidak",
        df=agencies.table["df"].to_numpy(),
    )
    truth = [province.truth[f"score {name}"] for name in agencies.table["agency"]]
    rank = 1 + (np.array(truth)[None, :] > np.array(truth)[:, None]).sum(axis=1)
    return bool(((low <= rank) & (rank <= high)).all())


def simulate(
    draws: int, *, jackknife: bool = False, seed: int = SEED
) -> tuple[pl.DataFrame, float]:
    """Bias, relative bias of the variance and coverage of every figure; rank sets' coverage.

    With `jackknife` standard errors come from replicates on which the weighting is replayed.
    """
    province = make_province()
    tables, held = [], []
    for draw in range(draws):
        rng = np.random.default_rng([seed, draw])
        sample = draw_sample(province, rng)
        design = weigh_sample(province, sample)
        if jackknife:
            design = weigh_replicated(province, sample)
        table, agencies = estimate_all(design)
        volunteers = estimate_volunteers(draw_volunteers(province, rng), design)
        tables.append(pl.concat([table, volunteers]))
        held.append(rank_holds(province, agencies))
    truth = pl.DataFrame(
        {"component": list(province.truth), "truth": list(province.truth.values())}
    )
    every = pl.concat(tables).join(truth, on="component")
    inside = (pl.col("lower") <= pl.col("truth")) & (pl.col("truth") <= pl.col("upper"))
    spread = pl.col("estimate").var()
    summary = every.group_by("component", maintain_order=True).agg(
        bias=((pl.col("estimate") - pl.col("truth")).mean() / pl.col("estimate").std()),
        variance=((pl.col("se") ** 2).mean() / spread - 1),
        coverage=inside.mean(),
    )
    return summary, float(np.mean(held))


def weigh_replicated(province: Province, sample: pl.DataFrame) -> Design:
    """The same weights with a jackknife of communes, every step replayed.

    Communes count as drawn with replacement, which overstates the variance by some of their
    sampling fraction; with a finite-population factor the jackknife would leave out a part of the
    later stages.
    """
    design = describe_design(sample, units=["commune"], strata=["stratum"], weight="w")
    replicated = make_replicates(design, "JKn")
    return rake(adjust_nonresponse(replicated, "resp", ["age", "town"]), province.margins)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of a simulation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=2000)
    parser.add_argument("--jackknife", action="store_true")
    parser.add_argument("--seed", type=int, default=SEED, help="of the draws")
    asked = parser.parse_args(arguments)
    summary, ranks = simulate(asked.draws, jackknife=asked.jackknife, seed=asked.seed)
    with pl.Config(tbl_rows=-1, float_precision=4):
        print(summary)
    error = np.sqrt(2 / asked.draws)
    print(f"chance alone moves a variance by {error:.1%} (one standard error)")
    print(f"rank sets hold jointly in {ranks:.1%} of {asked.draws} draws")


if __name__ == "__main__":
    main()
