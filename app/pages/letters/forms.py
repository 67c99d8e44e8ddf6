"""The form of the letter: somebody of the office who has its own and an hour before noon."""

import asyncio
from typing import Any, Final

from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Template

from app.access import Role, signed_in
from app.forms import refuse_form, see_other
from app.letter_documents import (
    REQUIRED,
    SAMPLE,
    check_form,
    make_docx,
    make_pdf,
    told_fields,
)
from app.pages.letters.writing import DOCX, GUARDS, AnyRequest
from app.rendering import _, page
from app.shipped_letter import shipped_form
from surveys import accounts, letters
from surveys.accounts import FieldError
from surveys.letters import MOST_BYTES, form_in_force, list_forms

ADDRESS: Final = "/letters/form"

# Marks texts that are translated where the reader is known.
N_ = str


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_form(request: AnyRequest) -> Template:
    """Show which form is in force and how to bring another."""
    done = _("Đã lưu mẫu. Văn bản lập từ bây giờ dùng mẫu này.")
    said = done if "done" in request.query_params else ""
    return page("letters/form.html", errors={}, done=said, **await _context(request))


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_form(request: AnyRequest) -> Template | Redirect:
    """Check a form and keep it."""
    file = (await request.form()).get("file")
    content = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    try:
        await _keep(content, request)
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("letters/form.html", errors, done="", **await _context(request))
    return see_other(f"{ADDRESS}?done")


@get(f"{ADDRESS}/docx", guards=GUARDS, include_in_schema=False)
async def show_docx(request: AnyRequest) -> Response[bytes]:
    """Hand out the form in force, to be edited."""
    form = await form_in_force(_own(request))
    headers = {"Content-Disposition": 'attachment; filename="mau-van-ban-xin-loi.docx"'}
    return Response(form.docx if form else shipped_form(), media_type=DOCX, headers=headers)


@get(f"{ADDRESS}/preview", guards=GUARDS, include_in_schema=False)
async def show_preview(request: AnyRequest) -> Response[bytes]:
    """Show the form in force with made-up values."""
    form = await form_in_force(_own(request))
    pdf = await asyncio.to_thread(_preview, form.docx if form else shipped_form())
    headers = {"Content-Disposition": 'attachment; filename="xem-truoc.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


async def _keep(content: bytes, request: AnyRequest) -> None:
    if not content:
        raise FieldError("file", N_("Hãy chọn tệp .docx của mẫu."))
    if len(content) > MOST_BYTES:
        raise FieldError("file", N_("Mẫu quá lớn: tối đa 1 MB."))
    await asyncio.to_thread(check_form, content)
    await letters.save_form(content, agency=_own(request), actor=signed_in(request).id)


def _preview(form: bytes) -> bytes:
    return make_pdf(make_docx(form, SAMPLE), _("Xem trước"))


def _own(request: AnyRequest) -> int | None:
    staff = signed_in(request)
    return staff.agency_id if staff.role is Role.AGENCY else None


async def _context(request: AnyRequest) -> dict[str, Any]:
    own = _own(request)
    form = await form_in_force(own)
    return {
        "place": await accounts.agency_name(own) if own else _("Cả tỉnh"),
        "form": form,
        "of_province": bool(form and own and form.agency is None),
        "versions": await list_forms(own),
        "fields": told_fields(_),
        "samples": SAMPLE,
        "required": REQUIRED,
    }


routes = [show_form, post_form, show_docx, show_preview]
