"""The national holidays of Viet Nam, from the library `holidays`, kept as rows a year at a time.

Source: `holidays.countries.vietnam` (Labour Code 2019, Art. 112; lunar days from its Vietnamese
calendar; substituted days from the government's yearly notices that it cites). What is announced
after that library was released, an operator enters as a special day.
"""

from datetime import date
from typing import Final

from surveys.accounts.audit import audit
from surveys.calendars.records import N_, CalendarError, Named
from surveys.jobs import enqueue
from surveys.transactions import fetch, transaction

YEARS: Final = range(1995, 2100)

_STORE: Final = """
INSERT INTO national_holiday (day, name, name_en, working)
SELECT * FROM unnest($1::date[], $2::text[], $3::text[], $4::boolean[])
ON CONFLICT (day) DO UPDATE
SET name = excluded.name, name_en = excluded.name_en, working = excluded.working,
    changed_at = now()
WHERE (national_holiday.name, national_holiday.name_en, national_holiday.working)
    IS DISTINCT FROM (excluded.name, excluded.name_en, excluded.working)
RETURNING id
"""
_DROP: Final = """
DELETE FROM national_holiday WHERE extract(year FROM day) = $1 AND day <> ALL ($2::date[])
RETURNING id
"""


def national_holidays(year: int) -> dict[date, Named]:
    """The days off of a year and the days worked in their place, by day.

    Raises
    ------
    CalendarError
        The year is before 1995 or after 2099.
    """
    if year not in YEARS:
        text = N_("Chỉ có ngày lễ của các năm {first}–{last}; hãy sửa năm {year}.")
        raise CalendarError(text, first=YEARS[0], last=YEARS[-1], year=year)
    # Half a second to load, and only here.
    import holidays

    said = holidays.country_holidays("VN", years=year, language="vi")
    english = holidays.country_holidays("VN", years=year, language="en_US")
    found = {
        day: Named(working=False, name=name, name_en=english[day])
        for day, name in sorted(said.items())
    }
    for day in sorted(said.weekend_workdays):
        if day.year == year:
            found[day] = Named(working=True, name="Ngày làm việc bù", name_en="Working day instead")
    return found


async def seed_holidays(year: int, *, actor: int | None = None) -> int:
    """Keep the holidays of a year as the library has them; returns how many rows changed."""
    found = national_holidays(year)
    columns = zip(
        *((day, one.name, one.name_en, one.working) for day, one in found.items()), strict=True
    )
    days, *rest = (list(column) for column in columns)
    async with transaction():
        changed = len(await fetch(_STORE, days, *rest)) + len(await fetch(_DROP, year, days))
        if changed:
            await enqueue("recount_clocks")
            await audit("holidays_seeded", str(year), actor=actor, rows=changed)
    return changed
