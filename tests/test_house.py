"""House rules, held by tests."""

import argparse
import re
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from litestar.routes import HTTPRoute

from app.__main__ import make_parser
from app.locales.extraction import find_texts
from app.server import create_app
from app.settings import Settings

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> object:
    return create_app(Settings(var=tmp_path_factory.mktemp("var")))


def test_every_route_declares_its_guard_or_says_that_it_is_public(app: object) -> None:
    open_doors = []
    for route in app.routes:  # type: ignore[attr-defined]
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            guarded = any(layer.guards for layer in handler.ownership_layers)
            if not (guarded or handler.opt.get("public") or route.path.startswith("/static")):
                open_doors.append(f"{sorted(handler.http_methods)} {route.path}")
    # Litestar adds these to what it serves.
    assert [door for door in open_doors if "OPTIONS" not in door and "/schema" not in door] == []


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text()
    parser = make_parser()
    (commands,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    assert [name for name in commands.choices if f"sipas {name}" not in readme] == []


def test_every_setting_is_documented() -> None:
    text = (ROOT / "docs" / "settings.md").read_text()
    missing = [
        one.name
        for one in fields(Settings)
        if f"`SIPAS_{one.name.upper()}`" not in text or one.metadata["help"] not in text
    ]
    assert missing == []


def test_every_public_module_of_analysis_is_cited_in_the_methods() -> None:
    text = (ROOT / "docs" / "methods.md").read_text()
    rooms = {
        path.relative_to(ROOT).parts[1].removesuffix(".py")
        for path in (ROOT / "analysis").rglob("*.py")
    }
    assert [room for room in rooms - {"__init__", "arrays"} if f"analysis/{room}" not in text] == []


def test_every_text_for_people_is_in_the_english_catalogue() -> None:
    with (ROOT / "app/locales/en/LC_MESSAGES/sipas.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {message.id for message in catalogue if message.id and message.string}
    translated |= {
        message.id[0] for message in catalogue if isinstance(message.id, tuple) and message.string
    }
    assert sorted(set(find_texts()) - translated) == []


def test_nothing_names_a_registry_or_a_foreign_host_in_what_browsers_get() -> None:
    locks = (ROOT / "requirements-dev.txt").read_text() + (ROOT / "package-lock.json").read_text()
    assert "://" not in re.sub(
        r'"(url|homepage|funding)": ?"[^"]*"|https://[a-z.]*opencollective[^"]*', "", locks
    )
    for path in (ROOT / "app" / "templates").rglob("*.html"):
        foreign = re.findall(r'(?:src|href|action)="https?://', path.read_text())
        assert foreign == [], path


def test_files_stay_short_enough_to_read() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "app", "surveys", "analysis"], cwd=ROOT, capture_output=True, text=True,
        check=True,
    ).stdout.split()  # fmt: skip
    long = {
        name: lines
        for name in listed
        if name.endswith(".py") and "piccolo_migrations" not in name and (ROOT / name).exists()
        and (lines := len((ROOT / name).read_text().splitlines())) > 300
    }  # fmt: skip
    assert long == {}
