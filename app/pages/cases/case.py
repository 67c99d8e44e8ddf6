"""One case on an official's desk."""

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, named_case
from app.rendering import language, page
from surveys import reflections


@get(f"{ADDRESS}/{{reference:str}}", guards=GUARDS, include_in_schema=False)
async def show_case(reference: FromPath[str], request: AnyRequest) -> Template:
    """Show everything about a case; that its text was read is logged."""
    case, by = await named_case(reference, request)
    view = await reflections.case_view(case, by)
    return page(
        "cases/case.html",
        view=view,
        case=view.case,
        state=reflections.state_title(view.case["state"], language.get()),
    )


routes = [show_case]
