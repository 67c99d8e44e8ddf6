"""Blind signatures: keys of cells, and what was signed and spent (docs/privacy.md).

A right is spent by having a message signed that the server cannot read; the signature is spent
by a rating. The two meet in no table: a signature tells its key, and a key stands for a cell.
"""

from piccolo.columns import (
    UUID,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    OnDelete,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.table import Table

from surveys.tables.ratings import Cell


class SigningKey(Table, tablename="signing_key"):
    """A key that signs for the dossiers of one cell; the private part is sealed.

    A key without its private part signs no more, but what it signed is good until its last day.
    """

    id = UUID(primary_key=True, default=UUID4())
    cell = ForeignKey(Cell, null=False, on_delete=OnDelete.restrict, index=False)
    questionnaire = Varchar(length=60)
    public_key = Bytea(default=None)
    sealed = Bytea(null=True, default=None)
    redeem_until = Date(default=None)


class SignedRequest(Table, tablename="signed_request"):
    """This request was signed, so the same one is answered again after a lost reply.

    The id is a hash over dossier, key and blinded message. The message is kept nowhere, so nobody
    can find the dossier by trying.
    """

    id = Varchar(length=64, primary_key=True)
    day = Date(default=None, index=True)


class SpentSignature(Table, tablename="spent_signature"):
    """A rating was given with this message; the hash of a message that nobody saw being signed."""

    hash = Varchar(length=64, primary_key=True)
    key = ForeignKey(SigningKey, null=False, on_delete=OnDelete.cascade, index=True)
    day = Date(default=None)
    stirred = Boolean(default=False)
