"""The W3C tests of SPARQL 1.1 Protocol and Service Description against a running server, request by request.

The manifests describe each request in RDF (HTTP in RDF, Content in RDF); it is sent as described, without a header
field of our own.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF
from tests.serving import Reply, Serving, serving, write_release

W3C = Path(__file__).resolve().parent.parent / "conformance" / "w3c-sparql11"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
HT = rdflib.Namespace("http://www.w3.org/2011/http#")
CNT = rdflib.Namespace("http://www.w3.org/2011/content#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")

FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"),
}


@dataclass(frozen=True)
class Exchange:
    """One request of a test and what is expected of its response."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes | None
    classes: frozenset[int]
    format: str | None
    boolean: bool | None

    @property
    def updates(self) -> bool:
        written = self.target.encode() + b" " + (self.body or b"")
        return b"update=" in written or "update" in self.headers.get("content-type", "")


def manifest(name: str) -> tuple[rdflib.Graph, list[rdflib.URIRef]]:
    graph = rdflib.Graph().parse(W3C / name / "manifest.ttl", publicID=(W3C / name).as_uri() + "/")
    entries = next(graph.objects(None, MF.entries))
    return graph, [rdflib.URIRef(str(item)) for item in Collection(graph, entries)]


def read_exchanges(graph: rdflib.Graph, test: rdflib.URIRef) -> Iterator[Exchange]:
    connection = graph.value(test, MF.action)
    requests = graph.value(connection, HT.requests)
    assert requests is not None
    for request in Collection(graph, requests):
        response = graph.value(request, HT.resp)
        content = graph.value(request, HT.body)
        body = None
        if content is not None:
            coding = str(graph.value(content, CNT.characterEncoding))
            body = str(graph.value(content, CNT.chars)).encode(coding)
        listed = graph.value(request, HT.headers)
        fields = [] if listed is None else list(Collection(graph, listed))
        boolean = graph.value(response, MF.expectedBoolean)
        yield Exchange(
            method=str(graph.value(request, HT.methodName)),
            target=str(graph.value(request, HT.absolutePath)),
            headers={
                str(graph.value(item, HT.fieldName)).lower(): str(graph.value(item, HT.fieldValue)) for item in fields
            },
            body=body,
            classes=frozenset(int(str(item)[-3]) for item in graph.objects(response, MF.expectedStatus)),
            format=None if (found := graph.value(response, MF.expectedFormat)) is None else str(found),
            boolean=None if boolean is None else str(boolean) == "true",
        )


PROTOCOL, TESTS = manifest("protocol")
UPDATES = [test for test in TESTS if test.rpartition("#")[2].startswith("update_")]
QUERIES = [test for test in TESTS if test not in UPDATES]


def graphs() -> bytes:
    """The data of all tests as N-Quads."""
    lines = []
    for data in set(PROTOCOL.objects(None, UT.graphData)):
        file, label = PROTOCOL.value(data, UT.graph), PROTOCOL.value(data, rdflib.RDFS.label)
        triple = (W3C / "protocol" / str(file).rpartition("/")[2]).read_text().strip().removesuffix(".")
        lines.append(f"{triple}<{label}> .\n")
    return "".join(sorted(set(lines))).encode()


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    folder = tmp_path_factory.mktemp("w3c")
    write_release(folder / "releases", graphs())
    with serving(folder / "releases", folder) as running:
        yield running


def send(endpoint: Serving, exchange: Exchange) -> Reply:
    return endpoint.ask(exchange.target, exchange.method, exchange.body, exchange.headers)


def name(test: rdflib.URIRef) -> str:
    return test.rpartition("#")[2]


def test_the_manifest_has_all_tests() -> None:
    assert (len(QUERIES), len(UPDATES)) == (27, 7)
    assert graphs().count(b"\n") == 3


@pytest.mark.parametrize("test", QUERIES, ids=name)
def test_protocol(test: rdflib.URIRef, endpoint: Serving) -> None:
    exchanges = list(read_exchanges(PROTOCOL, test))
    assert exchanges
    for exchange in exchanges:
        reply = send(endpoint, exchange)
        assert reply.status // 100 in exchange.classes, reply.text
        if exchange.format is not None:
            assert reply.headers["content-type"].partition(";")[0] in FORMATS[exchange.format]
        if exchange.boolean is not None:
            assert reply.json["boolean"] is exchange.boolean


@pytest.mark.parametrize("test", UPDATES, ids=name)
def test_updates_are_refused(test: rdflib.URIRef, endpoint: Serving) -> None:
    updates = [exchange for exchange in read_exchanges(PROTOCOL, test) if exchange.updates]
    assert updates
    for exchange in updates:
        reply = send(endpoint, exchange)
        assert reply.status == 403
        assert reply.json["rule"] == "update"


def description(endpoint: Serving) -> rdflib.Graph:
    reply = endpoint.ask("/sparql", headers={"accept": "text/turtle"})
    assert reply.status == 200
    return rdflib.Graph().parse(data=reply.text, format="turtle", publicID=f"{endpoint.url}/sparql")


def test_the_three_service_description_tests_are_those_below() -> None:
    assert sorted(map(name, manifest("service-description")[1])) == [
        "conforms-to-schema",
        "has-endpoint-triple",
        "returns-rdf",
    ]


def test_returns_rdf(endpoint: Serving) -> None:
    assert len(description(endpoint)) > 0


def test_has_endpoint_triple(endpoint: Serving) -> None:
    graph = description(endpoint)
    assert list(graph.objects(None, SD.endpoint)) == [rdflib.URIRef(f"{endpoint.url}/sparql")]


def test_conforms_to_schema(endpoint: Serving) -> None:
    graph = description(endpoint)
    (service,) = graph.subjects(RDF.type, SD.Service)
    assert graph.value(service, SD.endpoint) is not None
    (dataset,) = graph.subjects(RDF.type, SD.Dataset)
    assert graph.value(service, SD.defaultDataset) == dataset
    default = graph.value(dataset, SD.defaultGraph)
    assert (default, RDF.type, SD.Graph) in graph
    for named in graph.objects(None, SD.namedGraph):
        assert isinstance(graph.value(named, SD.name), rdflib.URIRef)
    # Every property and class is one of the vocabulary.
    terms = {str(item) for triple in graph for item in triple if str(item).startswith(SD)}
    assert terms <= {str(SD[item]) for item in SD_TERMS}


# Classes, properties and instances of SPARQL 1.1 Service Description §3.
SD_TERMS = [
    *("Service", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile", "GraphCollection"),
    *("Dataset", "Graph", "NamedGraph", "Feature"),
    *("endpoint", "feature", "defaultEntailmentRegime", "entailmentRegime", "defaultSupportedEntailmentProfile"),
    *("supportedEntailmentProfile", "extensionFunction", "extensionAggregate", "languageExtension"),
    *("supportedLanguage", "propertyFeature", "defaultDataset", "availableGraphs", "resultFormat", "inputFormat"),
    *("defaultGraph", "namedGraph", "name", "graph"),
    *("SPARQL10Query", "SPARQL11Query", "SPARQL11Update"),
    *("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery"),
]


def syntax_tests() -> Iterator[tuple[Path, bool]]:
    """The queries of the syntax tests, and whether they are well-formed."""
    for manifest_file in sorted((W3C / "query").glob("*/manifest.ttl")):
        graph = rdflib.Graph().parse(manifest_file, publicID=manifest_file.parent.as_uri() + "/")
        for kind, good in ((MF.PositiveSyntaxTest11, True), (MF.NegativeSyntaxTest11, False)):
            for test in sorted(graph.subjects(RDF.type, kind), key=str):
                yield Path(str(graph.value(test, MF.action)).removeprefix("file://")), good


SYNTAX = list(syntax_tests())


def test_the_manifests_have_all_syntax_tests() -> None:
    assert (sum(good for _, good in SYNTAX), sum(not good for _, good in SYNTAX)) == (63, 40)


@pytest.mark.parametrize(("path", "good"), SYNTAX, ids=lambda value: value.stem if isinstance(value, Path) else "")
def test_no_syntax_is_a_fault_of_the_server(path: Path, good: bool, endpoint: Serving) -> None:
    fields = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json, text/turtle"}
    reply = endpoint.ask("/sparql", "POST", path.read_bytes(), fields)
    explained = endpoint.ask("/sparql/explain", "POST", path.read_bytes(), {"Content-Type": fields["Content-Type"]})

    assert reply.status < 500
    assert explained.status == (200 if reply.status == 400 else reply.status)
    if good and reply.status == 400:
        assert str(reply.json["type"]).endswith("/unknown-function")
        assert reply.json["line"]
    if explained.status == 200:
        errors = [item for item in json.loads(explained.body)["findings"] if item["severity"] == "error"]
        assert bool(errors) == (reply.status == 400)


@pytest.mark.parametrize("update", ["INSERT DATA {", "DELETE WHERE { ?s ?p", "PREFIX a: <b> DROP", "LOAD", "CLEAR x y"])
def test_a_malformed_update_is_refused_unread(update: str, endpoint: Serving) -> None:
    for content_type in ("application/sparql-query", "application/sparql-update"):
        reply = endpoint.ask("/sparql", "POST", update.encode(), {"Content-Type": content_type})
        assert (reply.status, reply.json["rule"]) == (403, "update")


def test_an_update_behind_a_malformed_prologue_is_a_malformed_query(endpoint: Serving) -> None:
    reply = endpoint.ask("/sparql", "POST", b"PREFIX a <b> DROP ALL", {"Content-Type": "application/sparql-query"})

    assert reply.status == 400
    assert str(reply.json["type"]).endswith("/query-syntax")
