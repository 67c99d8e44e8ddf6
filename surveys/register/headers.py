"""Which column of a file is which column of the register."""

import msgspec

from surveys.register.errors import N_, ImportFileError, Sentence
from surveys.register.sheets import Column, Sheet
from surveys.register.words import fold

EMPTY = N_("Tệp {file} không có dữ liệu; hãy chọn tệp khác.")
_MISSING = N_(
    "Tệp {file} thiếu cột {missing}; tìm thấy: {found}. Hãy thêm cột hoặc sửa tên cột ở hàng {line}."
)
_TWICE = N_("Tệp {file} có hai cột cùng là «{column}»: {headers}; hãy giữ lại một cột.")
_IGNORED = N_("Bỏ qua các cột không dùng đến: {headers}.")


class Heading(msgspec.Struct, frozen=True):
    """The header row of a file: its number, its cells, and the place of each known column."""

    line: int
    cells: tuple[str, ...]
    places: dict[str, int]

    @property
    def needed(self) -> int:
        """Cells that a row must have: up to the last one with a header."""
        return max(place for place, cell in enumerate(self.cells) if cell.strip()) + 1

    def fitted(self, cells: list[str]) -> list[str] | None:
        """The cells of a row under the header, or None where they cannot be laid under it."""
        width = len(self.cells)
        if len(cells) < self.needed or any(cell.strip() for cell in cells[width:]):
            return None
        return [*cells[:width], *[""] * (width - len(cells))]

    def header(self, column: str) -> str:
        """The header of a column as the file writes it, or the column's own name."""
        place = self.places.get(column)
        return column if place is None else self.cells[place].strip()

    def ignored(self) -> Sentence | None:
        """What is said about columns that nobody knows."""
        used = set(self.places.values())
        unknown = [c.strip() for i, c in enumerate(self.cells) if i not in used and c.strip()]
        return Sentence(_IGNORED, {"headers": ", ".join(unknown)}) if unknown else None


def find_heading(top: list[tuple[int, list[str]]], sheet: Sheet, file: str) -> Heading:
    """The header among the first rows of a file; rows above it are titles.

    Raises
    ------
    ImportFileError
        No row has every required column, or two columns are the same.
    """
    filled = [(line, cells) for line, cells in top if any(cell.strip() for cell in cells)]
    if not filled:
        raise ImportFileError(EMPTY, file=file)
    line, cells = max(filled, key=lambda record: sheet.known_cells([record]))
    heading = Heading(line, tuple(cells), _place_columns(cells, sheet, file))
    _require_columns(sheet, heading, file)
    return heading


def _place_columns(cells: list[str], sheet: Sheet, file: str) -> dict[str, int]:
    """Place of every column that is there; a column's own header goes before its other ones."""
    folded = [fold(cell) for cell in cells]
    places: dict[str, int] = {}
    for spellings in (Column.own_headers, Column.other_headers):
        for column in sheet.columns:
            names = spellings(column)
            found = [
                place
                for place, cell in enumerate(folded)
                if cell in names and place not in places.values()
            ]
            if column.name in places or not found:
                continue
            if len(found) > 1:
                headers = ", ".join(cells[place].strip() for place in found)
                raise ImportFileError(_TWICE, file=file, column=column.headers[0], headers=headers)
            places[column.name] = found[0]
    return places


def _require_columns(sheet: Sheet, heading: Heading, file: str) -> None:
    required = [column for column in sheet.columns if column.required]
    missing = [f"«{c.headers[0]}» ({c.name})" for c in required if c.name not in heading.places]
    if missing:
        found = ", ".join(f"«{cell.strip()}»" for cell in heading.cells if cell.strip())
        raise ImportFileError(
            _MISSING,
            file=file,
            missing=", ".join(missing),
            found=found,
            line=str(heading.line),
        )
