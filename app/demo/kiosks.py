"""Simulated kiosks: each makes a key, enrols, numbers and signs what it sends, as a browser does."""

import json
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass
class Kiosk:
    """A device with its key, its boot and its running number."""

    device: str = ""
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    boot: str = field(default_factory=lambda: str(uuid4()))
    number: int = 0

    @property
    def path(self) -> str:
        """Where the server listens to this device."""
        return f"/api/devices/{self.device}"

    @property
    def public_key(self) -> str:
        """The public half, as it is sent when enrolling."""
        spki = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64url(spki)

    async def enrol(self, client: httpx.AsyncClient, code: str, name: str = "") -> httpx.Response:
        """Ask to become the kiosk of the code's counter."""
        body = {"code": code, "public_key": self.public_key, "name": name}
        answer = await client.post("/api/devices", json=body)
        if answer.status_code == 201:
            self.device = answer.json()["device"]
        return answer

    def seal(self, said: dict[str, Any]) -> dict[str, str]:
        """An envelope: what is said, and this device's signature of it."""
        payload = json.dumps(said, ensure_ascii=False)
        der = self.key.sign(payload.encode(), ECDSA(SHA256()))
        r, s = decode_dss_signature(der)
        return {
            "payload": payload,
            "signature": base64url(r.to_bytes(32) + s.to_bytes(32)),
        }

    def event(self, answers: dict[str, Any], /, **given: Any) -> dict[str, str]:
        """The next event, signed; a tap that is given now unless told otherwise."""
        self.number += 1
        said = {
            "number": self.number, "id": str(uuid4()), "kind": "tap", "at": wall(), "tick": tick(),
            "boot": self.boot, "offset": 0, "questionnaire": "counter", "answers": answers,
            "assisted": "",
        }  # fmt: skip
        return self.seal(said | given)

    def batch(self, events: list[dict[str, str]]) -> dict[str, Any]:
        """The body of a request that sends events."""
        return {"sent_at": wall(), "sent_tick": tick(), "boot": self.boot, "events": events}

    async def send(self, client: httpx.AsyncClient, *events: dict[str, str]) -> httpx.Response:
        """Send events."""
        return await client.post(f"{self.path}/events", json=self.batch(list(events)))

    async def beat(self, client: httpx.AsyncClient, **given: Any) -> httpx.Response:
        """Send a heartbeat of a device that is well, unless told otherwise."""
        said = {
            "sent_at": wall(), "tick": tick(), "boot": self.boot, "version": "demo", "config": "",
            "queue": 0, "oldest": None, "last_number": self.number, "persisted": True,
            "usage": 40_000, "quota": 1_000_000_000, "full": False,
        }  # fmt: skip
        return await client.post(f"{self.path}/heartbeat", json=self.seal(said | given))


def base64url(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def wall() -> int:
    """This machine's wall clock, in milliseconds."""
    return round(time.time() * 1000)


def tick() -> float:
    """A clock that only goes forward, in milliseconds."""
    return time.monotonic() * 1000
