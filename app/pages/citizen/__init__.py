"""Citizens on their own phones: the form behind a link, the page for a typed code, the frame."""

from app.pages.citizen import codes, embedding, form

routes = [*form.routes, *codes.routes, *embedding.routes]
