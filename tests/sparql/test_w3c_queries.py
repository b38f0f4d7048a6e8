"""Explanations of all queries of the W3C SPARQL 1.1 suite, over the data of each: none contradicts the answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from tests.sparql.test_syntax import FOREIGN

from interkommunal.engine.sources import LocalStore
from interkommunal.errors import QueryError, QuerySyntaxError
from interkommunal.namespaces import BASE
from interkommunal.sparql.emptiness import Answered, Probe
from interkommunal.sparql.explanation import explain_query
from interkommunal.sparql.findings import Explanation
from interkommunal.sparql.parser import parse
from interkommunal.sparql.query import FORMATS, N_TRIPLES, QueryRequest

SUITE = Path(__file__).resolve().parent.parent / "conformance" / "w3c-sparql11" / "query"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
# What takes away the last row.
EMPTYING = ("empty-", "limit-zero", "offset-beyond")


@dataclass(frozen=True)
class Case:
    """A query, and the files of the default graph and of the named graphs."""

    query: Path
    data: tuple[Path, ...] = ()
    graphs: tuple[Path, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.query.parent.name}/{self.query.stem}"

    def store(self) -> LocalStore:
        """Its data, the default graph being the union of all graphs, as in a release."""
        store = Store()
        for path in (*self.data, *self.graphs):
            store.load(path=str(path), base_iri=f"http://w3c.example/{path.name}")
            if path in self.graphs:
                graph = NamedNode(f"http://w3c.example/{path.name}")
                store.load(path=str(path), base_iri=graph.value, to_graph=graph)
        for quad in list(store):
            store.add(Quad(quad.subject, quad.predicate, quad.object, DefaultGraph()))
        return LocalStore(store)


def cases() -> Iterator[Case]:
    for manifest in sorted(SUITE.glob("*/manifest.ttl")):
        folder = manifest.parent
        graph = rdflib.Graph().parse(manifest, publicID=f"{folder.as_uri()}/")

        def files(subject: object, predicate: rdflib.URIRef, graph: rdflib.Graph = graph) -> tuple[Path, ...]:
            found = graph.objects(subject, predicate)  # type: ignore[arg-type]  # any node of the manifest
            named = (item if isinstance(item, rdflib.URIRef) else graph.value(item, QT.graph) for item in found)
            return tuple(sorted(Path(str(item).removeprefix("file://")) for item in named))

        for action in sorted(set(graph.objects(None, MF.action)), key=str):
            query = Path(str(graph.value(action, QT.query) or action).removeprefix("file://"))
            if query.suffix == ".rq":
                yield Case(query, files(action, QT.data), files(action, QT.graphData))


CASES = sorted(set(cases()), key=lambda case: (case.name, case.data))


def answered(local: LocalStore, text: str) -> Answered | None:
    """What the endpoint answers; ``None`` if it refuses."""

    async def ask(request: QueryRequest) -> bytes:
        return local.answer(request)

    try:
        form = local.inspect(text).form
        body = local.answer(QueryRequest(text, N_TRIPLES if form.yields_graph else FORMATS[form][0]))
    except QueryError:
        return None
    if form.yields_graph:
        return Answered(not body.strip())
    found = json.loads(body)
    if "boolean" in found:
        return Answered(not found["boolean"])
    rows = found["results"]["bindings"]
    return Answered(not rows, frozenset(name for row in rows for name in row))


def explained(local: LocalStore, text: str) -> Explanation:
    async def ask(request: QueryRequest) -> bytes:
        return local.answer(request)

    return asyncio.run(explain_query(text, local.inspect, Probe(ask), BASE))


def contradictions(text: str, answer: Answered, explanation: Explanation) -> Iterator[str]:
    """What an explanation says that the answer shows to be wrong."""
    for finding in explanation.findings:
        if finding.severity == "error" or finding.code in ("not-read", "not-counted"):
            yield f"{finding.code}: the query is answered"
        if not answer.is_empty and finding.code.startswith(EMPTYING):
            yield f"{finding.code}: there are rows"
        if finding.code == "variable-unbound" and any(
            f"?{name} " in finding.message.in_("en") for name in answer.bound
        ):
            yield f"{finding.code}: the variable has values"
        for words in (finding.message.in_("de"), finding.message.in_("en")):
            if FOREIGN.search(words):
                yield f"{finding.code}: in the words of a library"
    if answer.is_empty and not any(finding.code.startswith(EMPTYING) for finding in explanation.findings):
        yield "nothing is said of what empties it"


def test_the_suite_is_here() -> None:
    assert len(CASES) > 250


@pytest.mark.parametrize("folder", sorted({case.query.parent.name for case in CASES}))
def test_no_explanation_contradicts_the_answer(folder: str) -> None:
    wrong: dict[str, list[str]] = {}
    for case in CASES:
        if case.query.parent.name == folder:
            local, text = case.store(), case.query.read_text("utf-8")
            answer = answered(local, text)
            if answer is not None and not local.inspect(text).has_service:
                found = list(contradictions(text, answer, explained(local, text)))
                wrong |= {case.name: found} if found else {}

    assert wrong == {}


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?n { ?s ?p ?o } GROUP BY (STR(?p) AS ?n)",
        "SELECT (MAX(?o) AS ?m) ?n { ?s ?p ?o } GROUP BY (STR(?p) AS ?n) HAVING (COUNT(*) > 0)",
        "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 1000)",
        "SELECT * { VALUES (?s ?x) { (UNDEF 1) } ?s ?p ?o }",
        "SELECT ?x { ?s ?p ?o } VALUES ?x { 1 }",
        "SELECT ?x { ?s ?p ?o } VALUES (?s ?x) { (<urn:nowhere> 1) }",
        "SELECT ?p { ?s ?p ?o } GROUP BY ?p VALUES ?p { <urn:nowhere> }",
        "SELECT ?p { ?s ?p ?o } GROUP BY ?p HAVING (COUNT(*) > 0) VALUES ?p { <urn:nowhere> }",
        "SELECT ?p { { SELECT ?p { ?s ?p ?o } GROUP BY ?p VALUES ?p { <urn:nowhere> } } }",
        "ASK { ?s ?p ?o } VALUES ?p { <urn:nowhere> }",
        "SELECT ?x { { SELECT (?o AS ?x) { ?s ?p ?o } LIMIT 1 } }",
        "SELECT ?x { { SELECT (?o AS ?x) { ?s ?p ?o } OFFSET 1000 } }",
        "SELECT ?x { ?s ?p ?o BIND (?o AS ?x) FILTER (?x = ?o) }",
        "SELECT ?x { ?s ?p ?o BIND (?nothing AS ?x) }",
        "SELECT ?x { ?s ?p ?o OPTIONAL { ?s <urn:none> ?x } FILTER (!BOUND(?x)) }",
        "SELECT ?x { ?s ?p ?o OPTIONAL { ?s <urn:none> ?x } FILTER (?x = 1) }",
        "SELECT ?g { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s { ?s ?p ?o FILTER EXISTS { ?s ?q ?r } }",
        "SELECT ?s { ?s ?p ?o FILTER NOT EXISTS { ?s ?q ?r } }",
        "SELECT ?s { ?s ?p ?o MINUS { ?a ?b ?c } }",
        "SELECT ?s { ?s ?p ?o MINUS { ?s ?b ?c } }",
        "SELECT ?s { ?s <http://www.example.org/p>/<urn:none> ?o }",
        "SELECT ?s { ?s <urn:none>* ?s }",
        "SELECT ?s { ?s !(<urn:none>|^<urn:none>) ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s <urn:none> ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s <urn:none> ?o } HAVING (COUNT(*) > 0)",
        "SELECT ?s { ?s ?p [ ?q ?r ] }",
        "SELECT ?s { ?s ?p (1 2) }",
        "SELECT ?s { ?s ?p ?o FILTER (?unbound = 1 || true) }",
        "SELECT ?s { ?s ?p ?o FILTER (COALESCE(?unbound, true)) }",
        "SELECT ?s { ?s ?p ?o FILTER (!(?unbound && false)) }",
        "SELECT ?s { ?s ?p ?o FILTER (?o > 1 && ?o < 0) }",
        "SELECT ?s { { ?s <urn:none> ?o } UNION { ?s ?p ?o } }",
        "SELECT ?s { ?s ?p ?o } LIMIT 0",
        "SELECT ?s { ?s ?p ?o } OFFSET 1000",
        "CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o FILTER (ISLITERAL(?o)) }",
        "CONSTRUCT { ?s ?p ?none } WHERE { ?s ?p ?o }",
        "DESCRIBE <urn:nowhere>",
        "ASK { ?s <urn:none> ?o }",
        "ASK { FILTER (1 = 2) }",
        "SELECT * {}",
    ],
)
@pytest.mark.parametrize("folder", ["aggregates", "exists"])
def test_own_queries_of_the_same_kinds(query: str, folder: str) -> None:
    data = (path for path in (SUITE / folder).glob("*.ttl") if path.name.startswith(("agg-numeric", "exists0")))
    local = Case(SUITE / folder, tuple(sorted(data))).store()
    answer = answered(local, query)

    assert answer is not None
    assert list(contradictions(query, answer, explained(local, query))) == []


def test_every_query_that_the_engine_reads_is_read_here() -> None:
    unread = []
    for case in CASES:
        text = case.query.read_text("utf-8")
        local = LocalStore(Store())
        try:
            parse(text, BASE)
        except QuerySyntaxError:
            if answered(local, text) is not None:
                unread.append(case.name)
    assert unread == []


@pytest.mark.parametrize(
    "query", ["ASK { << ?s ?p ?o >> ?q ?r }", "ASK { ?s ?p <<( ?a ?b ?c )>> }", "ASK { ?s ?p ?o ~ ?r {| ?a ?b |} }"]
)
def test_what_cannot_be_read_is_told_in_words_of_ours(query: str) -> None:
    local = LocalStore(Store())
    found = explained(local, query).findings

    assert {finding.code for finding in found} <= {"not-read", "syntax"}
    assert found
    for finding in found:
        assert not FOREIGN.search(finding.message.in_("de") + finding.message.in_("en"))
