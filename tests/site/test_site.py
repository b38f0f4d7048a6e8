import pytest

from interkommunal.site.site import Site, iri_of, path_of

BASE = "https://w3id.org/interkommunal"


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (f"{BASE}/id/city/essen", "/doc/city/essen"),
        (f"{BASE}/id/passage/grundlagen/L019.1", "/doc/passage/grundlagen/L019.1"),
        (f"{BASE}/concept/role-party", "/doc/concept/role-party"),
        (f"{BASE}/shape/Agreement-name", "/doc/shape/Agreement-name"),
        (f"{BASE}/graph/derived/party", "/doc/graph/derived/party"),
        (f"{BASE}/.well-known/genid/x-1", "/doc/genid/x-1"),
        (f"{BASE}/ontology", "/ontology"),
        (f"{BASE}/ontology#City", "/ontology/City"),
    ],
)
def test_each_of_our_iris_has_one_path_and_the_path_leads_back(iri: str, path: str) -> None:
    assert path_of(iri) == path
    assert iri_of(path) == iri


def test_a_hash_iri_below_id_is_described_with_the_thing_before_the_hash() -> None:
    assert path_of(f"{BASE}/id/city/essen#point-wikidata") == "/doc/city/essen#point-wikidata"


@pytest.mark.parametrize("iri", ["http://www.wikidata.org/entity/Q2066", f"{BASE}/id/", f"{BASE}/other", BASE])
def test_other_iris_have_no_path(iri: str) -> None:
    assert path_of(iri) is None


@pytest.mark.parametrize("path", ["/doc/", "/doc/city/", "/doc/a b", '/doc/a"b', "/doc/<x>", "/elsewhere", "/"])
def test_a_path_at_which_no_iri_can_lie_leads_nowhere(path: str) -> None:
    assert iri_of(path) is None


def test_links_hold_the_prefix_of_the_public_url_and_urls_all_of_it() -> None:
    site = Site("https://data.example/ruhr")
    assert site.page(f"{BASE}/id/city/essen") == "/ruhr/doc/city/essen"
    assert site.absolute("/ontology") == "https://data.example/ruhr/ontology"
    assert Site("https://data.example").page(f"{BASE}/id/city/essen") == "/doc/city/essen"
