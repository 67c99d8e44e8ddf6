"""Frames: allowed for named portals on one kind of page, forbidden everywhere else."""

from pathlib import Path

import httpx
import pytest

from app.headers import embed_policy
from app.logs import quiet_address
from app.server import create_app
from app.settings import SettingError, Settings
from surveys.accounts import Role
from surveys.addresses import places_of
from surveys.transactions import fetch
from tests.app.people import get, make_person, sign_in
from tests.factories import make_agency, make_counter

PORTAL = "https://dichvucong.khanhhoa.gov.vn"


def test_only_named_portals_may_frame() -> None:
    assert embed_policy("").endswith("; frame-ancestors 'self'")
    assert embed_policy(f"{PORTAL} http://127.0.0.1:8080").endswith(
        f"; frame-ancestors 'self' {PORTAL} http://127.0.0.1:8080"
    )


@pytest.mark.parametrize(
    "wrong", ["*", "https://*", "khanhhoa.gov.vn", "https://a.vn/path", "https://a.vn;", "'none'"]
)
def test_a_portal_that_is_no_origin_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(SettingError, match="SIPAS_EMBED_ORIGINS"):
        create_app(Settings(var=tmp_path, embed_origins=wrong))


async def test_the_embedded_page_asks_for_a_code_and_opens_another_window(
    client: httpx.AsyncClient,
) -> None:
    agency = await make_agency(name="Sở Tư pháp")
    await make_counter(agency, name="Quầy số 1")
    place = (await places_of([agency]))[1]
    page = await client.get(f"/embed/{place.code}?lang=en")
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert f'action="/c/{place.code}?lang=en" target="_blank" rel="noopener"' in page.text
    assert "Sở Tư pháp · Quầy số 1" in page.text
    assert "<script" not in page.text
    assert (await client.get("/embed/ZZZZZZ")).status_code == 404
    for other in ("/", "/c", f"/c/{place.code}", "/thanks", "/r/x", "/sign-in", "/privacy"):
        policy = (await client.get(other)).headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy, other


async def test_the_snippets_are_shown_as_text_and_previewed(client: httpx.AsyncClient) -> None:
    await make_person(Role.AGENCY)
    own = (await fetch("SELECT agency FROM account"))[0]["agency"]
    code = (await places_of([own]))[0].code
    await sign_in(client, Role.AGENCY)
    page = await get(client, "/office/embed?lang=en")
    assert f"&lt;iframe src=&#34;{client.base_url}".rstrip("/") in page.text
    assert f"/embed/{code}?lang=en" in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    for kind, tag in (("frame", "<iframe src="), ("button", "<a href=")):
        preview = await get(client, f"/office/embed/preview?kind={kind}&lang=en")
        assert tag in preview.text
        assert "Rate how your dossier was handled" in preview.text
        assert "<script" not in preview.text
        assert preview.headers["content-security-policy"].endswith("frame-ancestors 'self'")


async def test_an_agency_gets_no_snippet_of_another(client: httpx.AsyncClient) -> None:
    await make_person(Role.AGENCY)
    other = (await places_of([await make_agency()]))[0]
    await sign_in(client, Role.AGENCY)
    assert (await get(client, f"/office/embed?place={other.code}")).status_code == 404
    wrong = "/office/embed/preview?place=%22%3E%3Cscript%3E"
    assert (await get(client, wrong)).status_code == 404


def test_a_log_line_never_names_a_link() -> None:
    assert quiet_address("/r/abcDEF_-123") == "/r/…"
    assert quiet_address("/r/abc/def") == "/r/…"
    assert quiet_address("/results/2021") == "/results/2021"


async def test_a_failure_behind_a_link_logs_neither_token_nor_answer(
    client: httpx.AsyncClient, form: int, capsys: pytest.CaptureFixture[str]
) -> None:
    token = "T0kenThatNobodyMaySee"
    await fetch("ALTER TABLE right_to_rate RENAME TO gone")
    try:
        typed = {"overall": "1", "reflection": "LờiKhôngAiĐượcThấy"}
        answer = await client.post(f"/r/{token}", data=typed)
    finally:
        await fetch("ALTER TABLE gone RENAME TO right_to_rate")
    assert answer.status_code == 500
    logged = "".join(capsys.readouterr())
    assert "unhandled error" in logged
    assert "/r/…" in logged
    for word in (token, "LờiKhôngAiĐượcThấy"):
        assert word not in logged
