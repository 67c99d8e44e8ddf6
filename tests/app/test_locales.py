"""The English catalogue says what the Vietnamese texts say, and can be filled in like them."""

import re
import unicodedata
from collections import Counter
from pathlib import Path

import httpx
import pytest
from babel.messages.catalog import Message

from app.locales.extraction import find_texts
from app.locales.update import HERE, read_catalogue, update_catalogue
from app.rendering import LANGUAGES, catalogue
from surveys.periods import PeriodError, parse_period

PLACES = re.compile(r"%\(\w+\)s|%%|%|\{\w*\}")
CATALOGUES = {code: HERE / code / "LC_MESSAGES" / "sipas.po" for code in LANGUAGES if code != "vi"}

TEMPLATE = """{{ _("Kết quả") }} {{ _("hạng %(rank)s", rank=1) }}
{{ ngettext("%(num)s quầy", "%(num)s quầy", number) }}"""
CODE = """title = _("Kết quả")
advice = N_("Hãy thử lại sau {n} phút.")
"""


def messages(code: str) -> list[Message]:
    """What stands in a catalogue, its header aside."""
    return [message for message in read_catalogue(CATALOGUES[code], code) if message.id]


def forms(texts: object) -> list[str]:
    """A text, or all forms of one that depends on a number."""
    return [texts] if isinstance(texts, str) else list(texts)  # type: ignore[call-overload]


def places(text: str) -> Counter[str]:
    return Counter(PLACES.findall(text))


def has_vietnamese_letters(text: str) -> bool:
    apart = unicodedata.normalize("NFD", text.casefold())
    return any(letter == "đ" or unicodedata.combining(letter) for letter in apart)


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A tree with one template and one module."""
    (tmp_path / "app" / "templates").mkdir(parents=True)
    (tmp_path / "surveys").mkdir()
    (tmp_path / "app" / "templates" / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "surveys" / "errors.py").write_text(CODE, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_catalogue_holds_the_texts_that_are_in_use_and_no_others(code: str) -> None:
    known = {forms(message.id)[0] for message in messages(code)}
    assert known ^ find_texts().keys() == set()


@pytest.mark.parametrize("code", CATALOGUES)
def test_every_text_is_translated_in_all_its_forms(code: str) -> None:
    empty = [message.id for message in messages(code) if not all(forms(message.string))]
    assert empty == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_translation_has_the_same_places_to_fill_in(code: str) -> None:
    wrong = [
        (original, said)
        for message in messages(code)
        for original in forms(message.id)
        for said in forms(message.string)
        if places(original) != places(said)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", CATALOGUES)
def test_a_translation_ends_like_its_text(code: str) -> None:
    """Texts are put together: a lost blank or full stop would show."""
    wrong = [
        (original, said)
        for message in messages(code)
        for original in forms(message.id)
        for said in forms(message.string)
        if said != said.strip() or (original[-1] in ".?:") != (said[-1] in ".?:")
    ]
    assert wrong == []


def test_no_vietnamese_is_left_in_english() -> None:
    left = [m.string for m in messages("en") if any(map(has_vietnamese_letters, forms(m.string)))]
    assert left == []


def test_an_update_of_a_catalogue_in_step_changes_nothing(tmp_path: Path) -> None:
    here = CATALOGUES["en"].read_bytes()
    copy = tmp_path / "sipas.po"
    copy.write_bytes(here)
    assert update_catalogue(copy, "en", find_texts()) == []
    assert copy.read_bytes() == here


def test_texts_are_found_in_templates_and_code_with_their_plural(house: Path) -> None:
    assert find_texts(house) == {
        "Kết quả": "Kết quả",
        "hạng %(rank)s": "hạng %(rank)s",
        "%(num)s quầy": ("%(num)s quầy", "%(num)s quầy"),
        "Hãy thử lại sau {n} phút.": "Hãy thử lại sau {n} phút.",
    }


def test_an_update_keeps_translations_adds_new_texts_and_drops_old_ones(house: Path) -> None:
    path = house / "en" / "sipas.po"
    start = 'msgid "Kết quả"\nmsgstr "Results"\n\nmsgid "Bỏ đi"\nmsgstr "Gone"\n'
    path.parent.mkdir()
    path.write_text(start, encoding="utf-8")
    assert update_catalogue(path, "en", find_texts(house)) == [
        "%(num)s quầy", "Hãy thử lại sau {n} phút.", "hạng %(rank)s",
    ]  # fmt: skip
    text = path.read_text(encoding="utf-8")
    assert 'msgid "Kết quả"\nmsgstr "Results"' in text
    assert 'msgid "Hãy thử lại sau {n} phút."\nmsgstr ""' in text
    assert 'msgstr[1] ""' in text
    assert "Bỏ đi" not in text


def test_a_text_that_gains_a_plural_is_translated_anew(house: Path) -> None:
    path = house / "sipas.po"
    path.write_text('msgid "%(num)s quầy"\nmsgstr "%(num)s counters"\n', encoding="utf-8")
    assert "%(num)s quầy" in update_catalogue(path, "en", find_texts(house))


def test_a_catalogue_names_neither_days_nor_places(house: Path) -> None:
    path = house / "sipas.po"
    update_catalogue(path, "en", find_texts(house))
    text = path.read_text(encoding="utf-8")
    assert "-Date" not in text
    assert "#:" not in text


def test_a_message_is_translated_before_its_values_are_filled_in() -> None:
    with pytest.raises(PeriodError, match="không phải là một kỳ") as caught:
        parse_period("{tết}")
    told = caught.value.told(catalogue("en").gettext)
    assert told == "“{tết}” is not a period; write 2021, 2021-Q1 or 2021-03."


async def test_an_address_without_a_page_is_refused_in_the_visitors_language(
    client: httpx.AsyncClient,
) -> None:
    client.cookies["language"] = "en"
    answer = await client.get("/nowhere", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert 'lang="en"' in answer.text
    assert "Page not found" in answer.text
