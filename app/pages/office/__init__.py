"""The office: what administrators and analysts do, one room a subject."""

from app.pages.office import accounts, audit, devices, home, keys, runs

routes = [
    *home.routes,
    *accounts.routes,
    *audit.routes,
    *devices.routes,
    *keys.routes,
    *runs.routes,
]
