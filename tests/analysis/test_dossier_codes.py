"""Codes of dossiers are found however they are told, and nothing else is taken for one."""

import pytest

from analysis.texts.dossiers import find_dossiers
from analysis.texts.folding import fold
from analysis.texts.personal import cover

# Long enough that nobody would wait for a pattern that goes back and forth.
LENGTH = 50_000


def covered(text: str) -> str:
    return cover(text, find_dossiers(fold(text)))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hồ sơ H32.15-261012-0045 hẹn trả ngày 12/6/2026.", "Hồ sơ [mã hồ sơ] hẹn trả ngày 12/6/2026."),
        ("Tôi nộp 000.00.15.H32-260101-0001 rồi.", "Tôi nộp [mã hồ sơ] rồi."),
        ("Hồ sơ G01.899.108-251103-0021 và G22.99-250101-0001.", "Hồ sơ [mã hồ sơ] và [mã hồ sơ]."),
        ("hồ sơ G01.899.108 - 251103 - 0021 trễ", "hồ sơ [mã hồ sơ] trễ"),
        ("MÃ HỒ SƠ: 12345678, chưa xong", "MÃ HỒ SƠ: [mã hồ sơ], chưa xong"),
        ("biên nhận số HS-2026-0012", "biên nhận số [mã hồ sơ]"),
        ("ho so h32.91-2021 da qua hen", "ho so [mã hồ sơ] da qua hen"),
        ("Tra cứu hồ sơ ABC123456: lỗi", "Tra cứu hồ sơ [mã hồ sơ]: lỗi"),
    ],
)  # fmt: skip
def test_a_code_is_covered(text: str, shown: str) -> None:
    assert covered(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "Hồ sơ ngày 12/03/2026 chậm; nộp hồ sơ 2021 đến nay.",
        "Hồ sơ 3 tháng, 150 bộ hồ sơ; phiếu hẹn 07h30, hồ sơ T3/2026.",
        "Nghị định 20/2008/NĐ-CP; cơ quan 000.00.15.H32 trả lời.",
        "Hồ sơ của ông An, biên nhận bị mất, giấy hẹn ghi thứ Ba.",
    ],
)
def test_what_is_no_code_is_left(text: str) -> None:
    assert covered(text) == text


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("hồ sơ " * LENGTH, 0),
        ("hồ sơ a1b2" + "c" * LENGTH, 0),
        ("hồ sơ " + "1." * LENGTH, 0),
        ("hồ sơ " + "a1" * LENGTH, 1),
        ("a.1" * LENGTH, 0),
    ],
)
def test_a_text_that_only_looks_like_codes_is_read_to_its_end(text: str, codes: int) -> None:
    assert covered(text).count("[mã hồ sơ]") == codes
