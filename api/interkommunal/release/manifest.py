"""The manifest of a release: what it is, what it holds, and the SHA-256 of each of its files.

In the folder of a release it is ``manifest.json``, written last; a folder without it is no release.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from interkommunal.errors import ReleaseError

NAME = "manifest.json"
# Raised when a reader of an older manifest would misread a newer one.
FORMAT = 1


@dataclass(frozen=True)
class File:
    """One file of a release.

    Attributes:
        media_type: its Internet media type.
        bytes: its size.
        sha256: its hash, lower-case hex.
        holds: ``graph`` (every statement), ``facts`` (those about the world) or another part of the dumps, ``table``,
            ``source`` (a text as it was read), ``map`` (boundaries), ``links`` (a mapping set), ``library`` (questions
            with their queries), ``federated`` (those that ask another endpoint too), ``void`` (counts) or ``search``
            (an index of words).
    """

    media_type: str
    bytes: int
    sha256: str
    holds: str


@dataclass(frozen=True)
class Counts:
    """How much a release holds.

    Attributes:
        statements: statements, each counted once a graph.
        triples: different triples in the union of all graphs.
        graphs: number of graphs that hold a statement, by kind.
        classes: number of things by the IRI of the class they are stated to be of.
    """

    statements: int
    triples: int
    graphs: Mapping[str, int]
    classes: Mapping[str, int]


@dataclass(frozen=True)
class Manifest:
    """What a release says of itself.

    Attributes:
        version: version of the project that it was made with.
        content_hash: SHA-256 of the canonical N-Quads, lower-case hex.
        counts: how much it holds.
        files: its files by name.
        released: day of the version (``2026-11-23``), not of the build, so that the same content gives the same bytes;
            empty in manifests from before there was one.
    """

    version: str
    content_hash: str
    counts: Counts
    files: Mapping[str, File]
    released: str = ""

    @property
    def identifier(self) -> str:
        """Version and first twelve digits of the content hash; the name of the folder."""
        return f"{self.version}-{self.content_hash[:12]}"

    def to_json(self) -> bytes:
        """The text of ``manifest.json``, the same bytes for the same release."""
        fields = {
            "format": FORMAT,
            "identifier": self.identifier,
            "version": self.version,
            "released": self.released,
            "content_hash": self.content_hash,
            "counts": {
                "statements": self.counts.statements,
                "triples": self.counts.triples,
                "graphs": dict(sorted(self.counts.graphs.items())),
                "classes": dict(sorted(self.counts.classes.items())),
            },
            "files": {name: asdict(file) for name, file in sorted(self.files.items())},
        }
        return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode()


def read_manifest(path: Path) -> Manifest:
    """The manifest in the file ``path``.

    Raises:
        ReleaseError: if the file is missing, is no manifest, or is of another format.
    """
    try:
        fields = json.loads(path.read_bytes())
        if fields["format"] != FORMAT:
            raise ReleaseError(
                f"{path} is of format {fields['format']}, this program reads format {FORMAT}; "
                "build the release again: interkommunal build"
            )
        return _from_fields(fields)
    except FileNotFoundError as error:
        raise ReleaseError(
            f"{path.parent} is a half-written release: it has no {NAME}; build it again: interkommunal build"
        ) from error
    except OSError as error:
        raise ReleaseError(f"cannot read {path}: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ReleaseError(f"{path} is damaged; build the release again: interkommunal build") from error


def _from_fields(fields: dict[str, Any]) -> Manifest:
    counts = fields["counts"]
    return Manifest(
        version=fields["version"],
        content_hash=fields["content_hash"],
        counts=Counts(
            statements=counts["statements"],
            triples=counts["triples"],
            graphs=MappingProxyType(dict(counts["graphs"])),
            classes=MappingProxyType(dict(counts["classes"])),
        ),
        files=MappingProxyType({name: File(**file) for name, file in fields["files"].items()}),
        released=fields.get("released", ""),
    )
