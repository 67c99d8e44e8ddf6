"""A gateway that takes messages over HTTP: for SMS or Zalo, whatever its fields are called."""

from dataclasses import dataclass
from typing import Any, Literal

import httpx
import msgspec

from app.delivery.channels import Attempt, Failed, Sent, Uncertain
from surveys.messages import Outgoing, without_marks

# The request was not begun, so it was certainly not taken.
NOT_BEGUN = (
    httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)  # fmt: skip
BUSY = {408, 425, 429, 503}


class Success(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an accepted message looks like, for gateways that answer 200 to everything."""

    field: str
    values: list[str]
    retry: list[str] = []


class ReceiptsConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the gateway tells what became of messages, at /api/receipts/SECRET."""

    secret: str
    id_field: str = "id"
    state_field: str = "state"
    delivered: tuple[str, ...] = ("delivered",)
    failed: tuple[str, ...] = ("failed",)


class GatewayConfig(
    msgspec.Struct, frozen=True, tag="http", tag_field="kind", forbid_unknown_fields=True
):
    """The gateway's address and the names of its fields."""

    url: str
    method: Literal["POST", "PUT", "GET"] = "POST"
    format: Literal["json", "form", "query"] = "json"
    to_field: str = "to"
    text_field: str = "text"
    key_field: str = ""
    extra: dict[str, str] = {}
    headers: dict[str, str] = {}
    idempotency_header: str = ""
    repeatable: bool | None = None
    number: Literal["+84", "84", "0"] = "+84"
    success: Success | None = None
    id_field: str = "id"
    timeout_seconds: float = 20
    without_marks: bool = False
    receipts: ReceiptsConfig | None = None


@dataclass(frozen=True, slots=True)
class GatewayChannel:
    """Sends one message by one request."""

    config: GatewayConfig

    @property
    def repeatable(self) -> bool:
        """A header made for it says so; a field alone only where the operator vouches for it."""
        if self.config.repeatable is not None:
            return self.config.repeatable
        return bool(self.config.idempotency_header)

    async def send(self, message: Outgoing) -> Attempt:
        """Ask the gateway to send."""
        try:
            answer = await self._ask(message)
        except NOT_BEGUN as error:
            return Failed(type(error).__name__)
        except httpx.HTTPError as error:
            return self._in_doubt(type(error).__name__)
        return self._judge(answer)

    async def _ask(self, message: Outgoing) -> httpx.Response:
        config = self.config
        headers = dict(config.headers)
        if config.idempotency_header:
            headers[config.idempotency_header] = str(message.id)
        async with httpx.AsyncClient(timeout=config.timeout_seconds) as client:
            return await client.request(
                config.method, config.url, headers=headers, **self._body(message)
            )

    def _body(self, message: Outgoing) -> dict[str, Any]:
        config = self.config
        values = config.extra | {
            config.to_field: config.number + message.address.removeprefix("+84"),
            config.text_field: without_marks(message.body)
            if config.without_marks
            else message.body,
        }
        if config.key_field:
            values[config.key_field] = str(message.id)
        return {{"json": "json", "form": "data", "query": "params"}[config.format]: values}

    def _judge(self, answer: httpx.Response) -> Attempt:
        status = answer.status_code
        if status in BUSY:
            return Failed(f"HTTP {status}")
        if status >= 500:
            return self._in_doubt(f"HTTP {status}")
        if not answer.is_success:
            return Failed(f"HTTP {status}: {answer.text[:200]}", permanent=True)
        return self._read(answer)

    def _read(self, answer: httpx.Response) -> Attempt:
        """What a 200 means: some gateways say no in its body."""
        try:
            body = msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, UnicodeDecodeError):
            body = {}
        wanted = self.config.success
        if wanted is None:
            return Sent(look_up(body, self.config.id_field))
        said = look_up(body, wanted.field)
        if said in wanted.values:
            return Sent(look_up(body, self.config.id_field))
        if not said:
            return self._in_doubt(f"an answer without {wanted.field}")
        return Failed(f"{wanted.field}: {said}", permanent=said not in wanted.retry)

    def _in_doubt(self, reason: str) -> Attempt:
        return Failed(reason) if self.repeatable else Uncertain(reason)


def look_up(body: object, path: str) -> str:
    """A value inside a gateway's answer, as text; `a.b.0` goes down into it."""
    for step in path.split("."):
        if isinstance(body, list) and step.isdigit() and int(step) < len(body):
            body = body[int(step)]
        elif isinstance(body, dict):
            body = body.get(step)
        else:
            return ""
    return "" if body is None or isinstance(body, dict | list) else str(body)
