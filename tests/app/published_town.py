"""A small province with published results, for tests of what the public sees."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from surveys.results import publish_run, store_run
from tests.factories import make_agency
from tests.surveys.results_town import CUTOFF, FORM, RECIPE, figures_of, rank

# Code: name, level, ratings. The last two are too few to be shown.
TOWN: dict[str, tuple[str, str, int]] = {
    "STP": ("Sở Tư pháp", "province", 400),
    "SXD": ("Sở Xây dựng", "province", 250),
    "NT": ("UBND thành phố Nha Trang", "district", 800),
    "DK": ("UBND huyện Diên Khánh", "district", 300),
    "VG": ("UBND thị trấn Vạn Giã", "commune", 60),
    "DL": ("UBND xã Đại Lãnh", "commune", 45),
    "P1": ("UBND phường 10", "commune", 40),
    "P2": ("UBND phường 2", "commune", 35),
    "ST": ("UBND xã Sơn Thái", "commune", 4),
    "GL": ("UBND xã Giang Ly", "commune", 6),
}
HIDDEN = ("ST", "GL")
NAMES = ("access", "procedures", "officials", "result", "feedback")


async def make_agencies(town: Mapping[str, tuple[str, str, int]] = TOWN) -> None:
    """The agencies in the register."""
    for code, (name, level, _ratings) in town.items():
        await make_agency(code, name=name, level=level)


async def publish(
    period: str = "2021-Q1",
    town: Mapping[str, tuple[str, str, int]] = TOWN,
    **given: Any,
) -> UUID:
    """The id of a published run over these agencies."""
    run = await draft(period, town, **given)
    await publish_run(run)
    return run


async def draft(
    period: str = "2021-Q1",
    town: Mapping[str, tuple[str, str, int]] = TOWN,
    **given: Any,
) -> UUID:
    """The id of a run that is not published yet."""
    counts = {code: ratings for code, (_name, _level, ratings) in town.items()}
    rows = [row for code, count in counts.items() for row in _figures(code, count)]
    values: dict[str, Any] = {
        "recipe": RECIPE,
        "figures": rank(rows),
        "input_hash": "0" * 64,
        "code_version": "1",
        "cutoff": CUTOFF,
        "simulated": True,
    }
    return await store_run(period, FORM, **(values | given))


def _figures(code: str, count: int) -> list[dict[str, Any]]:
    known = figures_of(code, {"overall": count})
    sample = known[-1]
    measures = [row for row in known if not row["measure"].startswith("factor_")]
    return measures + [sample | {"measure": f"factor_{name}"} for name in NAMES]
