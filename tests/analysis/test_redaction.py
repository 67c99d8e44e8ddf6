"""What names a person is found, and what is covered stays covered."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.folding import fold, strip_marks
from analysis.texts.personal import COVERS, Span, cover, find_personal, join
from app.locales.extraction import find_texts
from tests.analysis.redaction_sets import Marked, measure, read_marked, read_set

SENTENCES = read_set("redaction_sentences")
PIECES = [
    "Nguyễn Văn An", "anh Tuấn", "0912 345 678", "CCCD 056190001234", "79A-123.45", "[họ tên]",
    "ten@example.vn", "stk", "số nhà 12 đường Lê Lợi", "không chín một hai ba", "ông", "y", "H'Hen",
    "\n", ".", ", ", " ", "tên là", "TRẦN THỊ LAN", "lê thị hoa", "ở quầy 2", "u\u031b\u0323", "\u200b",
]  # fmt: skip
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(PIECES) | st.text(max_size=4)).map("".join))


def test_the_set_is_large_enough_to_tell_something() -> None:
    assert len(SENTENCES) >= 250
    assert len({one.text for one in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("kind", ["phone", "identity", "plate", "mail"])
def test_numbers_and_mails_are_found(kind: str) -> None:
    reached = measure(SENTENCES)[kind]
    assert reached.marked >= 10
    assert reached.recall >= 0.98, reached.missed
    assert reached.precision >= 0.95, reached.needless


def test_names_of_persons_are_found() -> None:
    reached = measure(SENTENCES)["name"]
    assert reached.recall >= 0.9, reached.missed
    assert reached.precision >= 0.9, reached.needless


@pytest.mark.parametrize(
    ("name", "texts", "least"),
    [("redaction_held_back", 87, 0.96), ("redaction_held_back_2", 305, 0.98)],
)
def test_what_was_mended_in_texts_held_back_stays_mended(
    name: str, texts: int, least: float
) -> None:
    held_back = read_set(name)
    assert len({one.text for one in held_back}) == texts
    reached = measure(held_back)
    assert reached["name"].recall >= least, reached["name"].missed
    assert reached["name"].precision >= 0.95, reached["name"].needless
    for kind in ("phone", "identity", "plate", "mail", "account", "address", "birth"):
        assert reached[kind].recall >= 0.98, reached[kind].missed
        assert reached[kind].precision >= 0.9, reached[kind].needless


def test_texts_that_nothing_was_mended_for_hide_their_persons_and_numbers() -> None:
    reached = measure(read_set("redaction_held_back_3"))
    assert reached["name"].marked >= 120
    assert reached["name"].recall >= 0.9, reached["name"].missed
    assert reached["name"].precision >= 0.85, reached["name"].needless
    sure = [reached[kind] for kind in ("phone", "identity", "plate", "mail")]
    assert sum(one.whole for one in sure) >= 0.98 * sum(one.marked for one in sure)


def test_a_person_named_once_is_found_wherever_the_name_stands_again() -> None:
    text = "Ngô Tiến Đạt nhận. Đạt mở máy, anh Công cười. Công bằng mà nói, phố Đạt còn vắng."
    assert [text[one.start : one.end] for one in find_personal(text)] == [
        "Ngô Tiến Đạt",
        "Đạt",
        "Công",
    ]


def test_few_words_of_the_programs_own_pages_are_taken_for_persons() -> None:
    found = {text: find_personal(text) for text in set(find_texts())}
    assert sum(len(text.split()) for text in found) > 16_000
    assert sum(map(len, found.values())) <= 12, {a: b for a, b in found.items() if b}


@pytest.mark.parametrize(
    ("form", "least"), [(str.lower, 0.8), (str.upper, 0.8), (strip_marks, 0.75)]
)
def test_names_are_found_without_capitals_and_marks_too(form: object, least: float) -> None:
    changed = [_rewritten(one, form) for one in SENTENCES]
    reached = measure(changed)
    assert reached["name"].recall >= least, reached["name"].missed
    for kind in ("phone", "identity", "plate", "mail"):
        assert reached[kind].recall >= 0.98, reached[kind].missed


def test_it_does_not_matter_how_marks_are_written() -> None:
    for one in SENTENCES:
        spread = unicodedata.normalize("NFD", one.text)
        plain = cover(one.text, find_personal(one.text))
        assert unicodedata.normalize("NFC", cover(spread, find_personal(spread))) == plain


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_every_find_lies_within_the_text_and_over_no_other(text: str) -> None:
    spans = find_personal(text)
    for before, after in pairwise(spans):
        assert before.end <= after.start
    assert all(0 <= one.start < one.end <= len(text) and one.kind in COVERS for one in spans)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_nothing_of_a_find_is_left_and_all_else_is(text: str) -> None:
    spans = find_personal(text)
    kept, place = [], 0
    for one in spans:
        kept.append(text[place : one.start])
        place = one.end
    kept.append(text[place:])
    shown = cover(text, spans)
    covers = [COVERS[one.kind] for one in spans]
    assert shown == "".join(a + b for a, b in zip(kept, [*covers, ""], strict=True))


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_covering_what_is_covered_changes_nothing(text: str) -> None:
    once = _settled(text)
    assert cover(once, find_personal(once)) == once


@given(
    st.text(),
    st.lists(st.tuples(st.integers(-3, 40), st.integers(-3, 40), st.sampled_from(list(COVERS)))),
)
def test_any_spans_can_be_joined_and_the_union_is_covered(
    text: str, given_spans: list[tuple[int, int, str]]
) -> None:
    spans = [Span(start, end, kind, "person") for start, end, kind in given_spans]
    joined = join(spans, len(text))
    hidden = {place for one in joined for place in range(one.start, one.end)}
    wanted = {p for one in spans for p in range(max(one.start, 0), min(one.end, len(text)))}
    assert hidden == wanted
    assert join(joined, len(text)) == joined


@given(st.text())
def test_both_views_of_a_text_have_one_character_for_each_letter(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.plain) == len(folded.start) == len(folded.end)
    assert all(first < last for first, last in zip(folded.start, folded.end, strict=True))


@pytest.mark.parametrize(
    "text",
    [
        "Ba lần tôi phải về lấy thêm giấy tờ.",
        "Hồ sơ H32.15-261012-0045 nộp ngày 05/03/2026, phí 1.500.000 đồng.",
        "Đường Trần Phú ở thành phố Hồ Chí Minh ngập, gọi 1022 không ai nghe.",
        "Đến lượt thì cán bộ bỏ đi nghe điện thoại rất lâu.",
    ],
)
def test_what_names_nobody_is_left_as_it_is(text: str) -> None:
    assert find_personal(text) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("chị hằng ở bộ phận một cửa nói thiếu giấy", ["hằng"]),
        ("Tôi hỏi chị hằng thì được bảo chờ.", ["hằng"]),
        ("Nhờ chị hằng, phòng tư pháp, xem lại.", ["hằng"]),
        ("Các anh chị hằng ngày làm việc ở đây, chị hằng tháng đến nộp.", []),
        ("Hằng năm bà hằng tháng nhận lương hưu, em hằng tuần đi lại.", []),
    ],
)
def test_a_name_that_is_a_word_of_tales_too_is_found_and_every_day_is_not(
    text: str, names: list[str]
) -> None:
    assert [text[one.start : one.end] for one in find_personal(text)] == names


@pytest.mark.parametrize(
    ("text", "covered"),
    [
        ("Ngày tháng năm sinh 05 03 1990.", "Ngày tháng năm sinh [ngày sinh]."),
        (
            "Cháu sinh ngày mười lăm tháng tám năm hai nghìn mười chín, ở xã.",
            "Cháu sinh ngày [ngày sinh], ở xã.",
        ),
        ("sinh ngay mong ba thang nam nam 1990", "sinh ngay [ngày sinh]"),
        ("chủ tk: dam quang vinh", "chủ tk: [họ tên]"),
        ("Chủ tài khoản dam quang vinh ở ngân hàng.", "Chủ tài khoản [họ tên] ở ngân hàng."),
        ("Việc từ tháng Ba năm 1990.", "Việc từ tháng Ba năm 1990."),
        ("tháng Ba năm 1990", "tháng Ba năm 1990"),
        ("Đồng chí Trung uý bảo chờ.", "Đồng chí Trung uý bảo chờ."),
        ("Đồng chí Trung uý Lê Văn Nam ký.", "Đồng chí Trung uý [họ tên] ký."),
        ("Học sinh ba tháng năm nay nghỉ.", "Học sinh ba tháng năm nay nghỉ."),
        ("Chủ tk: công ty tôi.", "Chủ tk: công ty tôi."),
    ],
)
def test_births_owners_months_and_ranks_are_told_apart(text: str, covered: str) -> None:
    assert cover(text, find_personal(text)) == covered


def _settled(text: str) -> str:
    """The text covered until nothing more is found, as the page of redaction does."""
    for _ in range(8):
        shown = cover(text, find_personal(text))
        if shown == text:
            break
        text = shown
    return text


def _rewritten(one: Marked, form: object) -> Marked:
    assert callable(form)
    places, text, last = [], "", 0
    for place in one.places:
        text += form(one.text[last : place.start])
        start = len(text)
        text += form(one.text[place.start : place.end])
        places.append(Span(start, len(text), place.kind, "hand"))
        last = place.end
    return Marked(text + form(one.text[last:]), tuple(places))


def test_marks_in_the_sentences_are_read() -> None:
    assert read_marked("gặp {n:Lan}") == Marked("gặp Lan", (Span(4, 7, "name", "hand"),))
