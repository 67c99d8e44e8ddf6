"""`sipas import` at the terminal: what it prints, and its exit code."""

from pathlib import Path
from typing import Any

import pytest

from app.__main__ import make_parser
from app.rendering import language
from app.settings import Settings
from surveys.ratings import open_links
from surveys.register import KINDS
from surveys.transactions import fetch
from tests.surveys.register_files import DOSSIERS, GOOD, PROCEDURES, bring, bring_register, write


async def run(*arguments: object, **settings: Any) -> int:
    """Run `sipas import …` on the test's own database; gives the exit code."""
    options = make_parser().parse_args(["import", *map(str, arguments)])
    chosen = language.set("vi")
    try:
        return int(await options.handler(options, Settings(**settings)))
    finally:
        language.reset(chosen)


async def test_a_good_file_is_told_in_counts(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path, PROCEDURES)
    assert await run("procedures", file, "--dry-run") == 0
    assert capsys.readouterr().out == (
        "procedures: 2 new, 0 changed, 0 unchanged (dry run: nothing was written).\n"
    )
    assert await run("procedures", file) == 0
    assert capsys.readouterr().out == "procedures: 2 new, 0 changed, 0 unchanged.\n"
    assert await run("procedures", file) == 0
    assert capsys.readouterr().out == "procedures: 0 new, 0 changed, 2 unchanged.\n"


async def test_a_bad_row_ends_with_one_unless_it_is_skipped(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await bring_register(tmp_path)
    file = write(tmp_path, DOSSIERS + GOOD + GOOD.replace("D1,STP", "D2,XX"))
    rejected = tmp_path / "bad.csv"
    assert await run("dossiers", file, "--rejected", rejected) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "Hàng 3, cột «agency_code»: không có cơ quan mang mã «XX»; nhập cơ quan trước hoặc sửa mã.",
        f"Bad rows (1) with all their reasons: {rejected}",
        "dossiers: nothing was written, because 1 of 2 rows are bad. Mend them, or write the"
        " others with --skip-bad.",
    ]
    assert await run("dossiers", file, "--dry-run", "--rejected", rejected) == 1
    assert await run("dossiers", file, "--skip-bad", "--rejected", rejected) == 0
    assert "dossiers: 1 new, 0 changed, 0 unchanged, 1 rejected.\n" in capsys.readouterr().out
    assert rejected.exists()


async def test_many_bad_rows_are_counted_by_reason(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "".join(GOOD.replace("D1", f"D{number}") for number in range(60))
    assert await run("dossiers", write(tmp_path, DOSSIERS + rows)) == 1
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("Hàng") for line in lines) == 50
    assert "… and 70 more. By reason:" in lines
    assert sum("       60 × Hàng 2, cột" in line for line in lines) == 2


async def test_a_file_that_cannot_be_read_ends_with_one(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await run("units", tmp_path / "none.csv") == 1
    said = capsys.readouterr()
    assert "Không tìm thấy tệp" in said.err
    assert "Nothing was written." in said.err
    assert said.out == ""


def test_an_unknown_kind_ends_with_two(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        make_parser().parse_args(["import", "cats", "file.csv"])
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert all(kind in said for kind in KINDS)


async def test_warnings_are_printed_with_both_figures(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        "source,period,indicator,scope,part_of,printed,unit\n"
        "BC,2020,graded,all,,44,count\nBC,2020,graded,good,all,43,count\n"
    )
    assert await run("totals", write(tmp_path, text)) == 0
    said = capsys.readouterr().out
    assert said.startswith("Cảnh báo: BC, 2020, graded, «all»: số công bố là 44 nhưng 1 phần")
    assert "cộng lại là 43" in said


async def test_an_open_right_follows_its_dossier_into_another_cell(
    database: str, tmp_path: Path
) -> None:
    await bring_register(tmp_path)
    await bring("dossiers", tmp_path, DOSSIERS + GOOD)
    await open_links(["D1"], questionnaire="counter", days=1, cell_dossiers=1)
    cells = "SELECT c.channel FROM right_to_rate r JOIN cell c ON c.id = r.cell"
    assert await fetch(cells) == [{"channel": "counter"}]
    changed = write(tmp_path, DOSSIERS + GOOD.replace("counter", "post"))
    assert await run("dossiers", changed, cell_dossiers=1) == 0
    assert await fetch(cells) == [{"channel": "post"}]
