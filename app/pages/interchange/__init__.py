"""Cases for other programs: the JSON interface."""

from app.pages.interchange import cases
from app.pages.interchange.told import webhooks

__all__ = ["routes", "webhooks"]

routes = [*cases.routes]
