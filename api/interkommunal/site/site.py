"""Where things have their pages, and in which formats: from canonical IRIs to paths on this server and back.

Canonical IRIs never change and never lead here by themselves; pages are reached under the public URL that the settings
name, also below a path prefix. A path here always begins with a slash and leaves the prefix out; an *address* is what
stands in a link (prefix and path), a *URL* is absolute.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from interkommunal.namespaces import BASE, CONCEPT, GENID, GRAPH, ID, IK, ONTOLOGY, SHAPE, SHAPES
from interkommunal.sparql.query import CSV, JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE, Form
from interkommunal.web.formats import HTML, OFFERS, Format, rather_triples

DOC: Final = "/doc/"
ONTOLOGY_PATH: Final = "/ontology"
SHAPES_PATH: Final = "/shapes"

# Namespace of an IRI and the path of its descriptions. The first that fits counts.
_PLACES: Final = (
    (ID, DOC),
    (IK, f"{ONTOLOGY_PATH}/"),
    (CONCEPT, f"{DOC}concept/"),
    (SHAPE, f"{DOC}shape/"),
    (GRAPH, f"{DOC}graph/"),
    (GENID, f"{DOC}genid/"),
)
# What an IRI may not hold (RFC 3987, as SPARQL's IRIREF has it).
_FORBIDDEN: Final = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
SAFE: Final = "/:@!$&'()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Site:
    """The server as its visitors reach it.

    Attributes:
        url: public URL without a slash at the end, for example ``https://data.example/ruhr``.
    """

    url: str

    @property
    def prefix(self) -> str:
        """Path of the public URL, without a slash at the end; empty at the root of a host."""
        return urlsplit(self.url).path.rstrip("/")

    def address(self, path: str) -> str:
        """What a link to ``path`` holds."""
        return f"{self.prefix}{path}"

    def absolute(self, path: str) -> str:
        """The whole URL of ``path``."""
        return f"{self.url}{path}"

    def page(self, iri: str) -> str | None:
        """What a link to the page of ``iri`` holds; ``None`` for IRIs that are not ours."""
        path = path_of(iri)
        return None if path is None else self.address(path)


def path_of(iri: str) -> str | None:
    """Path of the description of one of our IRIs; ``None`` for other IRIs.

    A hash IRI below ``id/`` is described on the page of the IRI before the hash.
    """
    if iri == ONTOLOGY:
        return ONTOLOGY_PATH
    if iri == SHAPES:
        return SHAPES_PATH
    for namespace, place in _PLACES:
        if iri.startswith(namespace) and len(iri) > len(namespace):
            local, mark, fragment = iri[len(namespace) :].partition("#")
            return f"{place}{quote(unquote(local), safe=SAFE)}{mark}{fragment}"
    return None


def iri_of(path: str) -> str | None:
    """The IRI that is described at ``path`` (decoded, without format suffix); ``None`` where nothing can be."""
    if path == ONTOLOGY_PATH:
        return ONTOLOGY
    # ``/doc/concept/`` stands before ``/doc/``, so the longest namespace is looked at first.
    for namespace, place in sorted(_PLACES, key=lambda item: -len(item[1])):
        if path.startswith(place) and len(path) > len(place):
            iri = f"{namespace}{path[len(place) :]}"
            return None if _FORBIDDEN.search(iri) or iri.endswith("/") else iri
    return None


def canonical(path: str) -> str:
    """The canonical IRI that lies at ``path``, for example ``/id/city/essen``."""
    return f"{BASE}{path.removeprefix('/')}"


_GRAPHS: Final = {item.media_type: item for item in OFFERS[Form.CONSTRUCT]}
_TABLES: Final = {item.media_type: item for item in OFFERS[Form.SELECT]}

# Our favourite first: clients without a preference get the page, whose header leads to all others.
DATA: Final[tuple[Format, ...]] = (
    *rather_triples([_GRAPHS[name] for name in (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG)]),
    _TABLES[CSV],
)
DESCRIPTIONS: Final[tuple[Format, ...]] = (HTML, *DATA)
BY_SUFFIX: Final = {item.suffix: item for item in DESCRIPTIONS}


def split_suffix(path: str, extras: tuple[str, ...] = ()) -> tuple[str, str]:
    """A path without its format suffix, and the suffix (empty if it has none that is known).

    Passages have dots in their names (``L019.1``), so only known suffixes count.
    """
    for suffix in (*extras, *BY_SUFFIX):
        if path.endswith(f".{suffix}") and len(path) > len(suffix) + 1 and path[-len(suffix) - 2] != "/":
            return path[: -len(suffix) - 1], suffix
    return path, ""
