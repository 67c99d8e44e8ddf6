"""What is known of Khánh Hòa itself, as tables: communes of 2021, offices then and since 2025.

Sources and what is assumed: docs/demo.md.
"""

from datetime import date
from typing import NamedTuple

PROVINCE = "56"
MERGED_IN = "58"
"""Ninh Thuận, part of the new Khánh Hòa since 1 July 2025."""

TRUONG_SA = "576"
"""The ninth district; the report of Q1/2021 counts eight districts and 136 communes without it."""

REGISTER_STARTS = date(2021, 1, 1)
COMMUNES_MERGE = date(2024, 11, 1)
TWO_TIERS = date(2025, 7, 1)


class Commune(NamedTuple):
    """A commune of 2021 that was not one any more, or another, after 1 November 2024."""

    code: str
    name: str
    district: str
    successor: str


COMMUNES_UNTIL_2024 = (
    Commune("22342", "Phường Xương Huân", "568", "22348"),
    Commune("22345", "Phường Vạn Thắng", "568", "22348"),
    Commune("22354", "Phường Phương Sơn", "568", "22351"),
    Commune("22360", "Phường Phước Tân", "568", "22366"),
    Commune("22366", "Phường Phước Tiến", "568", "22366"),
    Commune("22369", "Phường Tân Lập", "568", "22366"),
    Commune("22579", "Xã Ninh Phước", "572", "22606"),
    Commune("22606", "Xã Ninh Vân", "572", "22606"),
    Commune("22660", "Xã Diên Xuân", "574", "22660"),
    Commune("22666", "Xã Diên Đồng", "574", "22660"),
)

COMMUNES_SINCE_2024 = ("22366", "22606", "22660")
"""Tân Tiến, the new Ninh Phước and Xuân Đồng."""

DISTRICT_WEIGHTS = {
    "568": 36.0,
    "572": 19.0,
    "574": 13.0,
    "569": 12.0,
    "571": 10.0,
    "570": 8.0,
    "573": 2.5,
    "575": 1.5,
}
"""Shares of the dossiers of the district level, in percent: assumed."""

REMOTE_DISTRICTS = frozenset({"573", "575"})
"""Khánh Vĩnh and Khánh Sơn: mountain communes with few dossiers."""

REMOTE_COMMUNES_2025 = frozenset(
    {"22612", "22615", "22624", "22648", "22720", "22732", "22786", "22801", "22828", "22900"}
)
"""Communes of 2025 in the mountains, with few dossiers: assumed."""

OFFICES_2021 = {
    "SNV": "Sở Nội vụ",
    "STP": "Sở Tư pháp",
    "SKHDT": "Sở Kế hoạch và Đầu tư",
    "STC": "Sở Tài chính",
    "SCT": "Sở Công Thương",
    "SNNPTNT": "Sở Nông nghiệp và Phát triển nông thôn",
    "SGTVT": "Sở Giao thông vận tải",
    "SXD": "Sở Xây dựng",
    "STNMT": "Sở Tài nguyên và Môi trường",
    "STTTT": "Sở Thông tin và Truyền thông",
    "SLDTBXH": "Sở Lao động - Thương binh và Xã hội",
    "SVHTT": "Sở Văn hóa và Thể thao",
    "SDL": "Sở Du lịch",
    "SKHCN": "Sở Khoa học và Công nghệ",
    "SGDDT": "Sở Giáo dục và Đào tạo",
    "SYT": "Sở Y tế",
    "SNGV": "Sở Ngoại vụ",
    "BDT": "Ban Dân tộc",
    "BQLVP": "Ban Quản lý Khu kinh tế Vân Phong",
}

OFFICES_2025 = {
    "SNV": "Sở Nội vụ",
    "STP": "Sở Tư pháp",
    "STC": "Sở Tài chính",
    "SCT": "Sở Công Thương",
    "SNNMT": "Sở Nông nghiệp và Môi trường",
    "SXD": "Sở Xây dựng",
    "SKHCN": "Sở Khoa học và Công nghệ",
    "SVHTTDL": "Sở Văn hóa, Thể thao và Du lịch",
    "SGDDT": "Sở Giáo dục và Đào tạo",
    "SYT": "Sở Y tế",
    "SNGV": "Sở Ngoại vụ",
    "SDTTG": "Sở Dân tộc và Tôn giáo",
    "BQLVP": "Ban Quản lý Khu kinh tế Vân Phong",
}


class OfficeHeir(NamedTuple):
    """Part of an office's work, and the office of 2025 that it went to."""

    office: str
    heir: str
    share: float


OFFICE_HEIRS = (
    OfficeHeir("SNV", "SNV", 1.0),
    OfficeHeir("STP", "STP", 1.0),
    OfficeHeir("SKHDT", "STC", 1.0),
    OfficeHeir("STC", "STC", 1.0),
    OfficeHeir("SCT", "SCT", 1.0),
    OfficeHeir("SNNPTNT", "SNNMT", 1.0),
    OfficeHeir("SGTVT", "SXD", 1.0),
    OfficeHeir("SXD", "SXD", 1.0),
    OfficeHeir("STNMT", "SNNMT", 1.0),
    OfficeHeir("STTTT", "SKHCN", 1.0),
    OfficeHeir("SLDTBXH", "SNV", 0.6),
    OfficeHeir("SLDTBXH", "SYT", 0.3),
    OfficeHeir("SLDTBXH", "SGDDT", 0.1),
    OfficeHeir("SVHTT", "SVHTTDL", 1.0),
    OfficeHeir("SDL", "SVHTTDL", 1.0),
    OfficeHeir("SKHCN", "SKHCN", 1.0),
    OfficeHeir("SGDDT", "SGDDT", 1.0),
    OfficeHeir("SYT", "SYT", 1.0),
    OfficeHeir("SNGV", "SNGV", 1.0),
    OfficeHeir("BDT", "SDTTG", 1.0),
    OfficeHeir("BQLVP", "BQLVP", 1.0),
)


def main_heir(office: str) -> str:
    """The office of 2025 that took over most of an office of 2021."""
    return max(
        (row for row in OFFICE_HEIRS if row.office == office), key=lambda row: row.share
    ).heir
