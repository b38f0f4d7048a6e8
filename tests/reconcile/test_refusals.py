"""What is wrong is refused with a reason, what is hostile does nothing, and nothing is a fault of the server."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.serving import Serving

HOSTILE = (
    '" OR "a"*',
    "essen NEAR/2 stadt",
    "name_part MATCH 'x'",
    "'; DROP TABLE name; --",
    "{label name}: essen",
    "<script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}",
    "} SERVICE <http://127.0.0.1/> { ?s ?p ?o",
    '" } DELETE WHERE { ?s ?p ?o } #',
    "\0\0",
    "\u202e\u202c",
    "e\u0301" * 500,
    "%s%n%00",
    "../../etc/passwd",
    "\U0001f600" * 200,
    "-" * 1000,
    "a." * 1000,
    "St. " * 500,
)


def post(client: httpx.Client, **form: str) -> httpx.Response:
    return client.post("/reconcile", data=form)


@pytest.mark.parametrize(
    "queries", ["{", "[]", "null", '"x"', "[" * 100_000, '{"q":' * 100_000, '{"\\ud800": {"query": "Essen"}}', "NaN"]
)
def test_batch_that_is_no_json_object_is_refused_with_a_reason(client: httpx.Client, queries: str) -> None:
    answer = post(client, queries=queries)

    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "https://w3id.org/interkommunal/problem/bad-request"
    assert answer.json()["detail"]


BAD_CELLS = {
    "number": "1",
    "nothing": "null",
    "neither name nor columns": "{}",
    "no columns": '{"properties": []}',
    "number as name": '{"query": 1}',
    "list as name": '{"query": ["Essen"]}',
    "empty cell of pandas": '{"query": NaN}',
    "infinite limit": '{"query": "x", "limit": Infinity}',
    "half a character": '{"query": "\\ud800"}',
    "half a character in a column": '{"query": "x", "properties": [{"pid": "year", "v": "\\udfff"}]}',
    "half a limit": '{"query": "x", "limit": 1.5}',
    "endless limit": '{"query": "x", "limit": ' + "9" * 5000 + "}",
    "nested query": '{"query": ' + "[" * 2000 + "]" * 2000 + "}",
    "nested value": '{"query": "x", "properties": [{"pid": "year", "v": ' + '{"a":' * 3000 + "1" + "}" * 3000 + "}]}",
    "word as limit": '{"query": "x", "limit": "many"}',
    "limit of nothing": '{"query": "x", "limit": 0}',
    "true as limit": '{"query": "x", "limit": true}',
    "number as type": '{"query": "x", "type": 5}',
    "number among types": '{"query": "x", "type": ["City", 5]}',
    "unknown type": '{"query": "x", "type": "Town"}',
    "unknown strictness": '{"query": "x", "type_strict": "maybe"}',
    "list as strictness": '{"query": "x", "type_strict": ["any"]}',
    "object as columns": '{"query": "x", "properties": {}}',
    "number as column": '{"query": "x", "properties": [5]}',
    "column without value": '{"query": "x", "properties": [{"pid": "year"}]}',
    "unknown column": '{"query": "x", "properties": [{"pid": "age", "v": 1}]}',
    "object as value": '{"query": "x", "properties": [{"pid": "year", "v": {"a": 1}}]}',
    "object too deep": f'{{"query": "x", "properties": {"[" * 300}{"]" * 300}}}',
    "list of lists": '{"query": "x", "properties": [{"pid": "year", "v": [[1]]}]}',
    "too many columns": json.dumps({"query": "x", "properties": [{"pid": "year", "v": 1}] * 21}),
}


@pytest.mark.parametrize("cell", BAD_CELLS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_bad_cell_costs_that_cell_only_and_says_why(client: httpx.Client, valid: Any, cell: str, method: str) -> None:
    good = '"a": {"query": "Essen", "type": "City"}, "z": {"query": "Herne"}'
    asked = {"queries": f'{{{good}, "bad": {BAD_CELLS[cell]}}}'}
    answer = client.get("/reconcile", params=asked) if method == "GET" else post(client, **asked)

    assert answer.status_code == 200, answer.text
    valid("reconciliation-result-batch", answer.json())
    without = post(client, queries=f"{{{good}}}").json()
    bad = answer.json()["bad"]
    assert {key: found for key, found in answer.json().items() if key != "bad"} == without
    assert without["a"]["result"][0]["match"]
    assert bad["result"] == []
    assert (bad["error"]["type"], bad["error"]["status"], bad["error"]["query"]) == (
        "https://w3id.org/interkommunal/problem/invalid-parameter",
        422,
        "bad",
    )
    assert bad["error"]["detail"].endswith(".")


def test_cell_with_an_endless_value_does_not_cost_the_others(client: httpx.Client, valid: Any) -> None:
    endless = {"properties": [{"pid": "rdfs:label", "v": "x" * 300_000}]}
    answer = post(client, queries=json.dumps({"bad": endless, "good": {"query": "Essen", "type": "City"}})).json()

    valid("reconciliation-result-batch", answer)
    assert answer["bad"]["result"] == []
    assert answer["good"]["result"][0]["match"]


def test_bad_cell_is_explained_in_the_language_of_the_request_with_what_there_is_instead(client: httpx.Client) -> None:
    asked = {"queries": '{"q7": {"query": "x", "type": "Town"}}'}
    german = post(client, **asked).json()["q7"]["error"]
    english = client.post("/reconcile", params={"lang": "en"}, data=asked).json()["q7"]["error"]

    assert (german["query"], german["member"]) == ("q7", "type")
    assert german["detail"].startswith("Den Typ „Town“ gibt es nicht; es gibt zum Beispiel City,")
    assert english["detail"].startswith("There is no type “Town”; there are for example City,")


def test_byte_order_mark_before_a_batch_is_passed_over(client: httpx.Client) -> None:
    plain, marked = (
        client.get("/reconcile", params={"queries": mark + '{"a": {"query": "Essen"}}'}) for mark in ("", "\ufeff")
    )

    assert plain.json()["a"]["result"] != []
    assert marked.json() == plain.json()


def test_empty_cell_of_pandas_is_no_column(client: httpx.Client) -> None:
    column = '"properties": [{"pid": "municipalityKey", "v": NaN}]'
    (found, *_) = post(client, queries=f'{{"q": {{"query": "Essen", {column}}}}}').json()["q"]["result"]

    assert (found["id"], found["match"]) == ("city/essen", True)


@pytest.mark.parametrize(
    "extend",
    [
        "{",
        "[]",
        "{}",
        '{"ids": "city/essen", "properties": []}',
        '{"ids": [1], "properties": []}',
        '{"ids": [], "properties": {}}',
        '{"ids": [], "properties": ["year"]}',
        '{"ids": [], "properties": [{"id": "age"}]}',
        '{"ids": [], "properties": [{"id": "year", "settings": []}]}',
        '{"ids": [], "properties": [{"id": "year", "settings": {"limit": "many"}}]}',
        '{"ids": [], "properties": [{"id": "year", "settings": {"content": "all"}}]}',
        '{"ids": [], "properties": [{"id": "year", "settings": {"language": ["de"]}}]}',
    ],
)
def test_wrong_extension_is_refused(client: httpx.Client, extend: str) -> None:
    assert post(client, extend=extend).status_code in (400, 422)


@pytest.mark.parametrize(
    ("ids", "properties", "wrong"),
    [
        ('"city/essen", 1', '{"id": "year"}', {"ids"}),
        ('"city/essen", null, {"id": "city/essen"}', '{"id": "year"}', {"ids"}),
        ('"city/essen"', '{"id": "year"}, {"id": "age"}', {"properties"}),
        ('"city/essen", []', '{"id": "year"}, "year", {"id": "year", "settings": {"limit": 1.5}}', None),
        ('"city/essen", "nonsense/no \\u0000"', '{"id": "year"}', set()),
    ],
)
def test_bad_identifier_or_property_costs_itself_only(
    client: httpx.Client, ids: str, properties: str, wrong: set[str] | None
) -> None:
    answer = post(client, extend=f'{{"ids": [{ids}], "properties": [{properties}]}}')

    assert answer.status_code == 200
    assert "year" in answer.json()["rows"]["city/essen"]
    told = answer.json().get("errors", [])
    assert {error["member"] for error in told} == ({"ids", "properties", "settings"} if wrong is None else wrong)
    assert all(error["detail"] for error in told)


def test_batch_beyond_the_limit_is_refused_with_the_limit(client: httpx.Client) -> None:
    many = json.dumps({str(number): {"query": "Essen"} for number in range(10_000)})
    answer = post(client, queries=many)

    assert answer.status_code == 413
    assert (answer.json()["limit"], answer.json()["max_queries"]) == ("batch", 200)


def test_body_beyond_the_limit_is_refused(client: httpx.Client) -> None:
    answer = post(client, queries="x" * (5 << 20))

    assert answer.status_code == 413
    assert answer.json()["limit"] == "body"


def test_extension_of_too_many_things_is_refused(client: httpx.Client) -> None:
    wish = {"ids": [f"city/{number}" for number in range(1001)], "properties": [{"id": "year"}]}

    assert post(client, extend=json.dumps(wish)).status_code == 413


def test_other_media_types_and_methods_are_refused(client: httpx.Client) -> None:
    as_json = client.post("/reconcile", json={"queries": {}})
    deleted = client.delete("/reconcile")
    posted = client.post("/reconcile/preview", data={"id": "city/essen"})

    assert (as_json.status_code, as_json.headers["accept-post"]) == (415, "application/x-www-form-urlencoded")
    assert (deleted.status_code, deleted.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")
    assert (posted.status_code, posted.headers["allow"]) == (405, "GET, HEAD, OPTIONS")


def test_form_that_is_not_utf_8_is_refused(served: Serving) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    assert served.ask("/reconcile", "POST", b"queries=%FF%FE", kind).status == 400
    assert served.ask("/reconcile?queries=%ED%A0%80").status == 400


def test_two_values_of_a_parameter_are_refused(client: httpx.Client) -> None:
    assert client.get("/reconcile?queries=%7B%7D&queries=%7B%22q%22:1%7D").status_code == 400
    assert client.get("/reconcile?queries=%7B%7D&extend=%7B%7D").status_code == 400


def test_empty_parameter_counts_as_missing(client: httpx.Client) -> None:
    queries = '{"q": {"query": "Essen"}}'
    manifest = client.get("/reconcile")

    assert client.get("/reconcile?queries=&extend=&query=&lang=").content == manifest.content
    assert post(client, queries=queries, extend="").json() == post(client, queries=queries).json()
    assert client.post("/reconcile?queries=", data={"queries": queries}).status_code == 200
    assert post(client, queries="", extend="").status_code == 400
    assert client.get("/reconcile/preview?id=").status_code == 400
    assert client.get("/reconcile/extend/propose?type=&limit=").json()["properties"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_a_name_like_any_other(client: httpx.Client, text: str) -> None:
    query = {"query": text, "properties": [{"pid": "rdfs:label", "v": text}, {"pid": "inCity", "v": {"id": text}}]}
    answer = post(client, queries=json.dumps({"q": query, "r": {"properties": query["properties"]}}))

    assert answer.status_code == 200
    assert not any(item["match"] for item in answer.json()["q"]["result"])
    assert answer.json()["r"]["result"] == []


@pytest.mark.parametrize("text", ["\0Essen\0", "\u202eEssen\u202c", "Essen\n\n", "\ufeffEssen", "E\u0053SEN"])
def test_signs_that_nobody_sees_are_passed_over(client: httpx.Client, text: str) -> None:
    found = post(client, queries=json.dumps({"q": {"query": text}})).json()["q"]["result"]

    assert (found[0]["id"], found[0]["match"]) == ("city/essen", True)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_identifier_is_not_echoed_as_html(client: httpx.Client, text: str) -> None:
    for path in ("preview", "flyout/entity", "flyout/type", "flyout/property"):
        answer = client.get(f"/reconcile/{path}", params={"id": text})
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
    wish = {"ids": [text], "properties": [{"id": "year"}]}
    assert post(client, extend=json.dumps(wish)).json()["rows"] == {text: {"year": []}}
    for path in ("suggest/entity", "suggest/type", "suggest/property"):
        assert client.get(f"/reconcile/{path}", params={"prefix": text}).status_code == 200


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
VALUE = (
    st.text(max_size=40) | st.integers() | st.booleans() | st.builds(lambda text: {"id": text}, st.text(max_size=40))
)
QUERY = st.fixed_dictionaries(
    {"query": st.text(max_size=400)},
    optional={
        "type": st.sampled_from(["City", "schema:Event", ["City", "Forum"], ["City"]]),
        "type_strict": st.sampled_from(["any", "all", "should"]),
        "limit": st.integers(1, 500),
        "properties": st.lists(
            st.builds(
                lambda pid, value: {"pid": pid, "v": value},
                st.sampled_from(["year", "inCity", "wikidata", "municipalityKey", "rdfs:label", "schema:startDate"]),
                VALUE | st.lists(VALUE, max_size=3),
            ),
            max_size=3,
        ),
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=JSON | st.dictionaries(st.text(max_size=4), JSON, max_size=3))
def test_no_document_is_a_fault_of_the_server(client: httpx.Client, document: Any) -> None:
    text = json.dumps(document)

    assert post(client, queries=text).status_code in (200, 400, 413, 422)
    assert post(client, extend=text).status_code in (200, 400, 413, 422)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(queries=st.dictionaries(st.text(max_size=6), QUERY, max_size=4))
def test_every_right_batch_has_a_valid_answer(client: httpx.Client, valid: Any, queries: dict[str, Any]) -> None:
    valid("reconciliation-query-batch", queries)
    answer = post(client, queries=json.dumps(queries))

    # Half a character in a key cannot be sent back.
    if answer.status_code != 200:
        assert any("\ud800" <= sign <= "\udfff" for key in queries for sign in key)
        return
    valid("reconciliation-result-batch", answer.json())
    assert set(answer.json()) == set(queries)
    for key, query in queries.items():
        found = answer.json()[key]["result"]
        assert len(found) <= min(query.get("limit", 5), 100)
        assert [item["score"] for item in found] == sorted((item["score"] for item in found), reverse=True)
