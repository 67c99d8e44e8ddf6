"""Every page of staff × every role: each sees its own scope and nothing else."""

from uuid import uuid4

import httpx
import pytest
from litestar.routes import HTTPRoute

from app.server import create_app
from app.settings import Settings
from surveys.accounts import Role
from tests.app.people import get, make_person, post, sign_in

ADMINISTRATOR, ANALYST, AGENCY, SURVEYOR, OPERATOR = Role
EVERYBODY = frozenset(Role)

# Who may use each way in; what does not stand here is public.
SCOPES: dict[tuple[str, str], frozenset[Role]] = {
    ("GET", "/account"): EVERYBODY,
    ("POST", "/account"): EVERYBODY,
    ("GET", "/office"): EVERYBODY,
    ("GET", "/office/accounts"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/accounts/new"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/accounts"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/accounts/{account:int}/reset"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/accounts/{account:int}/disable"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/accounts/{account:int}/enable"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/accounts/{account:int}/unlock"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/audit"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/embed"): frozenset({ADMINISTRATOR, AGENCY}),
    ("GET", "/office/embed/preview"): frozenset({ADMINISTRATOR, AGENCY}),
    ("GET", "/office/posters"): frozenset({ADMINISTRATOR, AGENCY}),
    ("GET", "/office/posters/agencies/{agency:int}/{size:str}"): frozenset({ADMINISTRATOR, AGENCY}),
    ("GET", "/office/posters/counters/{counter:int}/{size:str}"): frozenset(
        {ADMINISTRATOR, AGENCY}
    ),
    ("GET", "/office/slips"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/slips"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/devices"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/devices/{device:uuid}"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/devices/counters/{counter:int}"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/devices/{device:uuid}/revoke"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/devices/{device:uuid}/replace"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/hours"): frozenset({ADMINISTRATOR, AGENCY}),
    ("POST", "/office/hours"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/hours/remove"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/hours/days"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/hours/days/{special_day:int}/remove"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/kiosk-settings"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/kiosk-settings"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/kiosk-settings/texts"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/kiosk-settings/upload"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/recordings"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/recordings"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/recordings/remove"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/keys"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/keys"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/keys/{key:int}/revoke"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/webhooks"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/webhooks/{webhook:int}"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks/{webhook:int}/rotate"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks/{webhook:int}/stop"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks/{webhook:int}/start"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks/{webhook:int}/test"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks/{webhook:int}/resend"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/webhooks/{webhook:int}/deliveries/{delivery:uuid}/resend"): frozenset(
        {ADMINISTRATOR}
    ),
    ("GET", "/office/messages"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/messages/{message:uuid}/resend"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/messages/{message:uuid}/cancel"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/messages/templates"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/messages/templates/{event:str}/{channel:str}"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/messages/templates/{event:str}/{channel:str}"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/messages/templates/{event:str}/{channel:str}/preview"): frozenset(
        {ADMINISTRATOR}
    ),
    ("POST", "/office/messages/templates/{event:str}/{channel:str}/test"): frozenset(
        {ADMINISTRATOR}
    ),
    ("GET", "/office/modes"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/modes"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/modes/{plan:int}/end"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/loop"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/office/loop/{name:str}"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/office/themes"): frozenset({ANALYST}),
    ("POST", "/office/themes"): frozenset({ANALYST}),
    ("GET", "/office/themes/list"): frozenset({ANALYST}),
    ("GET", "/office/themes/list/{key:str}"): frozenset({ANALYST}),
    ("POST", "/office/themes/list/{key:str}"): frozenset({ANALYST}),
    ("GET", "/office/themes/report"): frozenset({ANALYST}),
    ("POST", "/office/themes/report"): frozenset({ANALYST}),
    ("POST", "/office/themes/report/withdraw"): frozenset({ANALYST}),
    ("POST", "/agency/runs/{run:uuid}/themes/{theme:str}"): frozenset({AGENCY}),
    ("GET", "/office/runs"): frozenset({ANALYST}),
    ("POST", "/office/runs"): frozenset({ANALYST}),
    ("GET", "/office/runs/{run:uuid}"): frozenset({ANALYST}),
    ("GET", "/office/runs/{run:uuid}/document"): frozenset({ANALYST}),
    ("POST", "/office/runs/{run:uuid}/publish"): frozenset({ANALYST}),
    ("POST", "/office/runs/{run:uuid}/withdraw"): frozenset({ANALYST}),
    ("GET", "/office/flags"): frozenset({ANALYST}),
    ("GET", "/office/flags/{flag:uuid}"): frozenset({ANALYST}),
    ("POST", "/office/flags/{flag:uuid}"): frozenset({ANALYST}),
    ("GET", "/agency"): frozenset({AGENCY}),
    ("GET", "/agency/flags/{flag:uuid}"): frozenset({AGENCY}),
    ("POST", "/agency/flags/{flag:uuid}"): frozenset({AGENCY}),
    ("GET", "/agency/runs/{run:uuid}"): frozenset({AGENCY}),
    ("POST", "/agency/runs/{run:uuid}/comments"): frozenset({AGENCY}),
    ("GET", "/cases/{reference:str}/files/{file:uuid}"): frozenset(
        {ADMINISTRATOR, ANALYST, AGENCY}
    ),
    ("GET", "/office/mailbox"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/mailbox/{letter:int}/done"): frozenset({ADMINISTRATOR, ANALYST}),
    ("GET", "/fieldwork"): frozenset({SURVEYOR}),
    ("GET", "/office/paper"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/paper/counter"): frozenset({ADMINISTRATOR}),
    ("POST", "/office/paper/dossiers"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/paper/{batch:uuid}"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/paper/{batch:uuid}/sheets"): frozenset({ADMINISTRATOR}),
    ("GET", "/office/keying"): frozenset({ADMINISTRATOR, ANALYST}),
    ("GET", "/paper"): frozenset({OPERATOR}),
    ("GET", "/paper/batches/{batch:uuid}"): frozenset({OPERATOR}),
    ("GET", "/paper/sheets/{serial:str}"): frozenset({OPERATOR}),
    ("POST", "/paper/sheets/{serial:str}"): frozenset({OPERATOR}),
    ("GET", "/paper/disputes/{serial:str}"): frozenset({OPERATOR}),
    ("POST", "/paper/disputes/{serial:str}"): frozenset({OPERATOR}),
    ("GET", "/cases/{reference:str}"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/cases/new"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("POST", "/cases/new"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("POST", "/cases/new/slip"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/cases/import"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("POST", "/cases/import"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/letters"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/office/cases/types"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/types"): frozenset({ADMINISTRATOR, ANALYST}),
    ("GET", "/office/cases/terms"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/terms"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/terms/{rule:int}/remove"): frozenset({ADMINISTRATOR, ANALYST}),
    ("GET", "/office/cases/escalations"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/escalations"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/escalations/{rule:int}/end"): frozenset({ADMINISTRATOR, ANALYST}),
    ("GET", "/office/cases/approvers"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/approvers"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/office/cases/approvers/{account:int}"): frozenset({ADMINISTRATOR, ANALYST}),
    ("POST", "/letters"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/letters/{file:str}"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("POST", "/letters/{letter:uuid}/sent"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("POST", "/letters/{letter:uuid}/remove"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/letters/form"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("POST", "/letters/form"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/letters/form/docx"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    ("GET", "/letters/form/preview"): frozenset({ADMINISTRATOR, ANALYST, AGENCY}),
    **{
        way: frozenset({ADMINISTRATOR, ANALYST, AGENCY})
        for way in (
            ("GET", "/cases"),
            ("POST", "/cases/assign"),
            ("GET", "/cases/{reference:str}"),
            ("POST", "/cases/{reference:str}/moves/{move:str}"),
            ("POST", "/cases/{reference:str}/draft"),
            ("POST", "/cases/{reference:str}/approve"),
            ("POST", "/cases/{reference:str}/notes"),
            ("POST", "/cases/{reference:str}/title"),
            ("POST", "/cases/{reference:str}/contact"),
            ("GET", "/cases/{reference:str}/duplicates"),
            ("POST", "/cases/{reference:str}/merge"),
            ("POST", "/cases/{reference:str}/unmerge"),
            ("POST", "/cases/{reference:str}/insert"),
            ("GET", "/cases/{reference:str}/redaction"),
            ("POST", "/cases/{reference:str}/redaction/{part:str}"),
            ("POST", "/cases/{reference:str}/redaction/{part:str}/confirm"),
            ("POST", "/cases/{reference:str}/publish"),
            ("POST", "/cases/{reference:str}/unpublish"),
            ("GET", "/office/cases/templates"),
            ("POST", "/office/cases/templates"),
        )
    },
}

REFUSED = 403
SIGN_IN = {302, 303}


def guarded_ways() -> set[tuple[str, str]]:
    """Method and path of everything that a guard of staff stands before."""
    routes = [route for route in create_app(Settings()).routes if isinstance(route, HTTPRoute)]
    return {
        (str(method), route.path)
        for route in routes
        for handler in route.route_handlers
        for method in handler.http_methods
        if handler.guards and not route.path.startswith("/api/")
    }


def filled(path: str) -> str:
    return (
        path.replace("{run:uuid}", str(uuid4()))
        .replace("{message:uuid}", str(uuid4()))
        .replace("{flag:uuid}", str(uuid4()))
        .replace("{batch:uuid}", str(uuid4()))
        .replace("{serial:str}", "22222222")
        .replace("{event:str}", "rating_invitation")
        .replace("{channel:str}", "sms")
        .replace("{plan:int}", "999")
        .replace("{account:int}", "999")
        .replace("{counter:int}", "999")
        .replace("{key:int}", "999")
        .replace("{agency:int}", "999")
        .replace("{special_day:int}", "999")
        .replace("{size:str}", "a4")
        .replace("{key:str}", "waiting")
        .replace("{theme:str}", "waiting")
        .replace("{name:str}", "2026-Q1.csv")
        .replace("{device:uuid}", str(uuid4()))
        .replace("{reference:str}", "PA-20261127-7QK4M")
        .replace("{file:uuid}", str(uuid4()))
        .replace("{letter:int}", "999")
        .replace("{reference:str}", "PA-20260101-22222")
        .replace("{rule:int}", "999")
        .replace("{file:str}", f"{uuid4()}.pdf")
        .replace("{letter:uuid}", str(uuid4()))
        .replace("{move:str}", "take")
        .replace("{webhook:int}", "999")
        .replace("{delivery:uuid}", str(uuid4()))
    )


async def knock(client: httpx.AsyncClient, method: str, path: str) -> httpx.Response:
    address = filled(path)
    return await (get(client, address) if method == "GET" else post(client, address))


@pytest.mark.parametrize("role", Role)
async def test_a_role_gets_into_its_own_scope_only(client: httpx.AsyncClient, role: Role) -> None:
    await make_person(role)
    await sign_in(client, role)
    let_in = set()
    for method, path in SCOPES:
        answer = await knock(client, method, path)
        assert answer.status_code < 500, (method, path, answer.text)
        if answer.status_code != REFUSED:
            let_in.add((method, path))
    assert let_in == {way for way, roles in SCOPES.items() if role in roles}


async def test_a_stranger_is_sent_to_sign_in_everywhere(client: httpx.AsyncClient) -> None:
    for method, path in SCOPES:
        answer = await knock(client, method, path)
        assert answer.status_code in SIGN_IN, (method, path)
        assert answer.headers["location"].startswith("/sign-in")


async def test_a_program_without_a_session_gets_a_problem(client: httpx.AsyncClient) -> None:
    answer = await client.get("/office/accounts")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_matrix_names_every_guarded_page() -> None:
    assert guarded_ways() == set(SCOPES)
