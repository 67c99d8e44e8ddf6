"""What stands around a one-time link: its typed code, its draft, and where people find the form.

None of it can be read back into an answer: a draft is sealed under a key that only the link's
token gives, a code is kept as a hash.
"""

from piccolo.columns import (
    Bytea,
    ForeignKey,
    OnDelete,
    Serial,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.ratings import RightToRate
from surveys.tables.register import Agency, Counter, Dossier


class Draft(Table, tablename="draft"):
    """Answers that were begun, sealed; all drafts of a size, so that length tells nothing."""

    token_hash = ForeignKey(
        RightToRate, primary_key=True, null=False, on_delete=OnDelete.cascade, index=False
    )
    sealed = Bytea(default=None)
    expires_at = Timestamptz(default=None, index=True)


class LinkCode(Table, tablename="link_code"):
    """The hash of a code that a person may type instead of a link; each use opens a new link."""

    code_hash = Varchar(length=64, primary_key=True)
    token_hash = ForeignKey(RightToRate, null=False, on_delete=OnDelete.cascade, index=True)
    used = SmallInt(default=0)

    link_code_used = Check(used >= 0)


class PromisedRight(Table, tablename="promised_right"):
    """A link and a code printed before there was a result; they open once the dossier ends."""

    token_hash = Varchar(length=64, primary_key=True)
    code_hash = Varchar(length=64, unique=True)
    dossier = ForeignKey(Dossier, null=False, on_delete=OnDelete.restrict)
    questionnaire = Varchar(length=60)
    days = SmallInt(default=None)


class PublicAddress(Table, tablename="public_address"):
    """The short address that stands on the posters of a counter, or of an agency as a whole."""

    id = Serial(primary_key=True)
    code = Varchar(length=6, unique=True)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.cascade)
    counter = ForeignKey(Counter, null=True, default=None, on_delete=OnDelete.cascade)

    public_address_once = Unique([agency, counter], nulls_distinct=False)
