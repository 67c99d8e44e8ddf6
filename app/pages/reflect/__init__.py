"""Reflections as their citizens meet them: written, sent, and followed with a code or a link."""

from app.pages.reflect import case, entry, writing

routes = [*writing.routes, *entry.routes, *case.routes]
