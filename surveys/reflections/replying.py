"""Words for replies that are written often: of the province or an agency, with {fields}.

Fields are Vietnamese words in braces. One that is not known is refused when the template is
saved, never found out when a citizen reads it. Saving makes a new version; what was sent before
keeps its words, for an answer is a text of its own.
"""

import re
import unicodedata
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from surveys.accounts import FieldError, agency_name, audit
from surveys.days import ZONE
from surveys.errors import NotFoundError
from surveys.reflections.actors import Actor
from surveys.reflections.errors import RoleError
from surveys.reflections.log import find_case
from surveys.reflections.needs import check_text
from surveys.reflections.rules import list_types
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

FIELD: Final = re.compile(r"\{([^{}\n]{0,40})\}")
STRAY: Final = re.compile(r"[{}]")
# What stands in a field, in the words of the list beside the form.
FIELDS: Final = {
    "kính gửi": N_("lời chào; không có tên, vì câu trả lời có thể được công khai"),
    "mã": N_("mã vụ việc"),
    "ngày gửi": N_("ngày người dân gửi"),
    "tiêu đề": N_("tiêu đề vụ việc"),
    "loại": N_("loại vụ việc"),
    "cơ quan": N_("tên cơ quan trả lời"),
    "hạn": N_("ngày đến hạn trả lời"),
    "hôm nay": N_("ngày soạn câu trả lời"),
    "mã hồ sơ": N_("mã hồ sơ được nhắc đến; trống nếu không có"),
}
NEWEST: Final = """
SELECT DISTINCT ON (t.key, t.agency) t.id, t.key, t.agency, t.case_type, t.version, t.title, t.body,
    t.retired, t.changed_at, u.username
FROM reply_template t LEFT JOIN account u ON u.id = t.account
WHERE t.agency IS NULL OR t.agency = $1 ORDER BY t.key, t.agency, t.version DESC
"""
SAVE: Final = """
INSERT INTO reply_template (key, agency, case_type, version, title, body, retired, account)
SELECT $1::varchar, $2::integer, $3, coalesce(max(version), 0) + 1, $4, $5, $6, $7
FROM reply_template WHERE key = $1 AND agency IS NOT DISTINCT FROM $2 RETURNING id, version
"""
KNOWN: Final = """
SELECT 1 AS it FROM reply_template WHERE key = $1 AND agency IS NOT DISTINCT FROM $2
"""
VALUES: Final = """
SELECT c.reference, c.received_on, c.title, c.type, c.due_at, d.code AS dossier
FROM reflection_case c LEFT JOIN dossier d ON d.id = c.dossier WHERE c.id = $1
"""


class NewTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """Words to keep; without a `key` it is a new template, without `case_type` for all types."""

    title: str
    body: str
    key: str = ""
    case_type: str | None = None
    retired: bool = False


async def list_templates(
    agency: int | None, *, case_type: str | None = None, retired: bool = False
) -> list[Row]:
    """The newest version of each template of the province and of an agency, its own first.

    With a `case_type` those for it come before those for all, and those for others are left out.
    """
    found = [row for row in await fetch(NEWEST, agency) if retired or not row["retired"]]
    if case_type is not None:
        found = [row for row in found if row["case_type"] in {None, case_type}]
    return sorted(
        found, key=lambda row: (row["agency"] is None, row["case_type"] is None, row["title"])
    )


async def save_template(new: NewTemplate, by: Actor) -> int:
    """Save a version of a template; returns its id. An agency's staff save for their agency only.

    Raises FieldError (title, body, type), RoleError, NotFoundError.
    """
    if not by.roles & {"clerk", "head", "coordinator"} or by.account is None:
        raise RoleError
    title = " ".join(new.title.replace("\0", "").split())
    if not 0 < len(title) <= 200:
        raise FieldError("title", N_("Hãy đặt tên mẫu, tối đa 200 ký tự."))
    body = check_text(new.body, "body", N_("Hãy viết nội dung của mẫu."))
    check_fields(body)
    if new.case_type is not None and new.case_type not in await list_types():
        raise FieldError("type", N_("Hãy chọn loại vụ việc."))
    async with transaction():
        key = new.key or uuid4().hex
        if new.key and not await fetch_one(KNOWN, key, by.agency):
            raise NotFoundError(N_("Không có mẫu này."))
        row = await fetch_one(
            SAVE, key, by.agency, new.case_type, title, body, new.retired, by.account
        )
        assert row is not None  # noqa: S101 - an insert that returns
        said = {"version": row["version"], "agency": by.agency, "retired": new.retired}
        await audit("reply_template_saved", title, actor=by.account, **said)
    return int(row["id"])


async def fill_template(
    template: int, case: UUID, by: Actor, *, now: datetime | None = None
) -> str:
    """The words of a template with the fields of a case. Raises NotFoundError."""
    held = await find_case(case, by)
    row = await fetch_one(
        "SELECT body FROM reply_template WHERE id = $1 AND (agency IS NULL OR agency = $2)",
        *(template, held["agency"]),
    )
    if row is None:
        raise NotFoundError(N_("Không có mẫu này."))
    values = await _values(case, held, now or datetime.now(UTC))
    return FIELD.sub(lambda found: values[_name(found[1])], row["body"])


def check_fields(body: str) -> None:
    """Raise FieldError for a field that is not known, or a brace that belongs to none."""
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    for found in FIELD.finditer(body):
        if _name(found[1]) not in FIELDS:
            text = N_("Không có trường {wrong}. Các trường dùng được: {known}.")
            raise FieldError("body", text, wrong=found[0], known=known)
    stray = STRAY.search(FIELD.sub("", body))
    if stray:
        text = N_("Có dấu {brace} lẻ. Mỗi trường viết trong một cặp ngoặc nhọn: {known}.")
        raise FieldError("body", text, brace=stray[0], known=known)


async def _values(case: UUID, held: Row, now: datetime) -> dict[str, str]:
    row: dict[str, Any] = await fetch_one(VALUES, case) or {}
    types = await list_types(retired=True)
    due = row["due_at"]
    return {
        "kính gửi": "Kính gửi Ông/Bà,",
        "mã": row["reference"],
        "ngày gửi": f"{row['received_on']:%d/%m/%Y}",
        "tiêu đề": row["title"],
        "loại": types[row["type"]]["vi"] if row["type"] in types else "",
        "cơ quan": await agency_name(held["agency"]),
        "hạn": f"{due.astimezone(ZONE):%d/%m/%Y}" if due else "",
        "hôm nay": f"{now.astimezone(ZONE):%d/%m/%Y}",
        "mã hồ sơ": row["dossier"] or "",
    }


def _name(typed: str) -> str:
    return " ".join(unicodedata.normalize("NFC", typed).lower().split())
