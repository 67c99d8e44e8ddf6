"""What pages share: language, templates, numbers and dates as people read them.

Vietnamese is the language of the texts in the code and the templates; other languages are
catalogues under app/locales. A text without a translation shows in Vietnamese.
"""

import gettext as catalogues
import os
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from litestar import Request
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Template

HERE = Path(__file__).parent
LANGUAGES = {"vi": "Tiếng Việt", "en": "English"}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")

language: ContextVar[str] = ContextVar("language", default="vi")


@cache
def catalogue(code: str) -> catalogues.NullTranslations:
    """The texts of one language, compiled from its catalogue at first use."""
    path = HERE / "locales" / code / "LC_MESSAGES" / "sipas.po"
    if not path.exists():
        return catalogues.NullTranslations()
    compiled = BytesIO()
    with path.open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return catalogues.GNUTranslations(compiled)


def _(text: str, **values: object) -> str:
    """Translate a text into the reader's language and fill in its {values}."""
    said = catalogue(language.get()).gettext(text)
    return said.format(**values) if values else said


def ngettext(one: str, many: str, number: int) -> str:
    """Translate a text that depends on a number."""
    return catalogue(language.get()).ngettext(one, many, number)


async def choose_language(request: Request[Any, Any, Any]) -> None:
    """Set the language before a page is made."""
    set_language(request)


def set_language(request: Request[Any, Any, Any]) -> None:
    """Set the language: the visitor's own choice, else Vietnamese.

    The browser's wish is not asked: kiosks and officials' computers in Viet Nam are often set
    to English, and their users are not English.
    """
    chosen = request.query_params.get("lang") or request.cookies.get("language", "vi")
    language.set(chosen if chosen in LANGUAGES else "vi")


def number(value: float | None, digits: int = 0) -> str:
    """A number with the reader's marks: 83,94 and 130.729 in Vietnamese."""
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return "–"
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language.get() == "vi" else text


def percent(share: float | None, digits: int = 1) -> str:
    """A share between 0 and 1 as a percentage."""
    return "–" if share is None else f"{number(100 * share, digits)}%"


def day(value: date | datetime | None) -> str:
    """A day as people write it here."""
    if value is None:
        return "–"
    local = value.astimezone(ZONE) if isinstance(value, datetime) else value
    return f"{local:%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """A day with its time, in Vietnamese time."""
    return "–" if value is None else f"{value.astimezone(ZONE):%d/%m/%Y %H:%M}"


def period_name(period: str) -> str:
    """A period in words: 2021-Q1 is 'quý I năm 2021'."""
    year, _dash, rest = period.partition("-")
    if not rest:
        return _("năm {year}", year=year)
    if rest.startswith("Q"):
        roman = {"1": "I", "2": "II", "3": "III", "4": "IV"}
        quarter = roman[rest[1]] if language.get() == "vi" else rest[1]
        return _("quý {quarter} năm {year}", quarter=quarter, year=year)
    return _("tháng {month} năm {year}", month=int(rest), year=year)


@cache
def asset(name: str) -> str:
    """Address of a static file, with its content's hash so that it can be cached for ever."""
    path = HERE / "static" / name
    if not path.exists():
        return f"/static/{name}"
    return f"/static/{name}?v={sha256(path.read_bytes()).hexdigest()[:10]}"


def make_environment() -> Environment:
    """Jinja as every page uses it: escaped, strict about missing values, with our filters."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=bool(os.environ.get("SIPAS_RELOAD")),
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: catalogue(language.get()).gettext(text), ngettext, newstyle=True
    )
    environment.filters |= {
        "number": number,
        "percent": percent,
        "day": day,
        "moment": moment,
        "period_name": period_name,
    }
    environment.globals |= {
        "asset": asset,
        "languages": LANGUAGES,
        "current_language": language.get,
    }
    return environment


def template_engine() -> JinjaTemplateEngine:
    """The engine that Litestar renders pages with."""
    return JinjaTemplateEngine.from_environment(make_environment())


def page(name: str, *, status_code: int = 200, **context: Any) -> Template:
    """A page for a person."""
    return Template(template_name=name, context=context, status_code=status_code)
