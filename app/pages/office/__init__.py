"""The office: what administrators and analysts do, one room a subject."""

from app.pages.office import accounts, audit, embedding, home, keys, kiosks, posters, runs

routes = [
    *home.routes,
    *accounts.routes,
    *audit.routes,
    *embedding.routes,
    *keys.routes,
    *kiosks.routes,
    *posters.routes,
    *runs.routes,
]
