"""Questionnaires: one row a published version, and the answers that the database lets in."""

from piccolo.columns import (
    JSONB,
    Bytea,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Unique
from piccolo.table import Table


class QuestionnaireVersion(Table, tablename="questionnaire_version"):
    """A published form. A trigger refuses any change of a version that has answers."""

    id = Serial(primary_key=True)
    key = Varchar(length=60)
    version = Integer(default=None)
    title = Varchar(length=300)
    xlsx = Bytea(default=None)
    xform = Text(default=None)
    md5 = Varchar(length=40)
    compiled = JSONB(default=None)
    published_at = Timestamptz(default=TimestamptzNow())

    version_once = Unique([key, version])
    form_once = Unique([key, md5])


class AllowedCode(Table, tablename="allowed_code"):
    """One code that one item of one version accepts; answers refer to it."""

    id = Serial(primary_key=True)
    version = ForeignKey(QuestionnaireVersion, null=False, on_delete=OnDelete.restrict)
    item = SmallInt(default=None)
    code = SmallInt(default=None)

    allowed_code_once = Unique([version, item, code])
