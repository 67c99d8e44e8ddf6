"""The channels of this installation, read from the file that SIPAS_CHANNELS names."""

from collections.abc import Mapping
from datetime import datetime, time
from functools import cache
from pathlib import Path

import msgspec

from app.delivery.channels import Channel
from app.delivery.files import FileChannel
from app.delivery.gateway import GatewayChannel, GatewayConfig
from app.delivery.smtp import SmtpChannel, SmtpConfig
from app.settings import SettingError, Settings
from surveys.days import ZONE
from surveys.messages import CHANNELS


class FileConfig(
    msgspec.Struct, frozen=True, tag="file", tag_field="kind", forbid_unknown_fields=True
):
    """Messages become files, in `folder` or in outbox/ under SIPAS_VAR."""

    folder: str = ""
    without_marks: bool = False


Config = SmtpConfig | GatewayConfig | FileConfig


def read_channels(settings: Settings) -> dict[str, Config]:
    """What the file says of each channel; a channel that it leaves out becomes files."""
    path = settings.channels
    if path == Path("var/channels.toml"):
        path = settings.var / "channels.toml"
    elif not path.exists():
        raise SettingError(f"SIPAS_CHANNELS names {path}, which does not exist.")
    given = _decode(path) if path.exists() else {}
    return {name: given.get(name, FileConfig()) for name in CHANNELS}


def _decode(path: Path) -> dict[str, Config]:
    try:
        given = msgspec.toml.decode(path.read_bytes(), type=dict[str, Config])
    except msgspec.DecodeError as error:
        raise SettingError(f"{path} cannot be read: {error}.") from None
    if unknown := sorted(given.keys() - set(CHANNELS)):
        raise SettingError(f"{path}: {unknown[0]} is no channel; there are {', '.join(CHANNELS)}.")
    return given


def make_channels(settings: Settings) -> dict[str, Channel]:
    """The channels, ready to send."""
    return {name: _channel(one, settings) for name, one in read_channels(settings).items()}


def _channel(config: Config, settings: Settings) -> Channel:
    if isinstance(config, SmtpConfig):
        return SmtpChannel(config)
    if isinstance(config, GatewayConfig):
        return GatewayChannel(config)
    return FileChannel(Path(config.folder) if config.folder else settings.var / "outbox")


def repeatable(channels: Mapping[str, Channel]) -> list[str]:
    """The channels whose other side tells a repeated message from a new one."""
    return [name for name, channel in channels.items() if channel.repeatable]


def is_quiet(settings: Settings, now: datetime) -> bool:
    """Whether citizens are asleep: messages to them wait."""
    start, end = quiet_hours(settings.quiet_hours)
    local = now.astimezone(ZONE).time()
    if start <= end:
        return start <= local < end
    return local >= start or local < end


@cache
def quiet_hours(text: str) -> tuple[time, time]:
    """Begin and end of the quiet hours; the same hour twice means that there are none."""
    try:
        start, end = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError:
        raise SettingError(
            f"SIPAS_QUIET_HOURS must look like 21:00-07:00, but is {text!r}."
        ) from None
    return start, end
