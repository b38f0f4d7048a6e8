"""A polite HTTP client: says who it is, asks a bounded number of times, for a bounded time and size, and only the web.

Every request gives a :class:`Reply`, also one that nobody answers: then it holds why. Redirects are followed here, so
that each step is counted, bounded and checked. No file is ever opened, whatever a document says.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from urllib.error import URLError
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from interkommunal import __version__

USER_AGENT: Final = f"interkommunal-doctor/{__version__} (replays the harvest of open-data portals)"
# As much as CKAN reads of a page.
LARGEST: Final = 50 * 1024 * 1024
_PIECE: Final = 64 * 1024
_HOPS: Final = 5
_SCHEMES: Final = ("http", "https")
# Kept as they are in an address that is otherwise not ASCII or has characters that may not be sent.
_SAFE: Final = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a request.

    Attributes:
        address: what was asked. final: where the answer came from, after redirects.
        status: status of the last answer, 0 if there was none. headers: names in lower case.
        body: what came, at most as much as was allowed. cut: whether there was more.
        hops: addresses of the redirects on the way.
        failure: why there is no answer, in words of the system; empty if there is one.
        kind: of the failure: ``address`` (not of the web), ``private``, ``budget``, ``network``, ``redirects``.
    """

    address: str
    final: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    hops: tuple[str, ...] = ()
    failure: str = ""
    kind: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is an answer that brings what was asked for."""
        return 200 <= self.status < 300

    @property
    def media_type(self) -> str:
        """The media type, in lower case and without parameters; empty if none is stated."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        """The size that is stated, in bytes."""
        stated = self.headers.get("content-length", "")
        return int(stated) if stated.isascii() and stated.isdigit() else None


class Client:
    """Asks. Keeps count of the requests; when they are used up, every further one fails with kind ``budget``.

    Args:
        requests: how many there may be, redirects included.
        seconds: that an answer may keep silent; and, six times that, that it may take in all.
        tell: called with each address before it is asked.
    """

    def __init__(self, requests: int, seconds: float, tell: Callable[[str], None] = lambda _: None) -> None:
        self.made = 0
        self.most = requests
        self._seconds = seconds
        self._tell = tell
        # Only these handlers: no file, no ftp, no data, and redirects and errors come back as they are.
        self._opener = OpenerDirector()
        for handler in (ProxyHandler(), HTTPHandler(), HTTPSHandler()):
            self._opener.add_handler(handler)
        self._inside = False

    @property
    def used_up(self) -> bool:
        """Whether no request is left."""
        return self.made >= self.most

    def starting_from(self, address: str) -> None:
        """Say which catalogue is examined: on the open net, what it names on private networks is not asked."""
        self._inside = is_private(urlsplit(address).hostname or "")

    def head(self, address: str, headers: Mapping[str, str] | None = None) -> Reply:
        """The head of an answer."""
        return self.ask("HEAD", address, headers)

    def get(self, address: str, headers: Mapping[str, str] | None = None, most: int = LARGEST) -> Reply:
        """An answer, of which at most ``most`` bytes are read."""
        return self.ask("GET", address, headers, most)

    def ask(self, method: str, address: str, headers: Mapping[str, str] | None = None, most: int = LARGEST) -> Reply:
        """One request and, as far as it leads, its redirects."""
        hops: list[str] = []
        place = address
        while True:
            reply = self._once(method, place, headers or {}, most)
            target = reply.headers.get("location", "")
            if reply.status not in (301, 302, 303, 307, 308) or not target:
                break
            if len(hops) == _HOPS:
                reply = _failed(place, "redirects", f"more than {_HOPS} redirects")
                break
            place = urljoin(place, target)
            hops.append(place)
        return replace(reply, address=address, hops=tuple(hops))

    def _once(self, method: str, address: str, headers: Mapping[str, str], most: int) -> Reply:
        parts = _parts(address)
        if parts is None or parts.scheme not in _SCHEMES or not parts.hostname:
            return _failed(address, "address", "no address of the web")
        if not self._inside and self.made and is_private(parts.hostname):
            return _failed(address, "private", f"{parts.hostname} lies on a private network")
        if self.used_up:
            return _failed(address, "budget", f"all {self.most} requests are used up")
        self.made += 1
        self._tell(address)
        sent = quote(address.partition("#")[0], safe=_SAFE)
        request = Request(sent, method=method, headers={"User-Agent": USER_AGENT, **headers})
        try:
            with self._opener.open(request, timeout=self._seconds) as response:
                body, cut = self._read(response, most) if method != "HEAD" else (b"", False)
                fields = {name.lower(): value for name, value in response.headers.items()}
                return Reply(address, address, int(response.status), fields, body, cut)
        except URLError as error:
            return _failed(address, "network", _reason(error.reason))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return _failed(address, "network", _reason(error))

    def _read(self, response: http.client.HTTPResponse, most: int) -> tuple[bytes, bool]:
        end = time.monotonic() + 6 * self._seconds
        pieces: list[bytes] = []
        size = 0
        while size <= most:
            piece = response.read1(min(_PIECE, most + 1 - size))
            if not piece:
                # What is shorter than it says was cut off on the way.
                if response.length:
                    raise http.client.IncompleteRead(b"", response.length)
                return b"".join(pieces), False
            pieces.append(piece)
            size += len(piece)
            if time.monotonic() > end:
                raise TimeoutError(f"the answer took longer than {6 * self._seconds:g} seconds")
        return b"".join(pieces)[:most], True


def _parts(address: str) -> SplitResult | None:
    try:
        return urlsplit(address)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def is_private(host: str) -> bool:
    """Whether a host lies on this machine or on a network that the world cannot reach."""
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except (OSError, UnicodeError):
        return False
    return any(not ipaddress.ip_address(str(address).partition("%")[0]).is_global for address in found)


def _failed(address: str, kind: str, why: str) -> Reply:
    return Reply(address, address, failure=why, kind=kind)


def _reason(error: object) -> str:
    if isinstance(error, http.client.IncompleteRead):
        return f"the answer broke off, {error.expected} bytes are missing"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__
