"""The change table: what every release that came into force created, updated and deleted, and when.

It lies beside the releases as ``history.sqlite`` and outlives them: each version of each entity is kept, compressed, so
that feeds, days of change and catalogues need no old release. Rows are only ever added (:mod:`.recording` writes them),
and a chain of hashes tells whether the file is still what was written.

One sequence runs through each *view*: that of the graph, whose entities are its subjects, and that of the catalogue.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

import zstandard

from interkommunal.errors import ReleaseError
from interkommunal.release.manifest import Manifest

NAME: Final = "history.sqlite"
# Raised when a reader of an older table would misread a newer one.
FORMAT: Final = 1
GRAPH: Final = "graph"
CATALOGUE: Final = "catalogue"
# Where the public URL of a server stands in entities and statements of the catalogue; a build does not know it.
ADDRESS: Final = "https://address.invalid"
# Separates the statements of entries in a block; N-Quads cannot hold it.
SEPARATOR: Final = b"\0"

REBUILD: Final = "set it aside and make it anew from the kept releases: interkommunal releases rebuild"

SCHEMA: Final = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE publication (
    number INTEGER PRIMARY KEY,
    time TEXT NOT NULL UNIQUE,
    release TEXT NOT NULL,
    files BLOB NOT NULL,
    chain BLOB NOT NULL
);
CREATE TABLE entry (
    view TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    publication INTEGER NOT NULL REFERENCES publication,
    entity TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('create', 'update', 'delete')),
    digest BLOB NOT NULL,
    PRIMARY KEY (view, sequence)
) WITHOUT ROWID;
CREATE INDEX entry_of_entity ON entry (view, entity, sequence);
CREATE TABLE block (
    view TEXT NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    statements BLOB NOT NULL,
    PRIMARY KEY (view, first)
);
"""


class Kind(StrEnum):
    """What became of an entity."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Publication:
    """A release coming into force.

    Attributes:
        number: 1 for the first.
        time: when, as ``xsd:dateTime`` in UTC with milliseconds; later than that of the one before.
        release: its identifier. before: that of the one before, ``None`` for the first.
    """

    number: int
    time: str
    release: str
    before: str | None

    @property
    def moment(self) -> datetime:
        """The same time in whole seconds."""
        return datetime.fromisoformat(self.time).replace(microsecond=0)


class Change(NamedTuple):
    """That something became of an entity: an :class:`Entry` without its statements."""

    sequence: int
    kind: Kind
    publication: Publication


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the change table: a version of an entity.

    Attributes:
        sequence: 1 for the first of its view.
        entity: IRI. kind: what became of it. publication: with which release.
        statements: its description from then on, canonical N-Quads with the graphs of the release (N-Triples in the
            view of the catalogue); empty where it was deleted.
    """

    sequence: int
    entity: str
    kind: Kind
    publication: Publication
    statements: bytes


@dataclass(frozen=True, slots=True)
class Deletion:
    """An entity that is no longer there.

    Attributes:
        publication: with which it was deleted. last: the one before, the last that had it.
        since: the one from which on it was as it was last.
    """

    publication: Publication
    last: Publication
    since: Publication


class _Written(NamedTuple):
    """An entry as it was written, to be verified."""

    publication: int
    view: str
    sequence: int
    entity: str
    kind: str
    digest: bytes
    statements: bytes


@dataclass(frozen=True)
class History:
    """The change table in the file ``path`` as it was when it was opened: a longer one replaces it as a whole.

    Attributes:
        stamp: tells this file from one that replaced it.
    """

    path: Path
    stamp: tuple[int, int, int]

    @classmethod
    def open(cls, path: Path, known: History | None = None) -> History | None:
        """The table in the file ``path``, or in the folder of releases ``path``; ``None`` if there is none.

        Args:
            path: where it lies.
            known: what was opened before; it is returned if it is still the same.

        Raises:
            ReleaseError: it cannot be read, is damaged, or of another format.
        """
        path = path / NAME if path.is_dir() else path
        try:
            found = path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ReleaseError(f"cannot read {path}: {error.strerror}") from error
        stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
        if known is not None and (known.path, known.stamp) == (path, stamp):
            return known
        history = cls(path, stamp)
        written = history._meta.get("format")
        if written != str(FORMAT):
            raise ReleaseError(f"{path} is of format {written}, this program reads format {FORMAT}; {REBUILD}")
        return history

    @property
    def stream(self) -> str:
        """The name of this table. One that is made anew gets another, as its rows have other numbers."""
        return self._meta["stream"]

    @property
    def page(self) -> int:
        """How many entries stand on a page of a feed, for as long as there is this table."""
        return int(self._meta["page"])

    @cached_property
    def publications(self) -> tuple[Publication, ...]:
        """All releases that came into force, the first one first."""
        before = None
        found = []
        for number, time, release in self._rows("SELECT number, time, release FROM publication ORDER BY number"):
            found.append(Publication(number, time, release, before))
            before = release
        return tuple(found)

    def length(self, view: str) -> int:
        """Number of entries in a view."""
        return self._ends[view][1][-1] if view in self._ends else 0

    def entries(self, view: str, first: int, last: int) -> list[Entry]:
        """The entries from ``first`` to ``last``, in order."""
        rows = self._rows(
            "SELECT sequence, publication, entity, kind FROM entry WHERE view = ? AND sequence BETWEEN ? AND ? "
            "ORDER BY sequence",
            (view, first, last),
        )
        told = self._statements(view, first, last)
        return [
            Entry(sequence, entity, Kind(kind), self.publications[publication - 1], told[sequence])
            for sequence, publication, entity, kind in rows
        ]

    def changes(self, view: str, entity: str) -> list[Change]:
        """What became of one entity, in order. No statement is read, so this costs little however often it changed."""
        query = "SELECT sequence, kind, publication FROM entry WHERE view = ? AND entity = ? ORDER BY sequence"
        return [
            Change(sequence, Kind(kind), self.publications[number - 1])
            for sequence, kind, number in self._rows(query, (view, entity))
        ]

    def versions(self, view: str, entity: str) -> list[Entry]:
        """The entries of one entity, in order."""
        rows = self._rows("SELECT sequence FROM entry WHERE view = ? AND entity = ? ORDER BY sequence", (view, entity))
        return [entry for (sequence,) in rows for entry in self.entries(view, sequence, sequence)]

    def publication_of(self, view: str, sequence: int) -> Publication:
        """With which publication an entry came; it must be there."""
        numbers, ends = self._ends[view]
        return self.publications[numbers[bisect_left(ends, sequence)] - 1]

    def span(self, view: str, publication: Publication) -> tuple[int, int] | None:
        """The first and the last entry of a publication; ``None`` if it has none in this view."""
        numbers, ends = self._ends.get(view, ([], []))
        if publication.number not in numbers:
            return None
        at = numbers.index(publication.number)
        return (ends[at - 1] if at else 0) + 1, ends[at]

    def at(self, view: str, entity: str, publication: Publication) -> Entry | None:
        """The entry about an entity that held with a publication; ``None`` if there was none yet."""
        query = "SELECT max(sequence) FROM entry WHERE view = ? AND entity = ? AND publication <= ?"
        ((last,),) = self._rows(query, (view, entity, publication.number))
        return None if last is None else self.entries(view, last, last)[0]

    def before(self, view: str, entity: str, sequence: int) -> bytes:
        """The statements about an entity up to an entry about it; empty if there were none."""
        query = "SELECT max(sequence) FROM entry WHERE view = ? AND entity = ? AND sequence < ?"
        ((last,),) = self._rows(query, (view, entity, sequence))
        return b"" if last is None else self._statements(view, last, last)[last]

    def deletion(self, view: str, entity: str) -> Deletion | None:
        """When an entity was deleted; ``None`` if it is still there or never was."""
        changes = self.changes(view, entity)
        if not changes or changes[-1].kind is not Kind.DELETE:
            return None
        deleted = changes[-1].publication
        return Deletion(deleted, self.publications[deleted.number - 2], changes[-2].publication)

    def last_changes(self, view: str = GRAPH) -> dict[str, str]:
        """When each entity that is there was last changed, by IRI."""
        query = "SELECT entity, kind, publication, max(sequence) FROM entry WHERE view = ? GROUP BY entity"
        return {
            entity: self.publications[number - 1].time
            for entity, kind, number, _ in self._rows(query, (view,))
            if kind != Kind.DELETE
        }

    def counts(self, view: str = GRAPH) -> dict[int, dict[Kind, int]]:
        """How many entries of each kind a publication has, by its number."""
        found: dict[int, dict[Kind, int]] = {}
        query = "SELECT publication, kind, count(*) FROM entry WHERE view = ? GROUP BY publication, kind"
        for number, kind, amount in self._rows(query, (view,)):
            found.setdefault(number, {})[Kind(kind)] = amount
        return found

    def files(self, number: int) -> dict[str, str]:
        """The files of the release of a publication with their SHA-256."""
        ((packed,),) = self._rows("SELECT files FROM publication WHERE number = ?", (number,))
        return {str(name): str(sha256) for name, sha256 in json.loads(self._unpack(packed)).items()}

    def unchanged_since(self, manifest: Manifest) -> dict[str, Publication]:
        """With which publication each file of ``manifest`` became what it is; the last one must be of that release."""
        since: dict[str, Publication] = {}
        alike = set(manifest.files)
        for publication in reversed(self.publications):
            known = self.files(publication.number)
            alike = {name for name in alike if known.get(name) == manifest.files[name].sha256}
            if not alike:
                break
            since.update(dict.fromkeys(alike, publication))
        return since

    def verify(self) -> None:
        """Reads everything and compares it with the chain of hashes.

        Raises:
            ReleaseError: something was altered after it had been written.
        """
        link = b""
        entries = self._every_entry()
        pending = next(entries, None)
        for number, time, release, files, chain in self._stream(
            "SELECT number, time, release, files, chain FROM publication ORDER BY number"
        ):
            links = Chain(link, number, time, release, files)
            while pending is not None and pending.publication == number:
                if digest_of(pending.statements) != pending.digest:
                    raise self._damaged(f"entry {pending.sequence}")
                links.add(pending.view, pending.sequence, pending.entity, pending.kind, pending.digest)
                pending = next(entries, None)
            link = links.end()
            if link != chain:
                raise self._damaged(f"publication {number}")
        if pending is not None:
            raise self._damaged(f"entry {pending.sequence}")

    def _every_entry(self) -> Iterator[_Written]:
        """All entries by publication, view and sequence."""
        query = (
            "SELECT publication, view, sequence, entity, kind, digest FROM entry ORDER BY publication, view, sequence"
        )
        held: dict[int, bytes] = {}
        of = ""
        for number, view, sequence, entity, kind, digest in self._stream(query):
            if view != of or sequence not in held:
                of, held = view, self._statements(view, sequence, sequence, whole=True)
            yield _Written(number, view, sequence, entity, kind, digest, held.get(sequence, b""))

    def _statements(self, view: str, first: int, last: int, *, whole: bool = False) -> dict[int, bytes]:
        """The statements of entries by sequence; of the ``whole`` blocks, or only of those asked for."""
        found: dict[int, bytes] = {}
        query = "SELECT first, last, statements FROM block WHERE view = ? AND last >= ? AND first <= ? ORDER BY first"
        for start, end, packed in self._rows(query, (view, first, last)):
            told = self._unpack(packed).split(SEPARATOR)
            if len(told) != end - start + 1:
                raise self._damaged(f"block {start}")
            wanted = zip(range(start, end + 1), told, strict=True)
            found.update((number, text) for number, text in wanted if whole or first <= number <= last)
        return found

    @cached_property
    def _ends(self) -> dict[str, tuple[list[int], list[int]]]:
        """By view: the publications that have entries, and the last entry of each."""
        found: dict[str, tuple[list[int], list[int]]] = {}
        query = (
            "SELECT view, publication, max(sequence) FROM entry GROUP BY view, publication ORDER BY view, publication"
        )
        for view, number, last in self._rows(query):
            numbers, ends = found.setdefault(view, ([], []))
            numbers.append(number)
            ends.append(last)
        return found

    @cached_property
    def _meta(self) -> dict[str, str]:
        return dict(self._rows("SELECT name, value FROM meta"))

    def _rows(self, query: str, values: tuple[object, ...] = ()) -> list[Any]:
        return list(self._stream(query, values))

    def _stream(self, query: str, values: tuple[object, ...] = ()) -> Iterator[Any]:
        try:
            with reading(self.path) as connection:
                yield from connection.execute(query, values)
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise self._damaged(str(error)) from error

    def _unpack(self, packed: bytes) -> bytes:
        try:
            return zstandard.ZstdDecompressor().decompress(packed)
        except zstandard.ZstdError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, what: str) -> ReleaseError:
        return ReleaseError(f"{self.path} is damaged ({what}); {REBUILD}")


class Chain:
    """The hash of a publication and all before it: what was written cannot be altered unnoticed.

    Args:
        link: that of the publication before; empty for the first.
        number, time, release, files: of the publication.
    """

    def __init__(self, link: bytes, number: int, time: str, release: str, files: bytes) -> None:
        self._hash = hashlib.sha256(link + f"{number} {time} {release}\n".encode() + hashlib.sha256(files).digest())

    def add(self, view: str, sequence: int, entity: str, kind: str, digest: bytes) -> None:
        """Take an entry in."""
        self._hash.update(f"{view} {sequence} {entity} {kind} {digest.hex()}\n".encode())

    def end(self) -> bytes:
        """The hash, 32 bytes."""
        return self._hash.digest()


def digest_of(statements: bytes) -> bytes:
    """The hash by which versions of an entity are told apart, 16 bytes."""
    return hashlib.blake2b(statements, digest_size=16).digest()


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a table that nobody writes to."""
    with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro&immutable=1", uri=True)) as connection:
        yield connection
