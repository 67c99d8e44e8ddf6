"""Cases for other programs: the JSON interface."""

from app.pages.interchange import cases

routes = [*cases.routes]
