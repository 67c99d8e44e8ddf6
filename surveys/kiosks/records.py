"""Settings of kiosks as data; what a scope leaves open, the wider scope says."""

import re
from typing import Final

import msgspec

from surveys.accounts.errors import FieldError

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

LOWEST: Final = {"idle_seconds": 5, "repeat_seconds": 1}
HIGHEST: Final = {"idle_seconds": 300, "repeat_seconds": 60}
LANGUAGE_CODE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")


class KioskSettings(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What one scope says; None leaves it to the wider scope.

    `languages` maps codes to the names that people read on the switch; `texts` maps a language to
    the operator's own texts by key.
    """

    languages: dict[str, str] | None = None
    default_language: str | None = None
    idle_seconds: int | None = None
    repeat_seconds: int | None = None
    assisted: bool | None = None
    sleep: bool | None = None
    texts: dict[str, dict[str, str]] = {}


class Scope(msgspec.Struct, frozen=True):
    """The province, an agency or a counter; for one of the last two its id and name."""

    agency: int | None = None
    counter: int | None = None
    code: str = ""
    name: str = ""


def merge_settings(wide: KioskSettings, narrow: KioskSettings) -> KioskSettings:
    """What holds where both speak: the narrower one, text by text."""
    said = {
        name: value
        for name in KioskSettings.__struct_fields__
        if (value := getattr(narrow, name)) is not None
    }
    texts = {
        language: wide.texts.get(language, {}) | narrow.texts.get(language, {})
        for language in wide.texts | narrow.texts
    }
    return msgspec.structs.replace(wide, **said | {"texts": texts})


def check_settings(said: KioskSettings) -> None:
    """Refuse what no kiosk could follow. Raises FieldError."""
    for name, lowest in LOWEST.items():
        value = getattr(said, name)
        if value is not None and not lowest <= value <= HIGHEST[name]:
            text = N_("Hãy ghi số giây từ {lowest} đến {highest}.")
            raise FieldError(name, text, lowest=lowest, highest=HIGHEST[name])
    if said.languages is not None:
        _check_languages(said.languages)
        if said.default_language and said.default_language not in said.languages:
            text = N_("Ngôn ngữ mặc định phải là một trong các ngôn ngữ được chọn.")
            raise FieldError("default_language", text)


def _check_languages(languages: dict[str, str]) -> None:
    if not languages:
        raise FieldError("languages", N_("Hãy chọn ít nhất một ngôn ngữ."))
    for code, name in languages.items():
        if not LANGUAGE_CODE.fullmatch(code) or not 0 < len(name) <= 40:
            text = N_("«{code}» không phải mã ngôn ngữ; hãy viết như: km Tiếng Khmer.")
            raise FieldError("languages", text, code=f"{code} {name}".strip())
