"""The list of all questions: for people, for programs, for editors that know the convention of SIB."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest
from tests.serving import Serving

NAMES = sorted(path.stem for path in (Path(__file__).resolve().parents[3] / "queries" / "library").glob("*.rq"))

# The queries that SIB's editor sends (README of @sib-swiss/sparql-editor), over the graph of the examples.
PREFIXES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
EXAMPLES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query
WHERE {
    ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
    FILTER (LANG(?comment) = "de")
} ORDER BY ?sq"""


def test_json_names_every_question(library: Serving) -> None:
    listed = library.ask("/queries", headers={"Accept": "application/json"}).json

    assert listed["release"] == (library.releases / "current").resolve().name
    assert isinstance(listed["queries"], list)
    assert [item["name"] for item in listed["queries"]] == NAMES
    (forums,) = [item for item in listed["queries"] if item["name"] == "forums-by-year-and-city"]
    assert forums["url"] == "https://data.example/ruhr/queries/forums-by-year-and-city"
    assert forums["parameters"][1] == {"name": "city", "type": "entity", "of": "ik:City", "default": "UNDEF"}


@pytest.mark.parametrize(("language", "title"), [("de", "Fragen an den Graphen"), ("en", "Questions to the graph")])
def test_page_leads_to_every_question(language: str, title: str, library: Serving) -> None:
    page = library.ask(f"/queries?lang={language}", headers={"Accept": "text/html"})

    assert f"<h1>{title}</h1>" in page.text
    assert [name for name in NAMES if f'href="/ruhr/queries/{name}"' not in page.text] == []


def test_tag_narrows_the_list(library: Serving) -> None:
    listed = library.ask("/queries.json?tag=film").json["queries"]

    assert isinstance(listed, list)
    assert "year-of-the-film" in [item["name"] for item in listed]
    assert len(listed) < 10


@pytest.mark.parametrize("suffix", ["", ".ttl", ".nt", ".jsonld", ".rdf"])
def test_examples_are_rdf_in_the_convention(suffix: str, library: Serving) -> None:
    reply = library.ask(f"/.well-known/sparql-examples{suffix}")
    media_type = reply.headers["content-type"].partition(";")[0]
    form = pyoxigraph.RdfFormat.from_media_type(media_type)
    assert form is not None
    store = pyoxigraph.Store()
    store.load(reply.body, format=form)

    examples = store.query(EXAMPLES)
    assert isinstance(examples, pyoxigraph.QuerySolutions)
    base = "https://w3id.org/interkommunal/.well-known/sparql-examples/"
    assert [row["sq"].value for row in examples] == [f"{base}{name}" for name in NAMES]
    prefixes = store.query(PREFIXES)
    assert isinstance(prefixes, pyoxigraph.QuerySolutions)
    declared = {row["prefix"].value: row["namespace"].value for row in prefixes}
    assert declared["ik"] == "https://w3id.org/interkommunal/ontology#"
    assert not any(isinstance(quad.subject, pyoxigraph.BlankNode) for quad in store)


def test_iri_of_an_example_leads_to_its_question(library: Serving) -> None:
    reply = library.ask("/.well-known/sparql-examples/forums-by-city")

    assert reply.status == 303
    assert reply.headers["location"] == "/ruhr/queries/forums-by-city"


def test_openapi_describes_each_question_with_its_parameters(library: Serving) -> None:
    document = json.loads(library.ask("/openapi.json").body)

    assert [path for path in document["paths"] if path.startswith("/queries/")] == [
        f"/queries/{name}" for name in NAMES
    ]
    operation = document["paths"]["/queries/membership-at-a-date"]["get"]
    parameters = {item["name"]: item["schema"] for item in operation["parameters"]}
    assert parameters["agreement"] == {
        "type": "string",
        "maxLength": 1000,
        "default": "agreement:staedteregion-ruhr",
    }
    assert parameters["date"] == {"type": "string", "format": "date", "default": "2010-06-01"}
    assert list(parameters) == ["agreement", "date", "lang", "limit", "offset", "raw"]
    ids = [item["get"]["operationId"] for item in document["paths"].values() if "get" in item]
    assert len(ids) == len(set(ids))
