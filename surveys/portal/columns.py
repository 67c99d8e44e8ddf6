"""Which header of a file holds what: guessed at first, remembered once somebody has said it."""

import json
from collections.abc import Mapping, Sequence
from typing import Final

from surveys.register.words import fold
from surveys.transactions import fetch, fetch_one

N_ = str

# What a row of ours needs, how we call it, and how the portal's files may call it.
COLUMNS: Final[dict[str, tuple[str, str]]] = {
    "source": (
        N_("Mã phản ánh, kiến nghị"),
        "mã pakn, mã phản ánh kiến nghị, mã phản ánh, mã kiến nghị, mã số, mã",
    ),
    "received": (
        N_("Ngày gửi"),
        "ngày gửi, thời gian gửi, ngày tiếp nhận, ngày phản ánh, ngày tạo, thời điểm gửi",
    ),
    "text": (
        N_("Nội dung"),
        "nội dung, nội dung phản ánh, nội dung pakn, nội dung phản ánh kiến nghị, chi tiết",
    ),
    "subject": (N_("Tiêu đề"), "tiêu đề, tên phản ánh, tên pakn, trích yếu"),
    "agency": (
        N_("Cơ quan xử lý"),
        "cơ quan xử lý, đơn vị xử lý, cơ quan, đơn vị, cơ quan tiếp nhận, mã cơ quan",
    ),
    "kind": (N_("Phản ánh hay kiến nghị"), "phân loại, hình thức, loại pakn, loại phản ánh"),
    "type": (N_("Loại vụ việc"), "lĩnh vực, loại vụ việc, nhóm nội dung, loại nội dung"),
    "name": (
        N_("Họ tên người gửi"),
        "họ tên, họ và tên, người gửi, tên người gửi, tổ chức cá nhân",
    ),
    "phone": (N_("Điện thoại"), "điện thoại, số điện thoại, sđt, di động"),
    "mail": (N_("Thư điện tử"), "email, thư điện tử, hộp thư, mail"),
    "address": (N_("Địa chỉ"), "địa chỉ, địa chỉ người gửi, nơi ở"),
    "dossier": (N_("Mã hồ sơ"), "mã hồ sơ, số hồ sơ, hồ sơ"),
}
REQUIRED: Final = ("source", "received", "text")
NAMES: Final = frozenset(
    fold(name) for _title, names in COLUMNS.values() for name in names.split(",")
)

REMEMBERED: Final = "SELECT headers FROM portal_mapping WHERE agency IS NOT DISTINCT FROM $1"
STORE: Final = """
INSERT INTO portal_mapping (agency, headers, account) VALUES ($1, $2::jsonb, $3)
ON CONFLICT (agency) DO UPDATE SET headers = excluded.headers, account = excluded.account,
    changed_at = now()
"""


def known_names(cells: Sequence[str]) -> int:
    """How many different names of columns, as files usually write them, stand in a row."""
    return len({fold(cell) for cell in cells} & NAMES)


def guess_headers(headers: Sequence[str], remembered: Mapping[str, str]) -> dict[str, str]:
    """The header of each column that can be told: as remembered, else by its usual names."""
    folded = {fold(header): header for header in headers if header}
    found: dict[str, str] = {}
    for column in COLUMNS:
        if fold(remembered.get(column, "")) in folded:
            found[column] = folded[fold(remembered[column])]
    for column, (_title, names) in COLUMNS.items():
        for name in names.split(","):
            header = folded.get(fold(name))
            if column not in found and header and header not in found.values():
                found[column] = header
    return found


async def remembered_headers(agency: int | None) -> dict[str, str]:
    """What was said the last time."""
    row = await fetch_one(REMEMBERED, agency)
    found: dict[str, str] = json.loads(row["headers"]) if row else {}
    return found


async def remember_headers(headers: Mapping[str, str], *, agency: int | None, actor: int) -> None:
    """Read the next file by these headers."""
    known = {column: header[:200] for column, header in headers.items() if column in COLUMNS}
    await fetch(STORE, agency, json.dumps(known), actor)
