"""Apology letters for late dossiers, and the form that they are written on."""

from app.pages.letters import forms, writing

routes = [*forms.routes, *writing.routes]
