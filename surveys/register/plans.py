"""How each kind of file becomes rows of its table: SQL as data.

In every expression `s` is the staged row, `t` the stored row with the same key, `r` the row made
ready (targets resolved to ids), `k` a row as all of them will stand after the import.
"""

from collections.abc import Mapping
from typing import Final

from surveys.register.calendar_plans import CALENDAR_PLANS
from surveys.register.checks import ENDS_AFTER_START, Check, not_earlier, reference, valid_reference
from surveys.register.plan import Plan, own

_VALID_FROM: Final = "{0}.valid_from <= {1} AND ({0}.valid_to IS NULL OR {0}.valid_to > {1})"
_VALID_BEFORE: Final = "{0}.valid_from < {1} AND ({0}.valid_to IS NULL OR {0}.valid_to >= {1})"
_RANK: Final = "array_position(ARRAY['central', 'province', 'district', 'commune'], {0}.level)"


# Shares of each predecessor that the file touches, as they will stand after the import.
_SHARE_TOTALS: Final = """
CREATE TEMP TABLE share_total ON COMMIT DROP AS
SELECT predecessor, effective_date, sum(share) AS total FROM (
    SELECT r.predecessor, r.effective_date, r.share FROM ready r
    WHERE r.line NOT IN (SELECT line FROM problem)
    UNION ALL
    SELECT t.predecessor, t.effective_date, t.share FROM {table} t
    WHERE NOT EXISTS (SELECT FROM ready r WHERE r.id = t.id)
    AND EXISTS (SELECT FROM ready r
        WHERE r.predecessor = t.predecessor AND r.effective_date = t.effective_date)
) AS shares GROUP BY predecessor, effective_date
"""
_FIELDS: Final = """
CREATE TEMP TABLE field_ready ON COMMIT DROP AS
SELECT coalesce(f.id, nextval(pg_get_serial_sequence('field', 'id')))::integer AS id, g.code,
    coalesce(g.name, f.name, g.code) AS name, f.id IS NULL AS is_new
FROM (
    SELECT s.field_code AS code, (array_agg(s.field_name ORDER BY p.line IS NOT NULL, s.line)
        FILTER (WHERE s.field_name IS NOT NULL))[1] AS name
    FROM stage s LEFT JOIN (SELECT DISTINCT line FROM problem) p USING (line)
    WHERE s.field_code IS NOT NULL GROUP BY s.field_code
) g LEFT JOIN field f USING (code)
"""
_PARENT: Final = {"parent": "NULL::integer"}


def _unit(code: str, condition: str) -> str:
    """The unit of this code that was valid then."""
    return (
        f"(SELECT v.id FROM admin_unit v WHERE v.code = {code} AND {condition}"
        " ORDER BY v.valid_from DESC LIMIT 1)"
    )


_UNITS = Plan(
    table="admin_unit",
    key=("code", "valid_from"),
    told_key="code",
    targets=own("code", "name", "level")
    | {"kind": "coalesce(s.kind, '')"}
    | _PARENT
    | own("valid_from", "valid_to"),
    given_by={"parent": "parent_code"},
    defaults={"kind": "''"},
    own_ids=True,
    checks=(
        ENDS_AFTER_START,
        Check(
            "valid_from",
            "overlaps",
            "k.valid_from < coalesce(r.valid_to, 'infinity')"
            " AND r.valid_from < coalesce(k.valid_to, 'infinity')"
            " AND k.valid_from <> r.valid_from AND (k.line IS NULL OR k.line < r.line)",
            value="r.code",
            detail="k.valid_from || '–' || coalesce(k.valid_to::text, '')",
            joins="JOIN known k ON k.code = r.code",
        ),
        Check(
            "parent_code",
            "parent_not_above",
            f"{_RANK.format('k')} >= {_RANK.format('r')}",
            joins="JOIN known k ON k.id = r.parent",
        ),
    ),
)

_AGENCIES = Plan(
    table="agency",
    key=("code",),
    told_key="code",
    targets=own("code", "name", "level")
    | {"unit": _unit("s.unit_code", _VALID_FROM.format("v", "s.valid_from"))}
    | _PARENT
    | own("valid_from", "valid_to"),
    given_by={"unit": "unit_code", "parent": "parent_code"},
    own_ids=True,
    checks=(
        ENDS_AFTER_START,
        *valid_reference(
            "unit_code", "unit", "admin_unit", "valid_from", ("unknown_unit", "unit_not_valid")
        ),
    ),
)


_SUCCESSION_CHECKS: Final = (
    Check("successor_code", "same_twice", "r.predecessor = r.successor"),
    Check(
        "successor_code",
        "dissolved_into",
        "r.kind = 'dissolve' AND s.successor_code IS NOT NULL",
    ),
    Check(
        "successor_code",
        "no_successor",
        "r.kind <> 'dissolve' AND s.successor_code IS NULL",
    ),
    Check(
        "share",
        "shares_above_one",
        "k.total > 1.000001",
        value="r.share",
        detail="round(k.total::numeric, 4)",
        joins="JOIN share_total k ON k.predecessor = r.predecessor"
        " AND k.effective_date = r.effective_date",
    ),
)


def _succession(table: str, of: str, ids: tuple[str, str]) -> Plan:
    reasons = ("unknown_unit", "unit_not_valid")
    if of == "agency":
        reasons = ("unknown_agency", "agency_not_valid")
    return Plan(
        table=table,
        key=("predecessor", "successor", "effective_date"),
        nullable=("successor",),
        told_key="predecessor_code",
        targets={"predecessor": "n.predecessor", "successor": "n.successor"}
        | own("effective_date", "kind")
        | {"share": "coalesce(s.share, 1)", "assumed": "coalesce(s.assumed, false)"},
        given_by={"predecessor": "predecessor_code", "successor": "successor_code"},
        defaults={"share": "1", "assumed": "false"},
        joins=f"CROSS JOIN LATERAL (SELECT {ids[0]} AS predecessor, {ids[1]} AS successor) n",
        prepared=_SHARE_TOTALS.format(table=table),
        checks=(
            *valid_reference("predecessor_code", "predecessor", of, "effective_date", reasons),
            *valid_reference("successor_code", "successor", of, "effective_date", reasons),
            *_SUCCESSION_CHECKS,
        ),
    )


def _agency_then(code: str, condition: str) -> str:
    return f"(SELECT v.id FROM agency v WHERE v.code = {code} AND {condition})"


_BEFORE = _VALID_BEFORE.format("v", "s.effective_date")
_FROM = _VALID_FROM.format("v", "s.effective_date")

_COUNTERS = Plan(
    table="counter",
    key=("code",),
    told_key="code",
    targets=own("code", "name") | {"agency": "a.id"},
    given_by={"agency": "agency_code"},
    joins="LEFT JOIN agency a ON a.code = s.agency_code",
    checks=(reference("agency_code", "agency", "unknown_agency"),),
)

_PROCEDURES = Plan(
    table="procedure",
    key=("code",),
    told_key="code",
    targets=own("code", "name") | {"field": "f.id"} | own("level", "working_days"),
    given_by={"field": "field_code"},
    joins="LEFT JOIN field_ready f ON f.code = s.field_code",
    before=_FIELDS,
    touched_dossiers="SELECT d.id FROM dossier d JOIN changed c ON c.id = d.procedure",
    checks=(
        Check(
            "field_name",
            "two_names",
            "s.field_name IS NOT NULL AND s.field_name <> f.name",
            detail="f.name",
            joins="JOIN field_ready f ON f.code = s.field_code",
        ),
    ),
)

_DOSSIERS = Plan(
    table="dossier",
    key=("code",),
    told_key="code",
    targets=own("code")
    | {"agency": "a.id", "procedure": "p.id"}
    | own("channel", "received_at", "due_at", "returned_at", "closed_at", "outcome"),
    given_by={"agency": "agency_code", "procedure": "procedure_code"},
    joins="LEFT JOIN agency a ON a.code = s.agency_code"
    " LEFT JOIN procedure p ON p.code = s.procedure_code",
    touched_dossiers="SELECT id FROM changed",
    checks=(
        reference("agency_code", "agency", "unknown_agency"),
        reference("procedure_code", "procedure", "unknown_procedure"),
        not_earlier("due_at", "due_at", "received_at", "due_early"),
        not_earlier("returned_at", "returned_at", "received_at", "returned_early"),
        not_earlier("closed_at", "closed_at", "received_at", "closed_early"),
    ),
)

_TOTALS = Plan(
    table="published_total",
    key=("source", "period", "indicator", "scope"),
    told_key="scope",
    targets=own("source", "period", "indicator", "scope", "part_of", "printed", "unit")
    | {"assumed": "coalesce(s.assumed, false)", "note": "coalesce(s.note, '')"},
    defaults={"assumed": "false", "note": "''"},
    checks=(Check("part_of", "part_of_itself", "r.part_of = r.scope"),),
)

PLANS: Final[Mapping[str, Plan]] = {
    "units": _UNITS,
    "unit-successions": _succession(
        "unit_succession",
        "admin_unit",
        (_unit("s.predecessor_code", _BEFORE), _unit("s.successor_code", _FROM)),
    ),
    "agencies": _AGENCIES,
    "agency-successions": _succession(
        "agency_succession",
        "agency",
        (_agency_then("s.predecessor_code", _BEFORE), _agency_then("s.successor_code", _FROM)),
    ),
    "counters": _COUNTERS,
    "procedures": _PROCEDURES,
    "dossiers": _DOSSIERS,
    "totals": _TOTALS,
} | CALENDAR_PLANS
