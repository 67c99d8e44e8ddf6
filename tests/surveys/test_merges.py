"""Ratings of merged cells stand for the dossiers that they came from."""

from itertools import product

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.indices import IndexRecipe, IndexResult, compute_index
from surveys.merges import Keys, _by_size, _split
from surveys.register import Part

SATISFIED = {"counter": 0.88, "online": 0.7, "post": 0.6}
ANSWERS = {"counter": 0.5, "online": 0.25, "post": 0.2}
LATE = 0.35
NAMES = ["agency", "field", "channel", "on_time"]


def make_parts(rng: np.random.Generator) -> list[Part]:
    """Thirty agencies of all sizes; one dossier in fifteen is late, few come by post."""
    parts = []
    for agency, (field, share) in product(range(30), [("F1", 0.6), ("F2", 0.3), ("F3", 0.1)]):
        for channel, part in (("counter", 0.6), ("online", 0.34), ("post", 0.06)):
            size = 60 * (1 + agency % 10) * share * part
            for on_time, rest in ((True, 14 / 15), (False, 1 / 15)):
                if number := int(rng.poisson(size * rest)):
                    parts.append(Part(f"A{agency:02}", field, channel, on_time, number))
    return parts


def simulate(seed: int) -> tuple[float, IndexResult, IndexResult, pl.DataFrame]:
    """The true share; the results with dossiers merged as ratings are, and with all their keys."""
    rng = np.random.default_rng(seed)
    parts = make_parts(rng)
    said, merged, satisfied = [], [], 0
    for part, (sized, number) in zip(parts, _by_size(parts, 20), strict=True):
        chance = SATISFIED[part.channel] if part.on_time else LATE
        likes = rng.random(number) < chance
        satisfied += int(likes.sum())
        answers = ANSWERS[part.channel] if part.on_time else 0.3
        said += [(*sized.cell, 5 if like else 1) for like in likes[rng.random(number) < answers]]
        merged.append((*sized.cell, number))
    ratings = pl.DataFrame(said, schema=[*NAMES, "overall"], orient="row")
    ratings = ratings.with_columns(access=pl.col("overall"))
    whole = pl.DataFrame(
        [(p.agency, p.field, p.channel, p.on_time, p.dossiers) for p in parts],
        schema=[*NAMES, "dossiers"], orient="row",
    )  # fmt: skip
    alike = pl.DataFrame(merged, schema=[*NAMES, "dossiers"], orient="row")
    recipe = IndexRecipe(satisfied_from=4)
    truth = 100 * satisfied / int(whole["dossiers"].sum())
    first, second = (
        compute_index(dossiers, ratings, recipe, factors=["access"]) for dossiers in (alike, whole)
    )
    return truth, first, second, ratings


def overall(result: IndexResult) -> dict[str, float]:
    found = result.figures.filter(
        pl.col("agency").is_null() & (pl.col("measure") == "overall_rating")
    )
    return found.row(0, named=True)


def test_merged_ratings_are_weighted_right_where_the_plain_mean_is_not() -> None:
    errors, plain, sizes = [], [], []
    for seed in range(8):
        truth, alike, whole, _ratings = simulate(seed)
        figure = overall(alike)
        errors.append((figure["estimate"] - truth) / figure["se"])
        plain.append((figure["unweighted"] - truth) / figure["se"])
        sizes.append((figure["n_eff"], overall(whole)["n_eff"]))
    # Eight errors of one standard deviation each: their mean is within 3 / √8 of nothing.
    assert abs(np.mean(errors)) < 3 / np.sqrt(8) + 0.5
    assert np.mean(plain) > 3
    # Dossiers that keep what their ratings lost make the ratings that kept it stand for all.
    assert np.mean([alike - whole for alike, whole in sizes]) > 0


def test_some_ratings_of_the_simulation_lost_each_of_their_keys() -> None:
    *_rest, ratings = simulate(0)
    lost = [ratings[name].null_count() for name in NAMES]
    assert lost[0] == 0
    assert 0 < lost[1] < lost[2] < lost[3] < ratings.height / 2


@given(st.integers(0, 500), st.lists(st.integers(0, 50), min_size=1, max_size=5))
def test_dossiers_are_split_in_whole_numbers_and_none_is_lost(
    whole: int, weights: list[int]
) -> None:
    ways = {Keys(f"A{place}", None, None, None): one for place, one in enumerate(weights)}
    if not sum(weights):
        return
    found = dict(_split(whole, ways))
    assert sum(found.values()) == whole
    for keys, weight in ways.items():
        assert abs(found.get(keys, 0) - whole * weight / sum(weights)) < 1


@pytest.mark.parametrize(
    ("number", "cell"),
    [
        (20, Keys("A", "F", "post", False)),
        (19, Keys("A", "F", "post", None)),
        (9, Keys("A", "F", None, None)),
        (4, Keys("A", None, None, None)),
    ],
)
def test_a_small_cell_gives_up_timeliness_then_channel_then_field(number: int, cell: Keys) -> None:
    parts = [
        Part("A", "F", "post", False, number),
        Part("A", "F", "post", True, 10),
        Part("A", "F", "online", True, 5),
        Part("A", "G", "online", True, 100),
    ]
    assert _by_size(parts, 20)[0][0].cell == cell
