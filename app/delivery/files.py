"""Messages as files, for demonstrations and for an office without a gateway."""

import json
from asyncio import to_thread
from dataclasses import dataclass
from pathlib import Path

from app.delivery.channels import Attempt, Failed, Sent
from surveys.messages import Outgoing


@dataclass(frozen=True, slots=True)
class FileChannel:
    """Writes each message to a file named after its key: the same message, the same file."""

    folder: Path
    repeatable: bool = True

    async def send(self, message: Outgoing) -> Attempt:
        """Write the file, whole or not at all."""
        try:
            await to_thread(self._write, message)
        except OSError as error:
            return Failed(f"{type(error).__name__}: {error.strerror}")
        return Sent(str(message.id))

    def _write(self, message: Outgoing) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        told = {
            "channel": message.channel,
            "to": message.address,
            "subject": message.subject,
            "body": message.body,
        }
        draft = self.folder / f".{message.id}"
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
        draft.rename(self.folder / f"{message.id}.json")
