"""A polite HTTP client: says who it is, asks a bounded number of times, for a bounded time and size, and only the web.

Every request gives a :class:`Reply`, also one that nobody answers: then it holds why. Redirects are followed here, so
that each step is counted, bounded and checked. No file is ever opened, whatever a document says.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import quote, urljoin, urlsplit

import httpx

from interkommunal import __version__
from interkommunal.net import NotPublicError, Target, addresses, is_public, reason, targets, timeout

USER_AGENT: Final = f"interkommunal-doctor/{__version__} (replays the harvest of open-data portals)"
# As much as CKAN reads of a page.
LARGEST: Final = 50 * 1024 * 1024
_HOPS: Final = 5
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
    def why(self) -> str:
        """Why it is no good, in a word."""
        return self.failure or f"HTTP {self.status}"

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
        self._inside = False

    @property
    def used_up(self) -> bool:
        """Whether no request is left."""
        return self.made >= self.most

    def starting_from(self, address: str) -> None:
        """Say which catalogue is examined: on the open net, what it names on private networks is not asked."""
        try:
            self._inside = not all(map(is_public, addresses(urlsplit(address).hostname or "")))
        except (OSError, UnicodeError):
            self._inside = False

    def head(self, address: str, headers: Mapping[str, str] | None = None) -> Reply:
        """The head of an answer."""
        return self.ask("HEAD", address, headers)

    def get(self, address: str, headers: Mapping[str, str] | None = None, most: int = LARGEST) -> Reply:
        """An answer, of which at most ``most`` bytes are read."""
        return self.ask("GET", address, headers, most)

    def ask(self, method: str, address: str, headers: Mapping[str, str] | None = None, most: int = LARGEST) -> Reply:
        """One request and, as far as it leads, its redirects."""
        hops: list[str] = []
        reply = self._once(method, address, headers or {}, most)
        while reply.status in (301, 302, 303, 307, 308) and (target := reply.headers.get("location")):
            if len(hops) == _HOPS:
                reply = _failed(reply.final, "redirects", f"more than {_HOPS} redirects")
                break
            hops.append(urljoin(reply.final, target))
            reply = self._once(method, hops[-1], headers or {}, most)
        return replace(reply, address=address, hops=tuple(hops))

    def _once(self, method: str, address: str, headers: Mapping[str, str], most: int) -> Reply:
        try:
            parts = urlsplit(address)
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return _failed(address, "address", "no address of the web")
        if self.used_up:
            return _failed(address, "budget", f"all {self.most} requests are used up")
        try:
            # Where the catalogue lies may be asked, and the public Internet.
            allows = (lambda _: True) if self._inside or not self.made else is_public
            found = targets(quote(address.partition("#")[0], safe=_SAFE), allows)
        except NotPublicError:
            return _failed(address, "private", f"{parts.hostname} lies on a private network")
        except (OSError, httpx.InvalidURL) as error:
            return _failed(address, "network", reason(error))
        self.made += 1
        self._tell(address)
        given = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity", **headers}
        # Without the proxies of the environment, which would resolve the name anew.
        with httpx.Client(timeout=timeout(self._seconds), trust_env=False) as client:
            for target in found:
                try:
                    return self._answer(client, method, address, target._replace(headers=target.headers | given), most)
                except (httpx.HTTPError, OSError) as error:
                    failed = _failed(address, "network", reason(error))
                    if not isinstance(error, httpx.ConnectError):
                        break
        return failed

    def _answer(self, client: httpx.Client, method: str, address: str, target: Target, most: int) -> Reply:
        end = time.monotonic() + 6 * self._seconds
        with client.stream(method, target.url, headers=target.headers, extensions=target.extensions) as response:
            body = bytearray()
            for piece in response.iter_bytes() if method != "HEAD" else ():
                body += piece
                if len(body) > most:
                    break
                if time.monotonic() > end:
                    raise TimeoutError(f"the answer took longer than {6 * self._seconds:g} seconds")
            fields = {name.lower(): value for name, value in response.headers.items()}
            return Reply(address, address, response.status_code, fields, bytes(body[:most]), len(body) > most)


def _failed(address: str, kind: str, why: str) -> Reply:
    return Reply(address, address, failure=why, kind=kind)
