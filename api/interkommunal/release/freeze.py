"""Freezes an assembled graph into a release folder, all or nothing.

In goes an assembly, out comes a release in ``<releases>/<version>-<hash>`` that ``<releases>/current`` points to. It is
written and synced beside the others under a name of its own, renamed when it is complete, and put in force by
replacing a symbolic link: whoever reads ``current`` finds the old release or the new one, whatever happens meanwhile.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from interkommunal import __released__, __version__
from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.graph.assemble import Assembly, Progress
from interkommunal.release import dumps, library, manifest, recording, search, tables, void
from interkommunal.release.quads import release_quads
from interkommunal.release.release import CURRENT, QUADS, Release

# Name of a file, its media type, what it holds, its content.
Made = tuple[str, str, str, bytes]

_LOCK = ".lock"
# Names of folders that are being written; under the lock, all of them are leftovers.
_UNFINISHED = ".unfinished-"


def freeze(
    assembly: Assembly,
    content: Content,
    releases: Path,
    progress: Progress | None = None,
    catalogue: recording.Cataloguer | None = None,
) -> Release:
    """Writes ``assembly`` as a release into the folder ``releases`` and puts it in force.

    The same content gives the same bytes, so freezing it again changes nothing. The texts of ``content`` that the
    graph quotes go along as ``sources/<slug>.txt``, its maps as ``maps/<name>.geojson``.

    Args:
        assembly: the graph, checked.
        content: where its texts lie.
        releases: folder of releases; made if it is missing.
        progress: called with what is being done, how many steps are done, and how many there are.
        catalogue: describes the catalogue of a release for the change table.

    Raises:
        ReleaseError: if the graph cannot be frozen, the folder cannot be written, or another build is writing. The
            release in force stays as it was.
    """
    releases = releases.absolute()
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with only_writer(releases):
            _clean(releases)
            return _freeze(assembly, content, releases, progress or (lambda step, done, total: None), catalogue)
    except OSError as error:
        raise ReleaseError(
            f"cannot write a release to {releases}: {error.strerror}; make room or rights there, "
            "or choose another folder with --releases or INTERKOMMUNAL_RELEASES"
        ) from error


def _freeze(
    assembly: Assembly,
    content: Content,
    releases: Path,
    progress: Progress,
    catalogue: recording.Cataloguer | None,
) -> Release:
    unfinished = releases / f"{_UNFINISHED}{os.getpid()}"
    unfinished.mkdir()
    try:
        made = _write(assembly, content, unfinished, progress)
        folder = releases / made.identifier
        if not _same(folder, made):
            if folder.exists():
                _make_way(folder, unfinished)
            unfinished.rename(folder)
            _sync(releases)
        recorded = recording.prepare(releases, Release(folder.resolve(), made), catalogue)
        _point(releases / CURRENT, folder)
        if recorded:
            recording.settle(releases)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _clean(releases)
    return Release(folder.resolve(), made)


def _write(assembly: Assembly, content: Content, folder: Path, progress: Progress) -> manifest.Manifest:
    """All files of the release, the manifest last."""
    quads = release_quads(assembly.dataset)
    steps: dict[str, Callable[[], Iterator[Made]]] = {dump.name: partial(_dump, dump) for dump in dumps.dumps(quads)}
    for text in sorted((content.data / "sources").glob("*/text.txt")):
        name = f"sources/{text.parent.name}.txt"
        steps[name] = partial(_single, name, "text/plain;charset=utf-8", "source", text.read_bytes)
    for map_ in sorted((content.data / "reference").glob("*-boundaries.geojson")):
        name = f"maps/{map_.name}"
        steps[name] = partial(_single, name, "application/geo+json", "map", map_.read_bytes)
    questions = content.queries / "library"
    if questions.is_dir():
        steps[library.NAME] = partial(
            _single,
            library.NAME,
            library.MEDIA_TYPE,
            "library",
            lambda: library.to_json(library.read_library(questions)),
        )
    steps[tables.FOLDER] = lambda: ((name, kind, "table", data) for name, kind, data in tables.tables(quads))
    steps[void.NAME] = partial(_single, void.NAME, void.MEDIA_TYPE, "void", lambda: void.count(quads).to_json())
    steps[search.NAME] = partial(
        _single, search.NAME, "application/vnd.sqlite3", "search", lambda: search.search_index(quads)
    )
    files: dict[str, manifest.File] = {}
    for done, (step, make) in enumerate(steps.items()):
        progress(step, done, len(steps))
        for name, media_type, holds, data in make():
            _write_synced(folder / name, data)
            files[name] = manifest.File(media_type, len(data), hashlib.sha256(data).hexdigest(), holds)
    progress(manifest.NAME, len(steps), len(steps))
    made = manifest.Manifest(__version__, files[QUADS].sha256, manifest.count(quads), files, __released__)
    _write_synced(folder / manifest.NAME, made.to_json())
    for place in {(folder / name).parent for name in files}:
        _sync(place)
    return made


def _single(name: str, media_type: str, holds: str, make: Callable[[], bytes]) -> Iterator[Made]:
    yield name, media_type, holds, make()


def _dump(dump: dumps.Dump) -> Iterator[Made]:
    data = dump.make()
    yield dump.name, dump.media_type, dump.holds, data
    for name, media_type, compressed in dumps.packed(dump.name, data):
        yield name, media_type, dump.holds, compressed


def _same(folder: Path, made: manifest.Manifest) -> bool:
    """Whether ``folder`` is already, byte for byte, the release just made."""
    try:
        there = Release.open(folder)
        there.verify()
    except ReleaseError:
        return False
    return there.manifest.to_json() == made.to_json()


def _make_way(folder: Path, unfinished: Path) -> None:
    """Takes a damaged release, or one of another writer, out of the way of its successor.

    ``current`` may point to it. A second set of names for the new files (hard links) stands in while the name is free,
    so that not even a kill between two steps leaves ``current`` without a release.
    """
    standin = unfinished.with_name(f"{unfinished.name}-standin")
    shutil.copytree(unfinished, standin, copy_function=os.link)
    current = folder.parent / CURRENT
    if current.is_symlink() and current.resolve() == folder.resolve():
        _point(current, standin)
    folder.rename(unfinished.with_name(f"{unfinished.name}-replaced"))


def _point(link: Path, folder: Path) -> None:
    """Makes ``link`` a relative symbolic link to its neighbour ``folder``, in one step."""
    if link.is_symlink() and link.readlink().name == folder.name:
        return
    fresh = link.with_name(f"{_UNFINISHED}{link.name}")
    fresh.symlink_to(folder.name)
    fresh.replace(link)
    _sync(link.parent)


def _clean(releases: Path) -> None:
    """Removes what interrupted builds left. A stand-in in force stays until its successor is."""
    current = releases / CURRENT
    in_force = current.readlink().name if current.is_symlink() else None
    for leftover in releases.glob(f"{_UNFINISHED}*"):
        if leftover.is_symlink() or leftover.is_file():
            leftover.unlink()
        elif leftover.name != in_force:
            shutil.rmtree(leftover)


@contextmanager
def only_writer(releases: Path) -> Iterator[None]:
    """Holds the lock of the folder; the system frees it when the process ends, however it ends."""
    with (releases / _LOCK).open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ReleaseError(f"another build is writing to {releases}; wait until it is done") from error
        yield


def _write_synced(path: Path, data: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("xb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """Puts the names in ``folder`` on disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
