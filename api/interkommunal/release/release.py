"""A release on disk: a folder that never changes. Rooms to the right read nothing else.

In goes a path, out comes the release that lies there, checked against its manifest.

The entities of a catalogue, each described so that it can be understood alone, as DCAT-AP Feeds asks for.

In go the triples of a catalogue, out come its catalogue, datasets, distributions, services and agents. What is none of
these (a region, a checksum, a term of a vocabulary) is described again with each entity that needs it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Triple

from interkommunal.errors import ReleaseError
from interkommunal.graph.terms import named
from interkommunal.release.formats import ntriples
from interkommunal.release.manifest import NAME, File, Manifest, read_manifest
from interkommunal.release.quads import RDF_TYPE

_CLASSES: Final = frozenset(
    map(named, ("dcat:Catalog", "dcat:Dataset", "dcat:Distribution", "dcat:DataService", "foaf:Agent", "vcard:Kind"))
)


def standalone(triples: Iterable[Triple]) -> dict[str, bytes]:
    """The entities of a catalogue by IRI, each as canonical N-Triples."""
    about: dict[NamedNode, list[Triple]] = {}
    entities = set()
    for triple in triples:
        assert isinstance(triple.subject, NamedNode), "a catalogue has no blank nodes"
        about.setdefault(triple.subject, []).append(triple)
        if triple.predicate == RDF_TYPE and triple.object in _CLASSES:
            entities.add(triple.subject)
    return {entity.value: ntriples(_with_parts(entity, about, entities)) for entity in entities}


def _with_parts(
    entity: NamedNode, about: dict[NamedNode, list[Triple]], entities: set[NamedNode]
) -> list[pyoxigraph.Triple]:
    found, waiting, seen = [], [entity], {entity}
    while waiting:
        for triple in about.get(waiting.pop(), ()):
            found.append(triple)
            part = triple.object
            if isinstance(part, NamedNode) and part not in seen and part not in entities:
                seen.add(part)
                waiting.append(part)
    return found


# In the folder of releases: a symbolic link to the one in force.
CURRENT = "current"
# In a release: every statement with its graph, canonical.
QUADS = "graph.nq"

_AGAIN = "build it again: interkommunal build"


@dataclass(frozen=True)
class Release:
    """A release in ``folder``, an absolute path without symbolic links, so that it stays the same when a newer one
    comes into force.
    """

    folder: Path
    manifest: Manifest

    @classmethod
    def open(cls, path: Path) -> Release:
        """The release at ``path``: its folder, or a folder of releases, of which the one in force is opened.

        Every file must be there with the size that the manifest states, and the canonical N-Quads must have their
        hash. :meth:`verify` checks the hashes of the others too.

        Raises:
            ReleaseError: if there is none, or it is half-written or damaged.
        """
        folder = _folder(path)
        release = cls(folder, read_manifest(folder / NAME))
        for name, file in release.manifest.files.items():
            release._check_size(name, file)
        release._check_hash(QUADS)
        return release

    @property
    def version(self) -> str:
        """Version of the project that the release was made with."""
        return self.manifest.version

    @property
    def content_hash(self) -> str:
        """SHA-256 of the canonical N-Quads, lower-case hex."""
        return self.manifest.content_hash

    @property
    def identifier(self) -> str:
        """Version and start of the content hash: what people cite."""
        return self.manifest.identifier

    @property
    def quads(self) -> Path:
        """The canonical N-Quads."""
        return self.path(QUADS)

    def path(self, name: str) -> Path:
        """Where the file ``name`` of the manifest lies.

        Raises:
            ReleaseError: if the release has no such file.
        """
        if name not in self.manifest.files:
            raise ReleaseError(f"release {self.identifier} has no file {name}")
        return self.folder / name

    def verify(self) -> None:
        """Reads every file and compares its hash.

        Raises:
            ReleaseError: for the first file that differs from the manifest.
        """
        for name in self.manifest.files:
            self._check_hash(name)

    def _check_size(self, name: str, file: File) -> None:
        try:
            size = (self.folder / name).stat().st_size
        except OSError as error:
            raise ReleaseError(f"{self.folder} is damaged: {name} is missing; {_AGAIN}") from error
        if size != file.bytes:
            raise ReleaseError(f"{self.folder} is damaged: {name} has {size} bytes, not {file.bytes}; {_AGAIN}")

    def _check_hash(self, name: str) -> None:
        path = self.path(name)
        expected = self.manifest.content_hash if name == QUADS else self.manifest.files[name].sha256
        try:
            with path.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise ReleaseError(f"cannot read {path}: {error.strerror}") from error
        if found != expected:
            raise ReleaseError(f"{self.folder} is damaged: {name} has another SHA-256 than its manifest says; {_AGAIN}")


def _folder(path: Path) -> Path:
    current = path / CURRENT
    if current.exists():
        return current.resolve()
    if current.is_symlink():
        raise ReleaseError(f"{current} points to a release that is gone; {_AGAIN}")
    if (path / QUADS).exists() or (path / NAME).exists():
        return path.resolve()
    raise ReleaseError(f"there is no release in {path}; make one: interkommunal build")
