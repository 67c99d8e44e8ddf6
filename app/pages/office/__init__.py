"""The office: what administrators and analysts do, one room a subject."""

from app.pages.office import (
    accounts,
    audit,
    device_findings,
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
    templates,
)

routes = [
    *home.routes,
    *accounts.routes,
    *audit.routes,
    *devices.routes,
    *device_findings.routes,
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
    *templates.routes,
]
