"""The tutorial does what it shows."""

import importlib.util
import re
from pathlib import Path

import polars as pl
import pytest

from tests.refresh_tutorial import (
    BLOCK,
    FILES,
    TUTORIAL,
    count_core_lines,
    run_blocks,
    show_outputs,
)

TEXT = TUTORIAL.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tutorial")


@pytest.fixture(scope="module")
def printed(folder: Path) -> list[str]:
    return run_blocks(TEXT, folder)


def test_every_output_shown_is_what_its_block_prints(printed: list[str]) -> None:
    shown = [block["text"] or "" for block in BLOCK.finditer(TEXT)]
    # After a change: python -m tests.refresh_tutorial
    assert shown == printed


def test_every_block_is_run_and_every_output_belongs_to_one() -> None:
    blocks = list(BLOCK.finditer(TEXT))
    assert len(blocks) == len(re.findall(r"^ *(?:```|~~~) *py", TEXT, re.MULTILINE))
    outputs = sum(block["text"] is not None for block in blocks)
    assert outputs == len(re.findall(r"^ *(?:```|~~~) *text", TEXT, re.MULTILINE))


def test_an_output_that_is_not_what_a_block_prints_is_seen_and_mended(tmp_path: Path) -> None:
    stale = "```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n\n```python\nprint(5)\n```\n"
    mended = show_outputs(stale, run_blocks(stale, tmp_path))
    assert [block["text"] for block in BLOCK.finditer(mended)] == ["2\n", "5\n"]
    assert [block["text"] for block in BLOCK.finditer(stale)] == ["3\n", None]


def test_the_core_is_short_and_says_how_short() -> None:
    lines = count_core_lines(TEXT)
    assert 20 <= lines <= 40
    assert f"{lines} lines of Python" in " ".join(TEXT.split())


def test_the_chart_shown_says_what_the_table_says(printed: list[str], folder: Path) -> None:
    made, kept = (
        re.findall(r"<text[^>]*>([^<]*)</text>", path.read_text(encoding="utf-8"))
        for path in (folder / "index.svg", FILES / "index.svg")
    )
    assert made == kept
    table = pl.read_csv(folder / "index.csv")
    assert set(table["agency"]) <= set(kept)
    assert f"{table['estimate'][0]:.1f}" in " ".join(kept)


def test_the_files_are_those_that_their_script_makes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_files", FILES / "make_files.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.main(tmp_path)
    for name in ("answers.csv", "agencies.csv", "volunteers.csv"):
        assert (tmp_path / name).read_bytes() == (FILES / name).read_bytes(), name


def test_the_tutorial_needs_no_pyplot() -> None:
    assert "pyplot" not in TEXT


def test_links_lead_to_files() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", TEXT)
    assert links
    assert [link for link in links if not (TUTORIAL.parent / link).exists()] == []
