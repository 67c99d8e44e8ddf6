"""Dossiers of a quarter, drawn so that its totals come out exactly."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from app.demo.clock import Calendar, Fate, Times, give_times
from app.demo.khanh_hoa import main_heir
from app.demo.periods import Block, Period, list_blocks, scale_blocks
from app.demo.splits import apportion

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OUTCOMES = {"granted": 0.972, "refused": 0.011, "withdrawn": 0.012, "stopped": 0.005}
CHANNELS = ["counter", "online", "post"]
COLUMNS = [
    "code", "agency_code", "procedure_code", "channel",
    "received_at", "due_at", "returned_at", "closed_at", "outcome",
]  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """Dossiers without times: row numbers of their procedure and agency, and their fate."""

    procedure: Ints
    agency: Ints
    posted: Bools
    fate: Fate


def make_dossiers(
    period: Period,
    agencies: pl.DataFrame,
    procedures: pl.DataFrame,
    rng: np.random.Generator,
    *,
    scale: float = 1,
) -> pl.DataFrame:
    """Rows of dossiers.csv in the order of their receipt.

    With `scale` 1 the period's totals and printed shares come out exactly; less gives a
    small copy for tests.
    """
    valid = _valid(agencies, period)
    handled = procedures.filter(pl.col("era").is_in(period.eras))
    draft = _draft(period, valid, handled, rng, scale)
    times = give_times(Calendar.of(period), draft.fate, rng)
    return _frame(draft, times, valid, handled, rng)


def _valid(agencies: pl.DataFrame, period: Period) -> pl.DataFrame:
    begun = pl.col("valid_from") <= period.first
    return agencies.filter(
        begun & (pl.col("valid_to").is_null() | (pl.col("valid_to") > period.last)),
        pl.col("weight") > 0,
    )


def _draft(
    period: Period,
    agencies: pl.DataFrame,
    procedures: pl.DataFrame,
    rng: np.random.Generator,
    scale: float,
) -> Draft:
    blocks = scale_blocks(list_blocks(period, procedures), scale)
    done = _procedures_of_blocks(blocks, procedures, rng)
    open_ = _open_procedures(round(period.received * scale) - len(done), done, procedures)
    procedure = np.concatenate([done, open_])
    agency = _agencies(procedure, procedures, agencies, rng)
    rows = procedures[procedure]
    online, posted = _channels(period, rows, agency, rng, scale)
    fate = Fate(
        days=rows["working_days"].to_numpy(),
        returned=np.arange(len(procedure)) < len(done),
        late=_late(blocks, agency, rng, len(procedure)),
        online=online,
    )
    return Draft(procedure, agency, posted, fate)


def _procedures_of_blocks(
    blocks: list[Block], procedures: pl.DataFrame, rng: np.random.Generator
) -> Ints:
    """Row numbers of procedures, block after block, by their weights inside the block."""
    rows = procedures.with_row_index("row")
    parts = []
    for block in blocks:
        own = rows.filter(level=block.level, field_code=block.field)
        share = own["weight"].to_numpy() / own["weight"].sum()
        parts.append(rng.choice(own["row"].to_numpy(), block.count.returned, p=share))
    return np.concatenate(parts).astype(np.int64)


def _open_procedures(number: int, done: Ints, procedures: pl.DataFrame) -> Ints:
    """What is still open: the longer a procedure takes, the more of it lies on the desk."""
    waiting = procedures["working_days"].to_numpy() + 0.02
    per_procedure = np.bincount(done, minlength=procedures.height) * waiting
    return np.repeat(np.arange(procedures.height), apportion(number, per_procedure.tolist()))


def _sizes(agencies: pl.DataFrame, rng: np.random.Generator) -> Floats:
    """Agencies' shares of dossiers: the assumed weights, with communes far from equal."""
    spread = np.where(agencies["level"].to_numpy() == "commune", 0.7, 0.0)
    return agencies["weight"].to_numpy() * np.exp(spread * rng.standard_normal(agencies.height))


def _agencies(
    procedure: Ints, procedures: pl.DataFrame, agencies: pl.DataFrame, rng: np.random.Generator
) -> Ints:
    size = _sizes(agencies, rng)
    codes = agencies["code"].to_list()
    level = agencies["level"].to_numpy()
    chosen = np.zeros(len(procedure), np.int64)
    for row, (at, office) in enumerate(procedures.select("level", "office").iter_rows()):
        mine = np.flatnonzero(procedure == row)
        if office:
            chosen[mine] = codes.index(_office_code(office, codes))
        else:
            among = np.flatnonzero(level == at)
            chosen[mine] = rng.choice(among, len(mine), p=size[among] / size[among].sum())
    return chosen


def _office_code(office: str, codes: list[str]) -> str:
    old = f"KH-{office}"
    return old if old in codes else f"KH25-{main_heir(office)}"


def _late(blocks: list[Block], agency: Ints, rng: np.random.Generator, number: int) -> Bools:
    """Exactly as many late ones in each block as it says, more of them in some agencies."""
    prone = np.exp(0.6 * rng.standard_normal(agency.max() + 1))[agency]
    late = np.zeros(number, bool)
    start = 0
    for block in blocks:
        end = start + block.count.returned
        late[start:end] = _pick(prone[start:end], block.count.late, rng)
        start = end
    return late


def _channels(
    period: Period, rows: pl.DataFrame, agency: Ints, rng: np.random.Generator, scale: float
) -> tuple[Bools, Bools]:
    modern = np.exp(0.5 * rng.standard_normal(agency.max() + 1))[agency]
    # Even the least likely dossier can come online, or a quarter with many could not be filled.
    odds = (rows["online"].to_numpy() + 0.02) * modern
    online = _pick(odds, round(period.online * scale), rng)
    at_once = rows["working_days"].to_numpy() == 0
    by_post = np.where(online | at_once, 1e-9, 1.0)
    return online, _pick(by_post, round(period.posted * scale), rng)


def _pick(weight: Floats, number: int, rng: np.random.Generator) -> Bools:
    """Pick exactly `number` rows without replacement, likelier with more weight (Gumbel)."""
    picked = np.zeros(len(weight), bool)
    if number:
        key = np.log(weight) + rng.gumbel(size=len(weight))
        picked[np.argpartition(-key, number - 1)[:number]] = True
    return picked


def _frame(
    draft: Draft,
    times: Times,
    agencies: pl.DataFrame,
    procedures: pl.DataFrame,
    rng: np.random.Generator,
) -> pl.DataFrame:
    channel = np.select([draft.fate.online, draft.posted], [1, 2], 0)
    outcome = rng.choice(len(OUTCOMES), len(channel), p=list(OUTCOMES.values()))
    # Shuffled first, so that the order within a minute says nothing of the block.
    order = rng.permutation(len(channel))
    frame = pl.DataFrame(
        {
            "agency_code": agencies["code"].gather(draft.agency),
            "procedure_code": procedures["code"].gather(draft.procedure),
            "channel": pl.Series(CHANNELS).gather(channel),
            "received_at": times.received.astype("datetime64[ms]"),
            "due_at": times.due.astype("datetime64[ms]"),
            "returned_at": times.returned.astype("datetime64[ms]"),
            "closed_at": times.closed.astype("datetime64[ms]"),
            "outcome": pl.Series(list(OUTCOMES)).gather(outcome),
        }
    )[order].sort("received_at", maintain_order=True)
    return frame.with_columns(
        outcome=pl.when(pl.col("returned_at").is_not_null()).then("outcome"),
        code=pl.format(
            "DEMO-{}-{}",
            pl.col("received_at").dt.strftime("%y%m%d"),
            pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6),
        ),
    ).select(COLUMNS)
