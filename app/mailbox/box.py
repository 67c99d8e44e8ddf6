"""The connection to the IMAP server. Its calls block, so others make them in a thread."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from imaplib import IMAP4
from typing import Final

from imap_tools.consts import MailMessageFlags
from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.message import MailMessage

from app.settings import SettingError, Settings
from surveys.errors import DomainError

# Marks texts that are translated where the reader is known.
N_ = str

SECONDS: Final = 30
SECURITY: Final = ("tls", "starttls", "none")
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


class MailboxError(DomainError):
    """The server does not answer, or does not let us in."""

    def __init__(self, error: Exception) -> None:
        super().__init__(N_("Không đọc được hộp thư: {error}"), error=str(error)[:300])


def check_mailbox(settings: Settings) -> None:
    """Refuse settings that cannot be meant. Raises SettingError."""
    if not settings.imap_host:
        return
    if settings.imap_security not in SECURITY:
        raise SettingError(
            f"SIPAS_IMAP_SECURITY must be one of {', '.join(SECURITY)},"
            f" not {settings.imap_security!r}."
        )
    if settings.imap_security == "none" and settings.imap_host not in LOOPBACK:
        raise SettingError("SIPAS_IMAP_SECURITY may be none only for a server on this machine.")


class Box:
    """An open mailbox."""

    def __init__(self, mailbox: BaseMailBox) -> None:
        self._mailbox = mailbox

    def unseen(self, most: int) -> list[str]:
        """The uids of letters that nobody has read, oldest first."""
        return self._mailbox.uids("UNSEEN", charset=None)[:most]

    def fetch(self, uid: str, *, largest: int) -> MailMessage | None:
        """A letter, only its head when it is larger, or None when it has gone meanwhile.

        Fetching does not mark it: it stays unread until what it asks for is done.
        """
        head = self._one(uid, headers_only=True)
        if head is None or head.size_rfc822 > largest:
            return head
        return self._one(uid, headers_only=False)

    def mark(self, uid: str, *, flagged: bool) -> None:
        """Mark a letter as read, and flag one that a person must look at."""
        flags = [MailMessageFlags.SEEN] + [MailMessageFlags.FLAGGED] * flagged
        self._mailbox.flag(uid, flags, True)  # noqa: FBT003 - the library's way

    def _one(self, uid: str, *, headers_only: bool) -> MailMessage | None:
        found = self._mailbox.fetch(uid_list=[uid], mark_seen=False, headers_only=headers_only)
        return next(iter(found), None)


@contextmanager
def open_box(settings: Settings) -> Iterator[Box]:
    """Sign in and choose the folder. Raises MailboxError, SettingError."""
    check_mailbox(settings)
    try:
        mailbox = _connect(settings)
        try:
            mailbox.login(settings.imap_user, settings.imap_password, settings.imap_folder)
            yield Box(mailbox)
        finally:
            with suppress(ImapToolsError, IMAP4.error, OSError):
                mailbox.logout()
    except (ImapToolsError, IMAP4.error, OSError) as error:
        raise MailboxError(error) from error


def _connect(settings: Settings) -> BaseMailBox:
    host, port = settings.imap_host, settings.imap_port
    if settings.imap_security == "none":
        return MailBoxUnencrypted(host, port, timeout=SECONDS)
    context = ssl.create_default_context()
    if settings.imap_security == "starttls":
        return MailBoxStartTls(host, port, timeout=SECONDS, ssl_context=context)
    return MailBox(host, port, timeout=SECONDS, ssl_context=context)
