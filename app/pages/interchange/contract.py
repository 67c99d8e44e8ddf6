"""What /api/cases takes and gives, with the examples that its description shows."""

from datetime import date, datetime
from typing import Any

import msgspec

# A name, a number and a dossier that nobody has.
SENT: dict[str, Any] = {
    "source": "CTT-2026-004711",
    "kind": "reflection",
    "type": "extra_papers",
    "agency": "H32.15",
    "subject": "Phải về lấy thêm giấy tờ ba lần",
    "text": "Ba lần tôi đến nộp hồ sơ đều được bảo về lấy thêm một loại giấy tờ.",
    "person": {"name": "Trần Thị Bé", "phone": "0912 345 678", "address": "12 Trần Phú, Nha Trang"},
    "consents": {
        "reply": True,
        "publication": True,
        "survey": False,
        "notice": "2026-1",
        "how": "online",
    },
    "notify": "sms",
    "dossier": "H32.15-2026-0042",
    "received_at": "2026-11-27T08:00:00+07:00",
}
OPENED: dict[str, Any] = {
    "reference": "PA-20261127-7QK4M",
    "link": "https://danhgia.example.gov.vn/p/…",
    "code": "K7F3-M9X2-4HPC",
    "due_at": "2026-12-18T17:00:00+07:00",
    "known": False,
}
STATE: dict[str, Any] = {
    "reference": "PA-20261127-7QK4M",
    "source": "CTT-2026-004711",
    "kind": "reflection",
    "type": "extra_papers",
    "agency": "H32.15",
    "agency_name": "UBND phường Nha Trang",
    "state": "published",
    "state_words": "Đã công khai",
    "received_on": "2026-11-27",
    "due_at": None,
    "answered_on": "2026-12-04",
}
HISTORY: dict[str, Any] = STATE | {
    "events": [
        {
            "event": "opened",
            "words": "Đã gửi",
            "at": "2026-11-27T08:00:03+07:00",
            "state": "new",
            "agency_name": "UBND phường Nha Trang",
        }
    ],
    "published": {
        "title": "Đòi thêm giấy tờ ngoài quy định",
        "question": "Ba lần tôi đến nộp hồ sơ đều được bảo về lấy thêm một loại giấy tờ.",
        "reply": "Chúng tôi xin lỗi. Từ nay danh mục giấy tờ được đưa ngay lần đầu.",
        "change": "made",
        "explanation": "Danh mục giấy tờ được in sẵn tại quầy.",
        "published_on": "2026-12-04",
    },
}


class OpenedCase(msgspec.Struct, frozen=True, kw_only=True):
    """What the citizen takes along: give it to them and do not keep it.

    `link` and `code` let in whoever has them. The code is told once; `known` says that the case
    was sent before. Once the citizen has renewed their link, `link` is empty.
    """

    reference: str
    link: str
    code: str
    due_at: datetime | None
    known: bool


class CaseState(msgspec.Struct, frozen=True, kw_only=True):
    """Where a case stands. `due_at` is the end of the term that runs, if one runs."""

    reference: str
    source: str
    kind: str
    type: str
    agency: str
    agency_name: str
    state: str
    state_words: str
    received_on: date
    due_at: datetime | None
    answered_on: date | None


class CaseStep(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. `state` is the new state, if it changed."""

    event: str
    words: str
    at: datetime
    state: str | None
    agency_name: str


class PublishedCase(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody may read of a case: covered texts, confirmed by a person."""

    title: str
    question: str | None
    reply: str
    change: str
    explanation: str
    published_on: date


class CaseHistory(CaseState, frozen=True, kw_only=True):
    """Where a case stands, how it came there, and its answer once that is public."""

    events: list[CaseStep]
    published: PublishedCase | None


class CaseStates(msgspec.Struct, frozen=True, kw_only=True):
    """Up to 50 cases, newest first, and whether there are more."""

    cases: list[CaseState]
    page: int
    more: bool
