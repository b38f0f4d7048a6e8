"""What the service answers, against the official schemas and with expected values written out."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.serving import Serving

Valid = Callable[[str, Any], None]
Batch = Callable[[dict[str, Any]], dict[str, Any]]

PUBLIC = "https://data.example/ruhr/reconcile"


def test_manifest_is_valid_and_its_addresses_begin_with_the_public_url(client: httpx.Client, valid: Valid) -> None:
    manifest = client.get("/reconcile").json()

    valid("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/interkommunal/id/"
    assert manifest["schemaSpace"] == "https://w3id.org/interkommunal/ontology#"
    assert manifest["view"] == {"url": "https://data.example/ruhr/id/{{id}}"}
    assert manifest["preview"] == {"url": f"{PUBLIC}/preview?id={{{{id}}}}", "width": 430, "height": 300}
    assert manifest["batchSize"] == 200
    assert manifest["suggest"]["entity"] == {
        "service_url": PUBLIC,
        "service_path": "/suggest/entity",
        "flyout_service_url": PUBLIC,
        "flyout_service_path": "/flyout/entity?id=${id}",
    }
    assert manifest["extend"]["propose_properties"] == {"service_url": PUBLIC, "service_path": "/extend/propose"}
    assert manifest["defaultTypes"][0] == {"id": "City", "name": "Stadt"}


def test_manifest_speaks_the_language_of_the_request(client: httpx.Client) -> None:
    by_field = client.get("/reconcile", headers={"accept-language": "en"})
    by_parameter = client.get("/reconcile", params={"lang": "en"})

    assert by_field.json()["defaultTypes"][0] == {"id": "City", "name": "City"}
    assert by_field.content == by_parameter.content
    assert by_field.headers["content-language"] == "en"
    assert "Accept-Language" in by_field.headers["vary"]


def test_manifest_is_not_sent_again_to_who_has_it(client: httpx.Client) -> None:
    first = client.get("/reconcile")
    again = client.get("/reconcile", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_city_is_recognised_with_its_type_and_the_answer_is_valid(batch: Batch, valid: Valid) -> None:
    queries = {"q0": {"query": "Muelheim a. d. Ruhr", "type": "City", "limit": 1, "type_strict": "any"}}
    valid("reconciliation-query-batch", queries)
    answer = batch(queries)

    valid("reconciliation-result-batch", answer)
    (found,) = answer["q0"]["result"]
    assert found["id"] == "city/muelheim"
    assert found["name"] == "Mülheim an der Ruhr"
    assert found["description"] == "Stadt, 05117000"
    assert found["type"][0] == {"id": "City", "name": "Stadt"}
    assert found["match"] is True
    assert {"id": "inflected", "value": True} in found["features"]
    assert {"id": "unambiguous", "value": True} in found["features"]


def test_get_answers_like_post(client: httpx.Client, batch: Batch) -> None:
    queries = {"q0": {"query": "RVR"}, "q1": {"query": "KommIn NRW"}, "q2": {"query": "MAIS"}}
    got = client.get("/reconcile", params={"queries": json.dumps(queries)})

    assert got.json() == batch(queries)
    assert [got.json()[key]["result"][0]["id"] for key in queries] == [
        "organisation/regionalverband-ruhr",
        "programme/kommin-nrw",
        "organisation/mais",
    ]
    assert all(got.json()[key]["result"][0]["match"] for key in queries)


def test_name_of_two_things_is_no_match_until_the_type_tells(batch: Batch) -> None:
    answer = batch({"both": {"query": "welcome.ruhr"}, "one": {"query": "welcome.ruhr", "type": "Initiative"}})

    both = [(item["id"], item["match"]) for item in answer["both"]["result"][:2]]
    assert sorted(both) == [("initiative/welcome-ruhr", False), ("website/welcome-ruhr", False)]
    assert [(item["id"], item["match"]) for item in answer["one"]["result"][:1]] == [("initiative/welcome-ruhr", True)]


def test_types_are_any_all_or_a_wish(batch: Batch) -> None:
    types = ["City", "Agreement"]
    answer = batch(
        {
            "any": {"query": "Essen", "type": types, "type_strict": "any"},
            "all": {"query": "Essen", "type": types, "type_strict": "all"},
            "both": {"query": "Essen", "type": ["City", "schema:City"], "type_strict": "all"},
            "should": {"query": "Essen", "type": "Agreement", "type_strict": "should"},
        }
    )

    assert {item["type"][0]["id"] for item in answer["any"]["result"]} <= set(types)
    assert answer["any"]["result"][0]["match"] is True
    assert answer["all"]["result"] == []
    assert answer["both"]["result"][0]["id"] == "city/essen"
    assert (answer["should"]["result"][0]["id"], answer["should"]["result"][0]["match"]) == ("city/essen", False)
    assert answer["should"]["result"][0]["score"] == 80.0


@pytest.mark.parametrize(
    "text",
    [
        "Q2066",
        "wd:Q2066",
        "https://www.wikidata.org/wiki/Q2066",
        "http://www.wikidata.org/entity/Q2066",
        "4015557-2",
        "https://d-nb.info/gnd/4015557-2",
        "05113000",
        "05 113 000",
        "5113000",
        "city/essen",
        "https://w3id.org/interkommunal/id/city/essen",
    ],
)
def test_identifier_is_as_good_as_a_name(batch: Batch, text: str) -> None:
    first = batch({"q": {"query": text}})["q"]["result"][0]

    assert (first["id"], first["match"], first["score"]) == ("city/essen", True, 100.0)


def test_what_is_only_close_in_another_register_is_no_match(batch: Batch) -> None:
    column = {"properties": [{"pid": "openstreetmap", "v": "62713"}]}
    answer = batch({"name": {"query": "62713"}, "column": column})

    assert [(item["id"], item["match"], item["score"]) for item in answer["name"]["result"][:1]] == [
        ("city/essen", False, 80.0)
    ]
    assert [(item["id"], item["match"], item["score"]) for item in answer["column"]["result"]] == [
        ("city/essen", False, 90.0)
    ]


def test_further_columns_decide_between_namesakes_and_are_explained(batch: Batch) -> None:
    answer = batch(
        {
            "q": {
                "query": "Interkommunales Forum Integration",
                "limit": 3,
                "properties": [{"pid": "year", "v": "2012"}, {"pid": "inCity", "v": ["Bochum"]}],
            }
        }
    )
    found = answer["q"]["result"]

    assert found[0]["id"] == "event/forum-2012"
    assert {"id": "property-year", "value": 1.0} in found[0]["features"]
    assert {"id": "property-inCity", "value": 1.0} in found[0]["features"]
    assert found[0]["score"] > found[1]["score"] + 5


def test_column_that_contradicts_prevents_a_match(batch: Batch) -> None:
    answer = batch(
        {
            "right": {"query": "Essen", "type": "City", "properties": [{"pid": "municipalityKey", "v": "05113000"}]},
            "wrong": {"query": "Essen", "type": "City", "properties": [{"pid": "municipalityKey", "v": "03458005"}]},
        }
    )

    assert (answer["right"]["result"][0]["id"], answer["right"]["result"][0]["match"]) == ("city/essen", True)
    assert answer["wrong"]["result"][0]["match"] is False
    assert answer["wrong"]["result"][0]["score"] < 60


@pytest.mark.parametrize(
    ("pid", "value", "expected"),
    [
        ("wikidata", "Q2066", ["city/essen"]),
        ("gnd", {"id": "https://d-nb.info/gnd/4015557-2"}, ["city/essen"]),
        ("municipalityKey", 5113000, ["city/essen"]),
        ("schema:startDate", "20.09.2011", ["event/unterzeichnung-2011-09-20"]),
        ("schema:legalName", "Stadt Herne", ["city/herne"]),
        ("inCity", {"id": "city/herne"}, ["place/rathaus-herne"]),
    ],
)
def test_columns_alone_find_things(batch: Batch, pid: str, value: object, expected: list[str]) -> None:
    found = batch({"q": {"properties": [{"pid": pid, "v": value}]}})["q"]["result"]

    assert set(expected) <= {item["id"] for item in found}
    if len(found) == 1:
        assert found[0]["match"] is True


def test_limit_bounds_the_candidates(batch: Batch) -> None:
    text = "Interkommunales Forum Integration"
    answer = batch({**{str(limit): {"query": text, "limit": limit} for limit in (1, 6)}, "none": {"query": text}})

    assert {key: len(found["result"]) for key, found in answer.items()} == {"1": 1, "6": 6, "none": 5}


def test_empty_batch_and_empty_names_have_empty_answers(batch: Batch) -> None:
    assert batch({}) == {}
    assert batch({"q": {"query": ""}, "r": {"query": " \n"}}) == {"q": {"result": []}, "r": {"result": []}}


def test_suggestions_are_valid_and_go_on_with_a_cursor(client: httpx.Client, valid: Valid) -> None:
    cities = client.get("/reconcile/suggest/entity", params={"prefix": "Mülh"}).json()
    types = client.get("/reconcile/suggest/type", params={"prefix": "sta"}).json()
    properties = client.get("/reconcile/suggest/property", params={"prefix": "gemeinde"}).json()
    first = client.get("/reconcile/suggest/entity", params={"prefix": "in"}).json()["result"]
    second = client.get("/reconcile/suggest/entity", params={"prefix": "in", "cursor": "20"}).json()["result"]

    valid("suggest-entities-response", cities)
    valid("suggest-types-response", types)
    valid("suggest-properties-response", properties)
    assert cities["result"][0]["id"] == "city/muelheim"
    assert cities["result"][0]["notable"][0] == {"id": "City", "name": "Stadt"}
    assert [item["id"] for item in types["result"]] == ["City", "schema:City"]
    assert properties["result"][0]["id"] == "municipalityKey"
    assert len(first) == 20
    assert second
    assert not {item["id"] for item in first} & {item["id"] for item in second}
    assert client.get("/reconcile/suggest/entity", params={"prefix": "in", "cursor": "9999"}).json() == {"result": []}


def test_proposed_properties_are_those_that_things_of_the_type_have(client: httpx.Client, valid: Valid) -> None:
    proposed = client.get("/reconcile/extend/propose", params={"type": "City", "limit": "50"}).json()

    valid("data-extension-property-proposal", proposed)
    ids = [item["id"] for item in proposed["properties"]]
    assert (proposed["type"], proposed["limit"]) == ("City", 50)
    assert {"municipalityKey", "wikidata", "gnd", "schema:legalName", "partyTo"} <= set(ids)
    assert "schema:startDate" not in ids


def test_extension_gives_texts_numbers_dates_keys_and_things(client: httpx.Client, valid: Valid) -> None:
    wanted = ["rdfs:label", "wikidata", "municipalityKey", "inCity", "year", "schema:startDate", "foaf:homepage"]
    wish = {
        "ids": ["city/essen", "event/unterzeichnung-2011-09-20", "city/nowhere"],
        "properties": [{"id": name} for name in wanted],
    }
    valid("data-extension-query", wish)
    answer = client.post("/reconcile", data={"extend": json.dumps(wish)}).json()

    valid("data-extension-response", answer)
    assert [item["id"] for item in answer["meta"]] == wanted
    assert answer["rows"] == {
        "city/essen": {
            "rdfs:label": [{"str": "Essen"}],
            "wikidata": [{"str": "Q2066"}],
            "municipalityKey": [{"str": "05113000"}],
            "inCity": [],
            "year": [],
            "schema:startDate": [],
            "foaf:homepage": [{"str": "https://www.essen.de/"}],
        },
        "event/unterzeichnung-2011-09-20": {
            "rdfs:label": [{"str": "Veranstaltung im Wissenschaftspark Gelsenkirchen am 20. September 2011"}],
            "wikidata": [],
            "municipalityKey": [],
            "inCity": [{"id": "city/gelsenkirchen", "name": "Gelsenkirchen"}],
            "year": [{"int": 2011}],
            "schema:startDate": [{"date": "2011-09-20T00:00:00Z"}],
            "foaf:homepage": [],
        },
        "city/nowhere": {name: [] for name in wanted},
    }


def test_settings_of_a_property_are_obeyed(client: httpx.Client) -> None:
    def cells(**settings: object) -> list[dict[str, object]]:
        wish = {"ids": ["city/essen"], "properties": [{"id": "partyTo", "settings": settings}]}
        answer = client.post("/reconcile", data={"extend": json.dumps(wish)}).json()
        found = answer["rows"]["city/essen"]["partyTo"]
        assert isinstance(found, list)
        return found

    assert cells() == [
        {"id": "agreement/staedteregion-ruhr", "name": "Kontrakt „Interkulturelle Städteregion Ruhr“ (2010)"},
        {"id": "agreement/staedtekooperationsvertrag", "name": "Städtekooperationsvertrag (2003)"},
    ]
    assert cells(content="ids") == [
        {"str": "agreement/staedtekooperationsvertrag"},
        {"str": "agreement/staedteregion-ruhr"},
    ]
    assert cells(content="literals", limit=1) == [{"str": "Kontrakt „Interkulturelle Städteregion Ruhr“ (2010)"}]
    assert cells(limit="1") == cells()[:1]


def test_language_of_texts_can_be_chosen(client: httpx.Client) -> None:
    def texts(language: str) -> list[str]:
        wish = {
            "ids": ["organisation/mais"],
            "properties": [{"id": "rdfs:label", "settings": {"language": language}}],
        }
        row = client.post("/reconcile", data={"extend": json.dumps(wish)}).json()["rows"]["organisation/mais"]
        return [cell["str"] for cell in row["rdfs:label"]]

    german, english = texts("de"), texts("en")
    assert german == ["Ministerium für Arbeit, Integration und Soziales des Landes Nordrhein-Westfalen (MAIS)"]
    assert english == ["Ministry of Labour, Integration and Social Affairs of North Rhine-Westphalia (MAIS)"]
    assert texts("") == german
    assert texts("all") == german + english


def test_preview_may_be_framed_by_anybody_and_loads_nothing(client: httpx.Client) -> None:
    preview = client.get("/reconcile/preview", params={"id": "city/muelheim"})

    policy = preview.headers["content-security-policy"]
    assert preview.headers["content-type"] == "text/html; charset=utf-8"
    assert "frame-ancestors" not in policy
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "x-frame-options" not in preview.headers
    assert preview.headers["cross-origin-resource-policy"] == "cross-origin"
    assert '<a href="https://data.example/ruhr/doc/city/muelheim" target="_blank" rel="noopener">' in preview.text
    assert "Mülheim an der Ruhr" in preview.text
    assert "<dt>Wikidata-Kennung</dt><dd>Q2899</dd>" in preview.text
    assert "<script" not in preview.text
    assert "src=" not in preview.text


@pytest.mark.parametrize(
    ("kind", "given", "expected"),
    [
        ("entity", "city/essen", ">Essen</a>"),
        ("type", "City", "<h1>Stadt</h1>"),
        ("property", "wikidata", "<h1>Wikidata-Kennung</h1>"),
        ("property", "https://w3id.org/interkommunal/ontology#year", "<h1>Jahr</h1>"),
    ],
)
def test_flyouts_are_json_with_html(client: httpx.Client, kind: str, given: str, expected: str) -> None:
    flyout = client.get(f"/reconcile/flyout/{kind}", params={"id": given}).json()

    assert flyout["id"] == given
    assert expected in flyout["html"]


def test_identifier_of_the_answer_leads_to_the_page_whether_encoded_or_not(client: httpx.Client) -> None:
    plain = client.get("/id/city/essen", follow_redirects=False)
    encoded = client.get("/id/city%2Fessen", follow_redirects=False)

    assert (plain.status_code, encoded.status_code) == (303, 303)
    assert plain.headers["location"] == encoded.headers["location"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/reconcile"),
        ("GET", "/reconcile/"),
        ("HEAD", "/reconcile"),
        ("OPTIONS", "/reconcile"),
        ("OPTIONS", "/reconcile/suggest/entity"),
        ("GET", "/reconcile?queries=%7B"),
        ("POST", "/reconcile"),
        ("PUT", "/reconcile"),
        ("GET", "/reconcile/preview?id=city/essen"),
        ("GET", "/reconcile/preview?id=city/nowhere"),
        ("GET", "/reconcile/suggest/entity"),
        ("GET", "/reconcile/suggest/entity?prefix=e&cursor=x"),
        ("GET", "/reconcile/flyout/type?id=City"),
        ("GET", "/reconcile/extend/propose?type=Nothing"),
        ("GET", "/reconcile/nothing"),
    ],
)
def test_every_answer_may_be_read_by_scripts_of_any_site(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request(method, path, headers={"origin": "https://refine.example"})

    assert answer.headers["access-control-allow-origin"] == "*"
    if method != "OPTIONS":
        assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.status_code >= 400:
        assert answer.headers["content-type"] == "application/problem+json"


def test_preflight_allows_what_there_is(client: httpx.Client) -> None:
    asked = {"origin": "https://refine.example", "access-control-request-method": "POST"}
    answer = client.options("/reconcile", headers=asked)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "*"


def test_there_is_no_jsonp(client: httpx.Client) -> None:
    answer = client.get("/reconcile", params={"callback": "evil"})

    assert answer.headers["content-type"] == "application/json"
    assert answer.content == client.get("/reconcile").content


BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


def test_browsers_get_a_page_and_programs_the_manifest(client: httpx.Client) -> None:
    page = client.get("/reconcile", headers=BROWSER)
    english = client.get("/reconcile", headers=BROWSER, params={"lang": "en"})

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<h1>Namen abgleichen</h1>" in page.text
    assert f"<code>{PUBLIC}</code>" in page.text
    assert "<h1>Reconcile names</h1>" in english.text
    assert "Accept" in page.headers["vary"]
    java = "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2"
    for accept in ("*/*", "application/json", "application/json, text/javascript, */*; q=0.01", "", java):
        assert client.get("/reconcile", headers={"accept": accept}).headers["content-type"] == "application/json"


def test_page_tries_a_name_and_says_in_words_why(client: httpx.Client) -> None:
    page = client.get("/reconcile", headers=BROWSER, params={"name": "Gelsenkrichen", "type": "City"}).text
    nothing = client.get("/reconcile", headers=BROWSER, params={"name": "xyzzy"}).text

    assert '<a href="/ruhr/doc/city/gelsenkirchen">Gelsenkirchen</a>' in page
    assert "heißt so bis auf Tippfehler; ist von dieser Art; nichts anderes heißt so" in page
    assert "<strong>Treffer</strong>" in page
    assert "Nichts im Graphen heißt so oder so ähnlich." in nothing


def test_page_escapes_what_was_typed(client: httpx.Client) -> None:
    typed = '"><script>alert(1)</script>'
    page = client.get("/reconcile", headers=BROWSER, params={"name": typed, "type": typed}).text

    assert "<script>alert" not in page
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"' in page


def test_openapi_document_names_the_operations(client: httpx.Client) -> None:
    document = client.get("/openapi.json").json()

    found = {path for path in document["paths"] if path.startswith("/reconcile")}
    assert found == {
        "/reconcile",
        "/reconcile/preview",
        "/reconcile/extend/propose",
        *(f"/reconcile/{part}/{kind}" for part in ("suggest", "flyout") for kind in ("entity", "type", "property")),
    }
    for path in found - {"/reconcile"}:
        (operation,) = document["paths"][path].values()
        wanted = {"id": "City" if path.endswith("type") else "year" if path.endswith("property") else "city/essen"}
        wanted |= {"prefix": "e", "type": "City"}
        names = [item["name"] for item in operation["parameters"] if item["name"] in wanted]
        assert client.get(path, params={name: wanted[name] for name in names}).status_code == 200


def test_catalogue_lists_the_service(client: httpx.Client) -> None:
    catalogue = client.get("/catalog.nt").text

    assert "<http://www.w3.org/ns/dcat#endpointURL> <https://data.example/ruhr/reconcile>" in catalogue


def test_every_batch_leaves_a_line_in_the_log_and_a_count(served: Serving, client: httpx.Client) -> None:
    client.post("/reconcile", data={"queries": '{"a": {"query": "Essen"}, "b": {"query": "Herne"}}'})
    client.post("/reconcile", data={"queries": "{"})

    (line, *_) = served.wait_for("query", form="reconcile", rows=2, outcome="ok")
    assert (line["status"], line["format"]) == (200, "application/json")
    assert served.wait_for("query", form="reconcile", outcome="bad-request")
    assert 'interkommunal_queries_total{cache="-",form="reconcile",outcome="ok"}' in client.get("/metrics").text
