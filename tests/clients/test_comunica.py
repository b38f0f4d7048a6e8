"""Comunica, and every client that accepts quads first and asks the default graph, finds what is said."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pyoxigraph
import pytest
from tests.serving import CHECKOUT, Serving

from interkommunal.namespaces import BASE, IK

DRIVER = Path(__file__).with_name("comunica.cjs")
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
QUADS_FIRST = (
    "application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9,application/n-triples;q=0.8,"
    "application/rdf+xml;q=0.7,text/turtle;q=0.6"
)


def comunica(query: str, *sources: str) -> list[dict[str, str]]:
    """The rows that Comunica finds in these sources."""
    node = shutil.which("node")
    if node is None or not (CHECKOUT / "node_modules" / "@comunica").is_dir():
        pytest.skip("Comunica is not installed (npm)")
    told = json.dumps({"sources": sources, "query": query})
    done = subprocess.run([node, DRIVER], input=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = json.loads(done.stdout)
    assert isinstance(rows, list)
    return rows


def triples(served: Serving, path: str) -> set[pyoxigraph.Triple]:
    turtle = pyoxigraph.parse(served.ask(path).body, format=pyoxigraph.RdfFormat.TURTLE)
    return {quad.triple for quad in turtle}


def release(served: Serving) -> str:
    return str(served.ask("/dumps").json["release"])


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/id/city/bochum", "/doc/city/bochum.ttl"),
        ("/doc/city/bochum", "/doc/city/bochum.ttl"),
        ("/doc/passage/grundlagen/L128", "/doc/passage/grundlagen/L128.ttl"),
        ("/ontology", "/ontology.ttl"),
        ("/catalog", "/catalog.ttl"),
        ("/dumps/facts", "/dumps/facts.ttl"),
        ("/dumps/facts.jsonld", "/dumps/facts.ttl"),
        ("/release/{}/doc/city/bochum", "/release/{}/doc/city/bochum.ttl"),
        ("/release/{}/dumps/links", "/release/{}/dumps/links.ttl"),
    ],
)
def test_comunica_finds_every_triple_behind_an_address(local: Serving, path: str, same: str) -> None:
    identifier = release(local)
    expected = len(triples(local, same.format(identifier)))
    assert expected > 20
    assert comunica(COUNT, f"{local.url}{path.format(identifier)}") == [{"n": str(expected)}]


def test_comunica_finds_more_by_following_links(local: Serving) -> None:
    essen = f"{BASE}id/city/essen"
    linked = comunica(f"SELECT DISTINCT ?event {{ ?event <{IK}inCity> <{essen}> }}", f"{local.url}/id/city/essen")
    events = [row["event"] for row in linked]
    assert len(events) > 1
    dates = "SELECT ?event ?date { ?event <http://schema.org/startDate>|<https://schema.org/startDate> ?date }"
    found = comunica(dates, *(event.replace(BASE, f"{local.url}/") for event in events))
    assert {row["event"] for row in found} >= {f"{BASE}id/event/forum-2009", f"{BASE}id/event/forum-2011"}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (QUADS_FIRST, "application/ld+json"),
        ("application/trig,application/n-quads,text/turtle;q=0.9", "text/turtle"),
        ("application/n-quads,application/trig;q=0.9,application/rdf+xml;q=0.8,*/*;q=0.1", "application/rdf+xml"),
        ("application/trig,text/turtle", "text/turtle"),
        ("application/trig", "application/trig"),
        ("application/trig,*/*;q=0.5", "application/trig"),
        ("application/trig;q=0.2,text/turtle;q=0", "application/trig"),
    ],
)
@pytest.mark.parametrize("path", ["/doc/city/bochum", "/dumps/facts"])
def test_clients_that_prefer_quads_get_triples_unless_they_accept_nothing_else(
    local: Serving, path: str, accept: str, expected: str
) -> None:
    reply = local.ask(path, headers={"accept": accept})
    if reply.status == 303:
        assert "Accept" in reply.headers["vary"]
        reply = local.ask(reply.headers["location"].removeprefix(local.url))
    assert reply.headers["content-type"].partition(";")[0] == expected


def test_documents_of_quads_stay_under_their_own_addresses(local: Serving) -> None:
    for path, kind in (
        ("/doc/city/bochum.trig", "TRIG"),
        ("/dumps/facts.nq", "N_QUADS"),
        ("/dumps/facts.trig", "TRIG"),
    ):
        body = local.ask(path, headers={"accept": QUADS_FIRST}).body
        quads = list(pyoxigraph.parse(body, format=getattr(pyoxigraph.RdfFormat, kind)))
        assert quads
        assert not any(isinstance(quad.graph_name, pyoxigraph.DefaultGraph) for quad in quads)


def test_a_part_that_is_not_there_is_404_and_a_format_that_is_not_there_406(local: Serving) -> None:
    assert local.ask("/dumps/nothing").status == 404
    assert local.ask("/dumps/facts", headers={"accept": "text/csv"}).status == 406
    assert local.ask("/dumps/facts").headers["location"] == f"{local.url}/dumps/facts.ttl"
