"""Small files of the register, and imports of them, for tests."""

from pathlib import Path
from typing import Any

import xlsxwriter

from surveys.register import Options, Report, import_file
from surveys.transactions import fetch

UNITS = """code,name,level,kind,parent_code,valid_from,valid_to
56,Tỉnh Khánh Hòa,province,Tỉnh,,1989-07-01,2025-07-01
56,Tỉnh Khánh Hòa,province,Tỉnh,,2025-07-01,
58,Tỉnh Ninh Thuận,province,Tỉnh,,1992-04-01,2025-07-01
568,Thành phố Nha Trang,district,Thành phố,56,2009-04-22,2025-07-01
"""
AGENCIES = """code,name,level,unit_code,parent_code,valid_from,valid_to
STP,Sở Tư pháp,province,56,,2000-01-01,
STP-1,Phòng Hộ tịch,province,56,STP,2000-01-01,
NT,UBND thành phố Nha Trang,district,568,,2009-04-22,2025-07-01
"""
PROCEDURES = """code,name,field_code,field_name,level,working_days
KS,Đăng ký khai sinh,HT,Hộ tịch,commune,1
LLTP,Cấp phiếu lý lịch tư pháp,TP,Tư pháp,province,10
"""
DOSSIERS = (
    "code,agency_code,procedure_code,channel,received_at,due_at,returned_at,closed_at,outcome\n"
)
GOOD = "D1,STP,KS,counter,2021-01-04 08:15,2021-01-18,2021-01-15 15:40,2021-01-15 16:00,granted\n"


def write(folder: Path, text: str, name: str = "file.csv") -> Path:
    """A file with this text, in UTF-8."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


def write_sheet(folder: Path, rows: list[list[Any]], *, others: tuple[str, ...] = ()) -> Path:
    """A workbook whose first sheet has these rows; a text that begins with = is a formula."""
    path = folder / "file.xlsx"
    book = xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy hh:mm"})
    sheet = book.add_worksheet("Dữ liệu")
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, str) and value.startswith("#"):
                sheet.write_formula(number, place, "=NA()", None, value)
            else:
                sheet.write(number, place, value)
    for name in others:
        book.add_worksheet(name).write(0, 0, "x")
    book.close()
    return path


async def bring(kind: str, folder: Path, text: str, **options: Any) -> Report:
    """Import a text as a CSV file."""
    return await import_file(kind, write(folder, text), Options(**options))


async def bring_register(folder: Path) -> None:
    """Units, agencies and procedures that dossiers may refer to."""
    for kind, text in (("units", UNITS), ("agencies", AGENCIES), ("procedures", PROCEDURES)):
        report = await bring(kind, folder, text)
        assert report.written, told(report)


def told(report: Report) -> list[str]:
    """What is said about the bad rows."""
    return [problem.told() for problem in report.problems]


async def count(table: str) -> int:
    """Rows of a table."""
    return int((await fetch(f"SELECT count(*) AS rows FROM {table}"))[0]["rows"])
