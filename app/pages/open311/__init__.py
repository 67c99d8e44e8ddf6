"""Open311 GeoReport v2, JSON and XML, in a profile without coordinates (docs/interchange.md)."""

from app.pages.open311 import posting, requests, services

routes = [*services.routes, *requests.routes, *posting.routes]
