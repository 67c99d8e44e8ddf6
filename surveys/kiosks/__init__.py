"""What kiosks are told: settings in versions, for the province, an agency or one counter."""

from surveys.kiosks.records import (
    HIGHEST,
    LOWEST,
    KioskSettings,
    Scope,
    check_settings,
    merge_settings,
)
from surveys.kiosks.texts import check_text, parse_texts
from surveys.kiosks.versions import (
    Place,
    effective_settings,
    find_place,
    find_scope,
    known_languages,
    list_counters,
    list_versions,
    newest,
    save_settings,
    settings_stamp,
)

__all__ = [
    "HIGHEST",
    "LOWEST",
    "KioskSettings",
    "Place",
    "Scope",
    "check_settings",
    "check_text",
    "effective_settings",
    "find_place",
    "find_scope",
    "known_languages",
    "list_counters",
    "list_versions",
    "merge_settings",
    "newest",
    "parse_texts",
    "save_settings",
    "settings_stamp",
]
