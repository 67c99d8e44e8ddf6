"""What a kiosk shows and how it behaves, as one document with a version.

The version is a hash of the rest: a kiosk that holds it has nothing to fetch.
"""

from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from app.intake import Forms
from app.rendering import LANGUAGES
from app.settings import Settings
from surveys.devices import get_counter
from surveys.questionnaires import Question, Questionnaire

QUESTIONNAIRE = "counter"
ROLES = ("overall", "factor", "reason", "reflection")
ZONE = "Asia/Ho_Chi_Minh"
REPEAT_SECONDS = 5
HEARTBEAT_SECONDS = 60


async def kiosk_config(counter_id: int, forms: Forms, settings: Settings) -> dict[str, Any]:
    """Everything that the kiosk of a counter needs, and the version of it."""
    counter = await get_counter(counter_id)
    _version, questionnaire = await forms.find(QUESTIONNAIRE)
    said: dict[str, Any] = {
        "counter": {"code": counter.code, "name": counter.name},
        "agency": {"name": counter.agency_name},
        "languages": {
            code: name for code, name in LANGUAGES.items() if code in questionnaire.languages
        },
        "default_language": "vi",
        "idle_seconds": settings.kiosk_idle_seconds,
        "repeat_seconds": REPEAT_SECONDS,
        "heartbeat_seconds": HEARTBEAT_SECONDS,
        "assisted": True,
        "hours": None,
        "timezone": ZONE,
        "texts": {},
        "questionnaire": _questions(questionnaire),
        "prompts": {},
    }
    return {"version": _version_of(said), **said}


def is_asleep(config: dict[str, Any], now: datetime) -> bool:
    """Whether the kiosk rests at this moment; one without hours never does."""
    hours = config["hours"]
    if hours is None:
        return False
    local = now.astimezone(ZoneInfo(config["timezone"]))
    spans = hours.get(f"{local:%Y-%m-%d}")
    # A day that the document does not reach is no reason to turn anybody away.
    return spans is not None and not any(first <= f"{local:%H:%M}" < last for first, last in spans)


def _version_of(said: dict[str, Any]) -> str:
    return sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()[:16]


def _questions(questionnaire: Questionnaire) -> dict[str, Any]:
    found: dict[str, list[dict[str, Any]]] = {role: [] for role in ROLES}
    for question in questionnaire.questions:
        found[question.role].append(_question(question, questionnaire))
    return {
        "key": questionnaire.key,
        "version": questionnaire.version,
        "questions": found,
    }


def _question(question: Question, questionnaire: Questionnaire) -> dict[str, Any]:
    scale = questionnaire.scales.get(question.scale)
    return {
        "name": question.name,
        "label": question.labels,
        "hint": question.hint,
        "max_length": question.max_length or 1000,
        "levels": [
            {"code": level.code, "label": level.labels, "missing": level.missing}
            for level in (scale.levels if scale else ())
        ],
        "choices": [{"name": choice.name, "label": choice.labels} for choice in question.choices],
    }
