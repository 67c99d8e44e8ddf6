"""The kiosk's page: one release, the same for every device."""

import json
import re
from pathlib import Path

import httpx

from app.kiosk_release import SCRIPTS, make_release
from app.kiosk_texts import TEXTS, texts_of


async def test_the_page_is_the_same_for_everybody(client: httpx.AsyncClient) -> None:
    first = await client.get("/kiosk")
    other = await client.get("/kiosk?lang=en", headers={"Accept-Language": "en"})
    assert first.status_code == 200
    assert first.text == other.text
    assert first.headers["cache-control"] == "no-cache"
    assert "unsafe" not in first.headers["content-security-policy"]


async def test_everything_that_the_worker_keeps_is_served(client: httpx.AsyncClient) -> None:
    worker = await client.get("/kiosk/worker.js")
    assert worker.headers["service-worker-allowed"] == "/kiosk"
    files = json.loads(re.search(r"FILES = (\[.*\]);", worker.text)[1].replace("'", '"'))  # type: ignore[index]
    assert {"/kiosk", "/kiosk/enrol"} < set(files)
    for file in files:
        assert (await client.get(file)).status_code == 200, file


async def test_scripts_import_nothing_that_the_worker_does_not_keep() -> None:
    files = make_release(simulated=False).files
    for name, content in files.items():
        for imported in re.findall(r'(?:from |import\()"\./([^"]+)"', content.decode()):
            assert imported in files, f"{name} imports {imported}"


async def test_a_file_of_another_release_is_not_served(client: httpx.AsyncClient) -> None:
    release = make_release(simulated=False)
    assert (await client.get(release.address("main.js"))).status_code == 200
    assert (await client.get(release.address("secret.js"))).status_code == 404
    assert (await client.get("/kiosk/files/0123456789ab/main.js")).status_code == 404


def test_any_change_makes_another_release(tmp_path: Path) -> None:
    for path in SCRIPTS.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    same = make_release(simulated=False, scripts=tmp_path)
    assert same.version == make_release(simulated=False).version
    assert same.version != make_release(simulated=True).version
    (tmp_path / "worker.js").write_bytes(b"// changed\n")
    assert make_release(simulated=False, scripts=tmp_path).version != same.version


def test_every_text_that_the_scripts_say_exists_in_both_languages() -> None:
    said = set()
    for path in SCRIPTS.glob("*.js"):
        said |= set(re.findall(r'\bsay\("([a-z_]+)"', path.read_text()))
        said |= set(re.findall(r'announce\("([a-z_]+)"', path.read_text()))
        said |= set(re.findall(r'\["(enrol_[a-z]+)"', path.read_text()))
    assert said - set(TEXTS) == set()
    english = texts_of("en")
    assert [key for key, text in TEXTS.items() if english[key] == text] == []
