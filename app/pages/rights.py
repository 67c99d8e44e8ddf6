"""The JSON interface of rights: which key signs, a blind signature, a typed code, the public list.

Whoever asks here names a dossier's right and no answer; whoever rates later brings a ticket and
no dossier. Nothing of a request is logged.
"""

from base64 import urlsafe_b64encode
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromQuery, JSONBody
from msgspec import Meta

from app.guessing import guesses
from app.settings import Settings
from app.submissions import Code
from surveys.devices.signatures import decode
from surveys.ratings import LINK_CODE_LENGTH, forget_drafts, open_by_code, read_code
from surveys.rights import (
    UNKNOWN_CODE,
    BlindedError,
    ListedKey,
    Terms,
    UnknownRightError,
    list_keys,
    offer_key,
    refused,
    sign_blinded,
)
from surveys.rights.blinding import KEY_BITS

SMALL_BODY = 4_000
# The answers are for one person; the list is the same for everybody.
PRIVATE = {"Cache-Control": "no-store"}
PUBLIC = {"Cache-Control": "public, max-age=60"}

AnyRequest = Request[Any, Any, Any]
Base64 = Annotated[str, Meta(max_length=KEY_BITS // 4, pattern="^[A-Za-z0-9_=-]*$")]


class Right(msgspec.Struct, frozen=True):
    """The token of a link."""

    token: Code


class RatingKey(msgspec.Struct, frozen=True):
    """The key that signs for this right: `public_key` is base64url of its SPKI form (DER)."""

    key: UUID
    public_key: str
    questionnaire: str
    agency: str
    expires_at: datetime


class Blinded(msgspec.Struct, frozen=True):
    """The token of a link, the key, and a blinded message in base64url (RFC 9474)."""

    token: Code
    key: UUID
    blinded: Base64


class BlindSignature(msgspec.Struct, frozen=True):
    """The blind signature in base64url; only who blinded the message can use it."""

    signature: str


class TypedCode(msgspec.Struct, frozen=True):
    """A code as it was typed or scanned, however it was grouped."""

    code: Annotated[str, Meta(max_length=200)]


class PublicKey(msgspec.Struct, frozen=True):
    """A key in the list of all keys, and what it signs for."""

    id: UUID
    public_key: str
    questionnaire: str
    agency: str
    agency_name: str
    field: str | None
    channel: str | None
    on_time: bool | None
    first_day: date
    last_day: date
    redeem_until: date
    finished_dossiers: int


class PublicKeys(msgspec.Struct, frozen=True):
    """Every key whose signatures can still be redeemed."""

    keys: list[PublicKey]


@post(
    "/api/rights/key", status_code=200, opt={"public": True}, tags=["Rights"],
    request_max_body_size=SMALL_BODY,
)  # fmt: skip
async def post_key(data: JSONBody[Right], request: AnyRequest) -> Response[RatingKey]:
    """Tell which key signs for a right, or why the right cannot be spent."""
    guesses.check()
    state = request.app.state
    try:
        found = await offer_key(data.token, state.sealing, terms(state.settings))
    except UnknownRightError:
        guesses.count_wrong()
        raise
    key = RatingKey(
        found.id, encode(found.public), found.questionnaire, found.agency, found.expires_at
    )
    return Response(key, headers=PRIVATE)


@post(
    "/api/rights/signature", status_code=200, opt={"public": True}, tags=["Rights"],
    request_max_body_size=SMALL_BODY,
)  # fmt: skip
async def post_signature(data: JSONBody[Blinded], request: AnyRequest) -> Response[BlindSignature]:
    """Spend a right on a blind signature; the same request is answered again, any other refused."""
    guesses.check()
    state = request.app.state
    try:
        blinded = decode(data.blinded)
    except ValueError:
        raise BlindedError from None
    try:
        signature = await sign_blinded(
            data.token, data.key, blinded, state.sealing, terms(state.settings)
        )
    except UnknownRightError:
        guesses.count_wrong()
        raise
    # The answers come without a word of whose they are, so what was begun for them goes now.
    await forget_drafts(data.token)
    return Response(BlindSignature(encode(signature)), headers=PRIVATE)


@post(
    "/api/rights/code", status_code=200, opt={"public": True}, tags=["Rights"],
    request_max_body_size=SMALL_BODY,
)  # fmt: skip
async def post_typed_code(data: JSONBody[TypedCode], request: AnyRequest) -> Response[Right]:
    """Open a right by the code that is printed on the receipt."""
    code = read_code(data.code, LINK_CODE_LENGTH)
    guesses.check()
    word, token = await open_by_code(code, cell_dossiers=request.app.state.settings.cell_dossiers)
    if word == "unknown right":
        guesses.count_wrong()
        raise UnknownRightError(UNKNOWN_CODE)
    if word != "open":
        raise refused(word)
    return Response(Right(token), headers=PRIVATE)


@get("/api/rating-keys", opt={"public": True}, tags=["Rights"])
async def get_rating_keys(agency: FromQuery[str] = "") -> Response[PublicKeys]:
    """List the keys and the cells that they sign for, of all agencies or of one.

    The list is the same for everybody: a key that signed for one dossier only would show.
    """
    keys = [_listed(one) for one in await list_keys(agency.replace("\0", ""))]
    return Response(PublicKeys(keys), headers=PUBLIC)


def terms(settings: Settings) -> Terms:
    """How long keys are good for, and how large cells are, as the settings have it."""
    return Terms(settings.link_right_days, settings.offline_days, settings.cell_dossiers)


def encode(raw: bytes) -> str:
    """Bytes as base64url without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _listed(one: ListedKey) -> PublicKey:
    return PublicKey(
        id=one.id,
        public_key=encode(one.public),
        questionnaire=one.questionnaire,
        agency=one.agency,
        agency_name=one.agency_name,
        field=one.field,
        channel=one.channel,
        on_time=one.on_time,
        first_day=one.first,
        last_day=one.last,
        redeem_until=one.redeem_until,
        finished_dossiers=one.dossiers,
    )


routes = [post_key, post_signature, post_typed_code, get_rating_keys]
