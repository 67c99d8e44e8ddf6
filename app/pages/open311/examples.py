"""What Open311's addresses answer, as the description shows it."""

from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example

DISCOVERY: dict[str, Any] = {
    "changeset": "2026-11-27T00:00:00+07:00",
    "contact": "Tỉnh Khánh Hòa",
    "key_service": "Quản trị viên cấp khóa tại mục Khóa kết nối.",
    "endpoints": [
        {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": "https://danhgia.example.gov.vn/open311/v2",
            "changeset": "2026-11-27T00:00:00+07:00",
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
    ],
}
SERVICES = [
    {
        "service_code": "extra_papers",
        "service_name": "Đòi thêm giấy tờ ngoài quy định",
        "description": "Đòi thêm giấy tờ ngoài quy định",
        "metadata": True,
        "type": "realtime",
        "keywords": "",
        "group": "Phản ánh, kiến nghị",
    }
]
SERVICE: dict[str, Any] = {
    "service_code": "extra_papers",
    "attributes": [
        {
            "variable": True,
            "code": "agency",
            "datatype": "singlevaluelist",
            "required": True,
            "datatype_description": None,
            "order": 1,
            "description": "Cơ quan được phản ánh",
            "values": [{"key": "H32.15", "name": "UBND phường Nha Trang"}],
        }
    ],
}
REQUESTS = [
    {
        "service_request_id": "PA-20261127-7QK4M",
        "status": "closed",
        "status_notes": "Chúng tôi xin lỗi. Từ nay danh mục giấy tờ được đưa ngay lần đầu.",
        "service_name": "Đòi thêm giấy tờ ngoài quy định",
        "service_code": "extra_papers",
        "description": "Ba lần tôi đến nộp hồ sơ đều được bảo về lấy thêm một loại giấy tờ.",
        "agency_responsible": "UBND phường Nha Trang",
        "service_notice": "Danh mục giấy tờ được in sẵn tại quầy.",
        "requested_datetime": "2026-11-27T00:00:00+07:00",
        "updated_datetime": "2026-12-04T00:00:00+07:00",
        "expected_datetime": None,
        "address": "UBND phường Nha Trang",
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }
]
OPENED = [
    {
        "service_request_id": "PA-20261127-7QK4M",
        "service_notice": (
            "Theo dõi, bổ sung và cho ý kiến về câu trả lời tại https://danhgia.example.gov.vn/p/…."
            " Mã tra cứu: K7F3-M9X2-4HPC (chỉ báo một lần)."
        ),
        "account_id": None,
    }
]
TOKEN = [{"service_request_id": "PA-20261127-7QK4M", "token": "PA-20261127-7QK4M"}]
REFUSALS = {
    400: "What is asked or sent cannot be read.",
    403: "The key is missing, wrong, ended, or for another purpose.",
    404: "There is no such thing, or nothing public.",
    429: "Too many calls; wait as long as Retry-After says.",
}
ERROR: list[dict[str, Any]] = [{"code": 404, "description": "Không có service_code này."}]


def answers(example: object, text: str) -> dict[int, ResponseSpec]:
    """Documentation of a successful answer, and of errors."""
    kind: Any = dict[str, Any] if isinstance(example, dict) else list[dict[str, Any]]
    return {
        200: ResponseSpec(
            kind, generate_examples=False, description=text, examples=[Example(value=example)]
        )
    } | {status: _refusal(status, meaning) for status, meaning in REFUSALS.items()}


def _refusal(status: int, meaning: str) -> ResponseSpec:
    shown = [ERROR[0] | {"code": status, "description": meaning}] if status != 404 else ERROR
    return ResponseSpec(
        list[dict[str, Any]],
        generate_examples=False,
        description=f"A list of one error: {meaning}",
        examples=[Example(value=shown)],
    )
