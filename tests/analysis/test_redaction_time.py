"""What somebody types to stop the program takes no longer than a long letter."""

import json
import subprocess
import sys
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.personal import find_personal

LENGTH = 10_000
ORDINARY = "Tôi nộp hồ sơ ở quầy 2 và chờ rất lâu mà không ai trả lời, xin xem lại giúp. "
NASTY = (
    "_", ".", "-", " ", "\n", "7", "a", "a_", "_a", "a.", "a-", "a. ", "@", "a@", "a@a.", "a@a_", "a @ a . ",
    "Nguyễn ", "nguyen ", "ông ", "ong ", "tên là ", "là ", "số nhà 1, ", "so nha 1, ", "tổ 1, ", "thôn a ",
    "thôn A   ", "nhà ở ", "địa chỉ nhà ", "1/1 ", "1 / ", "1/", "1 ", "1.", "09 ", "+84 ", "a cham ", "email a ",
    "email cham ", "gmail. ", "1.gmail ", "mail: .", "a a cong ", "sdt 1 ", "ma so ", "zalo ", "không chín ", "a\u0301",
    "\u0301\u0323", "Quyên, ", "Hoa, Hòa và ", "thì An nói ", "Minh Châu ", "trưởng xã ", "đường Lê Lợi, ", "111-",
    "0905/", "sinh 1/1/2000 phải ", "đội 3 ", "Hai ", "(", "\u00e9,", "Y ", "H'", "đường A, ", "quận 1, ",
)  # fmt: skip
BEHIND = (
    ("a@", "a."),
    ("email: ", "."),
    ("email: ", "a_"),
    ("số nhà 1", " "),
    ("thôn A", " "),
    ("a", "_"),
)
TEXTS = [piece * (LENGTH // len(piece)) for piece in NASTY]
TEXTS += [before + piece * (LENGTH // len(piece)) for before, piece in BEHIND]
# Ends by itself once it has computed for so many seconds, however busy the machine is.
TIMED = """
import json, resource, sys
from time import process_time
from analysis.texts.personal import find_personal
find_personal("xin chào anh Tuấn")
for text in json.load(sys.stdin):
    spent = int(process_time())
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + 8, hard))
    begun = process_time()
    find_personal(text)
    print(process_time() - begun, flush=True)
"""


def _seconds(texts: list[str]) -> list[float]:
    """How long the finders compute over each; fewer where one of them was never done with."""
    done = subprocess.run(
        [sys.executable, "-c", TIMED],
        input=json.dumps(texts).encode(),
        capture_output=True,
        check=False,
    )
    return [float(line) for line in done.stdout.split()]


@pytest.mark.parametrize("part", range(4))
def test_no_repeated_sign_takes_longer_than_a_few_ordinary_letters(part: int) -> None:
    texts = TEXTS[part::4]
    usual, *spent = _seconds([(ORDINARY * LENGTH)[:LENGTH], *texts])
    slow = [
        (text[:20], seconds)
        for text, seconds in zip(texts, spent, strict=False)
        if seconds > 10 * max(usual, 0.2)
    ]
    assert slow == []
    assert len(spent) == len(texts), f"never done with {texts[len(spent)][:20]!r}"


@pytest.fixture(scope="module")
def words_are_read() -> None:
    """The lists of words are read when first needed, which takes longer than any text here."""
    find_personal("xin chào anh Tuấn\ntoi ten la le thi hoa\nthì An nói")


@pytest.mark.usefixtures("words_are_read")
@settings(max_examples=30, deadline=None)
@given(st.text("_.-@ a1A,/:\nạ", min_size=1, max_size=4), st.text("_.-@ a1A,", max_size=3))
def test_time_grows_with_the_length_of_any_repeated_pattern(piece: str, end: str) -> None:
    short, long = (piece * (length // len(piece)) + end for length in (500, 4_000))
    # Eight times the signs: with the square it would be 64 times as long.
    assert _least_seconds(long) < 24 * max(_least_seconds(short), 0.004)


def _least_seconds(text: str) -> float:
    """The best of three: what else the machine does only ever makes it longer."""
    spent = []
    for _ in range(3):
        begun = process_time()
        find_personal(text)
        spent.append(process_time() - begun)
    return min(spent)
