"""What watchers of the machine are told."""

import httpx

from surveys.transactions import fetch, fetch_one


async def test_a_running_program_is_live_and_ready(client: httpx.AsyncClient) -> None:
    for address in ("/health/live", "/health/ready"):
        answer = await client.get(address)
        assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


async def test_a_database_behind_the_program_is_not_ready(client: httpx.AsyncClient) -> None:
    newest = await fetch_one("SELECT * FROM migration ORDER BY name DESC LIMIT 1")
    assert newest is not None
    await fetch("DELETE FROM migration WHERE id = $1", newest["id"])
    try:
        answer = await client.get("/health/ready")
    finally:
        await fetch(
            "INSERT INTO migration (name, app_name, ran_on) VALUES ($1, $2, $3)",
            newest["name"], newest["app_name"], newest["ran_on"],
        )  # fmt: skip
    assert answer.status_code == 503
    assert (await client.get("/health/live")).status_code == 200
