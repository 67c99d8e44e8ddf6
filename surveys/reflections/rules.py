"""Terms and types as data: shipped in files, overruled by what the office enters."""

from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from surveys.accounts import FieldError, audit
from surveys.days import local_day
from surveys.errors import NotFoundError
from surveys.reflections.clocks import Term, Unit
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str
ByLanguage = dict[str, str]

HERE: Final = Path(__file__).parent
RULE_CLOCKS: Final = ("receive", "transfer", "answer", "extension", "ask", "verdict")
LONGEST: Final = 1000
# The citizen's word is not to be switched off by a term too short to give it in.
VERDICT_LEAST: Final = {"working_days": 5, "calendar_days": 7}

# The agency's word goes before that on a type, and that before a channel's; then the newest.
FIND: Final = """
SELECT amount, unit, source FROM deadline_rule
WHERE clock = $1 AND coalesce(case_type, $2) = $2 AND coalesce(agency, $3) = $3
    AND coalesce(channel, $4) = $4 AND valid_from <= $5
ORDER BY agency IS NULL, case_type IS NULL, channel IS NULL, valid_from DESC LIMIT 1
"""
STORE: Final = """
INSERT INTO deadline_rule (clock, case_type, agency, channel, valid_from, amount, unit, source,
    account) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (clock, case_type, agency, channel, valid_from) DO UPDATE SET amount = excluded.amount,
    unit = excluded.unit, source = excluded.source, account = excluded.account, changed_at = now()
RETURNING id
"""
LIST: Final = """
SELECT r.id, r.clock, r.case_type, r.channel, r.valid_from, r.amount, r.unit, r.source,
    r.changed_at, a.code AS agency_code, a.name AS agency_name
FROM deadline_rule r LEFT JOIN agency a ON a.id = r.agency
ORDER BY r.clock, a.name NULLS FIRST, r.case_type NULLS FIRST, r.channel NULLS FIRST,
    r.valid_from DESC
"""


class Shipped(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One term of deadlines.toml."""

    amount: int
    unit: Unit
    source: ByLanguage

    def term(self, language: str = "vi") -> Term:
        """The term, with its source in words."""
        return Term(self.amount, self.unit, self.source[language])


def source_words(source: str, language: str) -> str:
    """Who says so, as a clock keeps it, in a language; what the office entered stands as it is."""
    for term in shipped_terms().values():
        if source in term.source.values():
            return term.source.get(language, source)
    return source


class NewRule(msgspec.Struct, frozen=True, kw_only=True):
    """A term that the office enters; what it does not name it holds for all of."""

    clock: str
    amount: int
    unit: str
    source: str
    valid_from: date
    case_type: str | None = None
    agency: int | None = None
    channel: str | None = None


@cache
def shipped_terms() -> dict[str, Shipped]:
    """The terms that hold where nobody entered any, by clock."""
    found = msgspec.toml.decode((HERE / "deadlines.toml").read_bytes(), type=dict[str, Shipped])
    return {clock: found[clock] for clock in RULE_CLOCKS}


@cache
def shipped_types() -> dict[str, ByLanguage]:
    """The types that come with the program, by key."""
    return msgspec.toml.decode((HERE / "types.toml").read_bytes(), type=dict[str, ByLanguage])


async def find_term(clock: str, *, case_type: str, agency: int, channel: str, at: datetime) -> Term:
    """The term that holds for a clock that starts now."""
    row = await fetch_one(FIND, clock, case_type, agency, channel, local_day(at))
    return Term(**row) if row else shipped_terms()[clock].term()


async def list_rules() -> list[Row]:
    """What the office has entered."""
    return await fetch(LIST)


async def set_rule(rule: NewRule, *, actor: int) -> int:
    """Enter a term; one for the same things from the same day is replaced. Raises FieldError.

    Clocks that run already keep the term they began with.
    """
    if rule.clock not in RULE_CLOCKS:
        raise FieldError("clock", N_("Hãy chọn một loại thời hạn."))
    if not 0 < rule.amount <= LONGEST:
        raise FieldError("amount", N_("Thời hạn phải từ 1 đến 1000."))
    if rule.unit not in get_args(Unit):
        raise FieldError("unit", N_("Hãy chọn ngày làm việc, giờ làm việc hoặc ngày lịch."))
    if rule.clock == "verdict":
        _check_verdict(rule)
    if not rule.source.strip():
        raise FieldError("source", N_("Hãy ghi căn cứ của thời hạn này."))
    async with transaction():
        row = await fetch_one(
            STORE,
            *(rule.clock, rule.case_type, rule.agency, rule.channel, rule.valid_from),
            *(rule.amount, rule.unit, rule.source.strip()[:300], actor),
        )
        detail = msgspec.to_builtins(rule)
        await audit("deadline_rule_set", rule.clock, actor=actor, **detail)
    return int(row["id"]) if row else 0


def _check_verdict(rule: NewRule) -> None:
    if rule.unit not in VERDICT_LEAST:
        raise FieldError("unit", N_("Thời hạn để người gửi cho ý kiến phải tính bằng ngày."))
    if rule.amount < VERDICT_LEAST[rule.unit]:
        text = N_(
            "Người gửi phải có ít nhất 5 ngày làm việc hoặc 7 ngày lịch để cho biết đã thỏa đáng"
            " hay chưa."
        )
        raise FieldError("amount", text)


async def remove_rule(rule_id: int, *, actor: int) -> None:
    """Take a term back. Raises NotFoundError."""
    async with transaction():
        row = await fetch_one("DELETE FROM deadline_rule WHERE id = $1 RETURNING clock", rule_id)
        if row is None:
            raise NotFoundError(N_("Không có thời hạn này."))
        await audit("deadline_rule_removed", row["clock"], actor=actor, rule=rule_id)


async def list_types(*, retired: bool = False) -> dict[str, ByLanguage]:
    """Types of cases by key: those shipped, as the office renamed, added or retired them."""
    rows = await fetch("SELECT key, name, name_en, retired FROM case_type ORDER BY id")
    found: dict[str, Any] = dict(shipped_types())
    for row in rows:
        found.pop(row["key"], None)
        if retired or not row["retired"]:
            found[row["key"]] = {"vi": row["name"], "en": row["name_en"]}
    return found


async def save_type(key: str, name: str, name_en: str, *, retired: bool, actor: int) -> None:
    """Add, rename or retire a type. Raises FieldError."""
    key = key.strip().lower()
    if not key.replace("_", "").isalnum() or not key.isascii() or len(key) > 40:
        raise FieldError("key", N_("Mã loại chỉ gồm chữ không dấu, số và gạch dưới."))
    if not name.strip() or not name_en.strip():
        raise FieldError("name", N_("Hãy ghi tên của loại vụ việc bằng cả hai thứ tiếng."))
    async with transaction():
        await fetch(
            "INSERT INTO case_type (key, name, name_en, retired) VALUES ($1, $2, $3, $4)"
            " ON CONFLICT (key) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,"
            " retired = excluded.retired, changed_at = now()",
            *(key, name.strip()[:200], name_en.strip()[:200], retired),
        )
        await audit("case_type_saved", key, actor=actor, name=name.strip(), retired=retired)
