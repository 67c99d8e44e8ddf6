"""One file into the register: read, check, compare, write; all or nothing unless told otherwise."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from pathlib import Path
from typing import Any, Final

import msgspec

from surveys.register.batches import Batch, read_batches
from surveys.register.cautions import find_cautions
from surveys.register.errors import N_, ImportFileError, Problem, Sentence, Translate
from surveys.register.files import Source
from surveys.register.plans import PLANS
from surveys.register.reasons import Teller
from surveys.register.rejects import rejected_path, write_rejected
from surveys.register.resolution import drop_rejected, resolve_rows
from surveys.register.sheets import SHEETS, Sheet
from surveys.register.staging import ask, open_stage, stage_batch
from surveys.register.totals import store_sums
from surveys.register.writing import Counts, changed_dossiers, compare_rows, write_rows
from surveys.transactions import transaction

PRINTED: Final = 50

_HEADER_ONLY = N_("Tệp {file} chỉ có dòng tiêu đề, không có hàng dữ liệu nào; hãy chọn tệp khác.")

Progress = Callable[[int], None]
OnChanged = Callable[[list[int]], Awaitable[None]]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is imported."""

    dry_run: bool = False
    skip_bad: bool = False
    rejected: Path | None = None
    # The language of the file of rejected rows.
    translate: Translate = str


class ReasonCount(msgspec.Struct, frozen=True):
    """How many cells of one column were refused for one reason, and the first of them."""

    example: Problem
    cells: int


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What an import found, and what it did or would do."""

    kind: str
    rows: int
    counts: Counts
    rejected: int
    # Whether the file may be written, and whether it was.
    accepted: bool
    written: bool
    problems: tuple[Problem, ...]
    more_problems: int
    reasons: tuple[ReasonCount, ...]
    notes: tuple[Sentence, ...]
    warnings: tuple[Sentence, ...]
    rejected_file: Path | None


DEFAULTS = Options()


async def import_file(
    kind: str,
    path: Path,
    options: Options = DEFAULTS,
    *,
    on_changed: OnChanged | None = None,
    progress: Progress | None = None,
) -> Report:
    """Import one file of the register in one transaction.

    `on_changed` gets the ids of dossiers whose cell may have changed, some thousands at a time,
    after the write and before the commit; `progress` gets the number of rows read so far.

    Raises
    ------
    ImportFileError
        The file cannot be read as a whole; nothing has been written.
    """
    sheet = SHEETS[kind]
    # Before the work, not after it.
    rejected_path(path, options.rejected)
    source = await asyncio.to_thread(Source, path, sheet)
    async with transaction() as connection:
        work = _Import(connection, source, sheet)
        await work.read(progress)
        return await work.finish(options, on_changed)


async def _read_ahead(batches: Iterator[Batch]) -> AsyncGenerator[Batch]:
    """Yield every batch while a thread reads the next."""
    reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
    try:
        while (batch := await reading) is not None:
            reading = asyncio.create_task(asyncio.to_thread(next, batches, None))
            yield batch
    finally:
        # A thread cannot be stopped half way; whatever it still finds is no longer asked for.
        await asyncio.gather(reading, return_exceptions=True)


class _Import:
    """One file on its way through one transaction."""

    def __init__(self, connection: Any, source: Source, sheet: Sheet) -> None:
        self.connection = connection
        self.source = source
        self.sheet = sheet
        self.plan = PLANS[sheet.kind]
        self.teller = Teller(sheet, source.heading)
        self.rows = 0

    async def read(self, progress: Progress | None) -> None:
        """Stage the file and find everything that is wrong with it."""
        await open_stage(self.connection, self.sheet)
        async with aclosing(_read_ahead(read_batches(self.source, self.sheet))) as batches:
            async for batch in batches:
                await stage_batch(self.connection, batch)
                self.rows += batch.rows
                if progress:
                    progress(self.rows)
        if not self.rows:
            raise ImportFileError(_HEADER_ONLY, file=self.source.path.name)
        present = set(self.source.heading.places)
        await resolve_rows(self.connection, self.sheet, self.plan, present)

    async def finish(self, options: Options, on_changed: OnChanged | None) -> Report:
        """Write what may be written, and report."""
        if options.skip_bad:
            await drop_rejected(self.connection, self.plan)
        rejected = await self._count_rejected()
        file = await self._write_rejected(options) if rejected else None
        counts, warnings = Counts(0, 0, 0), list[Sentence]()
        accepted = not rejected or options.skip_bad
        if accepted:
            counts = await compare_rows(self.connection, self.plan)
            warnings = await find_cautions(self.connection, self.sheet.kind)
            if not options.dry_run:
                await self._write(counts, on_changed)
            if self.sheet.kind == "totals":
                warnings += await store_sums(self.connection, write=not options.dry_run)
        problems, reasons = await self._first_problems(), await self._count_reasons()
        return Report(
            kind=self.sheet.kind,
            rows=self.rows,
            counts=counts,
            rejected=rejected,
            accepted=accepted,
            written=accepted and not options.dry_run,
            problems=problems,
            more_problems=sum(reason.cells for reason in reasons) - len(problems),
            reasons=reasons,
            notes=(*self.source.notes, *filter(None, [self.source.heading.ignored()])),
            warnings=tuple(warnings),
            rejected_file=file,
        )

    async def _write(self, counts: Counts, on_changed: OnChanged | None) -> None:
        await write_rows(self.connection, self.plan, counts)
        if on_changed:
            async for ids in changed_dossiers(self.connection, self.plan):
                await on_changed(ids)

    async def _write_rejected(self, options: Options) -> Path | None:
        path = rejected_path(self.source.path, options.rejected)
        try:
            await write_rejected(self.connection, self.source, self.teller, path, options.translate)
        except ImportFileError as error:
            # Nobody asked for the file, and the first bad rows are told without it.
            if options.rejected or options.skip_bad:
                raise
            self.source.notes.append(error.sentence)
            return None
        return path

    async def _count_rejected(self) -> int:
        rows = await ask(self.connection, "SELECT count(DISTINCT line) AS lines FROM problem")
        return int(rows[0]["lines"])

    async def _first_problems(self) -> tuple[Problem, ...]:
        rows = await ask(
            self.connection,
            "SELECT DISTINCT line, heading, reason, value, detail FROM problem"
            f" ORDER BY line, heading, reason LIMIT {PRINTED}",
        )
        return tuple(map(self.teller.problem, rows))

    async def _count_reasons(self) -> tuple[ReasonCount, ...]:
        rows = await ask(
            self.connection,
            "SELECT DISTINCT ON (cells, heading, reason) heading, reason, line, value, detail,"
            " count(*) OVER (PARTITION BY heading, reason) AS cells"
            " FROM problem ORDER BY cells DESC, heading, reason, line",
        )
        return tuple(ReasonCount(self.teller.problem(row), row["cells"]) for row in rows)
