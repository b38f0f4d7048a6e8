"""Writes the change table when a release comes into force.

A release is compared, entity by entity, with what the table says is there; so it does not matter whether the release
before is still kept. The table is written anew beside the old one and replaces it as a whole after the release is in
force: whoever reads finds the old one or the longer one, and an interrupted build leaves the old one.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

import zstandard

from interkommunal.errors import ReleaseError
from interkommunal.files import sync
from interkommunal.release import history
from interkommunal.release.history import CATALOGUE, GRAPH, Chain, History, Kind, digest_of
from interkommunal.release.manifest import NAME as MANIFEST
from interkommunal.release.release import CURRENT, Release
from interkommunal.release.versions import Versions

# The table that is being written.
NEXT: Final = ".history.sqlite.next"

# What a catalogue says of its entities: canonical N-Triples by IRI, both with ``history.ADDRESS`` for the public URL.
Described = Mapping[str, bytes]
# Describes the catalogue of a release, given the table before it and the time at which it comes into force.
Cataloguer = Callable[[Release, History, str], Described]

# A page of a feed, and a block of statements, holds so many entries; a block is closed at so many bytes, too.
_ENTRIES: Final = 250
_BYTES: Final = 1 << 20
_LEVEL: Final = 9


def prepare(releases: Path, release: Release, catalogue: Cataloguer | None = None) -> bool:
    """Writes the table that holds once ``release`` is in force; :func:`settle` puts it in place.

    Args:
        releases: the folder of releases, held by this writer alone.
        release: complete, and not yet in force.
        catalogue: describes the catalogue; if it is missing, its view stays as it is.

    Returns:
        Whether there is something to settle.

    Raises:
        ReleaseError: the table cannot be written, or the old one is damaged.
    """
    recover(releases)
    path, fresh = releases / history.NAME, releases / NEXT
    try:
        before = History.open(path)
        if before is None:
            kept = [item for item in Versions.read(releases).kept if item.identifier != release.identifier]
            _replay(fresh, kept)
        else:
            before.verify()
            shutil.copyfile(path, fresh)
        added = _append(fresh, release, catalogue, _clock())
        if before is not None and not added:
            fresh.unlink()
            return False
        sync(fresh)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else error
        raise ReleaseError(
            f"cannot write the change table {path}: {reason}; make room or rights there; the release in force stays"
        ) from error
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    return True


def settle(releases: Path) -> None:
    """Puts the prepared table in place.

    Raises:
        OSError: that is not possible; the next build makes up for it.
    """
    (releases / NEXT).replace(releases / history.NAME)
    sync(releases)


def recover(releases: Path) -> None:
    """Ends what an interrupted build began: settles a prepared table whose release is in force, removes any other."""
    fresh = releases / NEXT
    if not fresh.exists():
        return
    try:
        prepared = History.open(fresh)
        publications = prepared.publications if prepared else ()
        in_force = (releases / CURRENT).readlink().name
    except (ReleaseError, OSError):
        fresh.unlink()
        return
    if publications and publications[-1].release == in_force:
        settle(releases)
    else:
        fresh.unlink()


def rebuild(releases: Path, catalogue: Cataloguer | None = None) -> Path | None:
    """Makes the table anew from the kept releases, oldest first; times are those at which they were written here.

    The old table is set aside. The new one is a stream of its own: harvesters see that they have to begin again.

    Args:
        releases: the folder of releases, held by this writer alone.
        catalogue: describes the catalogue of the release in force.

    Returns:
        Where the old table went, ``None`` if there was none.

    Raises:
        ReleaseError: there is no release in force, or the folder cannot be written.
    """
    in_force = Release.open(releases)
    path, fresh = releases / history.NAME, releases / NEXT
    try:
        _replay(fresh, [item for item in Versions.read(releases).kept if item.identifier != in_force.identifier])
        _append(fresh, in_force, catalogue, _written(in_force))
        sync(fresh)
        aside = None
        if path.exists():
            stem = f"history-set-aside-{datetime.now(UTC):%Y%m%dT%H%M%S}"
            aside = releases / f"{stem}.sqlite"
            path.replace(aside)
        settle(releases)
    except (OSError, sqlite3.Error) as error:
        fresh.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else error
        raise ReleaseError(f"cannot write the change table {path}: {reason}; make room or rights there") from error
    return aside


def entities(lines: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """The subjects of canonical N-Quads with their statements, in the order of the file."""
    for subject, about in groupby(lines, key=lambda line: line[: line.index(b" ")]):
        yield subject[1:-1].decode(), b"".join(about)


def _clock() -> datetime:
    return datetime.now(UTC)


def _written(release: Release) -> datetime:
    return datetime.fromtimestamp((release.folder / MANIFEST).stat().st_mtime, UTC)


def _replay(path: Path, kept: Iterable[Release]) -> None:
    """A new table with the kept releases."""
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(history.SCHEMA)
        meta = (("format", str(history.FORMAT)), ("stream", secrets.token_hex(4)), ("page", str(_ENTRIES)))
        connection.executemany("INSERT INTO meta VALUES (?, ?)", meta)
        connection.commit()
    for release in kept:
        _append(path, release, None, _written(release))


def _append(path: Path, release: Release, catalogue: Cataloguer | None, now: datetime) -> bool:
    """Adds what ``release`` changes, if it changes anything, and returns whether it does."""
    before = History.open(path)
    assert before is not None, "made or copied a moment ago"
    moment = _time(now, before.publications[-1].time if before.publications else "")
    described = None if catalogue is None else catalogue(release, before, moment)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        # The file is nobody's until it is settled: what is left of an interrupted build is thrown away.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        last = connection.execute(
            "SELECT number, release, files, chain FROM publication ORDER BY number DESC LIMIT 1"
        ).fetchone()
        number, identifier, packed, link = last or (0, None, b"", b"")
        hashes = {name: file.sha256 for name, file in release.manifest.files.items()}
        files = _pack(json.dumps(hashes, sort_keys=True).encode())
        publication = number + 1
        chain = Chain(link, publication, moment, release.identifier, files)
        # Chain takes views in the order of their names.
        added = 0
        if described is not None:
            added += _Writer(connection, CATALOGUE, publication, chain).write(
                sorted(described.items(), key=lambda item: f"{item[0]}>".encode())
            )
        with release.quads.open("rb") as lines:
            added += _Writer(connection, GRAPH, publication, chain).write(entities(lines))
        changed = bool(added) or (identifier, packed) != (release.identifier, files)
        if changed:
            connection.execute(
                "INSERT INTO publication VALUES (?, ?, ?, ?, ?)",
                (publication, moment, release.identifier, files, chain.end()),
            )
        connection.execute("COMMIT")
        return changed


@dataclass
class _Writer:
    """Adds the entries of one view."""

    connection: sqlite3.Connection
    view: str
    publication: int
    chain: Chain
    _sequence: int = 0
    _first: int = 0
    _block: list[bytes] = field(default_factory=list)
    _bytes: int = 0

    def write(self, described: Iterable[tuple[str, bytes]]) -> int:
        """Adds what differs from the table, and returns how many entries that are.

        Args:
            described: every entity with its statements, by the bytes of ``iri>`` (the order of N-Quads).
        """
        (last,) = self.connection.execute("SELECT max(sequence) FROM entry WHERE view = ?", (self.view,)).fetchone()
        self._sequence = start = last or 0
        self._first = start + 1
        known = self._known()
        there = next(known, None)
        for entity, statements in described:
            key = f"{entity}>".encode()
            while there is not None and there[0] < key:
                self._add(there[1], Kind.DELETE, b"")
                there = next(known, None)
            if there is not None and there[0] == key:
                if there[2] != digest_of(statements):
                    self._add(entity, Kind.UPDATE, statements)
                there = next(known, None)
            else:
                self._add(entity, Kind.CREATE, statements)
        while there is not None:
            self._add(there[1], Kind.DELETE, b"")
            there = next(known, None)
        self._close_block()
        return self._sequence - start

    def _known(self) -> Iterator[tuple[bytes, str, bytes]]:
        """What is there so far, in the order of N-Quads: sort key, IRI, digest."""
        rows = self.connection.execute(
            "SELECT entity, digest, kind, max(sequence) FROM entry WHERE view = ? AND publication < ? "
            "GROUP BY entity ORDER BY entity || '>'",
            (self.view, self.publication),
        )
        for entity, digest, kind, _ in rows:
            if kind != Kind.DELETE:
                yield f"{entity}>".encode(), entity, digest

    def _add(self, entity: str, kind: Kind, statements: bytes) -> None:
        self._sequence += 1
        digest = digest_of(statements)
        self.connection.execute(
            "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
            (self.view, self._sequence, self.publication, entity, kind.value, digest),
        )
        self.chain.add(self.view, self._sequence, entity, kind.value, digest)
        self._block.append(statements)
        self._bytes += len(statements)
        if len(self._block) >= _ENTRIES or self._bytes >= _BYTES:
            self._close_block()

    def _close_block(self) -> None:
        if self._block:
            packed = _pack(history.SEPARATOR.join(self._block))
            row = (self.view, self._first, self._sequence, packed)
            self.connection.execute("INSERT INTO block VALUES (?, ?, ?, ?)", row)
        self._first, self._block, self._bytes = self._sequence + 1, [], 0


def _time(now: datetime, last: str) -> str:
    """The time of a publication: now, or just after the last one if the clock went back."""
    if last:
        now = max(now, datetime.fromisoformat(last) + timedelta(milliseconds=1))
    return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _pack(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compress(data)
