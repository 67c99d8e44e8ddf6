"""Messages to citizens and staff, whom they may reach, and how a dossier's citizen is asked.

An address stands in `contact` (with the consent that allows it) or, for a message without one,
in the message itself, and only until the message is done (docs/privacy.md).
"""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    UUID,
    BigSerial,
    Boolean,
    Bytea,
    Date,
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
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Check, Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Agency, Dossier


class Way(StrEnum):
    """By what a message travels (`channel` of a message; a dossier's channel is another thing)."""

    SMS = "sms"
    MAIL = "mail"
    ZALO = "zalo"


class MessageState(StrEnum):
    """From waiting to done; an uncertain message may or may not have arrived."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"


class AskedBy(StrEnum):
    """The three arms of a mode split."""

    KIOSK = "kiosk"
    MESSAGE = "message"
    NONE = "none"


class Contact(Table, tablename="contact"):
    """Where a citizen may be reached, and the consent to it; deleted after use and at expiry.

    `dossier` is emptied once the invitation is queued. `reference` and `address_hash` are keyed
    hashes, and `seed` makes the link's token: without the program's pepper they say nothing.
    """

    id = UUID(primary_key=True, default=UUID4())
    reference = Varchar(length=64, unique=True)
    dossier = ForeignKey(Dossier, null=True, default=None, on_delete=OnDelete.restrict)
    channel = Varchar(length=10, choices=Way)
    address = Varchar(length=320, null=True, default=None)
    address_hash = Varchar(length=32, index=True)
    language = Varchar(length=10, default="vi")
    seed = Bytea(default=None)
    purpose = Varchar(length=40)
    notice = Varchar(length=40)
    consented_how = Varchar(length=20)
    consented_at = Timestamptz(default=None)
    expires_at = Timestamptz(default=None, index=True)
    withdrawn_at = Timestamptz(null=True, default=None)

    contact_has_address_until_withdrawn = Check(address.is_not_null() | withdrawn_at.is_not_null())


class OptOut(Table, tablename="opt_out"):
    """An address that wants no messages, as a keyed hash: nobody can read it back."""

    address_hash = Varchar(length=32, primary_key=True)
    day = Date(default=None)


class MessageTemplate(Table, tablename="message_template"):
    """A text of the office's own; without one the text shipped with the program (version 0) goes."""

    id = Serial(primary_key=True)
    event = Varchar(length=60)
    channel = Varchar(length=10, choices=Way)
    language = Varchar(length=10)
    version = Integer(default=None)
    subject = Varchar(length=200, default="")
    body = Text(default=None)
    author = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    created_at = Timestamptz(default=TimestamptzNow())

    template_version_once = Unique([event, channel, language, version])
    template_version_positive = Check(version >= 1)


class OutboxMessage(Table, tablename="outbox_message"):
    """A message on its way. Its id is the idempotency key; its text is made when it is sent."""

    id = UUID(primary_key=True, default=UUID4())
    unique_key = Varchar(length=200, unique=True)
    event = Varchar(length=60)
    channel = Varchar(length=10, choices=Way)
    language = Varchar(length=10, default="vi")
    contact = ForeignKey(Contact, null=True, default=None, on_delete=OnDelete.set_null)
    address = Varchar(length=320, null=True, default=None)
    fields = JSONB(default="{}")
    urgent = Boolean(default=False)
    reminder = Boolean(default=False)
    state = Varchar(length=12, choices=MessageState, default="queued")
    due = Timestamptz(default=None)
    attempts = SmallInt(default=0)
    leased_until = Timestamptz(null=True, default=None)
    worker = Varchar(length=80, null=True, default=None)
    template_version = Integer(null=True, default=None)
    provider_id = Varchar(length=200, null=True, default=None)
    last_error = Text(default="")
    created_at = Timestamptz(default=TimestamptzNow())
    done_at = Timestamptz(null=True, default=None)

    # Nobody can reach a person through a message that is done.
    done_message_has_no_address = Check(
        address.is_null() | (state == "queued") | (state == "sending") | (state == "uncertain")
    )


class ModePlan(Table, tablename="mode_plan"):
    """How an agency's citizens with a contact are split at random between two dates, in percent."""

    id = Serial(primary_key=True)
    agency = ForeignKey(Agency, null=False, on_delete=OnDelete.restrict)
    kiosk = SmallInt(default=None)
    message = SmallInt(default=None)
    none = SmallInt(default=None)
    seed = Varchar(length=64)
    valid_from = Date(default=None)
    valid_to = Date(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())

    mode_plan_shares = Check((kiosk >= 0) & (message >= 0) & (none >= 0))
    mode_plan_dates = Check(valid_to.is_null() | (valid_to > valid_from))


class ModeAssignment(Table, tablename="mode_assignment"):
    """By what one dossier's citizen is asked. It says nothing of whether they answered."""

    id = BigSerial(primary_key=True)
    dossier = ForeignKey(Dossier, null=False, on_delete=OnDelete.restrict, unique=True, index=False)
    plan = ForeignKey(ModePlan, null=False, on_delete=OnDelete.restrict)
    mode = Varchar(length=10, choices=AskedBy)
    before_return = Boolean(default=None)
    day = Date(default=None)
