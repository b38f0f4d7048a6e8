"""The one list of prefixes, names written with them, and the IRIs that the project mints.

Every Turtle, TriG and SPARQL file uses these prefixes with these namespaces and no others; a test compares them.
Canonical IRIs start with :data:`BASE` wherever the graph is served.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

BASE: Final = "https://w3id.org/interkommunal/"
ONTOLOGY: Final = f"{BASE}ontology"
IK: Final = f"{ONTOLOGY}#"
CONCEPT: Final = f"{BASE}concept/"
SHAPE: Final = f"{BASE}shape/"
# The shapes as a document, in standard form.
SHAPES: Final = f"{BASE}shapes"
GRAPH: Final = f"{BASE}graph/"
ID: Final = f"{BASE}id/"
PASSAGE: Final = f"{ID}passage/"
SOURCE: Final = f"{ID}source/"
LINKS: Final = f"{BASE}links/"
GENID: Final = f"{BASE}.well-known/genid/"
# The group that CITATION.cff and LICENSE name.
CONTRIBUTORS: Final = f"{BASE}#contributors"
EXAMPLES: Final = f"{BASE}.well-known/sparql-examples"

# Types of things: the folder after ``id/`` and, with the same spelling, the prefix.
ID_TYPES: Final = (
    "activity",
    "agreement",
    "caption",
    "challenge",
    "characterisation",
    "city",
    "cooperation",
    "discrepancy",
    "event",
    "focus",
    "goal",
    "group",
    "inference",
    "initiative",
    "list",
    "means",
    "observation",
    "organisation",
    "outcome",
    "participation",
    "place",
    "post",
    "principle",
    "programme",
    "project",
    "reading",
    "role",
    "section",
    "series",
    "signature",
    "source",
    "text",
    "unit",
    "website",
    "work",
)

PREFIXES: Final[dict[str, str]] = {
    # Ours.
    "ik": IK,
    "concept": CONCEPT,
    "shape": SHAPE,
    "graph": GRAPH,
    "passage": PASSAGE,
    **{name: f"{ID}{name}/" for name in ID_TYPES},
    # Vocabularies we reuse.
    "bibo": "http://purl.org/ontology/bibo/",
    "cv": "http://data.europa.eu/m8g/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "wgs84": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    # Authorities we link to.
    "geocoding": "http://dcat-ap.de/def/politicalGeocoding/",
    "geonames": "https://sws.geonames.org/",
    "gnd": "https://d-nb.info/gnd/",
    "nuts": "http://data.europa.eu/nuts/code/",
    "osm": "https://www.openstreetmap.org/relation/",
    "wd": "http://www.wikidata.org/entity/",
    "wdt": "http://www.wikidata.org/prop/direct/",
}

# Passages of the shipped source, so that a TriG file reads ``p:L019 { … }``.
PREFIXES["p"] = f"{PASSAGE}grundlagen/"

# Those of the project and those that only catalogues, or only the feed of changes, need.
CATALOGUE_PREFIXES: Final[Mapping[str, str]] = {
    **PREFIXES,
    "adms": "http://www.w3.org/ns/adms#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
FEED_PREFIXES: Final[Mapping[str, str]] = {
    **CATALOGUE_PREFIXES,
    "as": "https://www.w3.org/ns/activitystreams#",
    "ldes": "https://w3id.org/ldes#",
    "tree": "https://w3id.org/tree#",
}

# Named graphs that are no passages. Reference data adds one graph a kind of evidence below ``graph/reference/``, the
# mapping sets one graph an authority below ``graph/links/``, the derive queries one graph each below
# ``graph/derived/``.
GRAPH_PASSAGES: Final = f"{GRAPH}passages"
GRAPH_SOURCES: Final = f"{GRAPH}sources"
GRAPH_EDITORIAL: Final = f"{GRAPH}editorial"
GRAPH_ONTOLOGY: Final = f"{GRAPH}ontology"
GRAPH_CONCEPTS: Final = f"{GRAPH}concepts"
GRAPH_REUSED: Final = f"{GRAPH}reused"
GRAPH_ALIGNMENTS: Final = f"{GRAPH}alignments"
GRAPH_SHAPES: Final = f"{GRAPH}shapes"
GRAPH_GRAPHS: Final = f"{GRAPH}graphs"
# About the release itself: the questions of the query library (named as SIB's sparql-examples name their graph), and
# which classes have which properties.
GRAPH_EXAMPLES: Final = EXAMPLES
GRAPH_PARTITIONS: Final = f"{GRAPH}partitions"
GRAPH_MAPPINGS: Final = f"{GRAPH}mappings"
GRAPH_LINKS: Final = f"{GRAPH}links/"
GRAPH_REFERENCE: Final = f"{GRAPH}reference/"
GRAPH_DERIVED: Final = f"{GRAPH}derived/"

# Local names that Turtle and SPARQL write without escapes.
_PLAIN: Final = re.compile(r"\w(?:[\w.-]*[\w-])?")
_NOT_NAMES: Final = re.compile(r'<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*"')
_PREFIXED: Final = re.compile(r"(?<![\w:.-])([a-z][a-z0-9]*):\w")


def expand(name: str, known: Mapping[str, str] = FEED_PREFIXES) -> str:
    """The IRI of a prefixed name such as ``schema:name``.

    Raises:
        KeyError: its prefix is unknown.
    """
    prefix, _, local = name.partition(":")
    return known[prefix] + local


def split(iri: str, known: Mapping[str, str] = PREFIXES) -> tuple[str, str]:
    """Prefix and local name of an IRI, by the longest namespace that fits; ``("", iri)`` if none does."""
    fitting = ((len(namespace), prefix) for prefix, namespace in known.items() if iri.startswith(namespace))
    length, prefix = max(fitting, default=(0, ""))
    return prefix, iri[length:]


def curie(iri: str, known: Mapping[str, str] = PREFIXES) -> str | None:
    """An IRI as people write it, ``graph:links/gnd`` (W3C CURIE); ``None`` if no namespace fits."""
    prefix, local = split(iri, known)
    return f"{prefix}:{local}" if prefix and local else None


def prefixed_name(iri: str, known: Mapping[str, str] = PREFIXES) -> str:
    """An IRI as Turtle and SPARQL read it back; as it is if no namespace fits or the local name needs escapes."""
    prefix, local = split(iri, known)
    return f"{prefix}:{local}" if prefix and _PLAIN.fullmatch(local) else iri


def in_turtle(iri: str, known: Mapping[str, str] = PREFIXES) -> str:
    """An IRI as Turtle and SPARQL write it: prefixed, else in angle brackets."""
    name = prefixed_name(iri, known)
    return f"<{iri}>" if name == iri else name


def prologue(prefixes: Iterable[str], known: Mapping[str, str] = PREFIXES) -> str:
    """SPARQL that declares these prefixes, a line each."""
    return "".join(f"PREFIX {prefix}: <{known[prefix]}>\n" for prefix in prefixes)


def with_prologue(query: str, known: Mapping[str, str] = PREFIXES) -> str:
    """``query`` with the declarations of the prefixes that it uses, sorted."""
    used = known.keys() & set(_PREFIXED.findall(_NOT_NAMES.sub(" ", query)))
    return prologue(sorted(used), known) + query
