"""Whoever has every table and every key cannot join a ticket's rating with its dossier."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from surveys.ratings import Batch, NewRating, mix, open_links, record_ratings
from surveys.rights import Sealing, SentTicket, Terms, check_tickets, offer_key, sign_blinded
from surveys.rights.keys import load_public
from surveys.transactions import fetch
from tests.blinding import Blinding, blind, encode, finalize
from tests.factories import make_agency, make_dossier, make_procedure, make_version

CITIZENS = 40
SEALING = Sealing("bí mật")
TERMS = Terms(link_days=30, offline_days=7, cell_dossiers=20)
BATCH = Batch(others=5, delay_days=1, cell_dossiers=20)

# What stands beside a dossier, and what stands beside an answer.
OF_DOSSIERS = ("right_to_rate", "spent_right", "signed_request")
OF_RATINGS = ("spent_signature", "resend_key", "waiting_rating", "waiting_answer")
SYSTEM = ", xmin::text AS x, ctid::text AS place"


async def rate_by_ticket(dossier: str, version: int, score: int) -> tuple[Blinding, bytes, bytes]:
    """One citizen: sign, then rate at once; what was blinded, its blind and its real signature."""
    token = (await open_links([dossier], questionnaire="counter", days=30))[dossier]
    offered = await offer_key(token, SEALING, TERMS)
    public = load_public(offered.public)
    blinding = blind(public)
    blind_signature = await sign_blinded(token, offered.id, blinding.blinded, SEALING, TERMS)
    signature = finalize(public, blinding, blind_signature)
    sent = SentTicket(offered.id, encode(blinding.message), encode(signature))
    (ticket,) = await check_tickets([sent])
    rating = NewRating(uuid4(), "counter", version, ((1, score),), ticket=ticket)
    assert await record_ratings([rating]) == ["stored"]
    return blinding, blind_signature, signature


@pytest.fixture
async def version(database: str) -> int:
    """Forty finished dossiers of one cell, H0 to H39."""
    agency, procedure = await make_agency(), await make_procedure()
    for place in range(CITIZENS):
        await make_dossier(agency, procedure, f"H{place}")
    return await make_version()


async def rows(table: str) -> list[dict[str, Any]]:
    return await fetch(f"SELECT *{SYSTEM} FROM {table}")


async def test_no_transaction_and_no_value_joins_them_even_while_they_wait(version: int) -> None:
    for place in range(CITIZENS):
        await rate_by_ticket(f"H{place}", version, 1 + place % 5)
    told = {table: await rows(table) for table in (*OF_DOSSIERS, *OF_RATINGS)}
    assert {len(found) for found in told.values()} == {CITIZENS}
    dossiers = {row["x"] for table in OF_DOSSIERS for row in told[table]}
    ratings = {row["x"] for table in OF_RATINGS for row in told[table]}
    assert not dossiers & ratings
    # One cell, one day, one questionnaire: what the two sides share tells them all alike.
    alike = await fetch(
        "SELECT DISTINCT s.day, r.cell, k.cell AS of_key, k.questionnaire"
        " FROM spent_right s JOIN right_to_rate r USING (dossier), spent_signature g"
        " JOIN signing_key k ON k.id = g.key"
    )
    assert len(alike) == 1
    assert not _texts(told, OF_DOSSIERS) & _texts(told, OF_RATINGS)


def _texts(told: dict[str, list[dict[str, Any]]], tables: tuple[str, ...]) -> set[str]:
    """Whatever could be a key by itself: ids and hashes."""
    return {
        str(value)
        for table in tables
        for row in told[table]
        for name, value in row.items()
        if name not in {"place", "x"} and len(str(value)) >= 30
    } - {str(row["key"]) for row in told.get("spent_signature", ())}


async def test_after_one_stirring_order_and_nearness_tell_nothing(version: int) -> None:
    """He lines up what was spent and what was said by transaction and by place in the file."""
    for place in range(CITIZENS):
        await rate_by_ticket(f"H{place}", version, 1 + place % 5)
    # The ratings wait for their day to end; what was spent does not.
    assert (await mix(BATCH)).waiting == CITIZENS
    said = await fetch(
        "SELECT code, w.xmin::text AS x, w.ctid::text AS place FROM waiting_rating w"
        " JOIN waiting_answer a ON a.rating = w.id"
    )
    spent = await fetch(
        "SELECT d.code, s.id, s.xmin::text AS x, s.ctid::text AS place"
        " FROM spent_right s JOIN dossier d ON d.id = s.dossier"
    )
    # Where all are alike, the order in which they were read must not help.
    random.Random(7).shuffle(spent)
    for column in ("x", "place", "id"):
        assert hits(spent, column, said) <= 20  # 8 expected; P(> 20 of 40 at 1/5) < 1e-5
    assert len({row["x"] for row in spent}) == 1
    assert len({row["x"] for row in await rows("spent_signature")}) == 1
    mixed = await mix(BATCH, now=datetime.now(UTC) + timedelta(days=2))
    assert (mixed.linked, mixed.waiting) == (CITIZENS, 0)


def hits(spent: list[dict[str, Any]], column: str, said: list[dict[str, Any]]) -> int:
    left = sorted(spent, key=lambda row: _order(row[column]))
    right = sorted(said, key=lambda row: _order(row["x" if column == "x" else "place"]))
    return sum(
        1 + int(one["code"][1:]) % 5 == other["code"]
        for one, other in zip(left, right, strict=True)
    )


def _order(value: object) -> tuple[int, ...] | tuple[str]:
    text = str(value).strip("()")
    return tuple(map(int, text.split(","))) if text.replace(",", "").isdigit() else (text,)


async def test_all_that_the_signer_ever_saw_fits_every_rating_equally(version: int) -> None:
    """With every message and key kept for ever: each request could have been each ticket."""
    seen = [await rate_by_ticket(f"H{place}", version, 1 + place % 5) for place in range(6)]
    public: RSAPublicKey = load_public(
        (await fetch("SELECT public_key FROM signing_key"))[0]["public_key"]
    )
    modulus, exponent = public.public_numbers().n, public.public_numbers().e
    for blinding, blind_signature, _own in seen:
        for _blinding, _blind_signature, signature in seen:
            # The one factor by which this request would have been the blinding of this ticket.
            inverse = pow(int.from_bytes(signature), -1, modulus)
            factor = int.from_bytes(blind_signature) * inverse % modulus
            encoded = pow(int.from_bytes(signature), exponent, modulus)
            product = encoded * pow(factor, exponent, modulus) % modulus
            assert product == int.from_bytes(blinding.blinded)
