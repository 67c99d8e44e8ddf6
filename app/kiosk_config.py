"""What a kiosk shows and how it behaves, as one document with a version.

The version is a hash of the rest: a kiosk that holds it has nothing to fetch. Documents stay in
memory until something that they are made of changes, so that five hundred kiosks cost one small
query every few seconds.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

import msgspec

from app.intake import Forms
from app.kiosk_prompts import list_prompts
from app.kiosk_texts import TEXTS
from app.qr import qr_rows
from app.rendering import LANGUAGES, catalogue
from app.settings import Settings
from surveys import calendars, kiosks
from surveys.days import ZONE, local_day
from surveys.kiosks import KioskSettings, Place
from surveys.questionnaires import Question, Questionnaire

QUESTIONNAIRE = "counter"
ROLES = ("overall", "factor", "reason", "reflection")
REPEAT_SECONDS = 5
HEARTBEAT_SECONDS = 60
HOUR_DAYS = 60
# How old an answer to "has anything changed?" may be, and how long a name of a counter may be.
STAMP_SECONDS: Final = 5.0
KEPT_SECONDS: Final = 300.0
MOST_KEPT: Final = 10_000

Config = dict[str, Any]

_kept: dict[int, tuple[float, object, Config]] = {}
_stamp: tuple[float, str] = (0.0, "")


async def kiosk_config(counter_id: int, forms: Forms, settings: Settings) -> Config:
    """Everything that the kiosk of a counter needs, and the version of it."""
    version, questionnaire = await forms.find(QUESTIONNAIRE)
    prompts = prompts_of(settings)
    made_of = (version, await _changes(), local_day(datetime.now(UTC)), repr(prompts))
    now = time.monotonic()
    known = _kept.get(counter_id)
    if known is not None and known[0] > now and known[1] == made_of:
        return known[2]
    config = await _build(counter_id, questionnaire, settings, prompts)
    if len(_kept) >= MOST_KEPT:
        _kept.clear()
    _kept[counter_id] = (now + KEPT_SECONDS, made_of, config)
    return config


def forget_configs() -> None:
    """Build every document anew, because something was changed here."""
    global _stamp  # noqa: PLW0603 - one small memory a process
    _stamp = (0.0, "")
    _kept.clear()


def is_asleep(config: Config, now: datetime) -> bool:
    """Whether the kiosk rests at this moment; one without hours never does."""
    hours = config["hours"]
    if hours is None:
        return False
    local = now.astimezone(ZONE)
    spans = hours.get(f"{local:%Y-%m-%d}")
    # A day that the document does not reach is no reason to turn anybody away.
    return spans is not None and not any(first <= f"{local:%H:%M}" < last for first, last in spans)


def prompts_of(settings: Settings) -> dict[str, dict[str, str]]:
    """Addresses of the recordings by question and language."""
    found: dict[str, dict[str, str]] = {}
    for prompt in list_prompts(settings, QUESTIONNAIRE):
        found.setdefault(prompt.question, {})[prompt.language] = prompt.address
    return found


def texts_of(languages: Mapping[str, str], own: Mapping[str, Mapping[str, str]]) -> Config:
    """Every text in every language: the operator's own, the catalogue's, else in Vietnamese."""
    vietnamese = TEXTS | dict(own.get("vi", {}))
    return {
        code: {key: _text(code, key, own.get(code, {}), vietnamese) for key in TEXTS}
        for code in languages
    }


def _text(code: str, key: str, own: Mapping[str, str], vietnamese: Mapping[str, str]) -> str:
    if key in own:
        return own[key]
    said = catalogue(code).gettext(TEXTS[key])
    # What no catalogue knows comes back as it was asked.
    return vietnamese[key] if said == TEXTS[key] else said


async def _changes() -> str:
    global _stamp  # noqa: PLW0603 - one small memory a process
    now = time.monotonic()
    if _stamp[0] < now:
        stamp = f"{await calendars.calendar_stamp()}|{await kiosks.settings_stamp()}"
        _stamp = (now + STAMP_SECONDS, stamp)
    return _stamp[1]


async def _build(
    counter_id: int, questionnaire: Questionnaire, settings: Settings, prompts: Config
) -> Config:
    place = await kiosks.find_place(counter_id)
    said = await kiosks.effective_settings(place.agency_id, counter_id)
    languages = offered(said, questionnaire)
    default = said.default_language
    config: Config = {
        "counter": {"code": place.code, "name": place.name},
        "agency": {"name": place.agency_name},
        "languages": languages,
        "default_language": default if default in languages else first_of(languages),
        "idle_seconds": said.idle_seconds or settings.kiosk_idle_seconds,
        "repeat_seconds": said.repeat_seconds or REPEAT_SECONDS,
        "heartbeat_seconds": HEARTBEAT_SECONDS,
        "assisted": said.assisted is not False,
        "hours": await _hours(place, said),
        "timezone": ZONE.key,
        "texts": texts_of(languages, said.texts),
        "questionnaire": _questions(questionnaire, languages),
        "prompts": prompts,
        "reflect": _reflect(place, settings),
    }
    version = sha256(msgspec.json.encode(config, order="deterministic")).hexdigest()[:16]
    return {"version": version, **config}


def _reflect(place: Place, settings: Settings) -> Config:
    """Where a reflection to this agency is written, and the code that opens it on a phone."""
    base = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    address = f"{base}/reflect?agency={quote(place.agency_code)}"
    return {"agency": place.agency_code, "address": address, "qr": qr_rows(address)}


def offered(said: KioskSettings, questionnaire: Questionnaire) -> dict[str, str]:
    """The languages of a kiosk by code; without a word of the operator those that we have."""
    if said.languages:
        return said.languages
    known = {code: name for code, name in LANGUAGES.items() if code in questionnaire.languages}
    return known or {"vi": LANGUAGES["vi"]}


def first_of(languages: Mapping[str, str]) -> str:
    """The language of a kiosk that nobody chose one for; the database keeps no order of theirs."""
    return "vi" if "vi" in languages else next(iter(languages))


async def _hours(place: Place, said: KioskSettings) -> dict[str, list[list[str]]] | None:
    """Stretches of opening of the next days; None for a kiosk that never sleeps."""
    calendar = await calendars.load_calendar(place.agency_id)
    if said.sleep is False or not calendar.is_known:
        return None
    today = local_day(datetime.now(UTC))
    days = [today + timedelta(days=number) for number in range(HOUR_DAYS)]
    return {
        f"{day:%Y-%m-%d}": [
            [f"{opens:%H:%M}", f"{closes:%H:%M}"]
            for opens, closes in calendars.hours_of(calendar, day)
        ]
        for day in days
    }


def _questions(questionnaire: Questionnaire, languages: Mapping[str, str]) -> Config:
    found: dict[str, list[Config]] = {role: [] for role in ROLES}
    for question in questionnaire.questions:
        found[question.role].append(_question(question, questionnaire, languages))
    return {"key": questionnaire.key, "version": questionnaire.version, "questions": found}


def _question(
    question: Question, questionnaire: Questionnaire, languages: Mapping[str, str]
) -> Config:
    def said(texts: Mapping[str, str]) -> dict[str, str]:
        """In every language of the kiosk; what the form lacks, in Vietnamese."""
        first = texts.get("vi") or next(iter(texts.values()), "")
        return {code: texts.get(code) or first for code in languages} if texts else {}

    scale = questionnaire.scales.get(question.scale)
    return {
        "name": question.name,
        "label": said(question.labels),
        "hint": said(question.hint),
        "max_length": question.max_length or 1000,
        "levels": [
            {"code": level.code, "label": said(level.labels), "missing": level.missing}
            for level in (scale.levels if scale else ())
        ],
        "choices": [
            {"name": choice.name, "label": said(choice.labels)} for choice in question.choices
        ],
    }
