"""Which address of the server becomes which file of the copy.

A page is ``index.html`` in a folder of its name, so that its address stays right on every web server; pages in the
other language lie beside it as ``index.en.html``. What has a suffix keeps its name. Links are written in full, so that
the copy can be read from a disk too.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from interkommunal.errors import ExportError
from interkommunal.texts import Language

Kind = Literal["page", "file", "alias", "server", "missing"]

# What computes an answer for each visitor, or tells of the running server or of other releases: a copy cannot.
# Questions with their usual answers are pages.
NEEDS_SERVER: Final = (
    "/release",
    "/sparql",
    "/federation",
    "/search",
    "/reconcile",
    "/health",
    "/metrics",
    "/admin",
    "/openapi.json",
    "/.well-known/api-catalog",
)
# What an earlier release said of a thing: pages lead there, and it never changes.
_OLD_VERSION: Final = re.compile(r"/release/[^/]+/(?:doc|ontology)(?:[/.]|$)")
_SEGMENT: Final = re.compile(r"[^\x00-\x1f/\\]+")
_LONGEST: Final = 200


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An address of the server: its path, decoded and without prefix; and the number of a page after the first."""

    path: str
    page: int = 0


@dataclass(slots=True)
class Entry:
    """What became of a place.

    Attributes:
        kind: ``page``, ``file``, ``alias`` of another place, ``server`` (a copy cannot) or ``missing``.
        files: names of files by language. target: place of an alias. status: what the server said where it is missing.
    """

    kind: Kind
    files: dict[str, str] = field(default_factory=dict)
    target: Place | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class Link:
    """A link to our own site: place, language if it names one, rest of the query, fragment, whether it was absolute."""

    place: Place
    language: str | None
    query: str
    fragment: str
    absolute: bool


class Site:
    """The addresses below a public URL.

    Args:
        address: public URL without a slash at the end. language: that of pages without a language in their name.
    """

    def __init__(self, address: str, language: Language) -> None:
        self.address = address
        self.language = language
        self._origin = "://".join(urlsplit(address)[:2])
        self._prefix = urlsplit(address).path.rstrip("/")

    def link(self, target: str, page: Place) -> Link | None:
        """What a link on ``page`` leads to, if it stays on the site; ``None`` for others and for places on the page."""
        if not target or target.startswith("#"):
            return None
        try:
            parts = urlsplit(target)
        except ValueError:
            return None
        absolute = bool(parts.scheme)
        if absolute:
            if f"{parts.scheme}://{parts.netloc}" != self._origin:
                return None
            path = parts.path
        elif parts.netloc:
            return None
        else:
            base = f"{self._prefix}{page.path}"
            path = posixpath.normpath(posixpath.join(posixpath.dirname(base), parts.path)) if parts.path else base
            path += "/" if parts.path.endswith("/") and not path.endswith("/") else ""
        if self._prefix and path != self._prefix and not path.startswith(f"{self._prefix}/"):
            return None
        pairs = parse_qsl(parts.query, keep_blank_values=True)
        named = dict(pairs)
        number = named.get("page", "")
        rest = [(name, value) for name, value in pairs if name not in ("lang", "page")]
        return Link(
            Place(unquote(path[len(self._prefix) :]) or "/", int(number) if number.isdigit() and number != "1" else 0),
            named.get("lang"),
            "&".join(f"{name}={value}" for name, value in rest),
            parts.fragment,
            absolute,
        )

    def file(self, place: Place, language: str, *, page: bool) -> str:
        """The name of the file for a place.

        Raises:
            ExportError: the path has a part that may not be the name of a file.
        """
        parts = [part for part in place.path.split("/") if part]
        if any(not _SEGMENT.fullmatch(part) or part in (".", "..") or len(part.encode()) > _LONGEST for part in parts):
            raise ExportError(f"{place.path!r} cannot be the name of a file; rename the thing or leave it out")
        other = "" if language == self.language else f".{language}"
        if page:
            name = f"page-{place.page}" if place.page else "index"
            return "/".join([*parts, f"{name}{other}.html"])
        stem, dot, suffix = (parts or ["index"])[-1].rpartition(".")
        return "/".join([*parts[:-1], f"{stem}{other}{dot}{suffix}" if dot else f"{suffix}{other}"])

    def public(self, file: str) -> str:
        """The whole URL of a file of the copy, folders without the name of their page."""
        return f"{self.address}/{file.removesuffix('index.html')}"


def needs_server(path: str) -> bool:
    """Whether a copy cannot answer at ``path``."""
    if _OLD_VERSION.match(path):
        return False
    return any(path == start or path.startswith(f"{start}/") for start in NEEDS_SERVER)


def has_suffix(path: str) -> bool:
    """Whether a path names a format: its last part ends like a file."""
    return bool(re.search(r"\.[A-Za-z][A-Za-z0-9.]{0,14}$", path.rpartition("/")[2]))


def relative(file: str, start: str) -> str:
    """How the file ``start`` names the file ``file``."""
    return posixpath.relpath(file, posixpath.dirname(start) or ".")
