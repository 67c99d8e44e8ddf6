"""The web application: every route and plugin in one list."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.openapi import OpenAPIConfig
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig

from app import access, intake
from app.bodies import TextRequest
from app.clamav import check_address
from app.database import pool
from app.described import COMPONENTS, Described
from app.headers import (
    ConditionalGet,
    PublicCompression,
    add_security_headers,
    embed_policy,
)
from app.kiosk_release import make_release
from app.logs import set_up_logs
from app.mailbox import check_mailbox
from app.pages import (
    agency,
    answers,
    case_files,
    cases,
    citizen,
    devices,
    documentation,
    health,
    interchange,
    kiosk,
    ledger,
    letters,
    loop,
    messages,
    office,
    open311,
    paper,
    prompts,
    ratings,
    reflect,
    results,
    rights,
    slips,
    staff,
    themes,
)
from app.problems import HANDLERS
from app.quality_keys import quality_window
from app.rendering import choose_language, template_engine
from app.settings import Settings
from surveys.rights import Sealing

HERE = Path(__file__).parent
YEAR_SECONDS = 31_536_000

PAGES = (
    results,
    ratings,
    rights,
    slips,
    devices,
    messages,
    interchange,
    open311,
    kiosk,
    prompts,
    citizen,
    reflect,
    staff,
    office,
    paper,
    agency,
    loop,
    cases,
    letters,
    answers,
    themes,
    documentation,
    ledger,
    health,
    case_files,
)

# These carry a right, a device's key or a program's key of their own, never a session.
WITHOUT_CSRF = [
    "/api/ratings",
    "/api/rights/",
    "/api/handovers",
    "/api/links",
    "/api/slips",
    "/api/devices",
    "/api/contacts",
    "/api/cases",
    "/open311/",
    "/api/receipts/",
    "/r/",
    "/stop/",
    "/c/",
    "/c$",
    "/reflect",
    "/p/",
    "/p$",
]


def create_app(settings: Settings) -> Litestar:
    """Build the application; the database must be migrated and Piccolo pointed at it."""
    set_up_logs()
    # A portal that is written wrongly is told at the start, not to the first visitor.
    embed_policy(settings.embed_origins)
    check_address(settings.clamav)
    check_mailbox(settings)
    app = Litestar(
        route_handlers=[route for room in PAGES for route in room.routes] + [static_files()],
        request_class=TextRequest,
        exception_handlers=HANDLERS,
        before_request=choose_language,
        before_send=[add_security_headers],
        middleware=[ConditionalGet(), access.sessions(settings).middleware],
        csrf_config=csrf(settings),
        compression_config=compression(),
        template_config=TemplateConfig(instance=engine(settings)),
        lifespan=[serve_with_database],
        openapi_config=openapi(),
        stores={"sessions": access.SessionStore()},
        logging_config=None,
        request_max_body_size=10_000_000,
    )
    furnish(app, settings)
    return app


def furnish(app: Litestar, settings: Settings) -> None:
    """Tell the pages where they are: what is set, and with what to seal."""
    app.state.settings = settings
    app.state.sealing = Sealing(access.secret(settings))
    app.state.window = quality_window(settings)
    app.state.kiosk_release = make_release(simulated=settings.simulated)


@asynccontextmanager
async def serve_with_database(app: Litestar) -> AsyncIterator[None]:
    """Keep connections and the writer of ratings open while the application serves."""
    async with pool(size=10), intake.running(app.state.settings) as writer:
        app.state.intake = writer
        app.state.forms = intake.Forms()
        yield


def engine(settings: Settings) -> JinjaTemplateEngine:
    """Templates as `app.rendering` sets them up, with what every page says of this installation."""
    found = template_engine()
    found.engine.globals |= {"place_name": settings.place, "demo": settings.simulated}
    return found


def csrf(settings: Settings) -> CSRFConfig:
    """Forms carry a token that the browser's cookie must match."""
    prefix = "__Host-" if settings.secure_cookies else ""
    return CSRFConfig(
        secret=access.secret(settings),
        cookie_name=f"{prefix}csrf",
        cookie_secure=settings.secure_cookies,
        cookie_samesite="lax",
        cookie_httponly=True,
        exclude=[f"^{path}" for path in WITHOUT_CSRF],
    )


def compression() -> CompressionConfig:
    """Shrink what people read; not what programs send, nor fonts, which are shrunk already."""
    return CompressionConfig(
        backend="gzip",
        gzip_compress_level=6,
        middleware_class=PublicCompression,
        exclude=[
            "^/api/",
            "^/office",
            "^/paper",
            "^/p/.*/files/",
            "^/agency",
            "^/cases",
            "^/letters",
            "^/account",
            "^/sign-in",
            "^/p/",
            r"\.woff2$",
        ],
    )


def static_files() -> Any:
    """Serve our own files under addresses that change with their content."""
    return create_static_files_router(
        path="/static",
        directories=[HERE / "static"],
        cache_control=access.cache_for(YEAR_SECONDS),
    )


def openapi() -> OpenAPIConfig:
    """Describe the JSON interface; the page that shows it is app/pages/documentation.py."""
    return OpenAPIConfig(
        title="SIPAS",
        version="1",
        description="Ratings and cases in, published results and answers out. Ratings are"
        " anonymous by structure.",
        path="/api/schema",
        render_plugins=[Described(path="/openapi.json")],
        use_handler_docstrings=True,
        webhooks=interchange.webhooks(),
        license=None,
        # Ours are true and are tested; made up ones are neither.
        create_examples=False,
        components=COMPONENTS,
    )
