"""The services that a catalogue may list beside its datasets: what they are called, where they are, what they keep to.

A server lists those that it has; :mod:`interkommunal.release.catalogue` makes data services of DCAT of them.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import Final

from interkommunal.texts import Text


@dataclass(frozen=True, slots=True)
class Service:
    """A service.

    Attributes:
        slug: names it in the catalogue. path: where it is, below the address of the server.
        title, description: for people. keywords: beside those of the dataset.
        standard, standard_title: what it conforms to: IRI and name.
    """

    slug: str
    path: str
    title: Text
    description: Text
    keywords: tuple[str, ...]
    standard: str
    standard_title: str


SPARQL: Final = Service(
    "sparql",
    "/sparql",
    Text("SPARQL endpoint"),
    Text("Answers questions to the knowledge graph by SPARQL 1.1."),
    ("SPARQL",),
    "http://www.w3.org/TR/sparql11-protocol/",
    "SPARQL 1.1 Protocol",
)
RECONCILIATION: Final = Service(
    "reconciliation",
    "/reconcile",
    Text("Reconciliation service"),
    Text(
        "Finds the cities, agreements and other things of the graph that names in a table stand for, for "
        "example from within OpenRefine."
    ),
    ("Reconciliation", "OpenRefine"),
    "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
    "Reconciliation Service API 0.2",
)
FEED: Final = Service(
    "feed",
    "/feed",
    Text("Change feed"),
    Text("What is new, changed or gone about which thing of the graph, in order, as a Linked Data Event Stream."),
    ("LDES", "Linked Data Event Streams"),
    "https://w3id.org/ldes/specification",
    "Linked Data Event Streams",
)
SERVICES: Final = (SPARQL, RECONCILIATION, FEED)


def offered(paths: Container[str]) -> tuple[Service, ...]:
    """The services of a server that answers at these paths."""
    return tuple(service for service in SERVICES if service.path in paths)
