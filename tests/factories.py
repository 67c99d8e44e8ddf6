"""Rows for tests, with defaults for everything that a test does not care about."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from secrets import token_bytes
from uuid import UUID, uuid4

from surveys.tables.devices import Device
from surveys.tables.questionnaires import AllowedCode, QuestionnaireVersion
from surveys.tables.register import (
    AdminUnit,
    Agency,
    Counter,
    Dossier,
    Field,
    Procedure,
)

NUMBER = count(1)
START = date(2000, 1, 1)
RETURNED = datetime(2021, 2, 10, 3, tzinfo=UTC)

# How long things are kept, as the settings have it.
KEPT_DAYS = {
    "resend_days": 14,
    "offline_days": 7,
    "ledger_days": 7,
    "window_days": 7,
    "comment_days": 365,
    "audit_days": 1095,
    "message_days": 90,
}


async def make_unit(code: str = "", **given: object) -> int:
    values = {"name": "Tỉnh Khánh Hòa", "level": "province", "kind": "Tỉnh", "valid_from": START}
    return await _insert(AdminUnit, {"code": code or f"U{next(NUMBER)}"} | values | given)


async def make_agency(code: str = "", **given: object) -> int:
    values = {"name": "Sở Tư pháp", "level": "province", "valid_from": START}
    return await _insert(Agency, {"code": code or f"A{next(NUMBER)}"} | values | given)


async def make_counter(agency: int, code: str = "", **given: object) -> int:
    values = {"name": "Quầy số 1", "agency": agency}
    return await _insert(Counter, {"code": code or f"C{next(NUMBER)}"} | values | given)


async def make_device(counter: int, **given: object) -> UUID:
    values = {"id": uuid4(), "counter": counter, "public_key": token_bytes(91)} | given
    await Device.insert(Device(**values))  # type: ignore[arg-type]
    return UUID(str(values["id"]))


async def make_procedure(code: str = "", field: str = "Hộ tịch", **given: object) -> int:
    known = await Field.select(Field.id).where(Field.name == field).first()
    field_id = known["id"] if known else await _insert(Field, {"code": field, "name": field})
    values = {"name": "Đăng ký khai sinh", "field": field_id, "level": "commune"}
    return await _insert(Procedure, {"code": code or f"P{next(NUMBER)}"} | values | given)


async def make_dossier(agency: int, procedure: int, code: str = "", **given: object) -> int:
    values = {
        "agency": agency,
        "procedure": procedure,
        "channel": "counter",
        "received_at": RETURNED - timedelta(days=5),
        "due_at": RETURNED + timedelta(days=1),
        "returned_at": RETURNED,
        "closed_at": RETURNED,
        "outcome": "granted",
    }
    return await _insert(Dossier, {"code": code or f"D{next(NUMBER)}"} | values | given)


async def _insert(table: type, values: dict[str, object]) -> int:
    rows = await table.insert(table(**values))  # type: ignore[attr-defined]
    return int(rows[0]["id"])


async def make_version(key: str = "counter") -> int:
    """A version with one overall item and two factors on the five-level scale."""
    levels = [
        {"code": code, "labels": {"vi": str(code)}, "satisfied": code in {4, 5}, "missing": False}
        for code in range(1, 6)
    ]
    missing = {"code": 98, "labels": {"vi": "Không áp dụng"}, "satisfied": False, "missing": True}
    compiled = {
        "scales": {
            "five": {"name": "five", "levels": levels},
            "factor": {"levels": [*levels, missing]},
        },
        "questions": [
            {"position": 1, "name": "overall", "role": "overall", "scale": "five"},
            {"position": 2, "name": "access", "role": "factor", "scale": "factor"},
            {"position": 3, "name": "result", "role": "factor", "scale": "factor"},
        ],
    }
    values = {
        "key": key, "version": 1, "title": "Phiếu tại quầy", "xlsx": b"", "xform": "",
        "md5": f"md5:{next(NUMBER)}", "compiled": compiled,
    }  # fmt: skip
    version = await _insert(QuestionnaireVersion, values)
    codes = [(1, code) for code in range(1, 6)]
    codes += [(item, code) for item in (2, 3) for code in (1, 2, 3, 4, 5, 98)]
    rows = [AllowedCode(version=version, item=item, code=code) for item, code in codes]
    await AllowedCode.insert(*rows)
    return version
