"""Plans of the files of the calendar: office hours, days off and days worked instead."""

from typing import Final

from surveys.register.checks import Check
from surveys.register.plan import Plan, own

_OF_AGENCY: Final = Check(
    "agency_code", "unknown_agency", "r.agency IS NULL AND s.agency_code IS NOT NULL"
)
_SAME_TABLE: Final = (
    "{0}.agency IS NOT DISTINCT FROM {1}.agency AND {0}.valid_from = {1}.valid_from"
)
# A changed stretch is deleted and written anew, for meanwhile it could overlap its neighbour.
_REPLACED: Final = f"""
DELETE FROM office_hours t
WHERE EXISTS (SELECT FROM ready r WHERE {_SAME_TABLE.format("r", "t")})
    AND t.id NOT IN (SELECT id FROM ready
        WHERE id IS NOT NULL AND line NOT IN (SELECT line FROM changed));
UPDATE ready SET is_new = true WHERE line IN (SELECT line FROM changed)
"""
_CLOCKLESS: Final = (
    "r.weekday > 0 AND s.{0} IS NULL"
    " AND s.line NOT IN (SELECT line FROM problem WHERE heading = '{0}')"
)
# 1 is Monday, as PostgreSQL and Python count; people would say 2. 0 is "as the province".
_NUMBER: Final = (
    "CASE WHEN {0} IS NOT NULL THEN (array_position(ARRAY['province', 'monday', 'tuesday',"
    " 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'], {0}) - 1)::smallint END"
)
_NO_DAY: Final = "r.weekday = 0"

_HOURS = Plan(
    table="office_hours",
    key=("agency", "valid_from", "weekday", "opens"),
    nullable=("agency", "opens"),
    told_key="weekday",
    targets={"agency": "a.id"}
    | own("valid_from")
    | {"weekday": _NUMBER.format("s.weekday")}
    | own("opens", "closes"),
    given_by={"agency": "agency_code"},
    joins="LEFT JOIN agency a ON a.code = s.agency_code",
    # A file says all of a timetable that it says anything of.
    clearing=_REPLACED,
    checks=(
        _OF_AGENCY,
        Check("weekday", "province_itself", f"{_NO_DAY} AND s.agency_code IS NULL"),
        Check("opens", "clock_without_day", f"{_NO_DAY} AND num_nonnulls(s.opens, s.closes) > 0"),
        Check("opens", "no_clock", _CLOCKLESS.format("opens")),
        Check("closes", "no_clock", _CLOCKLESS.format("closes")),
        Check("closes", "closes_early", "r.closes <= r.opens", detail="r.opens"),
        Check(
            "opens",
            "hours_overlap",
            "r.weekday > 0 AND r.opens < k.closes AND k.opens < r.closes",
            detail="to_char(k.opens, 'HH24:MI') || '–' || to_char(k.closes, 'HH24:MI')",
            joins="JOIN ready k ON k.line < r.line AND k.weekday = r.weekday AND "
            + _SAME_TABLE.format("k", "r"),
        ),
        Check(
            "weekday",
            "not_both",
            "(r.weekday = 0) <> (k.weekday = 0)",
            joins="JOIN ready k ON k.line < r.line AND " + _SAME_TABLE.format("k", "r"),
        ),
    ),
)

_HOLIDAYS = Plan(
    table="special_day",
    key=("agency", "day"),
    nullable=("agency",),
    told_key="day",
    targets={"agency": "a.id"}
    | own("day", "kind", "name")
    | {"like_weekday": f"nullif({_NUMBER.format('s.like_weekday')}, 0)"},
    given_by={"agency": "agency_code"},
    joins="LEFT JOIN agency a ON a.code = s.agency_code",
    checks=(_OF_AGENCY,),
)

CALENDAR_PLANS: Final[dict[str, Plan]] = {"hours": _HOURS, "holidays": _HOLIDAYS}
