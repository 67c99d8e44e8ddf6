"""The short public addresses of counters and agencies, as posters carry them."""

from dataclasses import dataclass

from surveys.errors import NotFoundError
from surveys.ratings.codes import ADDRESS_LENGTH, make_code
from surveys.transactions import fetch, fetch_one, transaction

# Marks texts that are translated where the reader is known.
N_ = str

CURRENT = "(a.valid_to IS NULL OR a.valid_to > (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date)"

# Who has no address yet: every counter of these agencies, and the agencies themselves ($2).
NAMELESS = """
SELECT a.id AS agency, NULL::int AS counter FROM agency a
WHERE a.id = ANY($1) AND NOT EXISTS (
    SELECT FROM public_address p WHERE p.agency = a.id AND p.counter IS NULL)
UNION ALL
SELECT c.agency, c.id FROM counter c
WHERE c.agency = ANY($1) AND NOT EXISTS (
    SELECT FROM public_address p WHERE p.agency = c.agency AND p.counter = c.id)
"""

PLACES = """
SELECT p.code, a.id AS agency_id, a.name AS agency, c.id AS counter_id, coalesce(c.name, '') AS counter
FROM public_address p JOIN agency a ON a.id = p.agency
LEFT JOIN counter c ON c.id = p.counter AND c.agency = p.agency
WHERE (p.counter IS NULL OR c.id IS NOT NULL)
"""

AGENCIES = f"""
SELECT a.id, a.name, count(c.id) AS counters, count(*) OVER () AS total
FROM agency a LEFT JOIN counter c ON c.agency = a.id
WHERE {CURRENT} AND a.id = coalesce($1, a.id)
    AND ($2 = '' OR strpos(lower(a.name), lower($2)) > 0 OR EXISTS (
        SELECT FROM counter k WHERE k.agency = a.id
            AND strpos(lower(concat_ws(' ', k.code, k.name)), lower($2)) > 0))
GROUP BY a.id, a.name ORDER BY count(c.id) = 0, a.name LIMIT $3 OFFSET $4
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody scans a poster: a counter, or an agency as a whole (`counter` is empty)."""

    code: str
    agency_id: int
    agency: str
    counter_id: int | None
    counter: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency that may print posters."""

    id: int
    name: str
    counters: int


async def find_place(code: str) -> Place | None:
    """The place with this address."""
    row = await fetch_one(f"{PLACES} AND p.code = $1", code.upper().replace("\0", ""))
    return None if row is None else Place(**row)


async def list_agencies(
    text: str = "", *, agency: int | None = None, page: int = 1, size: int = 20
) -> tuple[list[AgencyRow], int]:
    """One page of today's agencies, those with counters first, and how many there are."""
    rows = await fetch(AGENCIES, agency, text.replace("\0", ""), size, (page - 1) * size)
    found = [AgencyRow(row["id"], row["name"], row["counters"]) for row in rows]
    return found, rows[0]["total"] if rows else 0


async def places_of(agencies: list[int]) -> list[Place]:
    """Every place of these agencies, each agency before its counters; addresses are given out."""
    await _give_addresses(agencies)
    rows = await fetch(
        f"{PLACES} AND p.agency = ANY($1) ORDER BY a.name, c.id IS NOT NULL, c.code", agencies
    )
    return [Place(**row) for row in rows]


async def place_of_counter(counter: int, *, agency: int | None = None) -> Place:
    """The place of one counter; with `agency` only its own counters are known."""
    row = await fetch_one("SELECT agency FROM counter WHERE id = $1", counter)
    if row is None or agency not in {None, row["agency"]}:
        raise NotFoundError(N_("Không có quầy này."))
    places = await places_of([row["agency"]])
    return next(place for place in places if place.counter_id == counter)


async def _give_addresses(agencies: list[int]) -> None:
    """An address for everybody without one; a code that is taken already is drawn again."""
    async with transaction():
        while rows := await fetch(NAMELESS, agencies):
            await fetch(
                "INSERT INTO public_address (code, agency, counter)"
                " SELECT * FROM unnest($1::text[], $2::int[], $3::int[]) ON CONFLICT DO NOTHING",
                [make_code(ADDRESS_LENGTH) for _row in rows],
                [row["agency"] for row in rows],
                [row["counter"] for row in rows],
            )
