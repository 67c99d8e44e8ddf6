"""How voices were answered: the page of the office and the public one, and their files."""

from app.pages.loop import office, public

routes = [
    office.show_loop,
    office.download_loop,
    public.show_figures,
    public.download_figures,
]
