"""How the person who writes can be reached: each way in one spelling, or kept as it was given."""

from typing import Final

import msgspec

from surveys.accounts import FieldError
from surveys.messages.addresses import AddressError, normalise, takes_messages
from surveys.reflections.records import NewCase, Person

N_ = str

LONGEST_NAME: Final = 120
LONGEST_ADDRESS: Final = 300
LONGEST_UNREAD: Final = 60
WAYS: Final = ("phone", "mail")
# Nobody is there to mend what another program or a file brings: the case must not be lost for it.
BROUGHT: Final = frozenset({"api", "portal"})
# Kept for staff, beside the postal address.
UNREAD: Final = {
    "phone": {"vi": "Số điện thoại ghi", "en": "Phone as given"},
    "mail": {"vi": "Thư điện tử ghi", "en": "Mail as given"},
}


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of a person."""

    name: str
    address: str
    phone: str | None
    mail: str | None


def read_reach(new: NewCase) -> Reach:
    """Every way to reach the person. Raises FieldError."""
    person = new.person
    found: dict[str, str | None] = {}
    unread: dict[str, FieldError] = {}
    for way in WAYS:
        typed = getattr(person, way).strip()
        try:
            found[way] = normalise(way, typed) if typed else None
        except AddressError as error:
            found[way] = None
            unread[way] = FieldError(way, str(error).replace("{", "").replace("}", ""))
    is_reached = any(found.values()) or bool(person.address.strip())
    if unread and not (new.channel in BROUGHT and is_reached):
        raise next(iter(unread.values()))
    if not is_reached:
        text = N_("Hãy cho một cách để cơ quan trả lời: số điện thoại, thư điện tử hoặc địa chỉ.")
        raise FieldError("contact", text)
    _check_notify(new, found)
    return Reach(name=_name(person), address=_address(new, list(unread)), **found)


def _check_notify(new: NewCase, found: dict[str, str | None]) -> None:
    """Who wants to be told needs an address for that, and must have agreed."""
    if new.notify is None:
        return
    address = found["mail" if new.notify == "mail" else "phone"]
    if not (address and new.consents.reply):
        text = N_("Muốn nhận tin báo, hãy cho địa chỉ nhận và đồng ý để chúng tôi gửi tin.")
        raise FieldError("notify", text)
    if new.notify != "mail" and not takes_messages(address):
        text = N_("SMS và Zalo chỉ gửi được tới số di động Việt Nam. Hãy chọn cách báo tin khác.")
        raise FieldError("notify", text)


def _name(person: Person) -> str:
    name = _line(person.name)
    if len(name) > LONGEST_NAME:
        raise FieldError("name", N_("Họ tên quá dài; tối đa {most} ký tự."), most=LONGEST_NAME)
    return name


def _address(new: NewCase, unread: list[str]) -> str:
    """The postal address, and beside it what could not be read, for staff to make out."""
    parts = [_line(new.person.address)]
    for way in unread:
        typed = _line(getattr(new.person, way))[:LONGEST_UNREAD]
        parts.append(f"{UNREAD[way][new.language]}: {typed}")
    address = "; ".join(part for part in parts if part)
    if len(address) > LONGEST_ADDRESS:
        text = N_("Địa chỉ quá dài; tối đa {most} ký tự.")
        raise FieldError("address", text, most=LONGEST_ADDRESS)
    return address


def _line(text: str) -> str:
    return " ".join(text.replace("\0", "").split())
