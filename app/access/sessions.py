"""Strict sessions on the server.

Litestar's own backend adopts any id that a browser sends, writes the store and a cookie on every
response and keeps ids in clear. This one knows only ids that it gave out, stores their hash,
gives a new id when somebody signs in, and writes only when something changed.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.session.server_side import (
    ServerSideSessionBackend,
    ServerSideSessionConfig,
)
from litestar.serialization import decode_json
from litestar.stores.base import Store
from litestar.types import Empty, Message, ScopeSession

from app.settings import Settings
from surveys import accounts
from surveys.accounts import Staff

Connection = ASGIConnection[Any, Any, Any, Any]

# A signed-in official's browser also sends ratings and fetches assets: no query for those.
WITHOUT_SESSION = [
    "^/api/ratings$",
    "^/api/rating-keys$",
    "^/api/rights/",
    "^/api/handovers$",
    "^/api/slips",
    "^/api/devices",
    "^/api/cases",
    "^/open311/",
    "^/static/",
    "^/health/",
]


@dataclass
class Visit:
    """What is known of the session of one request."""

    session_id: str = ""
    before: bytes = b""
    rotate: bool = False


class SessionStore(Store):
    """Litestar's store interface over the table of sessions; keys are hashes of ids."""

    async def set(
        self, key: str, value: str | bytes, expires_in: int | timedelta | None = None
    ) -> None:
        """Keep a session of an account; there are no sessions of anybody else."""
        data = value.encode() if isinstance(value, str) else value
        seconds = expires_in if isinstance(expires_in, timedelta) else timedelta(0, expires_in or 0)
        await accounts.save_session(key, data, decode_json(data)["account"], seconds)

    async def get(self, key: str, renew_for: int | timedelta | None = None) -> bytes | None:
        """What was kept; a session is never renewed, it ends with the working day."""
        del renew_for
        return await accounts.find_session(key)

    async def delete(self, key: str) -> None:
        """Forget one session."""
        await accounts.end_session(key)

    async def delete_all(self) -> None:
        """Sign everybody out."""
        await accounts.end_all_sessions()

    async def exists(self, key: str) -> bool:
        """Whether this session is alive."""
        return await accounts.find_session(key) is not None

    async def expires_in(self, key: str) -> int | None:
        """Seconds until this session ends."""
        return await accounts.seconds_left(key)


class StrictSessionBackend(ServerSideSessionBackend):
    """Sessions that cannot be fixed from outside."""

    async def load_from_connection(self, connection: Connection) -> dict[str, Any]:
        """The session and the person of a request; no query without a cookie."""
        visit = Visit()
        scope = extras(connection)
        scope["visit"], scope["staff"] = visit, None
        sent = connection.cookies.get(self.config.key)
        data = await self.get(sent, self._store(connection)) if sent else None
        if not sent or data is None:
            return {}
        visit.session_id, visit.before = sent, data
        session = self.deserialize_data(data)
        scope["staff"] = await accounts.find_staff(session["account"])
        # The session of a disabled account is over: empty here, so deleted with the answer.
        return session if scope["staff"] else {}

    def get_session_id(self, connection: Connection) -> str:
        """The id that we gave this browser, or none; never one of its own making."""
        return _visit(connection).session_id

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: Connection
    ) -> None:
        """Write the session and its cookie if something changed."""
        visit = _visit(connection)
        headers = MutableScopeHeaders.from_message(message)
        if staff_of(connection):
            # What one person saw must not come back by the back button of the next.
            headers.setdefault("cache-control", "no-store")
        if scope_session is Empty or not scope_session:
            await self._end(visit, headers, connection)
            return
        data = self.serialize_data(scope_session, connection.scope)
        if visit.session_id and not visit.rotate and data == visit.before:
            return
        store = self._store(connection)
        if visit.session_id:
            await self.delete(visit.session_id, store)
        visit.session_id = self.generate_session_id()
        await self.set(visit.session_id, data, store)
        headers.add("set-cookie", self._cookie(visit.session_id, self.config.max_age))

    async def _end(
        self, visit: Visit, headers: MutableScopeHeaders, connection: Connection
    ) -> None:
        if visit.session_id:
            await self.delete(visit.session_id, self._store(connection))
        if self.config.key in connection.cookies:
            headers.add("set-cookie", self._cookie("", 0))

    def _store(self, connection: Connection) -> Store:
        return self.config.get_store_from_app(connection.scope["litestar_app"])

    def _cookie(self, value: str, max_age: int) -> str:
        config = self.config
        return Cookie(
            key=config.key,
            value=value,
            max_age=max_age,
            path=config.path,
            secure=config.secure,
            httponly=config.httponly,
            samesite=config.samesite,
        ).to_header(header="")

    async def get(self, session_id: str, store: Store) -> bytes | None:
        """What is kept under the hash of an id."""
        return await super().get(_digest(session_id), store)

    async def set(self, session_id: str, data: bytes, store: Store) -> None:
        """Keep a session under the hash of its id."""
        await super().set(_digest(session_id), data, store)

    async def delete(self, session_id: str, store: Store) -> None:
        """Forget the session under the hash of its id."""
        await super().delete(_digest(session_id), store)


@dataclass
class StrictSessionConfig(ServerSideSessionConfig):
    """Litestar's configuration with the strict backend."""

    _backend_class = StrictSessionBackend


def sessions(settings: Settings) -> StrictSessionConfig:
    """How sessions are kept, for the list of middleware."""
    return StrictSessionConfig(
        key="__Host-session" if settings.secure_cookies else "session",
        max_age=settings.session_hours * 3600,
        secure=settings.secure_cookies,
        httponly=True,
        samesite="lax",
        exclude=WITHOUT_SESSION,
    )


def staff_of(connection: Connection) -> Staff | None:
    """The person who is signed in, if anybody is."""
    return extras(connection).get("staff")


def start_session(request: Request[Any, Any, Any], staff: Staff) -> None:
    """Sign this browser in, under a new id whatever it held before."""
    _visit(request).rotate = True
    extras(request)["staff"] = staff
    request.set_session({"account": staff.id})


def end_session(request: Request[Any, Any, Any]) -> None:
    """Sign this browser out."""
    request.clear_session()


def extras(connection: Connection) -> dict[str, Any]:
    """The scope of a request, with room for what we know of the visitor."""
    return cast("dict[str, Any]", connection.scope)


def _visit(connection: Connection) -> Visit:
    visit: Visit = extras(connection)["visit"]
    return visit


def _digest(session_id: str) -> str:
    return sha256(session_id.encode()).hexdigest()
