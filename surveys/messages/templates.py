"""The words of messages: shipped with the program, rewritten by the office, version by version."""

import re
from dataclasses import dataclass
from datetime import datetime

from surveys.accounts import FieldError, audit
from surveys.messages.events import CHANNELS, LANGUAGES, Event, catalogue, find_event
from surveys.transactions import fetch, fetch_one, transaction

N_ = str

FIELD = re.compile(r"\{([^{}]*)\}")
LONGEST = {"sms": 600, "zalo": 1000, "mail": 5000}

NEWEST = """
SELECT subject, body, version, created_at FROM message_template
WHERE event = $1 AND channel = $2 AND language = $3 AND version <= coalesce($4, version)
ORDER BY version DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Words:
    """One version of the words for an event, by one channel, in one language."""

    subject: str
    body: str
    version: int = 0
    created_at: datetime | None = None

    def fill(self, values: dict[str, str]) -> tuple[str, str]:
        """Subject and body with their fields filled in; a value is never read as a field."""

        def value(found: re.Match[str]) -> str:
            return values[found[1]]

        return FIELD.sub(value, self.subject), FIELD.sub(value, self.body)

    def show(self, values: dict[str, str]) -> tuple[str, str]:
        """The same for words that may still be wrong: unknown fields stay as they are."""

        def value(found: re.Match[str]) -> str:
            return values.get(found[1], found[0])

        return FIELD.sub(value, self.subject), FIELD.sub(value, self.body)


async def find_words(
    event: str, channel: str, language: str, *, version: int | None = None
) -> Words:
    """The words in force, or those of an earlier version that a message was begun with."""
    shipped = find_event(event).shipped(channel, language)
    if version != 0:
        row = await fetch_one(NEWEST, event, channel, language, version)
        if row is not None:
            return Words(**row)
    return Words(*shipped)


async def save_words(
    event: str, channel: str, texts: dict[str, tuple[str, str]], *, actor: int
) -> None:
    """Keep new words of every language as the next version; nothing is kept if one is wrong."""
    known = find_event(event)
    for language, (subject, body) in texts.items():
        check_words(known, channel, language, subject, body)
    async with transaction():
        for language, (subject, body) in texts.items():
            old = await find_words(event, channel, language)
            if (old.subject, old.body) != (subject, body):
                await fetch(
                    "INSERT INTO message_template (event, channel, language, version, subject,"
                    " body, author) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                    *(event, channel, language, old.version + 1, subject, body, actor),
                )
                await audit(
                    "template_saved", event, actor=actor, channel=channel, language=language
                )


def check_words(event: Event, channel: str, language: str, subject: str, body: str) -> None:
    """Refuse words with a field that nobody fills in, or without one that must be there."""
    name = f"body_{language}"
    if not body.strip():
        raise FieldError(name, N_("Hãy viết nội dung tin nhắn."))
    if len(body) > LONGEST[channel]:
        raise FieldError(name, N_("Nội dung quá dài: tối đa {most} ký tự."), most=LONGEST[channel])
    if channel == "mail" and not 1 <= len(subject.strip()) <= 200:
        raise FieldError(f"subject_{language}", N_("Hãy viết tiêu đề thư, tối đa 200 ký tự."))
    if "\n" in subject or "\r" in subject:
        raise FieldError(f"subject_{language}", N_("Tiêu đề thư chỉ được có một dòng."))
    _check_fields(event, f"subject_{language}", subject)
    _check_fields(event, name, body)
    for needed in event.needed:
        if f"{{{needed}}}" not in body:
            raise FieldError(name, N_("Thiếu trường {missing}."), missing=f"{{{needed}}}")


def _check_fields(event: Event, name: str, text: str) -> None:
    for field in FIELD.findall(text):
        if field not in event.allowed:
            allowed = ", ".join(f"{{{one}}}" for one in event.allowed)
            raise FieldError(
                name,
                N_("Không có trường {wrong}. Các trường dùng được: {allowed}."),
                wrong=f"{{{field}}}",
                allowed=allowed,
            )
    if "{" in FIELD.sub("", text) or "}" in FIELD.sub("", text):
        raise FieldError(name, N_("Có dấu ngoặc nhọn lẻ. Mỗi trường viết như {example}."),
                         example="{agency}")  # fmt: skip


async def list_versions() -> dict[tuple[str, str], int]:
    """The newest version of the office's own words, by event and channel."""
    rows = await fetch(
        "SELECT event, channel, max(version) AS version FROM message_template GROUP BY 1, 2"
    )
    return {(row["event"], row["channel"]): row["version"] for row in rows}


def check_shipped() -> None:
    """Hold the shipped words to the same rules; a test calls this."""
    for event in catalogue().events.values():
        for channel in CHANNELS:
            for language in LANGUAGES:
                check_words(event, channel, language, *event.shipped(channel, language))
