"""Every IRI of the release opens in every format, each answer is part of the release, and no link is dead."""

import csv
import io
from urllib.parse import urljoin, urlsplit

import httpx
import pyoxigraph
import pytest
from lxml import html
from pyld import jsonld  # type: ignore[import-untyped]
from pyoxigraph import RdfFormat

from interkommunal.content import Content
from interkommunal.engine.engine import EngineOptions, open_engine
from interkommunal.namespaces import BASE
from interkommunal.release.release import Release
from interkommunal.site.description.serialisation import describe, read_context, serialise
from interkommunal.site.description.statements import GraphClient
from interkommunal.site.site import path_of, split_suffix
from interkommunal.sparql.query import JSON_LD, N_TRIPLES, RDF_XML, TRIG, TURTLE

GRAPHS = {
    "ttl": (TURTLE, RdfFormat.TURTLE),
    "nt": (N_TRIPLES, RdfFormat.N_TRIPLES),
    "rdf": (RDF_XML, RdfFormat.RDF_XML),
    "jsonld": (JSON_LD, RdfFormat.JSON_LD),
    "trig": (TRIG, RdfFormat.TRIG),
}
# Rooms whose pages are tested where they are made.
FILES = ("bib", "ris", "csl.json", "linkset.json", "txt")
ELSEWHERE = ("/sparql", "/overviews", "/lists", "/search")


def iris(store: pyoxigraph.Store) -> list[str]:
    """Every IRI of ours that the release names, without the part after a hash where that is no term."""
    found = set()
    for quad in store:
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(BASE):
                found.add(term.value if path_of(term.value) else "")
    return sorted(iri for iri in found if iri and not ("/id/" in iri and "#" in iri))


def triples(store: pyoxigraph.Store) -> set[pyoxigraph.Triple]:
    return {quad.triple for quad in store}


async def test_every_iri_is_described_in_every_format_and_each_description_is_part_of_the_release(
    release: Release, store: pyoxigraph.Store, content: Content
) -> None:
    quads, known = set(store), triples(store)
    context = read_context(content.ontology / "context.jsonld")
    engine = await open_engine(EngineOptions(workers=2), release.quads)
    wrong = []
    try:
        for iri in iris(store):
            description = await describe(iri, GraphClient(engine))
            assert description.exists, iri
            for media_type, format_ in GRAPHS.values():
                parsed = set(pyoxigraph.parse(serialise(description, media_type, context, "de"), format=format_))
                outside = parsed - quads if format_ == RdfFormat.TRIG else {quad.triple for quad in parsed} - known
                if outside or not parsed:
                    wrong.append((iri, media_type, next(iter(outside), "empty")))
    finally:
        await engine.close()
    assert wrong == []


def test_all_graph_formats_say_the_same(client: httpx.Client) -> None:
    for path in ("/doc/city/essen", "/doc/agreement/staedteregion-ruhr", "/doc/passage/grundlagen/L019.4", "/ontology"):
        found = {}
        for suffix, (_, format_) in GRAPHS.items():
            parsed = pyoxigraph.parse(client.get(f"{path}.{suffix}").content, format=format_)
            # Documents of OWL have blank nodes, whose names are no part of what they say.
            said = pyoxigraph.Dataset(pyoxigraph.Quad(*quad.triple) for quad in parsed)
            said.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
            found[suffix] = set(said)
        assert all(item == found["nt"] for item in found.values()), path


def test_json_ld_is_what_its_own_algorithms_read(client: httpx.Client) -> None:
    for path in ("/doc/city/essen", "/doc/cooperation/integration-interkommunal", "/doc/concept/role-party"):
        document = client.get(f"{path}.jsonld").json()
        options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": _refuse}
        ours = jsonld.normalize(document, options)
        theirs = client.get(f"{path}.nt").text
        assert sorted(ours.splitlines()) == sorted(theirs.splitlines())


def _refuse(address: str, options: object) -> object:
    raise AssertionError(f"a document names {address}")


def test_the_table_has_a_row_for_each_statement_with_its_quote(client: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/doc/city/essen.csv").text)))
    quads = set(pyoxigraph.parse(client.get("/doc/city/essen.trig").content, format=RdfFormat.TRIG))
    assert len(rows) == len(quads)
    row = next(row for row in rows if row["property"].endswith("/name") and row["subject"].endswith("city/essen"))
    assert (row["value"], row["subject_label"], row["line"]) == ("Essen", "Essen", "29")
    assert row["quote"].startswith("Die Städte Bochum, Dortmund")


def test_every_iri_has_a_page_and_no_link_on_any_page_is_dead(client: httpx.Client, store: pyoxigraph.Store) -> None:
    places = {path_of(iri) for iri in iris(store)} | {"/sources/", "/sources/grundlagen", "/ontology", "/imprint"}
    links: dict[str, str] = {}
    fragments: dict[str, set[str]] = {}
    wrong: list[tuple[str, object]] = []
    for place in sorted(place for place in places if place):
        answer = client.get(place, follow_redirects=True)
        if answer.status_code != 200:
            wrong.append((place, answer.status_code))
            continue
        document = html.document_fromstring(answer.content.decode())
        fragments[place] = {item.get("id") for item in document.iterfind(".//*[@id]")}
        for item in document.iterfind(".//a[@href]"):
            target = urljoin(place, item.get("href"))
            if target.startswith("/"):
                links.setdefault(target, place)
    assert wrong == []
    dead, seen = [], dict.fromkeys(fragments, True)
    for target, source in sorted(links.items()):
        parts = urlsplit(target)
        # Every format of every thing is read in the test above.
        if parts.path == "/" or parts.path.startswith(ELSEWHERE) or split_suffix(parts.path, FILES)[1]:
            continue
        if parts.path not in seen:
            seen[parts.path] = client.get(parts.path).status_code == 200
        there = fragments.get(parts.path, set())
        if not seen[parts.path] or (parts.fragment and parts.path in fragments and parts.fragment not in there):
            dead.append((target, source))
    assert dead == []


@pytest.mark.parametrize("address", ["?passage=L019.1", "?entity=city/herne", "?entity=city/herne&passage=L057-L059"])
def test_the_reader_opens_with_every_choice(client: httpx.Client, address: str) -> None:
    assert client.get(f"/sources/grundlagen{address}").status_code == 200
