"""The office: what administrators and analysts do, one room a subject."""

from app.pages.office import (
    accounts,
    audit,
    home,
    keys,
    kiosks,
    messages,
    modes,
    runs,
    templates,
)

routes = [
    *home.routes,
    *accounts.routes,
    *audit.routes,
    *keys.routes,
    *kiosks.routes,
    *messages.routes,
    *modes.routes,
    *runs.routes,
    *templates.routes,
]
