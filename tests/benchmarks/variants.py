"""The servers that `intake` compares: `python -m tests.benchmarks.variants VARIANT PORT`.

`product` is the application as it is. `orm` is the same application, but each request does its
own transaction through the ORM: look up the right, insert what was spent, what was sent, the
rating and its answers. `bare` answers without doing anything.
"""

import os
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
import uvloop
from litestar import Litestar, Request, get, post
from litestar.params import JSONBody

from app import intake
from app.pages.ratings import Ratings, Receipts
from app.server import create_app
from app.settings import Settings
from app.submissions import Receipt
from piccolo_conf import DB
from surveys.days import local_day
from surveys.devices import Event
from surveys.ratings import NewRating
from surveys.ratings.rights import hash_token
from surveys.tables.ratings import (
    ResendKey,
    RightToRate,
    SpentRight,
    WaitingAnswer,
    WaitingRating,
)


class OrmIntake(intake.Intake):
    """One transaction a request, every statement built by the ORM."""

    async def submit(self, ratings: Sequence[NewRating | Event]) -> list[str]:
        """Record each rating by itself."""
        return [await record_by_orm(one) for one in ratings if isinstance(one, NewRating)]


async def record_by_orm(rating: NewRating) -> str:
    """Check the right, then insert one rating with everything around it."""
    now = datetime.now(UTC)
    async with DB.transaction():
        right = (
            await RightToRate.select(RightToRate.dossier, RightToRate.cell, RightToRate.mode)
            .where(RightToRate.token_hash == hash_token(rating.right))
            .where(RightToRate.expires_at > now)
            .first()
        )
        if right is None:
            return "unknown right"
        spent = SpentRight(
            dossier=right["dossier"], questionnaire=rating.questionnaire, day=local_day(now)
        )
        taken = (
            await SpentRight.insert(spent)
            .on_conflict(target=(SpentRight.dossier, SpentRight.questionnaire), action="DO NOTHING")
            .returning(SpentRight.id)
        )
        if not taken:
            return "already rated"
        await ResendKey.insert(ResendKey(id=rating.id, day=local_day(now)))
        await WaitingRating.insert(
            WaitingRating(
                id=rating.id,
                version=rating.version,
                mode=right["mode"],
                cell=right["cell"],
                comment=rating.comment,
                received_on=local_day(now),
            )
        )
        await WaitingAnswer.insert(
            *(
                WaitingAnswer(rating=rating.id, version=rating.version, item=item, code=code)
                for item, code in rating.codes
            )
        )
    return "stored"


@post("/api/ratings", status_code=200)
async def answer_bare(data: JSONBody[Ratings], request: Request) -> Receipts:  # type: ignore[type-arg]
    """Parse and answer."""
    return Receipts([Receipt(rating.id, "stored") for rating in data.ratings])


@get("/health/live")
async def show_health() -> str:
    """Answer."""
    return "ok"


def main(variant: str, port: int) -> None:
    """Serve one variant until stopped."""
    DB.config = {"dsn": os.environ["DATABASE_URL"]}
    settings = Settings(var=Path(tempfile.mkdtemp()), port=port)
    if variant == "orm":
        intake.Intake = OrmIntake  # type: ignore[misc]
    if variant == "bare":
        app = Litestar([answer_bare, show_health], openapi_config=None)
    else:
        app = create_app(settings)
    config = uvicorn.Config(
        app, port=port, log_level="warning", access_log=False, http="httptools", proxy_headers=False
    )
    uvloop.run(uvicorn.Server(config).serve())


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
