"""The key of the quality window: everybody seals with its public half, one job opens with it."""

from pathlib import Path

from app.kept_files import write_once
from app.settings import SettingError, Settings
from surveys.quality import Key, Window, make_key

NAME = "quality-key"


def quality_window(settings: Settings) -> Window:
    """What taps and handovers are sealed with; a key is made at the first start.

    Raises
    ------
    SettingError
        When SIPAS_QUALITY_KEY is no public half.
    """
    if settings.quality_key:
        return Window(_told(settings.quality_key))
    return Window(bytes.fromhex(_public(settings).read_text()))


def quality_key(settings: Settings) -> Key:
    """The private half, for the nightly job alone.

    Raises
    ------
    SettingError
        When it is not on this machine, or is not the half of what others seal with.
    """
    path = settings.var / NAME
    if settings.quality_key and not path.exists():
        raise SettingError(f"The private half is not here: {path} is on another machine.")
    _public(settings)
    key = Key(bytes.fromhex(path.read_text()))
    if settings.quality_key and key.public != _told(settings.quality_key):
        raise SettingError(f"SIPAS_QUALITY_KEY is not the public half of {path}.")
    return key


def _told(text: str) -> bytes:
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise SettingError("SIPAS_QUALITY_KEY must be 64 hexadecimal digits.")
    return found


def _public(settings: Settings) -> Path:
    """The file of the public half; of programs that start at once the first one's key stays."""
    private = settings.var / NAME
    public = private.with_suffix(".pub")
    settings.var.mkdir(parents=True, exist_ok=True)
    if not private.exists():
        write_once(private, make_key().hex())
    if not public.exists():
        write_once(public, Key(bytes.fromhex(private.read_text())).public.hex())
    return public
