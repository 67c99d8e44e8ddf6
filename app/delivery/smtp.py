"""Mail by SMTP. The protocol knows no key: once the text is sent, silence means doubt."""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime, parseaddr
from typing import Literal

import aiosmtplib
import msgspec

from app.delivery.channels import Attempt, Failed, Sent, Uncertain
from surveys.messages import Outgoing


class SmtpConfig(
    msgspec.Struct, frozen=True, tag="smtp", tag_field="kind", forbid_unknown_fields=True
):
    """Which server takes our mail, and as whom we write."""

    host: str
    sender: str
    port: int = 587
    username: str = ""
    password: str = ""
    security: Literal["starttls", "tls", "none"] = "starttls"
    timeout_seconds: float = 20
    without_marks: bool = False


@dataclass(frozen=True, slots=True)
class SmtpChannel:
    """Sends one mail over one connection."""

    config: SmtpConfig
    repeatable: bool = False

    async def send(self, message: Outgoing) -> Attempt:
        """Hand a mail to the server."""
        client = self._client()
        try:
            try:
                await self._introduce(client, message)
            except (aiosmtplib.SMTPException, OSError) as error:
                # Nothing of the text has left yet.
                return _refused(error)
            return await self._give(client, message)
        finally:
            client.close()

    def _client(self) -> aiosmtplib.SMTP:
        config = self.config
        return aiosmtplib.SMTP(
            hostname=config.host,
            port=config.port,
            username=config.username or None,
            password=config.password or None,
            timeout=config.timeout_seconds,
            use_tls=config.security == "tls",
            start_tls=config.security == "starttls",
        )

    async def _introduce(self, client: aiosmtplib.SMTP, message: Outgoing) -> None:
        await client.connect()
        await client.mail(parseaddr(self.config.sender)[1])
        await client.rcpt(message.address)

    async def _give(self, client: aiosmtplib.SMTP, message: Outgoing) -> Attempt:
        written = write_mail(message, self.config.sender)
        try:
            answer = await client.data(written.as_bytes())
        except aiosmtplib.SMTPResponseException as error:
            return _refused(error)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Uncertain(f"after DATA: {type(error).__name__}")
        return Sent(f"{written['Message-ID']} {answer.message}"[:200])


def write_mail(message: Outgoing, sender: str) -> EmailMessage:
    """The mail with the headers that let mail programs stop it with one click."""
    name, address = parseaddr(sender)
    mail = EmailMessage()
    mail["From"] = Address(display_name=name, addr_spec=address)
    mail["To"] = Address(addr_spec=message.address)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{message.id}@{address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if message.stop_url:
        mail["List-Unsubscribe"] = f"<{message.stop_url}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(message.body)
    return mail


def _refused(error: Exception) -> Failed:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return Failed(f"{error.code} {error.message}", permanent=500 <= error.code < 600)
    return Failed(f"{type(error).__name__}: {error}")
