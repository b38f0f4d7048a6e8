"""Freezes an assembled graph into a release folder, all or nothing.

In goes an assembly, out comes a release in ``<releases>/<version>-<hash>`` that ``<releases>/current`` points to. It is
written and synced beside the others under a name of its own, renamed when it is complete, and put in force by
replacing a symbolic link: whoever reads ``current`` finds the old release or the new one, whatever happens meanwhile.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pyoxigraph

from interkommunal import __released__, __version__
from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.files import sync
from interkommunal.graph.assemble import Assembly, Progress
from interkommunal.graph.mapping_set import file_name, write_mapping_set
from interkommunal.graph.mappings import read_mapping_sets
from interkommunal.graph.vocabulary import documents
from interkommunal.namespaces import BASE
from interkommunal.release import (
    database,
    dumps,
    library,
    manifest,
    packages,
    recording,
    search,
    tables,
    vocabulary,
    void,
)
from interkommunal.release.output import Folder, Output, only_writer
from interkommunal.release.release import CURRENT, QUADS, Release
from interkommunal.release.statements import Statements, sort_statements
from interkommunal.release.things import Things
from interkommunal.release.versions import Versions
from interkommunal.validation.store import quads

# What is written, and what writes it.
Step = tuple[str, Callable[[], None]]
# Gets a release that is complete and not yet in force, and the kept ones.
Gate = Callable[[Release, Versions], None]

# There is no media type of SSSOM; TSV is registered with IANA.
SSSOM = "text/tab-separated-values; charset=utf-8"

# Names of folders that are being written; under the lock, all of them are leftovers.
_UNFINISHED = ".unfinished-"


def freeze(
    assembly: Assembly,
    content: Content,
    releases: Path,
    progress: Progress | None = None,
    catalogue: recording.Cataloguer | None = None,
    gate: Gate | None = None,
) -> Release:
    """Writes ``assembly`` as a release into the folder ``releases`` and puts it in force.

    The same content gives the same bytes, so freezing it again changes nothing. The texts of ``content`` that the
    graph quotes go along as ``sources/<slug>.txt``, its maps as ``maps/<name>.geojson``, its mapping
    sets as ``links/<authority>.sssom.tsv`` without what nobody has decided.

    Args:
        assembly: the graph, checked.
        content: where its texts lie.
        releases: folder of releases; made if it is missing.
        progress: called with what is being done, how many steps are done, and how many there are.
        catalogue: describes the catalogue of a release for the change table.
        gate: looks at the release before it is in force, and refuses it by an exception.

    Raises:
        ReleaseError: if the graph cannot be frozen, the folder cannot be written, or another build is writing. The
            release in force stays as it was.
    """
    return freeze_quads(quads(assembly.dataset), content, releases, progress, catalogue, gate)


def freeze_quads(
    statements: Iterable[pyoxigraph.Quad],
    content: Content,
    releases: Path,
    progress: Progress | None = None,
    catalogue: recording.Cataloguer | None = None,
    gate: Gate | None = None,
) -> Release:
    """Like :func:`freeze`, from statements in any order that are looked at one after the other and never held."""
    releases = releases.absolute()
    try:
        releases.mkdir(parents=True, exist_ok=True)
        with only_writer(releases):
            _clean(releases)
            return _freeze(statements, content, releases, progress or (lambda step, done, total: None), catalogue, gate)
    except (OSError, sqlite3.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise ReleaseError(
            f"cannot write a release to {releases}: {reason}; make room or rights there, "
            "or choose another folder with --releases or INTERKOMMUNAL_RELEASES"
        ) from error


def _freeze(
    statements: Iterable[pyoxigraph.Quad],
    content: Content,
    releases: Path,
    progress: Progress,
    catalogue: recording.Cataloguer | None,
    gate: Gate | None,
) -> Release:
    unfinished = releases / f"{_UNFINISHED}{os.getpid()}"
    unfinished.mkdir()
    try:
        made = _write(statements, content, Folder(unfinished), progress)
        folder = releases / made.identifier
        if gate is not None:
            gate(Release(unfinished, made), Versions.read(releases))
        if not _same(folder, made):
            if folder.exists():
                _make_way(folder, unfinished)
            unfinished.rename(folder)
            sync(releases)
        recorded = recording.prepare(releases, Release(folder.resolve(), made), catalogue)
        _point(releases / CURRENT, folder)
        if recorded:
            recording.settle(releases)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    _clean(releases)
    return Release(folder.resolve(), made)


def _write(
    quads_: Iterable[pyoxigraph.Quad], content: Content, folder: Folder, progress: Progress
) -> manifest.Manifest:
    """All files of the release, the manifest last."""
    progress("sorting", 0, 1)
    statements = sort_statements(quads_, folder)
    with closing(Things(statements, folder.scratch)) as things:
        steps = list(_steps(statements, things, content, folder))
        for done, (step, make) in enumerate(steps):
            progress(step, done, len(steps))
            make()
    progress(manifest.NAME, len(steps), len(steps))
    shutil.rmtree(folder.scratch)
    made = manifest.Manifest(
        __version__, folder.files[QUADS].sha256, statements.counts, dict(folder.files), __released__
    )
    with Output(folder.path / manifest.NAME) as output:
        output.write(made.to_json())
    for place in {(folder.path / name).parent for name in folder.files}:
        sync(place)
    return made


def _steps(statements: Statements, things: Things, content: Content, folder: Folder) -> Iterator[Step]:
    for dump in dumps.dumps(statements):
        yield dump.name, partial(dump.make, folder)
    for text in sorted((content.data / "sources").glob("*/text.txt")):
        name = f"sources/{text.parent.name}.txt"
        yield name, partial(_copy, text, name, "text/plain;charset=utf-8", "source", folder)
    for map_ in sorted((content.data / "reference").glob("*-boundaries.geojson")):
        name = f"maps/{map_.name}"
        yield name, partial(_copy, map_, name, "application/geo+json", "map", folder)
    for mapping_set in read_mapping_sets(content):
        name = f"links/{file_name(mapping_set.authority)}"
        yield name, partial(folder.add, name, SSSOM, "links", write_mapping_set(mapping_set.published()).encode())
    if content.ontology.is_dir():
        for document in documents(content):
            for suffix, media_type in vocabulary.MEDIA_TYPES.items():
                name, body = vocabulary.file_name(document.name, suffix), vocabulary.in_format(document, suffix)
                yield name, partial(folder.add, name, media_type, vocabulary.HOLDS, body)
    federated = content.queries / "federated"
    if federated.is_dir():
        asked = library.to_json(library.read_library(federated))
        yield library.FEDERATED, partial(folder.add, library.FEDERATED, library.MEDIA_TYPE, "federated", asked)
    questions = content.queries / "library"
    if questions.is_dir():
        yield (
            library.NAME,
            lambda: folder.add(
                library.NAME, library.MEDIA_TYPE, "library", library.to_json(library.read_library(questions))
            ),
        )
    found = tables.tables_of(things)
    for table in found:
        yield f"{tables.FOLDER}/{table.name}", partial(tables.write_table, table, things, folder)
    if found:
        yield tables.DESCRIPTION, partial(tables.write_description, found, folder)
        yield f"{tables.FOLDER} as packages", partial(packages.write_packages, found, folder)
    yield database.NAME, partial(_database, statements, things, found, folder)
    yield (
        void.NAME,
        lambda: folder.add(void.NAME, void.MEDIA_TYPE, "void", void.count(statements, folder.scratch).to_json()),
    )
    yield (
        search.NAME,
        lambda: folder.add(
            search.NAME, "application/vnd.sqlite3", "search", search.search_index(statements.quads(statements.kinds))
        ),
    )


def _database(statements: Statements, things: Things, found: list[tables.Table], folder: Folder) -> None:
    about = {
        "project": BASE,
        "version": __version__,
        "content_hash": folder.files[QUADS].sha256,
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    database.write_database(statements, things, found, about, folder)
    dumps.pack(folder, database.NAME)


def _copy(source: Path, name: str, media_type: str, holds: str, folder: Folder) -> None:
    with source.open("rb") as stream, folder.new(name, media_type, holds) as output:
        shutil.copyfileobj(stream, output)


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
    sync(link.parent)


def _clean(releases: Path) -> None:
    """Removes what interrupted builds left. A stand-in in force stays until its successor is."""
    current = releases / CURRENT
    in_force = current.readlink().name if current.is_symlink() else None
    for leftover in releases.glob(f"{_UNFINISHED}*"):
        if leftover.is_symlink() or leftover.is_file():
            leftover.unlink()
        elif leftover.name != in_force:
            shutil.rmtree(leftover)
