"""The ontology and the shapes as documents of a release, in standard form with their blank nodes.

The graph of a release has no blank nodes; OWL and SHACL demand some. So these documents are what other tools take.
"""

from __future__ import annotations

from typing import Final

from interkommunal.graph.vocabulary import Document
from interkommunal.release import formats
from interkommunal.release.release import Release

# Kind of the files in the manifest.
HOLDS: Final = "document"
# Suffixes of the files and their media types, our favourite first.
MEDIA_TYPES: Final = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}


def file_name(document: str, suffix: str) -> str:
    """Name of the file of ``ontology`` or ``shapes`` in a release."""
    return f"vocabulary/{document}.{suffix}"


def in_format(document: Document, suffix: str) -> bytes:
    """The document in one of the formats of :data:`MEDIA_TYPES`; Turtle is as people wrote it."""
    match suffix:
        case "ttl":
            return document.turtle.encode()
        case "rdf":
            return formats.rdf_xml(document.triples)
        case "jsonld":
            return formats.json_ld_nodes(document.triples)
    return formats.ntriples(document.triples)


def frozen(release: Release, document: str, suffix: str) -> bytes | None:
    """The document as the release has it; ``None`` if it is of an older version, which froze none.

    Raises:
        OSError: the file cannot be read.
    """
    name = file_name(document, suffix)
    return release.path(name).read_bytes() if name in release.manifest.files else None


def has_same_shapes(release: Release, shapes: Document) -> bool:
    """Whether ``release`` froze just these shapes.

    Raises:
        OSError: the release cannot be read.
    """
    return frozen(release, shapes.name, "nt") == in_format(shapes, "nt")
