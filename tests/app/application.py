"""One application a process: to lay two hundred routes takes longer than most tests do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from litestar import Litestar

from app.server import create_app, furnish
from app.settings import Settings

# What sessions and forms were signed with when the application was built.
SECRET: Final = "secret"


class Shelf:
    """The application between two tests."""

    app: Litestar | None = None
    signed_with = ""


@contextmanager
def application(settings: Settings) -> Iterator[Litestar]:
    """The application with these settings, which differ from the usual in place and port only.

    Two at a time are two: the second is built for itself.
    """
    app = _take(settings) or create_app(settings)
    signed_with = (settings.var / SECRET).read_text()
    try:
        yield app
    finally:
        Shelf.app, Shelf.signed_with = app, signed_with


def _take(settings: Settings) -> Litestar | None:
    """The one on the shelf, knowing nothing of the test before."""
    app = Shelf.app
    place = settings.var / SECRET
    if app is None or (place.exists() and place.read_text() != Shelf.signed_with):
        return None
    Shelf.app = None
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(Shelf.signed_with)
    app.state.clear()
    furnish(app, settings)
    return app
