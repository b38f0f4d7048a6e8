"""The one list of prefixes and the IRIs that the project mints.

Every Turtle, TriG and SPARQL file uses these prefixes with these namespaces and no others; a test compares them.
Canonical IRIs start with :data:`BASE` wherever the graph is served.
"""

from __future__ import annotations

from typing import Final

BASE: Final = "https://w3id.org/interkommunal/"
ONTOLOGY: Final = f"{BASE}ontology"
IK: Final = f"{ONTOLOGY}#"
CONCEPT: Final = f"{BASE}concept/"
SHAPE: Final = f"{BASE}shape/"
GRAPH: Final = f"{BASE}graph/"
ID: Final = f"{BASE}id/"
PASSAGE: Final = f"{ID}passage/"
SOURCE: Final = f"{ID}source/"
LINKS: Final = f"{BASE}links/"
GENID: Final = f"{BASE}.well-known/genid/"
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
