"""A questionnaire as templates need it: questions by role, in the reader's language."""

from typing import Any

from app.rendering import language
from surveys.questionnaires import Questionnaire


def questions_of(questionnaire: Questionnaire) -> dict[str, list[dict[str, Any]]]:
    """Questions under `overall`, `factor`, `reason` and `reflection`."""
    said = language.get() if language.get() in questionnaire.languages else "vi"
    found: dict[str, list[dict[str, Any]]] = {
        role: [] for role in ("overall", "factor", "reason", "reflection")
    }
    for question in questionnaire.questions:
        scale = questionnaire.scales.get(question.scale)
        found[question.role].append(
            {
                "name": question.name,
                "role": question.role,
                "label": question.labels[said],
                "hint": question.hint.get(said, ""),
                "required": question.required,
                "max_length": question.max_length or 1000,
                "levels": [
                    {"code": level.code, "label": level.labels[said], "missing": level.missing}
                    for level in (scale.levels if scale else ())
                ],
                "choices": [
                    {"name": choice.name, "label": choice.labels[said]}
                    for choice in question.choices
                ],
            }
        )
    return found
