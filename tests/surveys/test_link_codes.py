"""Codes that people type: slips are told, each use opens a link of its own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import InputError, StateError
from surveys.ratings import (
    LINK_CODE_LENGTH,
    find_invitation,
    grouped,
    open_by_code,
    open_coded_links,
    read_code,
)
from surveys.ratings.codes import ALPHABET, MOST_USES, make_code
from surveys.transactions import fetch
from tests.factories import make_agency, make_dossier, make_procedure

CODES = st.builds(lambda _seed: make_code(LINK_CODE_LENGTH), st.integers())


async def make_code_of_dossier() -> tuple[str, str]:
    await make_dossier(await make_agency(), await make_procedure(), "H1")
    return (await open_coded_links(["H1"], questionnaire="counter", days=30))["H1"]


def test_no_sign_looks_like_another() -> None:
    assert len(set(ALPHABET)) == 23
    assert set(ALPHABET).isdisjoint("0ODQ1ILZSGBUV")


@given(CODES, st.integers(0, LINK_CODE_LENGTH - 1), st.sampled_from(ALPHABET))
def test_one_wrong_sign_never_passes(code: str, place: int, sign: str) -> None:
    typed = code[:place] + sign + code[place + 1 :]
    if typed == code:
        assert read_code(typed, LINK_CODE_LENGTH) == code
    else:
        with pytest.raises(InputError, match="gõ nhầm"):
            read_code(typed, LINK_CODE_LENGTH)


@given(CODES, st.data())
def test_two_signs_that_changed_places_never_pass(code: str, data: st.DataObject) -> None:
    places = st.integers(0, LINK_CODE_LENGTH - 1)
    one, two = data.draw(places), data.draw(places)
    signs = list(code)
    signs[one], signs[two] = signs[two], signs[one]
    if "".join(signs) != code:
        with pytest.raises(InputError, match="gõ nhầm"):
            read_code("".join(signs), LINK_CODE_LENGTH)


@pytest.mark.parametrize("shape", ["{}", " {} ", "{}\n", "《{}》"])
def test_a_code_is_read_however_it_was_grouped_and_written(shape: str) -> None:
    code = make_code(LINK_CODE_LENGTH)
    assert len(grouped(code)) == 14
    for form in (code, code.lower(), grouped(code), grouped(code).replace("-", " "), "".join(
        chr(ord(sign) + 0xFEE0) for sign in code
    )):  # fmt: skip
        assert read_code(shape.format(form), LINK_CODE_LENGTH) == code


def test_a_letter_that_codes_lack_is_read_as_its_likeness_or_named() -> None:
    code = next(c for c in iter(lambda: make_code(LINK_CODE_LENGTH), "") if "5" in c)
    assert read_code(code.replace("5", "S"), LINK_CODE_LENGTH) == code
    with pytest.raises(InputError, match="không có chữ “O”"):
        read_code("O" + code[1:], LINK_CODE_LENGTH)
    with pytest.raises(InputError, match="12 chữ và số"):
        read_code(code[:-1], LINK_CODE_LENGTH)


async def test_a_code_opens_a_link_of_its_own_to_the_same_dossier(database: str) -> None:
    token, code = await make_code_of_dossier()
    word, opened = await open_by_code(code)
    assert word == "open"
    assert opened != token
    assert len(opened) == len(token)
    first, second = await find_invitation(token), await find_invitation(opened)
    assert first == second


async def test_the_code_does_not_stand_in_the_database(database: str) -> None:
    token, code = await make_code_of_dossier()
    rows = await fetch("SELECT t::text || r::text AS line FROM link_code t, right_to_rate r")
    assert code not in rows[0]["line"]
    assert token not in rows[0]["line"]


async def test_a_code_that_is_unknown_expired_or_spent_says_which(database: str) -> None:
    _token, code = await make_code_of_dossier()
    assert await open_by_code(make_code(LINK_CODE_LENGTH)) == ("unknown right", "")
    await fetch("UPDATE right_to_rate SET expires_at = now() - interval '1 second'")
    assert await open_by_code(code) == ("expired", "")
    await fetch(
        "INSERT INTO spent_right (id, dossier, questionnaire, day)"
        " SELECT gen_random_uuid(), id, 'counter', '2021-02-10' FROM dossier"
    )
    assert await open_by_code(code) == ("already rated", "")
    assert len(await fetch("SELECT FROM right_to_rate")) == 1


async def test_a_code_cannot_be_opened_for_ever(database: str) -> None:
    _token, code = await make_code_of_dossier()
    for _use in range(MOST_USES):
        await open_by_code(code)
    with pytest.raises(StateError, match="quá nhiều lần"):
        await open_by_code(code)
    assert len(await fetch("SELECT FROM right_to_rate")) == 1 + MOST_USES


async def test_a_code_goes_with_its_link(database: str) -> None:
    await make_code_of_dossier()
    await fetch("DELETE FROM right_to_rate")
    assert await fetch("SELECT FROM link_code") == []
