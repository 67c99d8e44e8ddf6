"""A real IMAP server in a process of its own, and letters as programs for mail write them."""

import imaplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from itertools import count
from pathlib import Path
from typing import Any

from app.settings import Settings

USER, PASSWORD = "phananh@tinh.example.vn", "trau vang 7"
NUMBER = count(1)


class PostOffice:
    """Puts letters into the mailbox, and looks at it as a person with a mail program does."""

    def __init__(self, port: int) -> None:
        self.port = port

    def connect(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        client.login(USER, PASSWORD)
        client.select("INBOX")
        return client

    def deliver(self, *letters: EmailMessage | bytes) -> None:
        client = self.connect()
        for letter in letters:
            client.append("INBOX", "", "", letter if isinstance(letter, bytes) else bytes(letter))
        client.logout()

    def empty(self) -> None:
        client = self.connect()
        client.store("1:*", "+FLAGS", "(\\Deleted)")
        client.expunge()
        client.logout()

    def flags(self) -> list[set[str]]:
        """The flags of each letter, in the order in which they came."""
        client = self.connect()
        _ok, found = client.fetch("1:*", "(FLAGS)")
        client.logout()
        return [
            {flag.decode() for flag in imaplib.ParseFlags(line) if flag != b"\\Recent"}
            for line in found
            if isinstance(line, bytes)
        ]

    def mark_unread(self, number: int) -> None:
        client = self.connect()
        client.store(str(number), "-FLAGS", "(\\Seen)")
        client.logout()


@contextmanager
def post_office(folder: Path, *, certificate: Path | None = None) -> Iterator[PostOffice]:
    """With a certificate (its key in the same file) it speaks STARTTLS."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    tls = ["--cert", certificate, "--key", certificate] if certificate else ["--no-tls"]
    with (folder / "imap.log").open("wb") as said:
        server = subprocess.Popen(
            [
                *(sys.executable, "-c", "from pymap.main import main; main()"),
                *("--host", "127.0.0.1", "--port", str(port), *tls),
                *("dict", "--demo-user", USER, "--demo-password", PASSWORD),
            ],
            stdout=said,
            stderr=said,
        )
        try:
            _wait(port, server)
            yield PostOffice(port)
        finally:
            server.terminate()
            server.wait(10)


def _wait(port: int, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            assert server.poll() is None
            time.sleep(0.05)
        else:
            return
    raise AssertionError


def mailbox_settings(folder: Path, office: PostOffice, **more: Any) -> Settings:
    given: dict[str, Any] = {
        "var": folder,
        "imap_host": "127.0.0.1",
        "imap_port": office.port,
        "imap_security": "none",
        "imap_user": USER,
        "imap_password": PASSWORD,
    }
    return Settings(**given | more)


def letter(text: str | None = "Ba lần tôi phải về lấy giấy.", **heads: str) -> EmailMessage:
    """A letter; heads are named with _ for -, and override those of a plain letter."""
    made = EmailMessage()
    given = {
        "From": "Trần Thị Bé <Be@Example.vn>",
        "To": USER,
        "Subject": "Về việc cấp giấy chứng sinh",
        "Message-ID": f"<{next(NUMBER)}@example.vn>",
    } | {name.replace("_", "-").title(): value for name, value in heads.items()}
    given = {name.replace("Message-Id", "Message-ID"): value for name, value in given.items()}
    for name, value in given.items():
        if value:
            made[name] = value
    if text is not None:
        made.set_content(text)
    return made
