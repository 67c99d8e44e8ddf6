"""Published versions: numbered, never changed, and the one in force found by its key."""

import asyncio
from typing import Final

import msgspec

from surveys.questionnaires.compilation import compile_form
from surveys.questionnaires.errors import N_, UnknownVersionError
from surveys.questionnaires.records import CompiledForm, Questionnaire, items
from surveys.transactions import Row, fetch, fetch_one, transaction

# Two offices publishing at once would otherwise take the same number.
PUBLISHING_LOCK: Final = 7_202_613

_NEWEST = """
SELECT id, version, md5, xlsx FROM questionnaire_version
WHERE key = $1 ORDER BY version DESC LIMIT 1
"""
_INSERT = """
INSERT INTO questionnaire_version (key, version, title, xlsx, xform, md5, compiled, published_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, now()) RETURNING id
"""
_ALLOW = """
INSERT INTO allowed_code (version, item, code)
SELECT $1, * FROM unnest($2::smallint[], $3::smallint[])
"""


async def publish_form(xlsx: bytes) -> int:
    """Id of the version that this form is: the newest one if nothing changed, else a new one.

    Answers keep the version under which they were given. Raises QuestionnaireError.
    """
    form = await asyncio.to_thread(compile_form, xlsx)
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock($1)", PUBLISHING_LOCK)
        newest = await fetch_one(_NEWEST, form.questionnaire.key)
        if newest is None:
            return await _insert(xlsx, form)
        if await _is_same(xlsx, newest):
            return int(newest["id"])
        number = newest["version"] + 1
        return await _insert(xlsx, await asyncio.to_thread(compile_form, xlsx, version=number))


async def load_questionnaire(version_id: int) -> Questionnaire:
    """The compiled questionnaire of a version; raises UnknownVersionError."""
    sql = "SELECT compiled FROM questionnaire_version WHERE id = $1"
    row = await fetch_one(sql, version_id)
    if row is None:
        raise UnknownVersionError(N_("Không có phiên bản phiếu hỏi này; hãy tải lại trang."))
    return msgspec.json.decode(row["compiled"], type=Questionnaire)


async def list_versions() -> dict[int, str]:
    """Id of every published version with its title, the newest first."""
    rows = await fetch(
        "SELECT id, title, version FROM questionnaire_version ORDER BY published_at DESC, id DESC"
    )
    return {row["id"]: f"{row['title']} ({row['version']})" for row in rows}


async def current_version(key: str) -> int:
    """Id of the version in force of a questionnaire; raises UnknownVersionError."""
    sql = "SELECT id FROM questionnaire_version WHERE key = $1 ORDER BY version DESC LIMIT 1"
    row = await fetch_one(sql, key)
    if row is None:
        raise UnknownVersionError(N_("Phiếu hỏi này chưa được công bố; hãy công bố phiếu trước."))
    return int(row["id"])


async def _is_same(xlsx: bytes, newest: Row) -> bool:
    # Saving a workbook changes its bytes, so that forms are compared; an upgrade of the converter
    # changes the form, so that the same file is recognised too.
    if xlsx == newest["xlsx"]:
        return True
    again = await asyncio.to_thread(compile_form, xlsx, version=newest["version"])
    return bool(again.md5 == newest["md5"])


async def _insert(xlsx: bytes, form: CompiledForm) -> int:
    questionnaire = form.questionnaire
    row = await fetch_one(
        _INSERT,
        questionnaire.key,
        questionnaire.version,
        questionnaire.title[questionnaire.languages[0]],
        xlsx,
        form.xml.decode(),
        form.md5,
        msgspec.json.encode(questionnaire).decode(),
    )
    assert row is not None  # noqa: S101 - RETURNING gives the row that was inserted
    pairs = [(item.position, code) for item in items(questionnaire) for code in item.allowed_codes]
    await fetch(_ALLOW, row["id"], [position for position, _ in pairs], [code for _, code in pairs])
    return int(row["id"])
