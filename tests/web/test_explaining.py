"""``/sparql/explain``: methods, formats and languages, refusals, and the query page with its explanation."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from tests.serving import Serving

IK = "https://w3id.org/interkommunal/ontology#"
QUERY = f"PREFIX ik: <{IK}> SELECT ?c {{ ?c a ik:Citty }}"


def target(query: str, **parameters: str) -> str:
    return f"/sparql/explain?{urlencode({'query': query, **parameters})}"


def test_json_tells_findings_steps_and_release(library: Serving) -> None:
    reply = library.ask(target(QUERY, lang="en"))

    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["content-language"] == "en"
    assert reply.json == {
        "release": (library.releases / "current").resolve().name,
        "language": "en",
        "query": QUERY,
        "findings": [
            {
                "code": "empty-pattern",
                "severity": "warning",
                "message": "This pattern finds nothing even by itself: ?c a ik:Citty .",
                "mend": None,
                "line": 1,
                "column": 68 - 1,
            },
            {
                "code": "unknown-term",
                "severity": "warning",
                "message": "ik:Citty does not occur in the graph.",
                "mend": "Is ik:City meant?",
                "line": 1,
                "column": 72,
            },
        ],
        "steps": [{"pattern": "?c a ik:Citty .", "line": 1, "rows": 0, "more": False}],
    }


@pytest.mark.parametrize("content_type", ["application/sparql-query", "application/x-www-form-urlencoded"])
def test_post_says_the_same_as_get(content_type: str, library: Serving) -> None:
    body = QUERY if content_type.endswith("sparql-query") else urlencode({"query": QUERY})
    reply = library.ask("/sparql/explain", "POST", body.encode(), {"Content-Type": content_type})

    assert reply.json == library.ask(target(QUERY)).json
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(("language", "word"), [("de", "Warnung 1:72"), ("en", "warning 1:72")])
def test_text_is_for_terminals(language: str, word: str, library: Serving) -> None:
    reply = library.ask(target(QUERY), headers={"Accept": "text/plain", "Accept-Language": language})

    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert word in reply.text
    assert library.ask(target(QUERY, format="txt", lang=language)).text == reply.text


def test_page_works_without_javascript_whatever_the_form_sends_along(library: Serving) -> None:
    reply = library.ask(target(QUERY, format="csv", lang="de"), headers={"Accept": "text/html"})

    assert reply.status == 200
    assert "<strong>Warnung, Zeile 1, Spalte 72:</strong> ik:Citty kommt im Graphen nicht vor." in reply.text
    assert "<em>Ist ik:City gemeint?</em>" in reply.text
    assert "<td>0</td><td><code>?c a ik:Citty .</code></td>" in reply.text
    assert '<button class="button" type="submit" formaction="/ruhr/sparql/explain">' in reply.text


def test_an_empty_answer_explains_itself_on_the_page_only(library: Serving) -> None:
    page = library.ask(f"/sparql?{urlencode({'query': QUERY, 'lang': 'en'})}", headers={"Accept": "text/html"})
    assert "ik:Citty does not occur in the graph." in page.text

    full = f"PREFIX ik: <{IK}> SELECT ?c {{ ?c a ik:City }}"
    page = library.ask(f"/sparql?{urlencode({'query': full, 'lang': 'en'})}", headers={"Accept": "text/html"})
    assert '<section id="explanation" aria-labelledby="explanation-title" aria-live="polite" hidden>' in page.text


@pytest.mark.parametrize(
    "query",
    [
        f"PREFIX ik: <{IK}> ASK {{ ?c a ik:Citty }}",
        f"PREFIX ik: <{IK}> CONSTRUCT WHERE {{ ?c a ik:Citty }}",
    ],
)
def test_no_and_an_empty_graph_are_explained_too(query: str, library: Serving) -> None:
    page = library.ask(f"/sparql?{urlencode({'query': query, 'lang': 'en'})}", headers={"Accept": "text/html"})

    assert "ik:Citty does not occur in the graph." in page.text


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        ("DELETE WHERE { ?s ?p ?o }", 403, "query-refused"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403, "query-refused"),
        ("SELECT * " + "{" * 300 + "}" * 300, 413, "too-large"),
    ],
)
def test_the_guard_comes_first(query: str, status: int, kind: str, library: Serving) -> None:
    reply = library.ask(target(query))

    assert reply.status == status
    assert str(reply.json["type"]).endswith(kind)


def test_without_a_query_there_is_nothing_to_explain(library: Serving) -> None:
    assert library.ask("/sparql/explain", headers={"Accept": "application/json"}).status == 400
    assert library.ask("/sparql/explain", headers={"Accept": "text/html"}).status == 200
    assert library.ask(target(QUERY), headers={"Accept": "text/turtle"}).status == 406
    assert library.ask("/sparql/explain", "DELETE").status == 405


def test_what_does_not_parse_is_a_finding_and_no_error(library: Serving) -> None:
    reply = library.ask(target("SELECT * {\n ?s ?p", lang="en"))

    assert reply.status == 200
    findings = json.loads(reply.body)["findings"]
    assert [(item["code"], item["severity"], item["line"]) for item in findings] == [("syntax", "error", 1)]


def test_what_does_not_parse_is_told_in_one_language(library: Serving) -> None:
    found = library.ask(target("SELECT ?a ?a { ?a ?b ?c }", lang="de")).json["findings"]

    assert found == [
        {
            "code": "syntax",
            "severity": "error",
            "message": "Das ist kein SPARQL. SELECT nennt eine Variable doppelt.",
            "mend": None,
            "line": 1,
            "column": 26,
        }
    ]


def test_the_dataset_of_the_protocol_counts(library: Serving) -> None:
    query = f"PREFIX ik: <{IK}> SELECT ?c {{ ?c a ik:City }}"
    found = library.ask(target(query, **{"default-graph-uri": "https://w3id.org/interkommunal/graph/editorial"})).json

    assert found["steps"] == [{"pattern": "?c a ik:City .", "line": 1, "rows": 0, "more": False}]


def test_the_same_explanation_is_not_sent_twice(library: Serving) -> None:
    tag = library.ask(target(QUERY)).headers["etag"]

    assert library.ask(target(QUERY), headers={"If-None-Match": tag}).status == 304
    # The query itself has answers of its own, also where the words are the same.
    answer = library.ask(f"/sparql?{urlencode({'query': QUERY})}", headers={"Accept": "application/json"})
    assert answer.json["head"] == {"vars": ["c"]}
    assert "findings" in library.ask(target(QUERY), headers={"Accept": "application/json"}).json


def test_nothing_that_is_asked_becomes_part_of_the_page(library: Serving) -> None:
    script = "<script>alert(1)</script>"
    query = f"SELECT * {{ ?s ?p '{script}' }}"
    reply = library.ask(target(query, lang="en"), headers={"Accept": "text/html"})

    assert reply.status == 200
    assert script not in reply.text
    assert "&lt;script&gt;" in reply.text
