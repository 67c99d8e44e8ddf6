"""What comments are about: the list of themes, who put which comment to which, what was published.

A comment knows no rating, and what is kept here knows no time and no order of comments.
"""

from piccolo.columns import (
    JSONB,
    UUID,
    Boolean,
    ForeignKey,
    Integer,
    OnDelete,
    Serial,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.ratings import Comment
from surveys.tables.register import Agency


class ThemeVersion(Table, tablename="theme_version"):
    """A theme as the office wrote it; the newest version counts, the shipped ones are in a file."""

    id = Serial(primary_key=True)
    key = Varchar(length=40)
    version = Integer(default=1)
    name = Varchar(length=120)
    name_en = Varchar(length=120)
    factor = Varchar(length=20)
    seeds = JSONB(default="[]")
    retired = Boolean(default=False)
    changed_at = Timestamptz(default=TimestamptzNow())
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    theme_version_once = Unique([key, version])


class CommentSuggestion(Table, tablename="comment_suggestion"):
    """What the program suggests for a comment: at most two themes; `first` is empty for none."""

    id = UUID(primary_key=True, default=UUID4())
    comment = ForeignKey(Comment, null=False, on_delete=OnDelete.cascade, unique=True, index=False)
    first = Varchar(length=40, default="")
    second = Varchar(length=40, default="")


class CommentTheme(Table, tablename="comment_theme"):
    """A person put this comment to this theme; an empty theme says that it belongs to none."""

    id = UUID(primary_key=True, default=UUID4())
    comment = ForeignKey(Comment, null=False, on_delete=OnDelete.cascade, index=False)
    theme = Varchar(length=40)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    comment_theme_once = Unique([comment, theme])


class ThemeReport(Table, tablename="theme_report"):
    """What unsatisfied raters of a period wrote about, as published; it is not computed again."""

    id = Serial(primary_key=True)
    period = Varchar(length=20)
    questionnaire = Varchar(length=60)
    document = JSONB(default=None)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    published_at = Timestamptz(default=TimestamptzNow())
    withdrawn_at = Timestamptz(null=True, default=None)

    theme_report_once = Unique([period, questionnaire])


class ThemeReply(Table, tablename="theme_reply"):
    """What an agency says publicly to all who wrote about a theme."""

    id = Serial(primary_key=True)
    report = ForeignKey(ThemeReport, null=False, on_delete=OnDelete.cascade)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    theme = Varchar(length=40)
    text = Text(default=None)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    at = Timestamptz(default=TimestamptzNow())

    theme_reply_once = Unique([report, agency, theme])
