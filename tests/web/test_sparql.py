"""The protocol as clients see it: methods, formats, parameters, header fields, refusals."""

from __future__ import annotations

import gzip
from urllib.parse import quote, urlencode

import brotli  # type: ignore[import-untyped]
import pyoxigraph
import pytest
import zstandard
from tests.serving import Reply, Serving

NAMES = "SELECT ?name { ?city <http://a.example/name> ?name } ORDER BY ?name"
TRIPLE = "CONSTRUCT { ?s <http://a.example/name> ?o } WHERE { ?s <http://a.example/name> ?o } ORDER BY ?o LIMIT 1"
JSON = "application/sparql-results+json"


def get(served: Serving, query: str, accept: str | None = None, **parameters: str) -> Reply:
    target = "/sparql?" + urlencode({"query": query, **parameters})
    return served.ask(target, headers={} if accept is None else {"accept": accept})


def names(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.text
    results = reply.json["results"]
    assert isinstance(results, dict)
    return [row["name"]["value"] for row in results["bindings"]]


def test_get_answers(served: Serving) -> None:
    reply = get(served, NAMES)
    assert names(reply) == ["Bochum", "Essen"]
    assert reply.headers["content-type"] == JSON
    assert reply.headers["content-length"] == str(len(reply.body))


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_query_as_body_answers(served: Serving, method: str) -> None:
    headers = {"content-type": "application/sparql-query"}
    assert names(served.ask("/sparql", method, NAMES.encode(), headers)) == ["Bochum", "Essen"]


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_form_as_body_answers(served: Serving, method: str) -> None:
    body = urlencode({"query": NAMES, "default-graph-uri": "http://a.example/g2"}).encode()
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    assert names(served.ask("/sparql", method, body, headers)) == ["Essen"]


def test_the_path_may_end_with_a_slash(served: Serving) -> None:
    assert served.ask("/sparql/?query=ASK%7B%7D").status == 200


def test_head_has_the_header_fields_of_get_and_no_body(served: Serving) -> None:
    target = "/sparql?" + urlencode({"query": NAMES})
    got, head = served.ask(target), served.ask(target, "HEAD")
    assert head.status == 200
    assert head.body == b""
    assert {**head.headers, "date": ""} == {**got.headers, "date": ""}


def test_options_names_what_there_is(served: Serving) -> None:
    reply = served.ask("/sparql", "OPTIONS", headers={"origin": "https://b.example"})
    assert reply.status == 204
    assert reply.headers["allow"] == "GET, HEAD, POST, QUERY, OPTIONS"
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "QUERY" in reply.headers["access-control-allow-methods"]
    assert reply.headers["accept-query"] == "application/sparql-query, application/x-www-form-urlencoded"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_are_405_with_allow(served: Serving, method: str) -> None:
    reply = served.ask("/sparql?query=ASK%7B%7D", method)
    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, POST, QUERY, OPTIONS"


def test_scripts_of_other_sites_may_read_without_credentials(served: Serving) -> None:
    for reply in (get(served, NAMES), get(served, "ASK {"), served.ask("/sparql")):
        assert reply.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in reply.headers
        assert "ETag" in reply.headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/xml;q=0.9, text/html;q=0.1", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8; header=present"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
        ("application/sparql-results+json,*/*;q=0.9", JSON),
    ],
)
def test_a_table_comes_as_the_client_likes_it(served: Serving, accept: str | None, content_type: str) -> None:
    reply = get(served, NAMES, accept)
    assert reply.status == 200
    assert reply.headers["content-type"] == content_type
    assert "Accept" in reply.headers["vary"]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        (None, "text/turtle; charset=utf-8"),
        ("application/n-triples", "application/n-triples"),
        ("text/plain", "application/n-triples"),
        ("application/n-quads", "application/n-quads"),
        ("application/trig", "application/trig"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("text/turtle,*/*;q=0.9", "text/turtle; charset=utf-8"),
    ],
)
def test_a_graph_comes_as_the_client_likes_it(served: Serving, accept: str | None, content_type: str) -> None:
    reply = get(served, TRIPLE, accept)
    assert reply.status == 200
    assert reply.headers["content-type"] == content_type
    kind = pyoxigraph.RdfFormat.from_media_type(content_type)
    assert kind is not None
    quads = list(pyoxigraph.parse(reply.body, format=kind))
    assert [str(quad.object) for quad in quads] == ['"Bochum"@de']


def test_csv_and_tsv_are_what_the_standard_says(served: Serving) -> None:
    query = "SELECT ?motto { ?city <http://a.example/motto> ?motto }"
    assert get(served, query, "text/csv").body == b'motto\r\n"a, ""b""\nc"\r\n'
    assert get(served, query, "text/tab-separated-values").body == b'?motto\n"a, \\"b\\"\\nc"\n'


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("csv", "text/csv"),
        ("xml", "application/sparql-results+xml"),
        ("json", JSON),
        (JSON, JSON),
        ("html", "text/html"),
    ],
)
def test_format_comes_before_accept(served: Serving, name: str, content_type: str) -> None:
    reply = get(served, NAMES, "text/tab-separated-values", format=name)
    assert reply.headers["content-type"].partition(";")[0] == content_type


def test_a_format_that_does_not_fit_is_406_with_those_that_do(served: Serving) -> None:
    for reply in (get(served, "ASK {}", "text/csv"), get(served, "ASK {}", format="csv")):
        assert reply.status == 406
        assert reply.json["available"] == [JSON, "application/sparql-results+xml", "text/html"]


def test_the_dataset_of_the_protocol_replaces_that_of_the_query(served: Serving) -> None:
    query = NAMES.replace("{", "FROM <http://a.example/g1> {", 1)
    assert names(get(served, query)) == ["Bochum"]
    assert names(get(served, query, **{"default-graph-uri": "http://a.example/g2"})) == ["Essen"]


def test_named_graphs_alone_leave_the_default_graph_empty(served: Serving) -> None:
    parameters = {"named-graph-uri": "http://a.example/g1"}
    assert names(get(served, NAMES, **parameters)) == []
    assert names(get(served, "SELECT ?name { GRAPH ?g { ?c <http://a.example/name> ?name } }", **parameters)) == [
        "Bochum"
    ]


def test_the_default_graph_is_the_union_of_all_graphs(served: Serving) -> None:
    assert names(get(served, NAMES)) == ["Bochum", "Essen"]


@pytest.mark.parametrize(
    ("coding", "undo"),
    [
        ("gzip", gzip.decompress),
        ("br", brotli.decompress),
        ("zstd", lambda data: zstandard.ZstdDecompressor().decompress(data)),
    ],
)
def test_answers_are_compressed_as_the_client_likes_it(served: Serving, coding: str, undo: object) -> None:
    target = "/sparql?" + urlencode({"query": "SELECT ?t { ?s <http://a.example/text> ?t } ORDER BY ?t LIMIT 100"})
    plain = served.ask(target)
    coded = served.ask(target, headers={"accept-encoding": f"{coding};q=1.0, *;q=0"})
    assert coded.headers["content-encoding"] == coding
    assert coded.headers["content-length"] == str(len(coded.body))
    assert len(coded.body) < len(plain.body) / 5
    assert callable(undo)
    assert undo(coded.body) == plain.body
    assert coded.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["vary"]


def test_a_large_answer_streams_and_can_be_compressed(served: Serving) -> None:
    target = "/sparql?" + urlencode({"query": "SELECT * { ?s <http://a.example/text> ?o }", "format": "csv"})
    plain = served.ask(target)
    assert plain.headers["transfer-encoding"] == "chunked"
    assert plain.body.count(b"\r\n") == 20_001
    coded = served.ask(target, headers={"accept-encoding": "zstd"})
    assert coded.headers["content-encoding"] == "zstd"
    whole = zstandard.ZstdDecompressor().decompressobj().decompress(coded.body)
    assert sorted(whole.splitlines()) == sorted(plain.body.splitlines())
    head = served.ask(target, "HEAD")
    assert (head.status, head.body) == (200, b"")


def test_problems_have_one_shape_in_the_language_of_the_client(served: Serving) -> None:
    target = "/sparql?query=" + quote("SELECT * {\n ?s ?p }")
    german, english = served.ask(target), served.ask(target, headers={"accept-language": "en"})
    for reply, language in ((german, "de"), (english, "en")):
        assert reply.status == 400
        assert reply.headers["content-type"] == "application/problem+json"
        assert reply.headers["content-language"] == language
        assert reply.headers["cache-control"] == "no-store"
        assert reply.json["type"] == "https://w3id.org/interkommunal/problem/query-syntax"
        assert reply.json["status"] == 400
        assert (reply.json["line"], reply.json["column"]) == (2, 9)  # where the parser got stuck
    assert german.json["title"] == "Die SPARQL-Anfrage ist fehlerhaft"
    assert english.json["title"] == "The SPARQL query is malformed"


def test_lang_comes_before_accept_language(served: Serving) -> None:
    reply = served.ask("/sparql?query=ASK&lang=en", headers={"accept-language": "de"})
    assert reply.headers["content-language"] == "en"


@pytest.mark.parametrize("query", ["CLEAR ALL", "INSERT DATA { <http://a.example/> <http://a.example/> 1 }"])
def test_an_update_is_refused_wherever_it_stands(served: Serving, query: str) -> None:
    for reply in (
        served.ask("/sparql?" + urlencode({"query": query})),
        served.ask("/sparql?" + urlencode({"update": query})),
        served.ask("/sparql", "POST", query.encode(), {"content-type": "application/sparql-update"}),
    ):
        assert reply.status == 403
        assert reply.json["rule"] == "update"


def test_service_goes_only_where_it_is_allowed(served: Serving) -> None:
    reply = get(served, f"SELECT * {{ SERVICE <{served.url}/sparql> {{ ?s ?p ?o }} }}")
    assert reply.status == 403


def test_from_fetches_nothing(served: Serving) -> None:
    assert names(get(served, NAMES.replace("{", f"FROM <{served.url}/> {{", 1))) == []


# Bad input: a clear 4xx, and the server goes on.


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (bytes(range(256)) * 10, 400),
        (b"\x00" * 1000, 400),
        (b"{" * (1 << 20), 400),
        (b"ASK " + b"{" * 100_000, 413),
        (b"ASK { ?s ?p " + b"(" * 100_000, 413),
        (b"SELECT * { ?s ?p '\x00' } #\x00", 200),
        (b"", 400),
        (b"#", 400),
        (b"SELECT * { ?s ?p ?o } " + b"#" * (10 << 20), 413),
        ("SELECT * { ?s ?p '\ud800' }".encode("utf-8", "surrogatepass"), 400),
        (b"SELECT * { <http://a.example/ \x01> ?p ?o }", 400),
        (b"ASK { ?s ?p 'unterminated }", 400),
    ],
)
def test_a_bad_query_is_a_clear_refusal(served: Serving, body: bytes, status: int) -> None:
    reply = served.ask("/sparql", "POST", body, {"content-type": "application/sparql-query"})
    assert reply.status == status, reply.text[:500]
    if status != 200:
        assert reply.json["status"] == status
    assert served.ask("/sparql?query=ASK%7B%7D").status == 200


@pytest.mark.parametrize(
    "query_string",
    [
        b"query=%00%FF",
        b"query=ASK%7B%7D&default-graph-uri=not%20an%20iri",
        b"query=ASK%7B%7D&default-graph-uri=http://a.example/%7B%7D",
        b"query=ASK%7B%7D&timeout=soon",
        b"unknown=1",
        b"&" * 100,
        b"query=ASK%7B%7D&query=ASK%7B%20%7D",
        b"query=ASK%7B%7D&format=json&format=xml",
    ],
)
def test_a_bad_query_string_is_400_or_the_description(served: Serving, query_string: bytes) -> None:
    reply = served.ask("/sparql?" + query_string.decode("latin-1"))
    assert reply.status == (200 if query_string.startswith(b"&") else 400)


def test_a_body_that_is_too_large_is_413_even_if_the_client_sends_it_all(served: Serving) -> None:
    headers = {"content-type": "application/x-www-form-urlencoded"}
    reply = served.ask("/sparql", "POST", b"query=" + b"x" * (10 << 20), headers)
    assert reply.status == 413
    assert reply.json["limit"] == "body"


def test_a_compressed_body_is_415(served: Serving) -> None:
    headers = {"content-type": "application/sparql-query", "content-encoding": "gzip"}
    reply = served.ask("/sparql", "POST", gzip.compress(b"ASK {}"), headers)
    assert reply.status == 415
    assert reply.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("query", "accept", "held"),
    [
        ('SELECT ("a\\u0001" AS ?x) {}', "application/sparql-results+xml", "application/sparql-results+json"),
        ("CONSTRUCT { <http://a.example/a> <http://a.example/1> 2 } {}", "application/rdf+xml", "text/turtle"),
    ],
)
def test_what_a_format_cannot_hold_is_406_and_another_format_can(
    served: Serving, query: str, accept: str, held: str
) -> None:
    target = f"/sparql?{urlencode({'query': query})}"
    reply = served.ask(target, headers={"Accept": accept})
    assert (reply.status, reply.headers["content-type"]) == (406, "application/problem+json")
    assert served.ask(target, headers={"Accept": held}).status == 200


def test_the_names_of_graphs_count_for_the_memory_of_the_cache(served: Serving) -> None:
    def cached() -> float:
        lines = served.ask("/metrics").text.splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("interkommunal_cache_bytes "))

    before = cached()
    graph = f"http://a.example/{'x' * 1_000_000}"
    body = urlencode({"query": "ASK {} # a graph with a long name", "default-graph-uri": graph}).encode()
    reply = served.ask("/sparql", "POST", body, {"Content-Type": "application/x-www-form-urlencoded"})
    assert reply.status == 200
    assert cached() - before > 1_000_000
