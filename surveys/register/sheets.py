"""The files that can be imported: their columns, the headers they go by, how cells are read."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal

from surveys.register.words import (
    CHANNELS,
    DAY_KINDS,
    LEVELS,
    OUTCOMES,
    SUCCESSIONS,
    UNITS_OF_MEASURE,
    WEEKDAYS,
    fold,
)

Reads = Literal[
    "text", "day", "received", "due", "done", "word", "yes", "whole", "share",
    "period", "indicator", "scope", "figure", "clock",
]  # fmt: skip
SQL_TYPES: Mapping[str, str] = {
    "day": "date",
    "received": "timestamptz",
    "due": "timestamptz",
    "done": "timestamptz",
    "yes": "boolean",
    "whole": "integer",
    "share": "double precision",
    "figure": "numeric(18, 4)",
    "clock": "time",
}


class Column:
    """One column: its name, the headers it goes by (the first is shown), how it is read."""

    def __init__(
        self,
        name: str,
        headers: str,
        reads: Reads = "text",
        *,
        required: bool = False,
        longest: int = 0,
        words: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.headers = tuple(header.strip() for header in headers.split(","))
        self.reads = reads
        self.required = required
        self.longest = longest
        self.words = words or {}

    def own_headers(self) -> set[str]:
        """The headers that mean this column and no other, folded."""
        return {fold(self.name), fold(self.headers[0])}

    def other_headers(self) -> set[str]:
        """Headers by which it also goes where its own is missing, folded."""
        return {fold(header) for header in self.headers[1:]}

    @property
    def sql_type(self) -> str:
        """Type of the column in the staging table."""
        return SQL_TYPES.get(self.reads, "text")


class Sheet:
    """One kind of file."""

    def __init__(self, kind: str, *columns: Column) -> None:
        self.kind = kind
        self.columns = columns

    @cached_property
    def known_headers(self) -> set[str]:
        """Every header of every column, folded."""
        return {
            header
            for column in self.columns
            for header in column.own_headers() | column.other_headers()
        }

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    def known_cells(self, top: Iterable[tuple[int, list[str]]]) -> int:
        """The most known headers that one of these rows holds."""
        return max(
            (len(self.known_headers & {fold(c) for c in cells}) for _, cells in top), default=0
        )


def _level() -> Column:
    return Column("level", "Cấp, cấp hành chính", "word", required=True, words=LEVELS)


def _validity() -> tuple[Column, Column]:
    return (
        Column(
            "valid_from", "Hiệu lực từ, ngày hiệu lực, từ ngày, ngày bắt đầu, ngày thành lập",
            "day", required=True,
        ),
        Column("valid_to", "Hiệu lực đến, đến ngày, ngày hết hiệu lực, ngày kết thúc", "day"),
    )  # fmt: skip


def _succession(kind: str, longest: int, what: str) -> Sheet:
    before = f"Mã trước, mã {what} trước, mã {what} cũ, mã cũ, predecessor, from"
    after = f"Mã sau, mã {what} sau, mã {what} mới, mã mới, successor, to"
    return Sheet(
        kind,
        Column("predecessor_code", before, required=True, longest=longest),
        Column("successor_code", after, longest=longest),
        Column("effective_date", "Ngày hiệu lực, hiệu lực từ, ngày, date", "day", required=True),
        Column(
            "kind", "Hình thức, loại, hình thức sắp xếp, type",
            "word", required=True, words=SUCCESSIONS,
        ),
        Column("share", "Tỷ lệ, tỉ lệ, phần", "share"),
        Column("assumed", "Giả định, ước tính", "yes"),
    )  # fmt: skip


_AGENCY = "Mã cơ quan, mã cơ quan giải quyết, mã đơn vị giải quyết, cơ quan, agency"

_SHEETS = (
    Sheet(
        "units",
        Column(
            "code", "Mã đơn vị, mã, mã đơn vị hành chính, mã đvhc, unit code",
            required=True, longest=20,
        ),
        Column(
            "name", "Tên đơn vị, tên, tên đơn vị hành chính, tên đvhc, unit name",
            required=True, longest=200,
        ),
        _level(),
        Column("kind", "Loại, loại hình, loại đơn vị, type", longest=40),
        Column(
            "parent_code", "Mã đơn vị cấp trên, mã cấp trên, trực thuộc, parent, parent unit",
            longest=20,
        ),
        *_validity(),
    ),
    _succession("unit-successions", 20, "đơn vị"),
    Sheet(
        "agencies",
        Column("code", "Mã cơ quan, mã, agency code", required=True, longest=40),
        Column("name", "Tên cơ quan, tên, cơ quan, agency name", required=True, longest=200),
        _level(),
        Column(
            "unit_code", "Mã đơn vị, mã đơn vị hành chính, mã đvhc, địa bàn, unit", longest=20
        ),
        Column(
            "parent_code", "Mã cơ quan cấp trên, mã cấp trên, trực thuộc, parent, parent agency",
            longest=40,
        ),
        *_validity(),
    ),
    _succession("agency-successions", 40, "cơ quan"),
    Sheet(
        "counters",
        Column("code", "Mã quầy, mã, counter code", required=True, longest=40),
        Column("name", "Tên quầy, tên, quầy, counter name", required=True, longest=200),
        Column("agency_code", _AGENCY, required=True, longest=40),
    ),
    Sheet(
        "procedures",
        Column("code", "Mã thủ tục, mã, mã tthc, procedure code", required=True, longest=40),
        Column(
            "name", "Tên thủ tục, tên, thủ tục, tên tthc, tthc, thủ tục hành chính, procedure name",
            required=True, longest=500,
        ),
        Column("field_code", "Mã lĩnh vực, lĩnh vực, field", required=True, longest=40),
        Column("field_name", "Tên lĩnh vực, lĩnh vực, field", longest=200),
        _level(),
        Column(
            "working_days",
            "Số ngày làm việc, thời hạn, thời hạn giải quyết, số ngày, ngày làm việc, days",
            "whole",
        ),
    ),
    Sheet(
        "dossiers",
        Column(
            "code", "Mã hồ sơ, mã, số hồ sơ, mã số hồ sơ, mã hs, dossier code, dossier",
            required=True, longest=60,
        ),
        Column("agency_code", _AGENCY, required=True, longest=40),
        Column(
            "procedure_code", "Mã thủ tục, mã tthc, mã thủ tục hành chính, thủ tục, procedure",
            required=True, longest=40,
        ),
        Column(
            "channel", "Kênh tiếp nhận, hình thức nộp, kênh, hình thức tiếp nhận, hình thức",
            "word", required=True, words=CHANNELS,
        ),
        Column(
            "received_at", "Ngày tiếp nhận, thời điểm tiếp nhận, ngày nhận, ngày nộp, received",
            "received", required=True,
        ),
        Column("due_at", "Ngày hẹn trả, hạn trả, ngày hẹn, hạn giải quyết, hẹn trả, due", "due"),
        Column(
            "returned_at", "Ngày trả kết quả, ngày trả, thời điểm trả kết quả, returned", "done"
        ),
        Column(
            "closed_at", "Ngày kết thúc, thời điểm kết thúc, ngày đóng, ngày kết thúc xử lý, closed",
            "done",
        ),
        Column("outcome", "Kết quả, kết quả giải quyết, result", "word", words=OUTCOMES),
    ),
    Sheet(
        "totals",
        Column("source", "Nguồn, nguồn số liệu, nguồn công bố", required=True, longest=300),
        Column("period", "Kỳ, kỳ báo cáo, thời kỳ", "period", required=True),
        Column("indicator", "Chỉ tiêu, chỉ số", "indicator", required=True, longest=80),
        Column("scope", "Phạm vi", "scope", required=True, longest=200),
        Column("part_of", "Thuộc, là một phần của, thuộc phạm vi", "scope", longest=200),
        Column("printed", "Số công bố, số liệu, giá trị, số in, value", "figure", required=True),
        Column(
            "unit", "Đơn vị tính, đvt, đơn vị", "word", required=True, words=UNITS_OF_MEASURE
        ),
        Column("assumed", "Giả định, ước tính", "yes"),
        Column("note", "Ghi chú, chú thích, notes"),
    ),
    Sheet(
        "hours",
        Column("agency_code", _AGENCY, longest=40),
        Column("valid_from", "Hiệu lực từ, từ ngày, áp dụng từ", "day", required=True),
        Column("weekday", "Thứ, ngày trong tuần, thứ trong tuần", "word", required=True, words=WEEKDAYS),
        Column("opens", "Giờ mở, mở cửa, từ giờ, bắt đầu", "clock"),
        Column("closes", "Giờ đóng, đóng cửa, đến giờ, kết thúc", "clock"),
    ),
    Sheet(
        "holidays",
        Column("agency_code", _AGENCY, longest=40),
        Column("day", "Ngày, date", "day", required=True),
        Column("kind", "Loại, nghỉ hay làm, type", "word", required=True, words=DAY_KINDS),
        Column("name", "Lý do, tên, tên ngày, nội dung, ghi chú", required=True, longest=200),
        Column("like_weekday", "Làm như thứ, giờ như thứ, thay cho thứ", "word", words=WEEKDAYS),
    ),
)  # fmt: skip

SHEETS: Mapping[str, Sheet] = {sheet.kind: sheet for sheet in _SHEETS}
KINDS = tuple(SHEETS)
