"""A letter as it matters to us, read from a message."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from typing import Final

import msgspec
from imap_tools.message import MailMessage
from imap_tools.utils import parse_email_addresses

from app.mailbox.texts import fit, own_words, subject_of, tidy, words_of_html

REFERENCE: Final = re.compile(r"\bPA-\d{8}-[0-9A-Z]{5}\b", re.IGNORECASE)
CODE: Final = re.compile(r"\b[0-9A-Z]{4}[ -]?[0-9A-Z]{4}[ -]?[0-9A-Z]{4}\b", re.IGNORECASE)
MOST_CODES: Final = 5

# RFC 3834 and what programs did before it; RFC 2369 and 2919 for lists.
AUTOMATIC: Final = ("x-autoreply", "x-autorespond", "list-id", "list-unsubscribe", "list-post")
IN_BULK: Final = frozenset({"bulk", "junk", "list", "auto_reply"})
MACHINES: Final = re.compile(r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b")
TO_WHOM: Final = ("to", "cc", "delivered-to", "x-original-to", "envelope-to")

# Pictures in a signature are no evidence.
LOGO_BYTES: Final = 10_000
LONGEST_WAIT: Final = timedelta(days=30)


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter. `key` stands for its Message-ID; `whole` is the text with what is quoted."""

    key: str
    sender: str
    name: str
    recipients: list[str]
    subject: str
    text: str
    whole: str
    files: list[tuple[str, bytes]]
    automatic: bool
    came_at: datetime | None

    @property
    def reference(self) -> str:
        """The reference of a case that the letter names; the subject's goes first."""
        found = REFERENCE.search(f"{self.subject}\n{self.whole}")
        return found[0].upper() if found else ""

    @property
    def codes(self) -> list[str]:
        """What could be an access code."""
        return CODE.findall(self.whole)[:MOST_CODES]


def read_letter(message: MailMessage) -> Letter:
    """The letter in a message, whatever its programs have made of it."""
    sender = message.from_values
    address = fit(sender.email if sender else "").strip()
    is_reply = bool(_head(message, "in-reply-to") or _head(message, "references"))
    whole = tidy(message.text)
    text = own_words(whole) if is_reply else whole
    if not whole:
        whole = words_of_html(message.html)
        text = words_of_html(message.html, with_quotes=not is_reply)
        text = own_words(text) if is_reply else text
    return Letter(
        key=key_of(message),
        sender=address,
        name=" ".join(fit(sender.name if sender else "").split()),
        recipients=[one for head in TO_WHOM for one in _addresses(message, head)],
        subject=subject_of(message.subject),
        # Somebody who only passes a letter on means what it says.
        text=text or whole,
        whole=whole,
        files=_files(message),
        automatic=_is_automatic(message, address),
        came_at=_came_at(message),
    )


def key_of(message: MailMessage) -> str:
    """The same for the same letter, wherever it lies: a hash of its Message-ID, or of its head."""
    named = _head(message, "message-id")
    head = named or repr(message.obj.items())
    return sha256(head.encode("utf-8", "surrogateescape")).hexdigest()


def _head(message: MailMessage, name: str) -> str:
    return " ".join(str(value) for value in message.obj.get_all(name, [])).strip()


def _addresses(message: MailMessage, name: str) -> list[str]:
    values = message.obj.get_all(name, [])
    return [one.email.lower() for value in values for one in parse_email_addresses(str(value))]


def _is_automatic(message: MailMessage, sender: str) -> bool:
    submitted = _head(message, "auto-submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or _head(message, "precedence").lower() in IN_BULK
        or any(name in message.obj for name in AUTOMATIC)
        or _head(message, "return-path") == "<>"
        or message.obj.get_content_type() in {"multipart/report", "message/delivery-status"}
        or bool(MACHINES.match(sender.lower()))
    )


def _files(message: MailMessage) -> list[tuple[str, bytes]]:
    found = []
    for one in message.attachments:
        beside = one.content_disposition == "attachment"
        if one.content_type.startswith("text/") and not beside:
            continue
        if beside or len(one.payload) > LOGO_BYTES:
            found.append((one.filename or one.content_type, one.payload))
    return found


def _came_at(message: MailMessage) -> datetime | None:
    """When our own mail server took it: it writes the first `Received`; a sender's date is a claim."""
    stamps = message.obj.get_all("received", [])
    try:
        came = parsedate_to_datetime(str(stamps[0]).rpartition(";")[2].strip()) if stamps else None
    except (ValueError, OverflowError):
        return None
    if came is None:
        return None
    came = came if came.tzinfo else came.replace(tzinfo=UTC)
    now = datetime.now(UTC)
    return came if now - LONGEST_WAIT < came <= now else None
