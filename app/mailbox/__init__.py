"""The mailbox to which citizens write: letters become cases, or are added to one.

docs/mailbox.md tells what becomes of each kind of letter.
"""

from app.mailbox.box import MailboxError, check_mailbox
from app.mailbox.reading import read_mailbox

__all__ = ["MailboxError", "check_mailbox", "read_mailbox"]
