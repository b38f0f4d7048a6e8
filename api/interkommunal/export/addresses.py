"""Which address of the server becomes which file of the copy, and how a link of our own is recognised anywhere.

The application is rendered with a public URL that ends in :data:`MARK`. All that it writes, whatever the format, names
its own addresses below that URL, so one pattern finds them; links elsewhere and canonical IRIs never hold the mark.

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

Kind = Literal["page", "file", "alias", "server", "missing"]

# The last part of the public URL while the copy is made. Constant, because what sorts by URL must not differ from run
# to run; below the real URL, because it must not differ from what a server would write either.
MARK: Final = "ik-copy-5b0f8d6c2e9a"
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
_SUFFIX: Final = re.compile(r"\.[A-Za-z][A-Za-z0-9.]{0,14}$")
_SEGMENT: Final = re.compile(r"[^\x00-\x1f/\\]+")
_LONGEST: Final = 200
_MARKED: Final = re.compile(rf"(?:/|%2F){MARK}".encode())


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """An address of the server: its path, decoded and without prefix; and the number of a page after the first."""

    path: str
    page: int = 0

    @property
    def stem(self) -> str:
        """What a page and its formats have in common."""
        above, slash, last = self.path.rpartition("/")
        return above + slash + last.partition(".")[0]


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
    """A link to our own site: place, language if it names one, rest of the query, fragment, whether it is absolute."""

    place: Place
    language: str | None
    query: str
    fragment: str
    absolute: bool


def marked(address: str) -> str:
    """The public URL with which a copy for ``address`` is rendered."""
    return f"{address}/{MARK}"


def unmarked(body: bytes) -> bytes:
    """A body with the real public URL."""
    return _MARKED.sub(b"", body)


def link(target: str) -> Link | None:
    """What a link leads to, if it bears the mark; ``None`` for links elsewhere and for places on the same page."""
    above, mark, below = target.partition(f"/{MARK}")
    if not mark or (below and below[0] not in "/?#"):
        return None
    parts = urlsplit(below)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    named = dict(pairs)
    number = named.get("page", "")
    rest = [(name, value) for name, value in pairs if name not in ("lang", "page")]
    return Link(
        Place(unquote(parts.path) or "/", int(number) if number.isdigit() and number != "1" else 0),
        named.get("lang"),
        "&".join(f"{name}={value}" for name, value in rest),
        parts.fragment,
        "://" in above,
    )


def file_name(place: Place, other: str, *, page: bool) -> str:
    """The name of the file for a place.

    Args:
        place: an address.
        other: language that the name has to tell; empty for the language of the copy.
        page: whether it is a page for people.

    Raises:
        ExportError: the path has a part that may not be the name of a file.
    """
    parts = [part for part in place.path.split("/") if part]
    if any(not _SEGMENT.fullmatch(part) or part in (".", "..") or len(part.encode()) > _LONGEST for part in parts):
        raise ExportError(f"{place.path!r} cannot be the name of a file; rename the thing or leave it out")
    other = f".{other}" if other else ""
    if page:
        name = f"page-{place.page}" if place.page else "index"
        return "/".join([*parts, f"{name}{other}.html"])
    stem, dot, suffix = (parts or ["index"])[-1].rpartition(".")
    return "/".join([*parts[:-1], f"{stem}{other}{dot}{suffix}" if dot else f"{suffix}{other}"])


def needs_server(path: str) -> bool:
    """Whether a copy cannot answer at ``path``."""
    if _OLD_VERSION.match(path):
        return False
    return any(path == start or path.startswith(f"{start}/") for start in NEEDS_SERVER)


def has_suffix(path: str) -> bool:
    """Whether a path names a format: its last part ends like a file."""
    return bool(_SUFFIX.search(path.rpartition("/")[2]))


def relative(file: str, start: str) -> str:
    """How the file ``start`` names the file ``file``."""
    return posixpath.relpath(file, posixpath.dirname(start) or ".")
