"""The one door to the network: HTTP to addresses that were checked, and that are kept to.

A name is resolved once and all its addresses are judged; the request then goes to one of these, whatever the name
resolves to a moment later (DNS rebinding), while ``Host`` and certificate keep the name. Redirects are never followed
by themselves. SERVICE, the check of endpoints and the doctor ask through here; only SPARQLWrapper asks otherwise.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import httpx

from interkommunal import __version__
from interkommunal.namespaces import BASE

#: Name and a way to get in touch, as Wikimedia's policy asks for.
USER_AGENT: Final = f"interkommunal/{__version__} (+{BASE})"
_CONNECT_SECONDS: Final = 5.0
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")

AddressTest = Callable[[str], bool]


class NotPublicError(PermissionError):
    """A host has an address that may not be asked."""


class Target(NamedTuple):
    """What a request to one address of a host is made of; see :func:`targets`."""

    url: httpx.URL
    headers: dict[str, str]
    extensions: dict[str, Any]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet, so not loopback, private, link-local, multicast or reserved.

    An IPv6 address that stands for an IPv4 address (mapped, 6to4, NAT64) is judged by that.
    """
    parsed = ipaddress.ip_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        inner = parsed.ipv4_mapped or parsed.sixtofour
        if inner is None and parsed in _NAT64:
            inner = ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return parsed.is_global and not parsed.is_multicast


def addresses(host: str, port: int | None = None) -> list[str]:
    """The IP addresses of a host, in the order in which the system would try them; blocks.

    Raises:
        OSError: it does not resolve.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]).partition("%")[0] for entry in found))


def targets(url: str, allows: AddressTest = is_public) -> list[Target]:
    """The addresses at which ``url`` may be asked, to be tried in turn; blocks while the name is resolved.

    Raises:
        NotPublicError: ``allows`` refuses one of them.
        OSError: the name does not resolve.
        httpx.InvalidURL: it is not a URL.
    """
    try:
        parsed = httpx.URL(url)
        found = addresses(parsed.host, parsed.port)
    except UnicodeError as error:  # a name too long for IDNA
        raise httpx.InvalidURL(f"{url[:100]} names no host") from error
    if not all(map(allows, found)):
        raise NotPublicError(f"{parsed.host} resolves to an address that is not public")
    named = {"Host": parsed.netloc.decode("ascii"), "User-Agent": USER_AGENT}
    return [Target(parsed.copy_with(host=address), named, {"sni_hostname": parsed.host}) for address in found]


def timeout(seconds: float) -> httpx.Timeout:
    """A client's patience: ``seconds`` for each wait, and less for a connection."""
    return httpx.Timeout(seconds, connect=min(seconds, _CONNECT_SECONDS))


def reason(error: BaseException) -> str:
    """Why a request failed, in the system's words and in one line."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
    if isinstance(error, httpx.TimeoutException):
        return "timed out"
    return " ".join(str(error).split()) or type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
