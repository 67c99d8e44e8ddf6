"""Recorded questions: files that an operator supplies, named by question and language.

They lie under var/prompts/QUESTIONNAIRE/QUESTION.LANGUAGE.(mp3|ogg|wav). Addresses hold a hash of
the content, so that browsers may keep what they have for ever.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from app.settings import Settings
from surveys.accounts import FieldError

# Marks texts that are translated where the reader is known.
N_ = str

MEDIA_TYPES = {"mp3": "audio/mpeg", "ogg": "audio/ogg", "wav": "audio/wav"}
NAME = re.compile(r"([A-Za-z0-9_-]{1,60})\.([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\.(mp3|ogg|wav)")
ADDRESS = "/kiosk/prompts"
PART = re.compile(r"[A-Za-z0-9_-]{1,60}")


@dataclass(frozen=True, slots=True)
class Prompt:
    """One recording: which question, in which language, and where it is served."""

    question: str
    language: str
    kind: str
    size: int
    address: str


def list_prompts(settings: Settings, questionnaire: str) -> list[Prompt]:
    """The recordings of a questionnaire, by question and language."""
    folder = _folder(settings, questionnaire)
    if not folder.is_dir():
        return []
    found = []
    for path in sorted(folder.iterdir()):
        if name := NAME.fullmatch(path.name):
            said = _hash(path, path.stat().st_mtime_ns)
            address = f"{ADDRESS}/{questionnaire}/{said}/{path.name}"
            found.append(Prompt(name[1], name[2], name[3], path.stat().st_size, address))
    return found


def save_prompt(
    settings: Settings, questionnaire: str, question: str, language: str, content: bytes
) -> str:
    """Keep a recording in place of an older one; returns its kind. Raises FieldError."""
    most = settings.prompt_kilobytes
    if not content:
        raise FieldError("file", N_("Hãy chọn tệp âm thanh."))
    if len(content) > most * 1024:
        text = N_("Tệp lớn hơn {most} kB. Hãy ghi ngắn hơn hoặc nén thành MP3.")
        raise FieldError("file", text, most=most)
    kind = kind_of(content)
    if kind is None:
        raise FieldError("file", N_("Tệp không phải âm thanh MP3, OGG hoặc WAV."))
    folder = _folder(settings, questionnaire)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{question}.{language}.{kind}"
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)
    for other in MEDIA_TYPES.keys() - {kind}:
        (folder / f"{question}.{language}.{other}").unlink(missing_ok=True)
    return kind


def remove_prompt(settings: Settings, questionnaire: str, question: str, language: str) -> bool:
    """Take a recording away; whether there was one."""
    folder = _folder(settings, questionnaire)
    paths = [folder / f"{question}.{language}.{kind}" for kind in MEDIA_TYPES]
    found = [path for path in paths if NAME.fullmatch(path.name) and path.is_file()]
    for path in found:
        path.unlink()
    return bool(found)


def read_prompt(settings: Settings, questionnaire: str, said: str, name: str) -> bytes | None:
    """The content behind an address, or None where there is no such recording any more."""
    if not PART.fullmatch(questionnaire) or not NAME.fullmatch(name):
        return None
    path = _folder(settings, questionnaire) / name
    if not path.is_file():
        return None
    content = path.read_bytes()
    return content if _short(content) == said else None


def kind_of(content: bytes) -> str | None:
    """What a file is by its first bytes, whatever its name says."""
    if content[:4] == b"OggS":
        return "ogg"
    if content[:4] == b"RIFF" and content[8:12] == b"WAVE":
        return "wav"
    if content[:3] == b"ID3" and len(content) > 10:
        return "mp3"
    return "mp3" if _is_frame(content) else None


def _is_frame(content: bytes) -> bool:
    """Whether an MPEG audio frame of layer III with a real bit rate and sampling rate begins."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return False
    version, layer = content[1] >> 3 & 3, content[1] >> 1 & 3
    rate, sampling = content[2] >> 4, content[2] >> 2 & 3
    return version != 1 and layer == 1 and rate not in {0, 15} and sampling != 3


def _folder(settings: Settings, questionnaire: str) -> Path:
    return settings.var / "prompts" / questionnaire


@lru_cache(maxsize=1000)
def _hash(path: Path, _changed: int) -> str:
    return _short(path.read_bytes())


def _short(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]
