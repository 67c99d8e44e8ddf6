"""The list of themes: the shipped ones, as the office changed them."""

import json
import re
from collections.abc import Sequence
from typing import Final

import msgspec

from surveys.accounts import FieldError, audit
from surveys.themes.shipped import FACTORS, LAST, shipped_themes
from surveys.transactions import fetch, fetch_one, transaction

N_ = str

KEY: Final = re.compile(r"[a-z][a-z_]{1,39}")
MOST_SEEDS: Final = 80

NEWEST: Final = """
SELECT DISTINCT ON (key) key, version, name, name_en, factor, seeds, retired
FROM theme_version ORDER BY key, version DESC
"""
SAVE: Final = """
INSERT INTO theme_version (key, version, name, name_en, factor, seeds, retired, account)
SELECT $1::text, coalesce(max(version), 0) + 1, $2, $3, $4, $5::jsonb, $6, $7
FROM theme_version WHERE key = $1::text RETURNING version
"""
# What was suggested by another list is suggested anew; what a person confirmed stays.
FORGET: Final = "DELETE FROM comment_suggestion"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """A theme as it holds now; version 0 is the shipped one. `last` stands behind all others."""

    key: str
    name: str
    name_en: str
    factor: str
    seeds: list[str]
    retired: bool = False
    version: int = 0
    last: bool = False


class NewTheme(msgspec.Struct, frozen=True, kw_only=True):
    """A theme as it was typed."""

    key: str
    name: str
    name_en: str
    factor: str
    seeds: Sequence[str]
    retired: bool = False


async def list_themes(*, retired: bool = False) -> list[Told]:
    """Themes in their order: the shipped ones first; retired ones only when asked for."""
    found = {
        key: Told(
            key=key,
            name=one.name["vi"],
            name_en=one.name["en"],
            factor=one.factor,
            seeds=one.seeds,
            last=key == LAST,
        )
        for key, one in shipped_themes().items()
    }
    for row in await fetch(NEWEST):
        seeds = json.loads(row.pop("seeds"))
        found[row["key"]] = Told(**row, seeds=seeds, last=row["key"] == LAST)
    return [one for one in found.values() if retired or not one.retired]


async def save_theme(theme: NewTheme, *, base: int, actor: int) -> int:
    """Keep a theme as its next version; what is suggested is computed anew. Raises FieldError.

    `base` is the version that was changed: nobody writes over what somebody else wrote meanwhile.
    """
    seeds = _check(theme)
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock(hashtext('theme:' || $1))", theme.key)
        row = await fetch_one(
            "SELECT coalesce(max(version), 0) AS version FROM theme_version WHERE key = $1",
            theme.key,
        )
        if row is not None and row["version"] != base:
            raise FieldError("name", N_("Có người vừa sửa chủ đề này. Hãy tải lại rồi sửa."))
        saved = await fetch_one(
            SAVE,
            *(theme.key, theme.name.strip(), theme.name_en.strip(), theme.factor),
            *(json.dumps(seeds, ensure_ascii=False), theme.retired, actor),
        )
        await fetch(FORGET)
        await audit("theme_saved", theme.key, actor=actor, retired=theme.retired)
    assert saved is not None  # noqa: S101 - an INSERT … RETURNING of one row
    return int(saved["version"])


def _check(theme: NewTheme) -> list[str]:
    if not KEY.fullmatch(theme.key):
        raise FieldError("key", N_("Mã chủ đề chỉ có chữ thường không dấu và gạch dưới."))
    if not 1 <= len(theme.name.strip()) <= 120:
        raise FieldError("name", N_("Hãy đặt tên chủ đề, dài nhất 120 chữ."))
    if not 1 <= len(theme.name_en.strip()) <= 120:
        raise FieldError("name_en", N_("Hãy ghi tên tiếng Anh, dài nhất 120 chữ."))
    if theme.factor not in FACTORS:
        raise FieldError("factor", N_("Hãy chọn một trong năm yếu tố."))
    seeds = list(dict.fromkeys(one.strip() for one in theme.seeds if one.strip()))
    if not seeds or len(seeds) > MOST_SEEDS or any(len(one) > 60 for one in seeds):
        raise FieldError(
            "seeds", N_("Hãy ghi từ 1 đến {most} từ gợi ý, mỗi dòng một từ."), most=MOST_SEEDS
        )
    return seeds
