"""The score that data.europa.eu gives a dataset (Metadata Quality Assessment, 405 points), as far as files can tell.

Whether an address answers is asked of a running server elsewhere; here it is taken to answer if the release has the
file. What holds for each distribution counts if it holds for all, which is stricter than the portal: it takes the best.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS
from rdflib.term import Node
from tests.release import official
from tests.release.test_catalogue import ADDRESS, listed

from interkommunal.release.release import Release

VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
# In both lists of the portal: formats that nobody owns, formats that programs read.
OPEN = {
    f"{EU}file-type/{code}"
    for code in (
        *("CSV", "JSON", "JSON_LD", "PARQUET", "RDF_N_QUADS", "RDF_N_TRIPLES", "RDF_TRIG", "RDF_TURTLE", "RDF_XML"),
        "SQL",
    )
}
Check = Callable[[Node], bool]


def points(data: Graph, dataset: Node, release: Release) -> dict[str, float]:
    """Points by dimension."""
    files = list(data.objects(dataset, DCAT.distribution))

    def has(thing: Node, predicate: URIRef) -> bool:
        return data.value(thing, predicate) is not None

    def each(check: Check) -> float:
        return float(all(map(check, files)))

    def among(thing: Node, predicate: URIRef, vocabulary: str) -> bool:
        return str(data.value(thing, predicate)).startswith(vocabulary)

    def answers(file: Node, predicate: URIRef) -> bool:
        return str(data.value(file, predicate)).removeprefix(f"{ADDRESS}/dumps/") in release.manifest.files

    valid = not [item for item in official.results(data, official.EU) if item.severity == "Violation"]
    return {
        "findability": 30 * has(dataset, DCAT.keyword)
        + 30 * has(dataset, DCAT.theme)
        + 20 * has(dataset, DCTERMS.spatial)
        + 20 * has(dataset, DCTERMS.temporal),
        "accessibility": 50 * each(lambda file: answers(file, DCAT.accessURL))
        + 20 * each(lambda file: has(file, DCAT.downloadURL))
        + 30 * each(lambda file: answers(file, DCAT.downloadURL)),
        "interoperability": 20 * each(lambda file: has(file, DCTERMS.format))
        + 10 * each(lambda file: has(file, DCAT.mediaType))
        + 10
        * each(
            lambda file: (
                among(file, DCTERMS.format, f"{EU}file-type/")
                and among(file, DCAT.mediaType, "https://www.iana.org/assignments/media-types/")
            )
        )
        + 40 * each(lambda file: str(data.value(file, DCTERMS.format)) in OPEN)
        + 30 * valid,
        "reusability": 20 * each(lambda file: has(file, DCTERMS.license))
        + 10 * each(lambda file: among(file, DCTERMS.license, "http://dcat-ap.de/def/licenses/"))
        + 10 * has(dataset, DCTERMS.accessRights)
        + 5 * among(dataset, DCTERMS.accessRights, f"{EU}access-right/")
        + 20 * has(dataset, DCAT.contactPoint)
        + 10 * has(dataset, DCTERMS.publisher),
        "contextuality": 5 * each(lambda file: has(file, DCTERMS.rights))
        + 5 * each(lambda file: has(file, DCAT.byteSize))
        + 5 * has(dataset, DCTERMS.issued)
        + 5 * has(dataset, DCTERMS.modified),
    }


@pytest.mark.parametrize("slug", ["graph", "ontology", "tables"])
def test_dataset_reaches_all_points(slug: str, shipped: Release) -> None:
    data = listed(shipped)

    found = points(data, URIRef(f"https://w3id.org/interkommunal/dataset/{slug}"), shipped)

    assert sum(found.values()) == 405, found


def test_dataset_that_lacks_something_loses_its_points(shipped: Release) -> None:
    data = listed(shipped)
    graph = URIRef("https://w3id.org/interkommunal/dataset/graph")
    data.remove((graph, DCAT.theme, None))
    data.remove((None, DCTERMS.license, None))

    found = points(data, graph, shipped)

    assert (found["findability"], found["reusability"]) == (70, 45)
