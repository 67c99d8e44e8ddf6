"""Words, likeness and suggested themes of Vietnamese texts."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.texts.segmentation import plain, segment
from analysis.texts.similarity import most_similar, vectors
from analysis.texts.themes import LEAST, MOST, Theme, suggest
from surveys.themes.shipped import FACTORS, LAST, shipped_themes

SENTENCES = Path(__file__).with_name("theme_sentences.txt")
LETTERS = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ .,!?0123456789", max_size=60)

OFFLINE = """
import socket
def refuse(*given, **named):
    raise AssertionError("the network was asked")
socket.socket.connect = socket.socket.connect_ex = refuse
socket.getaddrinfo = socket.create_connection = refuse
from analysis.texts.segmentation import segment
from analysis.texts.themes import Theme, suggest
print(segment("Thiếu giấy tờ"), [one.key for one in suggest(["Chờ lâu"], [Theme("w", ["chờ lâu"])])[0]])
"""


def shipped() -> list[Theme]:
    return [Theme(key, one.seeds, last=key == LAST) for key, one in shipped_themes().items()]


def labelled() -> list[tuple[set[str], str]]:
    """Themes that a reader would choose, and the sentence."""
    lines = [line for line in SENTENCES.read_text().splitlines() if "|" in line]
    parts = [[part.strip() for part in line.split("|")] for line in lines]
    return [({part[0], *part[2:]} - {"-"}, part[1]) for part in parts]


def test_words_are_found_without_any_network() -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE], capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "['thiếu', 'giấy tờ'] ['w']", done.stderr


def test_a_word_of_two_syllables_is_one() -> None:
    assert segment("Phải đi lại vì thiếu giấy tờ.") == ["phải", "đi lại", "vì", "thiếu", "giấy tờ"]
    assert segment("…!?") == []
    assert plain("Đợi LÂU quá") == "doi lau qua"


def test_a_text_is_most_like_itself_and_then_like_one_of_the_same_words() -> None:
    texts = ["Chờ quá lâu ở quầy.", "Phí thu không có biên lai.", "Chờ lâu, quầy ít người."]
    found = most_similar(texts, "Chờ quá lâu ở quầy.")
    assert [place for place, _cosine in found[:2]] == [0, 2]
    assert found[0][1] == pytest.approx(1.0)
    assert most_similar([], "Chờ") == []
    assert vectors(["!", ""]).rows.shape[0] == 2


def test_a_text_typed_without_marks_resembles_the_same_with_marks() -> None:
    texts = ["Phí thu không có biên lai.", "Cán bộ hướng dẫn rất kỹ."]
    assert most_similar(texts, "can bo huong dan rat ky", least=0.1)[0][0] == 1


def test_suggestions_are_right_nine_times_in_ten_on_sentences_written_after_the_seeds() -> None:
    cases = labelled()
    assert len(cases) >= 150
    found = suggest([text for _wanted, text in cases], shipped())
    pairs = list(zip((wanted for wanted, _text in cases), found, strict=True))
    first = [(wanted, one[0].key) for wanted, one in pairs if one]
    precision = sum(key in wanted for wanted, key in first) / len(first)
    told = sum(any(one.key in wanted for one in keys) for wanted, keys in pairs)
    recall = told / sum(bool(wanted) for wanted, _keys in pairs)
    print(f"{len(cases)} sentences: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.92
    assert recall >= 0.78


def test_what_belongs_to_no_theme_gets_no_suggestion() -> None:
    strange = [text for wanted, text in labelled() if not wanted]
    assert [one for one in suggest(strange, shipped()) if one] == []


def test_a_confirmed_comment_decides_for_its_equals_and_speaks_for_its_like() -> None:
    odd = "Cái máy kia cứ nhả giấy trắng hoài."
    themes = [Theme("papers", ["giấy tờ"]), Theme("machines", ["máy in"], examples=[odd])]
    same, like = suggest([odd, "Cái máy kia cứ nhả giấy trắng mãi."], themes)
    assert same[0].key == "machines"
    assert same[0].score == 1.0
    assert like[0].key == "machines"


def test_praise_is_suggested_only_where_nothing_else_is() -> None:
    found = suggest(["Cảm ơn, thái độ vui vẻ.", "Cảm ơn rất nhiều."], shipped())
    assert [one.key for one in found[0]] == ["attitude"]
    assert [one.key for one in found[1]] == [LAST]


def test_every_shipped_theme_is_whole() -> None:
    themes = shipped_themes()
    assert {one.factor for one in themes.values()} == set(FACTORS)
    assert all(one.name["vi"] and one.name["en"] and one.seeds for one in themes.values())
    assert all(len(one.seeds) == len(set(one.seeds)) for one in themes.values())


@settings(max_examples=30)
@given(st.lists(LETTERS, max_size=4))
def test_any_text_gets_at_most_two_suggestions_in_order(texts: list[str]) -> None:
    found = suggest(texts, shipped())
    assert len(found) == len(texts)
    for keys in found:
        assert len({one.key for one in keys}) == len(keys) <= MOST
        assert all(LEAST <= one.score <= 1 for one in keys)
