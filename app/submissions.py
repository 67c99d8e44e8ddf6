"""What citizens send, checked and made ready to record, and the words that answer them."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec

from app.intake import Forms, Intake
from app.rendering import _
from surveys.questionnaires import AnswerError, Questionnaire, UnknownVersionError, check_answers
from surveys.ratings import NewRating, Ticket
from surveys.rights import SentTicket, check_tickets
from surveys.rights import errors as rights

STORED = "stored"

# Marks texts that are translated where the reader is known.
N_ = str

# PostgreSQL refuses the NUL character, and with it a whole batch.
Code = Annotated[str, msgspec.Meta(max_length=80, pattern="^[^\\x00]*$")]

# Why a rating was not taken, in plain words, and what its sender can do.
REFUSALS = {
    "already rated": rights.ALREADY_RATED,
    "expired": rights.EXPIRED,
    "unknown right": rights.UNKNOWN_RIGHT,
    "not finished": rights.NOT_FINISHED,
    "bad ticket": N_("Chữ ký của quyền đánh giá không khớp nên không nhận được đánh giá này."),
    "expired ticket": N_("Đánh giá này gửi đến quá muộn nên không nhận được nữa."),
    "unknown counter": N_("Thiết bị này chưa được gắn với quầy nào. Hãy báo cho cán bộ một cửa."),
    "too late": N_(
        "Đánh giá đã được khóa nên không bổ sung được nữa. Lượt đánh giá vẫn được tính."
    ),
    "unknown rating": N_("Không tìm thấy lượt đánh giá cần bổ sung."),
    "unknown questionnaire": N_("Phiếu hỏi này không còn dùng. Hãy tải lại trang."),
    "no right": N_("Cần có mã của hồ sơ để gửi đánh giá."),
}


class SentRating(msgspec.Struct, frozen=True):
    """One rating as it is sent, under an id that its sender made.

    It brings its one-time `right`, or the `ticket` for which that right was spent before.
    """

    id: UUID
    answers: dict[str, Any]
    questionnaire: Code = "counter"
    right: Code = ""
    ticket: SentTicket | None = None
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
    tickets = await _check_tickets(sent)
    for place, rating in enumerate(sent):
        found = await _prepare(rating, tickets.get(place), forms)
        if isinstance(found, Receipt):
            receipts[place] = found
        else:
            ready[place] = found
    if ready:
        outcomes = await intake.submit(list(ready.values()))
        for place, outcome in zip(ready, outcomes, strict=True):
            receipts[place] = receipt(sent[place].id, outcome)
    return [receipts[place] for place in range(len(sent))]


async def _check_tickets(sent: Sequence[SentRating]) -> dict[int, Ticket | None]:
    brought = {place: one.ticket for place, one in enumerate(sent) if one.ticket is not None}
    return dict(zip(brought, await check_tickets(list(brought.values())), strict=True))


async def _prepare(rating: SentRating, ticket: Ticket | None, forms: Forms) -> NewRating | Receipt:
    if rating.ticket is not None and ticket is None:
        return refusal(rating.id, "bad ticket")
    if not (rating.completes or rating.right or ticket):
        return refusal(rating.id, "no right")
    try:
        version, questionnaire = await forms.find(rating.questionnaire)
        made = checked(rating, version, questionnaire)
        # Of a ticket and a right, one is enough; the other stays good.
        return msgspec.structs.replace(made, right="", ticket=ticket) if ticket else made
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
