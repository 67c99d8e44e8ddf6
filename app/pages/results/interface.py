"""The JSON interface to published results; the same figures as on the pages."""

from typing import Any

import msgspec
from litestar import get
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import Example
from litestar.params import FromPath

from app.pages.results.agencies import find_agency
from app.pages.results.contract import AgencyInPeriod, PeriodResults, Periods
from app.pages.results.examples import AGENCY, PERIOD, PERIODS
from surveys.results import public_periods, public_results, trend


def answers(kind: type[Any], example: dict[str, Any], text: str) -> dict[int, ResponseSpec]:
    """Documentation of a successful answer."""
    return {
        200: ResponseSpec(
            kind, generate_examples=False, description=text, examples=[Example(value=example)]
        )
    }


@get(
    "/api/results",
    opt={"public": True},
    tags=["Results"],
    summary="List periods",
    responses=answers(Periods, PERIODS, "Periods, newest first."),
)
async def give_periods() -> Periods:
    """List the periods that have published results."""
    return msgspec.convert({"periods": await public_periods()}, Periods)


@get(
    "/api/results/{period:str}",
    opt={"public": True},
    tags=["Results"],
    summary="Results of a period",
    responses=answers(PeriodResults, PERIOD, "Everything published about the period."),
)
async def give_results(period: FromPath[str]) -> PeriodResults:
    """Give every published figure of a period: province, levels, agencies."""
    return msgspec.convert(await public_results(period), PeriodResults)


@get(
    "/api/results/{period:str}/agencies/{code:str}",
    opt={"public": True},
    tags=["Results"],
    summary="Results of one agency",
    responses=answers(AgencyInPeriod, AGENCY, "The agency in the period, and its trend."),
)
async def give_agency(period: FromPath[str], code: FromPath[str]) -> AgencyInPeriod:
    """Give one agency's figures of a period, and how they moved over the periods."""
    document = await public_results(period)
    found = {name: document[name] for name in ("period", "simulated", "notices")}
    found |= {"agency": find_agency(document, code), "trend": await trend(code)}
    return msgspec.convert(found, AgencyInPeriod)
