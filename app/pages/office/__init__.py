"""The office: what administrators and analysts do, one room a subject."""

from app.pages.office import (
    accounts,
    audit,
    devices,
    embedding,
    flags,
    home,
    hours,
    keys,
    kiosk_settings,
    messages,
    modes,
    posters,
    recordings,
    runs,
    slips,
    templates,
)

routes = [
    *home.routes,
    *accounts.routes,
    *audit.routes,
    *devices.routes,
    *embedding.routes,
    *flags.routes,
    *hours.routes,
    *keys.routes,
    *kiosk_settings.routes,
    *recordings.routes,
    *messages.routes,
    *modes.routes,
    *posters.routes,
    *runs.routes,
    *slips.routes,
    *templates.routes,
]
