"""The query page without JavaScript."""

from __future__ import annotations

from urllib.parse import urlencode

from markupsafe import escape
from tests.serving import Reply, Serving

HTML = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "accept-language": "en"}


def show(served: Serving, query: str, **parameters: str) -> Reply:
    return served.ask("/sparql?" + urlencode({"query": query, **parameters}), headers=HTML)


def test_without_a_query_there_is_a_form(served: Serving) -> None:
    reply = served.ask("/sparql", headers=HTML)
    assert reply.status == 200
    assert '<form id="query-form" action="/sparql" method="get">' in reply.text
    assert '<textarea id="query" name="query"' in reply.text
    assert reply.headers["vary"] == "Accept, Accept-Language, Accept-Encoding, Cookie"


def test_a_table_is_shown_with_links_to_files(served: Serving) -> None:
    reply = show(served, "SELECT ?city ?name { ?city <http://a.example/name> ?name } ORDER BY ?name")
    assert reply.status == 200
    assert "<caption>2 rows in " in reply.text
    assert '<a href="http://a.example/bochum" rel="noreferrer"' in reply.text
    assert '<span lang="de">Bochum</span>' in reply.text
    assert 'format=csv" download="interkommunal.csv">CSV</a>' in reply.text


def test_the_file_behind_a_link_holds_the_same_rows(served: Serving) -> None:
    page = show(served, "SELECT ?name { ?city <http://a.example/name> ?name } ORDER BY ?name").text
    link = page.split('" download="interkommunal.csv"')[0].rpartition('href="')[2].replace("&amp;", "&")
    assert served.ask(link).body == b"name\r\nBochum\r\nEssen\r\n"


def test_a_long_table_is_cut_and_says_so(served: Serving) -> None:
    reply = show(served, "SELECT ?t { ?s <http://a.example/text> ?t }")
    assert reply.status == 200
    assert reply.text.count("<tr>") == 1001
    assert "Only the first 1000 rows are shown here." in reply.text


def test_ask_construct_and_nothing(served: Serving) -> None:
    assert "<strong>Yes</strong>" in show(served, "ASK {}").text
    assert "<strong>No</strong>" in show(served, "ASK { ?s <http://a.example/no> ?o }").text
    graph = show(served, "CONSTRUCT { ?s <http://a.example/n> ?o } WHERE { ?s <http://a.example/name> ?o }").text
    assert '<pre class="graph" tabindex="0"><code>' in graph
    assert str(escape('<http://a.example/n> "Essen"@de')) in graph
    assert "The graph says nothing about this." in show(served, "SELECT * { ?s <http://a.example/no> ?o }").text


def test_a_problem_is_shown_beside_the_query(served: Serving) -> None:
    reply = show(served, "SELECT * { ?s ?p }")
    assert reply.status == 400
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "The SPARQL query is malformed" in reply.text
    assert "SELECT * { ?s ?p }</textarea>" in reply.text


def test_what_people_and_data_say_is_escaped(served: Serving) -> None:
    script = "<script>alert(1)</script>"
    for query in (f"# {script}\nSELECT ('{script}' AS ?x) {{}}", f"{script}", f"</textarea>{script}"):
        text = show(served, query, **{"default-graph-uri": "http://a.example/g1"}).text
        assert script not in text
    link = show(served, "SELECT (IRI('javascript:alert(1)') AS ?x) {}").text
    assert 'href="javascript:' not in link


def test_the_dataset_is_kept_in_form_and_links(served: Serving) -> None:
    text = show(served, "ASK {}", **{"default-graph-uri": "http://a.example/g1"}).text
    assert '<input type="hidden" name="default-graph-uri" value="http://a.example/g1">' in text
    assert "default-graph-uri=http%3A%2F%2Fa.example%2Fg1" in text
