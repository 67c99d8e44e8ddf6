"""Every setting of the program, read once from the environment.

docs/settings.md is generated from the `help` texts below (`sipas settings`); a test holds the
two together.
"""

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self


def setting(default: Any, text: str) -> Any:
    """Declare a field with its default and the sentence that documents it."""
    return field(default=default, metadata={"help": text})


@dataclass(frozen=True)
class Settings:
    """What an operator may set; the variable is SIPAS_ and the name in capitals."""

    var: Path = setting(Path("var"), "Folder for the embedded database, benchmarks and exports.")
    host: str = setting("127.0.0.1", "Address to listen on.")
    port: int = setting(8000, "Port to listen on; 0 takes a free one.")
    public_url: str = setting("", "Address that citizens reach; empty means http://host:port.")
    secret: str = setting(
        "", "Key for CSRF tokens and of sealed signing keys; empty makes one under var/."
    )
    secure_cookies: bool = setting(False, "Send cookies over HTTPS only; set it in production.")  # noqa: FBT003
    kiosk_right_minutes: int = setting(10, "Minutes that a handover keeps its kiosk's right open.")
    link_right_days: int = setting(30, "Days that a link to the online form is good for.")
    draft_days: int = setting(7, "Days that a draft of the online form is kept, sealed.")
    embed_origins: str = setting(
        "", "Portals that may frame /embed pages, as https://name, with blanks between them."
    )
    offline_days: int = setting(
        7, "Days that a kiosk's right is kept, for taps that come late for want of a network."
    )
    ledger_days: int = setting(
        7, "Days that the numbers of what a device sent are kept; at most SIPAS_RESEND_DAYS."
    )
    window_days: int = setting(
        7, "Days that exact times of taps and handovers are kept, sealed; at least 7, for a week."
    )
    quality_key: str = setting(
        "", "Public half of the key that seals them, where the nightly job is on another machine."
    )
    device_requests_per_minute: int = setting(240, "Requests that one device may send a minute.")
    kiosk_idle_seconds: int = setting(15, "Seconds without a touch until a kiosk starts over.")
    prompt_kilobytes: int = setting(1000, "Largest recording of a question, in kB.")
    resend_days: int = setting(14, "Days that the id of an accepted rating is remembered.")
    cell_dossiers: int = setting(
        20, "Finished dossiers that a cell of agency, field, channel, timeliness and week holds at"
        " least; smaller ones are merged."
    )  # fmt: skip
    batch_others: int = setting(
        5, "Others of its cell that a rating waits for at least; all of them are released at once."
    )
    batch_delay_days: int = setting(
        1, "Days that a rating waits at least: 1 until the day on which it came is over."
    )
    cell_close_days: int = setting(
        28, "Days after its span ended that a cell's waiting ratings are merged."
    )
    minimum_published: int = setting(10, "Fewest ratings of a cell that is published.")
    comment_days: int = setting(365, "Days that anonymous comments are kept.")
    audit_days: int = setting(1095, "Days that the audit log is kept.")
    session_hours: int = setting(8, "Hours that a staff session lasts.")
    lock_minutes: int = setting(15, "Minutes that an account is locked after failed sign-ins.")
    sign_in_attempts: int = setting(5, "Failed sign-ins before an account is locked.")
    batch_limit: int = setting(512, "Ratings that one intake transaction takes at most.")
    channels: Path = setting(
        Path("var/channels.toml"),
        "File that says how mail, SMS and Zalo messages leave; without it they become files.",
    )
    pepper: str = setting(
        "", "Key of hashed addresses; empty makes one under var/. Never change it."
    )
    quiet_hours: str = setting("21:00-07:00", "Hours in which no message goes to a citizen.")
    invitation_delay_minutes: int = setting(30, "Minutes from a result to its invitation to rate.")
    reminder_days: int = setting(5, "Days after which the one reminder goes; 0 sends none.")
    contact_days: int = setting(180, "Most days that a citizen's address waits to be used.")
    message_days: int = setting(90, "Days that finished messages, without address, are kept.")
    alarm_address: str = setting("", "Mail address that is told when a kiosk falls silent.")
    file_max_mb: int = setting(10, "Largest file that comes with a case, in MB; at most 20.")
    file_days: int = setting(730, "Days that files of cases are kept, once the case is not open.")
    clamav: str = setting(
        "", "Scanner of files: host:port or unix:/path of clamd; empty scans nothing."
    )
    imap_host: str = setting("", "IMAP server of the mailbox for reflections; empty reads none.")
    imap_port: int = setting(993, "Port of that server.")
    imap_security: str = setting("tls", "tls, starttls, or none for a server on this machine.")
    imap_user: str = setting("", "Name to sign in with, mostly the address of the mailbox.")
    imap_password: str = setting("", "Password to sign in with.")
    imap_folder: str = setting("INBOX", "Folder that is read; it is for this program alone.")
    imap_addresses: str = setting(
        "", "Agencies by address, as name@host=CODE, with blanks between them."
    )
    imap_agency: str = setting("", "Code of the agency that gets all other letters.")
    program_requests_per_minute: int = setting(
        240, "Requests about cases that one key of another program may send a minute."
    )
    jurisdiction: str = setting(
        "",
        "Open311's jurisdiction_id of this installation; a client that names another is refused.",
    )
    webhook_networks: str = setting(
        "", "Private networks that webhooks may go to, as 10.20.0.0/16, with blanks between them."
    )
    place: str = setting("", "Name of the province, shown at the top of every page.")
    simulated: bool = setting(False, "Say on every page that the answers are simulated (demo).")  # noqa: FBT003
    log_level: str = setting("info", "Lowest level that is logged: debug, info, warning, error.")

    @classmethod
    def from_env(cls, environment: dict[str, str] | None = None) -> Self:
        """Settings of this process; a value that does not fit names its variable."""
        env = dict(os.environ) if environment is None else environment
        given: dict[str, Any] = {
            f.name: _read(f"SIPAS_{f.name.upper()}", env[f"SIPAS_{f.name.upper()}"], f.default)
            for f in fields(cls)
            if f"SIPAS_{f.name.upper()}" in env
        }
        return cls(**given)


class SettingError(ValueError):
    """A setting cannot be read; the message names the variable and what it takes."""


def _read(name: str, text: str, default: object) -> object:
    if isinstance(default, bool):
        if text.lower() not in {"1", "0", "true", "false", "yes", "no"}:
            raise SettingError(f"{name} must be true or false, not {text!r}.")
        return text.lower() in {"1", "true", "yes"}
    if isinstance(default, int):
        try:
            number = int(text)
        except ValueError:
            raise SettingError(f"{name} must be a whole number, not {text!r}.") from None
        if number < 0:
            raise SettingError(f"{name} must not be negative, but is {number}.")
        return number
    return Path(text) if isinstance(default, Path) else text
