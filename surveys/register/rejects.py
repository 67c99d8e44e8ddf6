"""The file of rejected rows: their own columns, the row number and the reasons."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from surveys.register.errors import N_, ImportFileError, Translate
from surveys.register.files import Source
from surveys.register.reasons import Teller

ROW: Final = N_("Hàng trong tệp gốc")
REASONS: Final = N_("Lý do")
_BY_COLUMN: Final = N_("cột «{header}»: {sentence}")
_SAME_FILE: Final = N_("Tệp các hàng bị loại không được là chính tệp đang nhập: {file}.")
_UNWRITABLE: Final = N_("Không ghi được tệp {file}: {why}; hãy chọn chỗ khác bằng --rejected.")


def rejected_path(path: Path, given: Path | None) -> Path:
    """Where the rejected rows go: where the user says, else beside the file."""
    chosen = given or path.with_name(f"{path.stem}.rejected.csv")
    if chosen.resolve() == path.resolve():
        raise ImportFileError(_SAME_FILE, file=str(chosen))
    return chosen


async def write_rejected(
    connection: Any, source: Source, teller: Teller, path: Path, translate: Translate
) -> None:
    """Read the file once more and write the rows that have problems, in its own columns."""
    records = source.records()
    try:
        # With a BOM, for that is how Excel knows UTF-8.
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            added = (translate(ROW), translate(REASONS))
            writer.writerow((*source.heading.cells, *added))
            async for line, reasons in _reasons(connection, teller, translate):
                cells = next(cells for number, cells in records if number == line)
                # A row that does not fit the header stays as it is, and is refused again.
                writer.writerow((*(source.heading.fitted(cells) or cells), line, reasons))
    except OSError as error:
        why = error.strerror or str(error)
        raise ImportFileError(_UNWRITABLE, file=str(path), why=why) from error


async def _reasons(
    connection: Any, teller: Teller, translate: Translate
) -> AsyncIterator[tuple[int, str]]:
    line, told = 0, list[str]()
    query = (
        "SELECT DISTINCT line, heading, reason, value, detail FROM problem"
        " ORDER BY line, heading, reason"
    )
    statement = await connection.prepare(query)
    async for row in statement.cursor(prefetch=2_000):
        if row["line"] != line and told:
            yield line, " ".join(told)
            told = []
        line = row["line"]
        sentence = teller.sentence(row).told(translate)
        header = teller.header(row["heading"])
        told.append(
            translate(_BY_COLUMN).format(header=header, sentence=sentence) if header else sentence
        )
    if told:
        yield line, " ".join(told)
