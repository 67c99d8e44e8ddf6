"""`make bench` ends badly when the inbox is slower than it may be, and only then."""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from tests.benchmarks import __main__ as bench
from tests.benchmarks import cases


def brought(monkeypatch: pytest.MonkeyPatch, folder: Path, lines: Iterable[dict[str, Any]]) -> None:
    """A group `cases` that measures these lines, and a folder for its file."""
    group = ModuleType("brought_group")
    group.measure = lambda: list(lines)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, group.__name__, group)
    monkeypatch.setitem(bench.GROUPS, "cases", group.__name__)
    monkeypatch.chdir(folder)


@pytest.mark.parametrize(
    ("value", "hard", "end"), [(150.0, True, 0), (150.1, True, 1), (900.0, False, 0)]
)
def test_the_bench_ends_with_1_and_says_so_when_a_hard_limit_is_broken(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    value: float,
    hard: bool,
    end: int,
) -> None:
    quick = cases.line("cases_50k_written", 30.0, "s")
    brought(monkeypatch, tmp_path, [quick, cases.limited("clerk_unit", value, hard=hard)])
    assert bench.main(["cases"]) == end
    told = capsys.readouterr()
    assert "clerk_unit" in told.out
    assert ("Over the limit: clerk_unit, 150.10 ms p95" in told.err) is bool(end)
    assert (tmp_path / "var/bench/cases.json").exists()


async def test_every_page_of_the_inbox_and_nothing_else_is_held_to_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def slow(_ask: cases.Ask, **_named: object) -> tuple[float, float]:
        return 200.0, 20.0

    async def found(_client: httpx.AsyncClient) -> list[str]:
        return ["PA-20260501-AAAAA"]

    monkeypatch.setattr(cases, "p95", slow)
    monkeypatch.setattr(cases, "found_cases", found)
    async with httpx.AsyncClient() as client:
        lines = await cases.ask_pages(client, "clerk")
    over = bench.broken(lines)
    assert [one.split(",")[0] for one in over] == [f"clerk_{name}" for name in cases.PAGES]
    assert "clerk_case" in {line["name"] for line in lines}
