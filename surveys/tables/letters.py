"""Apology letters for late dossiers, and the office's own forms of them. No citizen stands here."""

from piccolo.columns import (
    JSONB,
    UUID,
    Bytea,
    Date,
    ForeignKey,
    OnDelete,
    Serial,
    SmallInt,
    Text,
    Timestamptz,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Agency, Dossier


class LetterTemplate(Table, tablename="letter_template"):
    """A form of the office's own, as DOCX; without one the form shipped with the program goes."""

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    version = SmallInt(default=None)
    docx = Bytea(default=None)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    created_at = Timestamptz(default=TimestamptzNow())

    letter_template_once = Unique([agency, version], nulls_distinct=False)
    letter_template_version = Check(version >= 1)


class ApologyLetter(Table, tablename="apology_letter"):
    """One letter: the day that was promised before it, and the day that it promises.

    `fields` are the words as they were when the letter was made. `sent_on` is the day on which
    somebody said that it left; nobody chooses it. A second new date is a breach and says why.
    """

    id = UUID(primary_key=True, default=UUID4())
    dossier = ForeignKey(Dossier, null=False, on_delete=OnDelete.restrict, index=False)
    number = SmallInt(default=None)
    due_on = Date(default=None)
    new_due_on = Date(null=True, default=None)
    reason = Text(default=None)
    breach = Text(default="")
    fields = JSONB(default="{}")
    template = ForeignKey(LetterTemplate, null=True, default=None, on_delete=OnDelete.restrict)
    account = ForeignKey(Account, null=False, on_delete=OnDelete.restrict)
    made_at = Timestamptz(default=TimestamptzNow())
    sent_on = Date(null=True, default=None)
    sent_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)

    apology_letter_once = Unique([dossier, number])
    apology_letter_number = Check(number >= 1)
    apology_letter_second_is_a_breach = Check((number == 1) | new_due_on.is_null() | (breach != ""))
    apology_letter_later = Check(new_due_on.is_null() | (new_due_on > due_on))
