"""The feed says what LDES and TREE ask for, page by page, and its members are what the releases say."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, Quad
from pyshacl import validate
from rdflib import RDF, XSD, Dataset, Graph, Literal, Namespace, URIRef
from tests.harvest.feed.conftest import FIRST, MANY, Publishing
from tests.release.frozen import ESSEN, GOAL_10

from interkommunal.harvest.feed import stream as streams
from interkommunal.harvest.feed.stream import Stream
from interkommunal.release.history import GRAPH

ADDRESS = "https://daten.example.org/ruhr"
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
SCHEMA = Namespace("https://schema.org/")
ROOT = URIRef(f"{ADDRESS}/feed")
FORMATS = {"trig": "trig", "nq": "nquads", "jsonld": "json-ld"}


def read(fed: Publishing, target: str, **headers: str) -> Dataset:
    """The RDF at an address, in TriG unless another format is asked for."""
    reply = fed.server.ask(target.removeprefix(ADDRESS), headers={"Accept": "application/trig", **headers})
    assert reply.status == 200, reply.text
    found = Dataset()
    form = {"application/trig": "trig", "text/turtle; charset=utf-8": "turtle"}[reply.headers["content-type"]]
    found.parse(data=reply.body, format=form)
    return found


def pages(fed: Publishing) -> list[str]:
    """The addresses of the pages, the oldest first."""
    return sorted({str(node) for node in read(fed, "/feed").objects(None, TREE.node)})


def members(page: Dataset) -> list[URIRef]:
    """The members of a page by their position."""
    return sorted(
        (URIRef(str(item)) for item in page.objects(None, TREE.member)), key=lambda item: position(page, item)
    )


def position(page: Dataset, member: URIRef) -> int:
    return int(str(page.value(member, SCHEMA.position)))


def about(page: Dataset, entity: str) -> URIRef:
    """The last member of a page about an entity."""
    return [member for member in members(page) if str(page.value(member, AS.object)) == entity][-1]


def test_root_has_what_the_primer_asks_for_and_nothing_twice(fed: Publishing) -> None:
    root = read(fed, "/feed")
    (stream,) = root.subjects(RDF.type, LDES.EventStream)

    assert list(root.subject_objects(TREE.view)) == [(stream, ROOT)]
    once = {
        LDES.timestampPath: AS.published,
        LDES.sequencePath: SCHEMA.position,
        LDES.versionOfPath: AS.object,
        LDES.versionCreateObject: AS.Create,
        LDES.versionUpdateObject: AS.Update,
        LDES.versionDeleteObject: AS.Delete,
        LDES.pollingInterval: Literal(3600),
        TREE.shape: URIRef(f"{ADDRESS}/feed/shape"),
    }
    assert {property_: list(root.objects(stream, property_)) for property_ in once} == {
        property_: [value] for property_, value in once.items()
    }


def test_retention_policy_is_an_iri_and_says_since_when_all_is_kept(fed: Publishing) -> None:
    root = read(fed, "/feed")

    (policy,) = root.objects(ROOT, LDES.retentionPolicy)
    assert isinstance(policy, URIRef)
    first = fed.history.publications[0].time
    assert list(root.objects(policy, LDES.startingFrom)) == [Literal(first, datatype=XSD.dateTime)]
    # No amount of versions and no duration: everything stays.
    assert {str(name) for name in root.predicates(policy) if str(name).startswith(LDES)} == {str(LDES.startingFrom)}


def test_complete_pages_have_two_bounds_and_the_last_page_one(fed: Publishing) -> None:
    root = read(fed, "/feed")
    bounds: dict[str, list[tuple[Any, str]]] = {}
    for relation in root.objects(ROOT, TREE.relation):
        (node,) = root.objects(relation, TREE.node)
        (kind,) = root.objects(relation, RDF.type)
        (value,) = root.objects(relation, TREE.value)
        assert list(root.objects(relation, TREE.path)) == [AS.published]
        assert isinstance(value, Literal)
        assert value.datatype == XSD.dateTime
        bounds.setdefault(str(node).rpartition("/")[2], []).append((kind, str(value)))

    first, second = (str(Literal(item.time, datatype=XSD.dateTime)) for item in fed.history.publications)
    least, most = TREE.GreaterThanOrEqualToRelation, TREE.LessThanOrEqualToRelation
    assert {number: sorted(found) for number, found in bounds.items()} == {
        "1": sorted([(least, first), (most, first)]),
        "2": sorted([(least, first), (most, first)]),
        "3": [(least, first)],
    }
    assert second > first


def test_members_lie_within_the_bounds_of_their_page_and_come_in_order(fed: Publishing) -> None:
    positions: list[int] = []
    times: list[str] = []
    for page in pages(fed):
        found = read(fed, page)
        positions += [position(found, member) for member in members(found)]
        times += [str(found.value(member, AS.published)) for member in members(found)]

    assert positions == list(range(1, 608))
    assert times == sorted(times)


def test_every_time_has_its_zone(fed: Publishing) -> None:
    text = "".join(fed.server.ask(f"{target.removeprefix(ADDRESS)}.nq").text for target in ["/feed", *pages(fed)])

    times = re.findall(r'"([^"]*)"\^\^<http://www\.w3\.org/2001/XMLSchema#dateTime>', text)
    assert len(times) > 607
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time) for time in times)


def test_members_stand_in_n_quads_in_the_order_of_the_stream(fed: Publishing) -> None:
    text = fed.server.ask(pages(fed)[0].removeprefix(ADDRESS) + ".nq").text

    listed = re.findall(r"<https://w3id.org/tree#member> <[^>]*/members/(\d+)> \.", text)
    assert listed == [str(number) for number in range(1, 251)]


def test_second_release_has_exactly_the_edited_entities(fed: Publishing) -> None:
    found = read(fed, pages(fed)[-1])
    since = fed.history.publications[-1].time

    edited = {
        (found.value(member, AS.object), found.value(member, RDF.type))
        for member in found.subjects(AS.published, Literal(since, datatype=XSD.dateTime))
    }
    assert {(str(thing).rpartition("/id/")[2], str(kind).rpartition("#")[2]) for thing, kind in edited} == {
        ("city/essen", "Update"),
        ("goal/ruhr-10", "Delete"),
        ("goal/new", "Create"),
    }


def test_payload_is_the_description_of_the_entity_in_the_graph_of_the_member(fed: Publishing) -> None:
    found = read(fed, pages(fed)[-1])
    member = about(found, ESSEN.value)

    payload = found.graph(member)
    said = Dataset()
    said.parse(data=fed.kept[-1].quads.read_bytes(), format="nquads")
    expected = list(said.quads((URIRef(ESSEN.value), None, None, None)))
    assert set(payload) == {(s, p, o) for s, p, o, _ in expected}
    sources = {str(graph) for _, _, _, graph in expected}
    assert {str(graph) for graph in found.default_graph.objects(member, DCTERMS.source)} == sources
    assert len(sources) > 1


def test_deletion_is_a_tombstone_without_payload(fed: Publishing) -> None:
    found = read(fed, pages(fed)[-1])
    member = about(found, GOAL_10.value)

    assert found.value(member, RDF.type) == AS.Delete
    assert len(found.graph(member)) == 0


def test_latest_members_together_are_the_release(fed: Publishing) -> None:
    there: dict[Any, set[Any]] = {}
    for page in pages(fed):
        found = read(fed, page)
        for member in members(found):
            there[found.value(member, AS.object)] = set(found.graph(member))

    release = Graph().parse(data=fed.server.ask("/dumps/graph.nt").body, format="nt")
    assert set().union(*there.values()) == set(release)


def test_every_format_says_the_same(fed: Publishing) -> None:
    page = pages(fed)[-1].removeprefix(ADDRESS)
    found = []
    for suffix, name in FORMATS.items():
        reply = fed.server.ask(f"{page}.{suffix}")
        assert reply.status == 200
        data = Dataset()
        data.parse(data=reply.body, format=name)
        found.append({(s, p, o, g) for s, p, o, g in data.quads()})

    assert len(found[0]) > 100
    assert found[0] == found[1] == found[2]


def test_page_with_members_has_no_turtle_because_it_has_no_graphs(fed: Publishing) -> None:
    reply = fed.server.ask(pages(fed)[0].removeprefix(ADDRESS), headers={"Accept": "text/turtle"})

    assert (reply.status, reply.headers["content-type"]) == (406, "application/problem+json")
    assert reply.json["available"] == ["application/trig", "application/n-quads", "application/ld+json", "text/html"]


def test_complete_page_never_changes_and_says_so_twice(fed: Publishing) -> None:
    target = pages(fed)[0]
    reply = fed.server.ask(target.removeprefix(ADDRESS))

    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert read(fed, target).value(URIRef(target), LDES.immutable) == Literal(True)


def test_last_page_may_be_asked_for_again(fed: Publishing) -> None:
    target = pages(fed)[-1]
    reply = fed.server.ask(target.removeprefix(ADDRESS))

    assert reply.headers["cache-control"] == "public, no-cache"
    assert read(fed, target).value(URIRef(target), LDES.immutable) is None


@pytest.mark.parametrize(
    "target", ["/feed", "/feed.jsonld", "/feed.html", "/feed.atom", "/feed/shape", "page 1", "page 3"]
)
def test_who_comes_back_gets_304(target: str, fed: Publishing) -> None:
    if target.startswith("page"):
        target = pages(fed)[int(target[-1]) - 1].removeprefix(ADDRESS)
    tag = fed.server.ask(target).headers["etag"]

    reply = fed.server.ask(target, headers={"If-None-Match": tag})
    assert (reply.status, reply.body) == (304, b"")


def test_member_can_be_asked_for_by_its_iri(fed: Publishing) -> None:
    number = fed.history.length(GRAPH)
    iri = f"{ADDRESS}/feed/{fed.history.stream}/members/{number}"

    found = read(fed, iri)

    assert (URIRef(iri), AS.published, None) in found
    assert fed.server.ask(iri.removeprefix(ADDRESS)).headers["cache-control"].endswith("immutable")


def test_statements_of_a_member_stand_each_in_its_own_graph(fed: Publishing) -> None:
    (last,) = (row for row in fed.history.versions(GRAPH, ESSEN.value) if row.publication.number == 2)

    reply = fed.server.ask(f"/feed/{fed.history.stream}/members/{last.sequence}/statements.nq")

    new = fed.kept[-1].quads.read_bytes().splitlines(keepends=True)
    assert reply.headers["content-type"] == "application/n-quads"
    assert reply.body == b"".join(line for line in new if line.startswith(str(ESSEN).encode()))


def test_iri_of_the_stream_leads_to_its_root(fed: Publishing) -> None:
    reply = fed.server.ask(f"/feed/{fed.history.stream}")

    assert (reply.status, reply.headers["location"]) == (303, f"{ADDRESS}/feed")


def test_stream_that_was_given_up_is_410_and_says_where_to_begin(fed: Publishing) -> None:
    reply = fed.server.ask("/feed/00000000/pages/1")

    assert (reply.status, reply.json["feed"]) == (410, f"{ADDRESS}/feed")


@pytest.mark.parametrize(
    "target",
    ["pages/0", "pages/4", "pages/x", "pages/1.csv", "indexes/1", "members/0", "members/608", "others/1", "pages/²"],
)
def test_what_there_is_not_is_404(target: str, fed: Publishing) -> None:
    assert fed.server.ask(f"/feed/{fed.history.stream}/{quote(target)}").status == 404


def test_shape_fits_every_member(fed: Publishing) -> None:
    shape = Graph().parse(data=fed.server.ask("/feed/shape").body, format="turtle")
    page = read(fed, pages(fed)[-1]).default_graph
    for member in page.subjects(AS.published):
        shape.add((URIRef(f"{ADDRESS}/feed/shape"), URIRef("http://www.w3.org/ns/shacl#targetNode"), member))

    conforms, _, text = validate(page, shacl_graph=shape)
    assert conforms, text
    page.remove((None, AS.object, URIRef(ESSEN.value)))
    assert not validate(page, shacl_graph=shape)[0]


def test_json_ld_needs_no_context(fed: Publishing) -> None:
    loaded = json.loads(fed.server.ask(f"{pages(fed)[-1].removeprefix(ADDRESS)}.jsonld").body)

    assert isinstance(loaded, list)
    assert not any("@context" in item for item in loaded)


def below(quads: Iterable[Quad]) -> set[str]:
    """Kind and number of the nodes that relations lead to."""
    return {
        quad.object.value.rpartition("/feed/")[2].partition("/")[2]
        for quad in quads
        if quad.predicate.value == str(TREE.node) and isinstance(quad.object, NamedNode)
    }


def test_many_pages_are_listed_by_indexes(fed: Publishing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "GROUP", 2)
    stream = Stream(fed.history, GRAPH, ADDRESS, "/feed", 60)

    assert below(stream.context()) == {"indexes/1", "pages/3"}
    index = stream.part("indexes", 1)
    assert index is not None
    assert below(stream.quads(index)) == {"pages/1", "pages/2"}
    assert stream.part("indexes", 2) is None


def test_server_without_a_change_table_says_how_to_get_one(fed: Publishing) -> None:
    path = fed.releases / "history.sqlite"
    aside = path.rename(fed.releases / "aside.sqlite")
    try:
        reply = fed.server.ask("/feed", headers={"Accept-Language": "en"})
        assert reply.status == 503
        assert "interkommunal build" in str(reply.json["detail"])
        path.write_bytes(b"nonsense" * 1000)
        assert fed.server.ask("/feed").status == 503
        assert fed.server.ask("/catalog").status == 200
        assert "<lastmod>" not in fed.server.ask("/sitemap.xml").text
    finally:
        aside.replace(path)
    assert fed.server.ask("/feed").status == 200


def test_statements_are_many_enough_to_fill_pages() -> None:
    assert len(MANY) == 600
    assert len(FIRST) == 610
