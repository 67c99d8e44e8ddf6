"""Where a webhook may go: to the open internet, and into networks of the house that are named.

A name is looked up here, and the address that was looked at is the one that is called: a name
that answers otherwise a moment later leads nowhere else.
"""

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from app.settings import SettingError, Settings

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# Addresses of IPv6 that carry one of IPv4 in their last 32 bits.
TRANSLATED = ip_network("64:ff9b::/96")


class ForbiddenAddressError(Exception):
    """The address lies in a network that nobody named; nothing was sent."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to connect, one address after the other, and the name that is meant."""

    addresses: list[str]
    port: int
    host: str


def allowed_networks(settings: Settings) -> list[Network]:
    """The networks of the house that may be told. Raises SettingError."""
    try:
        return [ip_network(one) for one in settings.webhook_networks.split()]
    except ValueError as error:
        raise SettingError(f"SIPAS_WEBHOOK_NETWORKS: {error}.") from None


def may_go(address: Address, networks: Sequence[Network]) -> bool:
    """Whether anything may be sent to this address."""
    plain = _plain(address)
    if any(plain in network for network in networks if network.version == plain.version):
        return True
    return plain.is_global and not plain.is_multicast


def _plain(address: Address) -> Address:
    """The address of IPv4 that hides in one of IPv6, if one does."""
    if isinstance(address, IPv4Address):
        return address
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or address


async def find_target(url: str, networks: Sequence[Network]) -> Target:
    """Look the name up; every answer must be one that may be told.

    Raises ForbiddenAddressError, and OSError when the name is unknown.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(one[4][0]).partition("%")[0] for one in found))
    for one in addresses:
        if not may_go(ip_address(one), networks):
            raise ForbiddenAddressError(one)
    # In the clear only within the house.
    inside = all(
        any(_plain(ip_address(one)) in network for network in networks) for one in addresses
    )
    if parts.scheme != "https" and not inside:
        raise ForbiddenAddressError(f"{parts.scheme}://{host}")
    return Target(addresses, port, host)
