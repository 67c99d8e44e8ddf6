"""What a citizen's browser does with a right, over HTTP: ask for the key, blind, sign, redeem."""

from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from surveys.ratings import open_links
from tests.blinding import Blinding, blind, decode, encode, finalize

ANSWERS = {"overall": 5, "access": 4}

Ticket = dict[str, str]


async def link(dossier: str, days: int = 30) -> str:
    return (await open_links([dossier], questionnaire="counter", days=days))[dossier]


async def ask_key(client: httpx.AsyncClient, token: str) -> tuple[str, RSAPublicKey]:
    answer = await client.post("/api/rights/key", json={"token": token})
    assert answer.status_code == 200, answer.text
    return answer.json()["key"], public_key(answer.json()["public_key"])


def public_key(text: str) -> RSAPublicKey:
    key = load_der_public_key(decode(text))
    assert isinstance(key, RSAPublicKey)
    return key


async def ask_signature(
    client: httpx.AsyncClient, token: str, key: str, blinded: bytes
) -> httpx.Response:
    request = {"token": token, "key": key, "blinded": encode(blinded)}
    return await client.post("/api/rights/signature", json=request)


def unblind(key: str, public: RSAPublicKey, blinding: Blinding, answer: httpx.Response) -> Ticket:
    assert answer.status_code == 200, answer.text
    signature = finalize(public, blinding, decode(answer.json()["signature"]))
    return {"key": key, "message": encode(blinding.message), "signature": encode(signature)}


async def obtain_ticket(client: httpx.AsyncClient, token: str) -> Ticket:
    """Spend a right on a ticket."""
    key, public = await ask_key(client, token)
    blinding = blind(public)
    answer = await ask_signature(client, token, key, blinding.blinded)
    return unblind(key, public, blinding, answer)


def rating(**given: object) -> dict[str, Any]:
    return {"id": str(uuid4()), "answers": ANSWERS} | given


async def rate(client: httpx.AsyncClient, *ratings: dict[str, Any]) -> list[dict[str, str]]:
    answer = await client.post("/api/ratings", json={"ratings": list(ratings)})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["receipts"])
