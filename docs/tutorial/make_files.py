"""Writes the tutorial's files: an INVENTED province, its dossiers, a sample and volunteers.

Run from the root of the repository: python docs/tutorial/make_files.py
"""

import csv
import sys
from bisect import bisect_left
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

import numpy as np

T = TypeVar("T")
AGENCIES = ("Bến Gỗ", "Cầu Mây", "Chợ Đồi", "Đồng Sen", "Gò Tre", "Hồ Lau", "Núi Voi", "Sông Cát")
SIZES = (0.16, 0.15, 0.14, 0.14, 0.13, 0.14, 0.11, 0.03)
UP_TO = tuple(accumulate(SIZES))
QUALITY = (0.5, -0.5, 0.1, 0.7, -0.2, 0.3, -0.9, 0.0)
ITEMS = ("access", "procedures", "officials", "result", "feedback")
EASE = (0.5, 0.1, 0.3, 0.4, -0.4)
# Communes of a stratum, and how many of them are drawn.
STRATA = {"mountain": (40, 10), "plain": (60, 12), "town": (30, 8)}
VILLAGES, DOSSIERS, VOLUNTEERS = 2, 12, 400


def make_dossiers(rng: np.random.Generator) -> list[dict[str, object]]:
    """Every dossier of the year, with the answers that its citizen would give."""
    dossiers: list[dict[str, object]] = []
    for stratum, (communes, _) in STRATA.items():
        for commune in range(communes):
            place = 0.5 * rng.standard_normal()
            villages = 3 + int(6 * rng.random())
            for village in range(villages):
                count = 30 + int(50 * rng.random())
                for _ in range(count):
                    dossier = {
                        "stratum": stratum,
                        "commune": f"{stratum[0].upper()}{commune + 1:02}",
                        "communes": communes,
                        "village": village + 1,
                        "villages": villages,
                        "dossier": len(dossiers) + 1,
                        "dossiers": count,
                    }
                    dossiers.append(dossier | _handle(rng, stratum, place))
    return dossiers


def _handle(rng: np.random.Generator, stratum: str, place: float) -> dict[str, object]:
    agency = bisect_left(UP_TO, rng.random() * UP_TO[-1])
    online = {"mountain": 0.2, "plain": 0.35, "town": 0.5}[stratum]
    channel = "online" if rng.random() < online else "post" if rng.random() < 0.15 else "counter"
    on_time = rng.random() < 0.88 + 0.06 * QUALITY[agency]
    mood = 0.9 + QUALITY[agency] + place - 0.3 * (channel == "online") - 1.5 * (not on_time)
    mood += 0.8 * rng.standard_normal()
    answers: dict[str, object] = {
        item: _rate(mood + ease + 0.7 * rng.standard_normal())
        for item, ease in zip(ITEMS, EASE, strict=True)
    }
    answers["overall"] = _rate(mood + 0.5 * rng.standard_normal())
    if rng.random() < 0.3:
        # Who never gave feedback cannot say how it was handled.
        answers["feedback"] = ""
    willing = 0.86 - 0.2 * (channel == "online") - 0.15 * (not on_time)
    return {
        "agency": AGENCIES[agency],
        "channel": channel,
        "timing": "on time" if on_time else "late",
        "responded": int(rng.random() < willing),
        **answers,
    }


def _rate(value: float) -> object:
    return 1 + bisect_left((-1.6, -0.7, 0.3, 1.7), value)


def draw_sample(
    rng: np.random.Generator, dossiers: list[dict[str, object]]
) -> list[dict[str, object]]:
    """Communes by stratum, villages in them, dossiers in these; nonrespondents without answers."""
    homes: dict[str, dict[str, dict[object, list[dict[str, object]]]]] = {}
    for one in dossiers:
        commune = homes.setdefault(str(one["stratum"]), {}).setdefault(str(one["commune"]), {})
        commune.setdefault(one["village"], []).append(one)
    drawn = []
    for stratum, (_, size) in STRATA.items():
        for name in _pick(rng, sorted(homes[stratum]), size):
            villages = homes[stratum][name]
            for village in _pick(rng, sorted(villages, key=str), VILLAGES):
                drawn += _pick(rng, villages[village], DOSSIERS)
    silent = dict.fromkeys([*ITEMS, "overall"], "")
    return [one if one["responded"] else one | silent for one in drawn]


def _pick(rng: np.random.Generator, units: list[T], size: int) -> list[T]:
    chosen = np.argsort([rng.random() for _ in units])[:size]
    return [units[place] for place in sorted(chosen)]


def draw_volunteers(
    rng: np.random.Generator, dossiers: list[dict[str, object]]
) -> list[dict[str, object]]:
    """People who rated on their own: mostly those who came online or too late."""
    eager = [
        0.02 * (1 + 3 * (one["channel"] == "online") + 4 * (one["timing"] == "late"))
        for one in dossiers
    ]
    came = [one for one, chance in zip(dossiers, eager, strict=True) if rng.random() < chance]
    kept = ("agency", "channel", "timing", "overall")
    return [{name: one[name] for name in kept} for one in _pick(rng, came, VOLUNTEERS)]


def count_agencies(dossiers: list[dict[str, object]]) -> list[dict[str, object]]:
    """What the register knows of every agency."""
    return [
        {
            "agency": name,
            "dossiers": sum(one["agency"] == name for one in dossiers),
            "on_time": sum(
                one["agency"] == name and one["timing"] == "on time" for one in dossiers
            ),
        }
        for name in AGENCIES
    ]


def write(path: Path, rows: list[dict[str, object]]) -> None:
    """A CSV file with the columns of its first row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder: Path) -> None:
    """All three files."""
    rng = np.random.default_rng(20261127)
    dossiers = make_dossiers(rng)
    write(folder / "answers.csv", draw_sample(rng, dossiers))
    write(folder / "volunteers.csv", draw_volunteers(rng, dossiers))
    write(folder / "agencies.csv", count_agencies(dossiers))


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent))
