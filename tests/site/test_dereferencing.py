from collections.abc import Callable

import httpx
import pyoxigraph
import pytest
from tests.spelling import SPELLINGS

FORMATS = {
    "html": "text/html; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "csv": "text/csv; charset=utf-8; header=present",
}
ESSEN = "https://w3id.org/interkommunal/id/city/essen"


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/id/city/essen", "/doc/city/essen"),
        ("/id/city/essen.ttl", "/doc/city/essen.ttl"),
        ("/id/city/essen?lang=en", "/doc/city/essen?lang=en"),
        ("/id/passage/grundlagen/L019.1", "/doc/passage/grundlagen/L019.1"),
        ("/concept/role-party", "/doc/concept/role-party"),
        ("/shape/Agreement-name", "/doc/shape/Agreement-name"),
        ("/graph/derived/party", "/doc/graph/derived/party"),
    ],
)
def test_a_thing_leads_to_its_description(client: httpx.Client, path: str, there: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == there
    assert client.get(there).status_code == 200


@pytest.mark.parametrize(("suffix", "content_type"), FORMATS.items())
def test_a_suffix_chooses_the_format(client: httpx.Client, suffix: str, content_type: str) -> None:
    answer = client.get(f"/doc/city/essen.{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == content_type
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(("suffix", "content_type"), FORMATS.items())
def test_accept_chooses_the_format_and_the_answer_says_where_it_lies(
    client: httpx.Client, suffix: str, content_type: str
) -> None:
    answer = client.get("/doc/city/essen", headers={"accept": content_type.partition(";")[0]})
    assert answer.headers["content-type"] == content_type
    assert answer.headers["content-location"].partition("?")[0] == f"/doc/city/essen.{suffix}"
    assert "Accept" in answer.headers["vary"]


@pytest.mark.parametrize("accept", ["*/*", "", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"])
def test_who_does_not_care_gets_the_page(client: httpx.Client, accept: str) -> None:
    assert client.get("/doc/city/essen", headers={"accept": accept}).headers["content-type"] == FORMATS["html"]


def test_a_dot_in_the_name_of_a_passage_is_no_suffix(client: httpx.Client) -> None:
    turtle = client.get("/doc/passage/grundlagen/L019.1.ttl")
    assert turtle.headers["content-type"] == FORMATS["ttl"]
    assert "L019.1" in turtle.text
    assert client.get("/doc/passage/grundlagen/L019.1").headers["content-type"] == FORMATS["html"]


def test_data_may_be_read_from_other_sites_and_pages_may_not(client: httpx.Client) -> None:
    assert client.get("/doc/city/essen.ttl").headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in client.get("/doc/city/essen.html").headers


def test_a_format_that_there_is_not_is_answered_with_a_list(client: httpx.Client) -> None:
    answer = client.get("/doc/city/essen", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["available"] == [name.partition(";")[0] for name in _in_order()]


def _in_order() -> list[str]:
    return [FORMATS[name] for name in ("html", "ttl", "jsonld", "nt", "rdf", "trig", "csv")]


@pytest.mark.parametrize("path", ["/doc/city/essen", "/doc/city/essen.ttl", "/sources/grundlagen", "/ontology"])
def test_head_tells_what_get_would_without_a_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.status_code == 200
    assert head.content == b""
    for name in ("content-type", "etag", "vary", "link", "content-location"):
        assert head.headers.get(name) == get.headers.get(name)


@pytest.mark.parametrize("path", ["/doc/city/essen.html", "/doc/city/essen.ttl", "/doc/city/essen.jsonld", "/ontology"])
def test_who_has_it_already_gets_304(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_entity_tags_differ_by_format_and_language(client: httpx.Client) -> None:
    tags = {client.get(f"/doc/city/essen.{suffix}").headers["etag"] for suffix in FORMATS}
    assert len(tags) == len(FORMATS)
    english = client.get("/doc/city/essen.html", headers={"accept-language": "en"})
    assert english.headers["etag"] not in tags


def test_a_missing_thing_suggests_near_ones_as_data(client: httpx.Client) -> None:
    answer = client.get("/doc/city/muehlheim.ttl", headers={"accept": "text/turtle"})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["near"][0] == {
        "iri": "https://w3id.org/interkommunal/id/city/muelheim",
        "label": "Mülheim an der Ruhr",
    }


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_near_ones_do_not_depend_on_how_a_name_is_spelt(client: httpx.Client, spelling: str) -> None:
    def near(name: str) -> list[dict[str, str]]:
        answer = client.get(f"/doc/city/{name}.ttl", headers={"accept": "text/turtle"})
        assert answer.status_code == 404
        found = answer.json()["near"]
        assert isinstance(found, list)
        return found

    assert near(SPELLINGS[spelling]("mühlheim")) == near("mühlheim") != []


def test_a_missing_thing_suggests_near_ones_on_a_page(client: httpx.Client) -> None:
    answer = client.get("/doc/city/esen")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert '<a href="/doc/city/essen">Essen</a>' in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_what_nothing_is_like_is_missing_without_suggestions(client: httpx.Client) -> None:
    answer = client.get("/doc/zzzzzzzz/qqqqqqqqqqqqq.nt", headers={"accept": "text/turtle"})
    assert answer.status_code == 404
    assert "near" not in answer.json()


@pytest.mark.parametrize("path", ["/doc/city/a b", "/doc/%3Cscript%3E", "/doc/city/", "/ontology/9.9.9", "/nowhere"])
def test_odd_paths_are_missing_and_no_fault(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_other_methods_are_refused_with_a_list(client: httpx.Client) -> None:
    answer = client.post("/doc/city/essen")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    options = client.options("/doc/city/essen")
    assert options.status_code == 204
    assert options.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"


WITHDRAWN = """\
<https://w3id.org/interkommunal/id/city/alt> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> <https://w3id.org/interkommunal/graph/editorial> .
<https://w3id.org/interkommunal/id/city/alt> <http://purl.org/dc/terms/isReplacedBy> <https://w3id.org/interkommunal/id/city/neu> <https://w3id.org/interkommunal/graph/editorial> .
<https://w3id.org/interkommunal/id/city/neu> <http://www.w3.org/2000/01/rdf-schema#label> "Neu"@de <https://w3id.org/interkommunal/graph/editorial> .
<https://w3id.org/interkommunal/ontology#Old> <http://www.w3.org/2002/07/owl#deprecated> "true"^^<http://www.w3.org/2001/XMLSchema#boolean> <https://w3id.org/interkommunal/graph/ontology> .
<https://w3id.org/interkommunal/ontology#Old> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/2002/07/owl#Class> <https://w3id.org/interkommunal/graph/ontology> .
"""  # noqa: E501


def test_a_withdrawn_iri_is_gone_and_says_what_replaces_it(serve_quads: Callable[..., httpx.Client]) -> None:
    client = serve_quads(WITHDRAWN)
    data = client.get("/doc/city/alt", headers={"accept": "text/turtle"})
    assert data.status_code == 410
    assert data.json()["isReplacedBy"] == ["https://w3id.org/interkommunal/id/city/neu"]
    assert data.headers["link"] == (
        '<https://w3id.org/interkommunal/id/city/neu>; rel="http://purl.org/dc/terms/isReplacedBy"'
    )
    page = client.get("/doc/city/alt.html")
    assert page.status_code == 410
    assert 'href="/doc/city/neu"' in page.text


def test_a_discouraged_term_is_still_described(serve_quads: Callable[..., httpx.Client]) -> None:
    page = serve_quads(WITHDRAWN).get("/ontology/Old")
    assert page.status_code == 200
    assert "Dieser Begriff ist überholt." in page.text


def test_the_description_of_a_thing_holds_its_parts_labels_and_passages(
    client: httpx.Client, store: pyoxigraph.Store
) -> None:
    turtle = client.get("/doc/agreement/staedteregion-ruhr.nt").content
    found = {str(triple.subject) for triple in pyoxigraph.parse(turtle, format=pyoxigraph.RdfFormat.N_TRIPLES)}
    base = "<https://w3id.org/interkommunal"
    assert f"{base}/id/participation/ruhr-bochum>" in found
    assert f"{base}/id/city/bochum>" in found
    assert f"{base}/concept/role-first-signatory>" in found
    assert f"{base}/id/passage/grundlagen/L019.3>" in found
    assert f"{base}/id/passage/grundlagen/L019.3-selector>" in found


def test_the_ontology_is_one_document_at_its_own_address_and_at_that_of_its_version(client: httpx.Client) -> None:
    one, other = client.get("/ontology.ttl"), client.get("/ontology/0.1.0.ttl")
    assert one.content == other.content
    assert b"ik:Agreement" in one.content
    term = client.get("/ontology/Agreement.ttl")
    assert b"owl:Class" in term.content


def test_the_context_lies_where_documents_name_it(client: httpx.Client, url: str) -> None:
    answer = client.get("/context/0.1.0.jsonld")
    assert answer.headers["content-type"] == "application/ld+json"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["@context"]["City"] == "ik:City"


def test_links_keep_the_prefix_of_the_public_url(
    serve_quads: Callable[..., httpx.Client],
) -> None:
    client = serve_quads(WITHDRAWN, "https://data.example/ruhr")
    page = client.get("/doc/city/neu")
    assert '<link rel="canonical" href="https://data.example/ruhr/doc/city/neu?lang=de">' in page.text
    assert 'href="/ruhr/doc/city/neu.ttl"' in page.text
    assert 'href="/ruhr/design/' in page.text
    assert 'href="/doc/' not in page.text
    assert client.get("/id/city/neu").headers["location"] == "/ruhr/doc/city/neu"
    assert "https://data.example/ruhr/doc/city/neu.ttl" in page.headers["link"]
    assert page.headers["content-location"] == "/ruhr/doc/city/neu.html?lang=de"
