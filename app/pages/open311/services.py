"""What may be told here: types of cases as Open311's services, and what each asks for."""

from typing import Any, Final

from litestar import Response, get
from litestar.params import FromPath

from app.pages.open311.callers import check_place
from app.pages.open311.describing import shows
from app.pages.open311.examples import DISCOVERY, SERVICE, SERVICES, answers
from app.pages.open311.formats import ERRORS, AnyRequest, Open311Error, answer, split_name
from app.rendering import _, language
from app.settings import Settings
from surveys.reflections import list_agencies, list_types

BASE: Final = "/open311/v2"
# The list of agencies changes rarely.
PUBLIC: Final = {"Cache-Control": "public, max-age=300"}
TAGS: Final = ["Open311"]
CHANGESET: Final = "2026-11-27T00:00:00+07:00"

# Marks texts that are translated where the reader is known.
N_ = str

KINDS = {"reflection": N_("Phản ánh"), "recommendation": N_("Kiến nghị")}
YES_NO = {"true": N_("Đồng ý"), "false": N_("Không")}
WAYS = {"sms": N_("Tin nhắn SMS"), "zalo": N_("Zalo"), "mail": N_("Thư điện tử")}

# Code, kind of data, the values to choose among, and what it is.
ATTRIBUTES: Final[tuple[tuple[str, str, dict[str, str], str], ...]] = (
    ("kind", "singlevaluelist", KINDS, N_("Phản ánh một việc, hay kiến nghị một quy định tốt hơn")),
    ("dossier", "string", {}, N_("Mã hồ sơ liên quan, nếu có")),
    ("address", "string", {}, N_("Địa chỉ thư của người gửi")),
    ("consent_reply", "singlevaluelist", YES_NO, N_("Người gửi đồng ý để chúng tôi gửi tin")),
    ("consent_publication", "singlevaluelist", YES_NO,
     N_("Người gửi đồng ý để nội dung, sau khi ẩn danh, được công khai")),
    ("notify", "singlevaluelist", WAYS, N_("Muốn được báo tin bằng cách nào")),
    ("source", "string", {}, N_("Mã của vụ việc ở phần mềm gửi; gửi lại cùng mã không tạo vụ mới")),
)  # fmt: skip


@get(
    ["/open311/discovery.json", "/open311/discovery.xml"],
    opt={"public": True}, tags=TAGS, exception_handlers=ERRORS,
    responses=answers(DISCOVERY, "Where to ask."), operation_class=shows("discovery"),
)  # fmt: skip
async def give_discovery(request: AnyRequest) -> Response[bytes]:
    """Tell clients of Open311 where to ask."""
    settings: Settings = request.app.state.settings
    base = (settings.public_url or str(request.base_url)).rstrip("/")
    endpoint = {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": f"{base}{BASE}",
        "changeset": CHANGESET,
        "type": "test" if settings.simulated else "production",
        "formats": ["text/xml", "application/json"],
    }
    said = {
        "changeset": CHANGESET,
        "contact": settings.place,
        "key_service": _("Quản trị viên cấp khóa tại mục Khóa kết nối."),
        "endpoints": [endpoint],
    }
    return answer(request, "discovery", said, headers=PUBLIC)


@get(
    [f"{BASE}/services.json", f"{BASE}/services.xml"],
    opt={"public": True}, tags=TAGS, exception_handlers=ERRORS,
    responses=answers(SERVICES, "Types of cases."), operation_class=shows("services"),
)  # fmt: skip
async def give_services(request: AnyRequest) -> Response[bytes]:
    """List the types of cases."""
    check_place(request)
    said = [
        {
            "service_code": code,
            "service_name": names[language.get()],
            "description": names[language.get()],
            "metadata": True,
            "type": "realtime",
            "keywords": "",
            "group": _("Phản ánh, kiến nghị"),
        }
        for code, names in (await list_types()).items()
    ]
    return answer(request, "services", said, headers=PUBLIC)


@get(
    f"{BASE}/services/{{name:str}}",
    opt={"public": True}, tags=TAGS, exception_handlers=ERRORS,
    responses=answers(SERVICE, "What one type asks for."),
    operation_class=shows("service_definition"),
)  # fmt: skip
async def give_service(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """Tell what a type of case asks for; `name` is its service_code with .json or .xml."""
    code = split_name(name)
    check_place(request)
    if code not in await list_types():
        raise Open311Error(404, _("Không có service_code này."))
    said = {"service_code": code, "attributes": await _attributes()}
    return answer(request, "service_definition", said, headers=PUBLIC)


async def _attributes() -> list[dict[str, Any]]:
    agency = _attribute(
        "agency",
        "singlevaluelist",
        {one["code"]: one["name"] for one in await list_agencies()},
        _("Cơ quan được phản ánh"),
    )
    others = [
        _attribute(code, kind, {key: _(text) for key, text in choices.items()}, _(meaning))
        for code, kind, choices, meaning in ATTRIBUTES
    ]
    return [
        one | {"order": order, "required": order == 1}
        for order, one in enumerate([agency, *others], start=1)
    ]


def _attribute(code: str, kind: str, choices: dict[str, str], meaning: str) -> dict[str, Any]:
    return {
        "variable": True,
        "code": code,
        "datatype": kind,
        "required": False,
        "datatype_description": None,
        "order": 0,
        "description": meaning,
        "values": [{"key": key, "name": text} for key, text in choices.items()],
    }


routes = [give_discovery, give_services, give_service]
