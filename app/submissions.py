"""What citizens send, checked and made ready to record, and the words that answer them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec

from app.intake import Forms, Intake
from app.rendering import _
from surveys.questionnaires import AnswerError, Questionnaire, UnknownVersionError, check_answers
from surveys.ratings import NewRating

STORED = "stored"

# Marks texts that are translated where the reader is known.
N_ = str

# PostgreSQL refuses the NUL character, and with it a whole batch.
Code = Annotated[str, msgspec.Meta(max_length=80, pattern="^[^\\x00]*$")]

# Why a rating was not taken, in plain words, and what its sender can do.
REFUSALS = {
    "already rated": N_("Hồ sơ này đã được đánh giá. Mỗi hồ sơ được đánh giá một lần."),
    "expired": N_("Liên kết này đã hết hạn nên không nhận đánh giá được nữa."),
    "unknown right": N_("Liên kết này không đúng. Hãy mở lại liên kết trong tin nhắn hoặc mã QR."),
    "unknown counter": N_("Thiết bị này chưa được gắn với quầy nào. Hãy báo cho cán bộ một cửa."),
    "too late": N_(
        "Đánh giá đã được khóa nên không bổ sung được nữa. Lượt đánh giá vẫn được tính."
    ),
    "unknown rating": N_("Không tìm thấy lượt đánh giá cần bổ sung."),
    "unknown questionnaire": N_("Phiếu hỏi này không còn dùng. Hãy tải lại trang."),
    "no right": N_("Cần có mã của hồ sơ để gửi đánh giá."),
}


class SentRating(msgspec.Struct, frozen=True):
    """One rating as it is sent, under an id that its sender made."""

    id: UUID
    answers: dict[str, Any]
    questionnaire: Code = "counter"
    right: Code = ""
    completes: bool = False


class Receipt(msgspec.Struct, frozen=True):
    """What became of one rating: stored (now or before), or refused and why."""

    id: UUID
    status: str
    code: str = ""
    message: str = ""


def refusal(rating: UUID, code: str, message: str = "") -> Receipt:
    """A receipt that says no in plain words."""
    return Receipt(rating, "refused", code, message or refusal_text(code))


def refusal_text(code: str) -> str:
    """Why a rating was not taken, in the reader's language."""
    return _(REFUSALS[code])


def receipt(rating: UUID, outcome: str) -> Receipt:
    """The receipt for an outcome of recording."""
    return Receipt(rating, STORED) if outcome == STORED else refusal(rating, outcome)


async def take_ratings(sent: Sequence[SentRating], intake: Intake, forms: Forms) -> list[Receipt]:
    """Check, record and answer; one receipt each, in order."""
    receipts: dict[int, Receipt] = {}
    ready: dict[int, NewRating] = {}
    for place, rating in enumerate(sent):
        found = await _prepare(rating, forms)
        if isinstance(found, Receipt):
            receipts[place] = found
        else:
            ready[place] = found
    if ready:
        outcomes = await intake.submit(list(ready.values()))
        for place, outcome in zip(ready, outcomes, strict=True):
            receipts[place] = receipt(sent[place].id, outcome)
    return [receipts[place] for place in range(len(sent))]


async def _prepare(rating: SentRating, forms: Forms) -> NewRating | Receipt:
    if not rating.completes and not rating.right:
        return refusal(rating.id, "no right")
    try:
        version, questionnaire = await forms.find(rating.questionnaire)
        return checked(rating, version, questionnaire)
    except UnknownVersionError:
        return refusal(rating.id, "unknown questionnaire")
    except AnswerError as error:
        return refusal(rating.id, "wrong answer", error.told(_))


def checked(rating: SentRating, version: int, questionnaire: Questionnaire) -> NewRating:
    """The rating with its answers as (item, code) pairs; raises AnswerError."""
    answers: Mapping[str, Any] = rating.answers
    found = check_answers(questionnaire, answers, complete=not rating.completes)
    level, levels = overall_level(questionnaire, found.codes)
    return NewRating(
        id=rating.id,
        questionnaire=rating.questionnaire,
        version=version,
        codes=found.codes,
        comment=found.text,
        right=rating.right,
        completes=rating.completes,
        level=level,
        levels=levels,
    )


def overall_level(
    questionnaire: Questionnaire, codes: Sequence[tuple[int, int]]
) -> tuple[int, int]:
    """The rank of the overall answer from the lowest (1), and how many levels there are.

    Without an answer, or with one that is missing by its own words, the rank is 0.
    """
    overall = next((one for one in questionnaire.questions if one.role == "overall"), None)
    if overall is None or not overall.scale:
        return 0, 0
    scale = questionnaire.scales[overall.scale]
    ranks = sorted(level.code for level in scale.levels if not level.missing)
    code = dict(codes).get(overall.position)
    return (ranks.index(code) + 1 if code in ranks else 0), len(ranks)
