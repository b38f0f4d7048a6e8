"""The feed of the catalogue (DCAT-AP Feeds): each entity by itself, and all of them together the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import DCAT, RDF, BNode, Dataset, Graph, Namespace, URIRef
from tests.graph.small import make_content
from tests.harvest.feed.conftest import Proxy, Publishing
from tests.release.frozen import ESSEN, L9, LABEL, NAME, QUADS, assembly_of
from tests.serving import CHECKOUT, serving

from interkommunal.cli.building import cataloguer
from interkommunal.release.freeze import freeze
from interkommunal.release.history import CATALOGUE, Kind
from interkommunal.settings import Settings

ADDRESS = "https://daten.example.org/ruhr"
DATASET = "https://w3id.org/interkommunal/dataset"
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
CONCEPT = QUADS[-1]
# Something about the world, which the vocabulary does not hold.
SAID = Quad(ESSEN, NAME, Literal("Essen an der Ruhr", language="de"), L9)
# A term, which the tables do not hold.
TERM = Quad(CONCEPT.subject, LABEL, Literal("y", language="en"), CONCEPT.graph_name)


@pytest.fixture(scope="module")
def catalogued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishing]:
    """A server after three releases; between the last two only the vocabulary changed."""
    folder: Path = tmp_path_factory.mktemp("catalogued")
    releases, content = folder / "releases", make_content(folder / "content")
    operator: dict[str, Any] = {"operator_name": "Stadt Essen", "operator_email": "daten@essen.example"}
    settings = Settings(**operator)
    for quads in (QUADS, (*QUADS, SAID), (*QUADS, SAID, TERM), (*QUADS, SAID, TERM)):
        freeze(assembly_of(*quads), content, releases, catalogue=cataloguer(releases, settings))
    with serving(releases, folder, public_url=ADDRESS, content=CHECKOUT, **operator) as running:
        yield Publishing(running, Proxy(""), content, releases)


def members(catalogued: Publishing) -> list[tuple[Dataset, URIRef]]:
    """Members and the pages they stand on, in order."""
    root = Graph().parse(data=catalogued.server.ask("/catalog/feed").body, format="turtle")
    found = []
    for node in sorted({str(node) for node in root.objects(None, TREE.node)}):
        page = Dataset()
        page.parse(data=catalogued.server.ask(node.removeprefix(ADDRESS)).body, format="trig")
        listed = [URIRef(str(member)) for member in page.objects(None, TREE.member)]
        found += [(page, member) for member in sorted(listed, key=lambda iri: int(iri.rpartition("/")[2]))]
    return found


def test_root_says_where_time_and_entity_of_a_member_stand(catalogued: Publishing) -> None:
    root = Graph().parse(data=catalogued.server.ask("/catalog/feed").body, format="turtle")
    (stream,) = root.subjects(RDF.type, LDES.EventStream)

    assert root.value(stream, LDES.timestampPath) == AS.published
    assert root.value(stream, LDES.versionOfPath) == AS.object
    assert root.value(stream, TREE.view) == URIRef(f"{ADDRESS}/catalog/feed")


def test_latest_members_together_are_the_catalogue(catalogued: Publishing) -> None:
    latest: dict[Any, set[Any]] = {}
    for page, member in members(catalogued):
        latest[page.value(member, AS.object)] = set(page.graph(member))

    catalogue = Graph().parse(data=catalogued.server.ask("/catalog.nt").body, format="nt")
    assert set().union(*latest.values()) == set(catalogue)


def test_members_stand_alone_without_blank_nodes(catalogued: Publishing) -> None:
    for page, member in members(catalogued):
        entity, payload = page.value(member, AS.object), page.graph(member)
        assert (entity, RDF.type, None) in payload
        assert not any(isinstance(term, BNode) for triple in payload for term in triple)
        assert all(ADDRESS in str(term) for term in payload.subjects() if "daten.example.org" in str(term))
    text = "".join(catalogued.server.ask(f"/catalog/feed{suffix}").text for suffix in (".nq", ".jsonld"))
    assert "address.invalid" not in text


def test_first_release_creates_catalogue_datasets_services_and_who_answers_for_them(catalogued: Publishing) -> None:
    (first, *_), history = catalogued.history.publications, catalogued.history
    span = history.span(CATALOGUE, first)
    assert span is not None

    entries = history.entries(CATALOGUE, *span)

    assert {entry.kind for entry in entries} == {Kind.CREATE}
    names = {entry.entity.removeprefix("https://address.invalid") for entry in entries}
    assert names >= {
        "/catalog",
        "/catalog#publisher",
        "/catalog#contact",
        "/catalog#sparql",
        "/catalog#feed",
        "/catalog#graph.nq",
        f"{DATASET}/graph",
        f"{DATASET}/ontology",
        f"{DATASET}/tables",
    }


def test_only_what_changed_is_updated(catalogued: Publishing) -> None:
    history = catalogued.history
    assert len(history.publications) == 3  # the fourth build brought nothing
    span = history.span(CATALOGUE, history.publications[2])
    assert span is not None

    updated = {entry.entity.rpartition("#")[2] for entry in history.entries(CATALOGUE, *span)}

    assert updated >= {"vocabulary.ttl", "graph.nq", f"{DATASET}/ontology"}
    assert not updated & {"publisher", "contact", "sparql", "facts.nq", "tables/city.csv"}


def test_modified_moves_with_the_content_and_no_further(catalogued: Publishing) -> None:
    catalogue = Graph().parse(data=catalogued.server.ask("/catalog").body, format="turtle")
    times = [publication.time for publication in catalogued.history.publications]
    modified = URIRef("http://purl.org/dc/terms/modified")

    def of(name: str) -> str:
        value = catalogue.value(URIRef(f"{ADDRESS}/catalog#{name}"), modified)
        return str(value).replace("000+00:00", "Z")

    assert [of("vocabulary.ttl"), of("facts.nq")] == [times[2], times[1]]


def test_page_for_people_names_what_changed(catalogued: Publishing) -> None:
    number = len(catalogued.history.publications)
    target = f"/catalog/feed/{catalogued.history.stream}/publications/{number}"
    reply = catalogued.server.ask(target, headers={"Accept": "text/html", "Accept-Language": "en"})

    assert reply.status == 200
    assert "Intermunicipal Cooperation Ontology" in reply.text


def test_datasets_are_listed_once_in_a_page_of_the_feed(catalogued: Publishing) -> None:
    page, member = members(catalogued)[0]

    # A stream is a collection of changes, no dataset that portals should list.
    assert not list(page.default_graph.subjects(RDF.type, DCAT.Dataset))
    assert NamedNode(str(member)).value.startswith(f"{ADDRESS}/catalog/feed/")
