import contextlib
from urllib.parse import unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.errors import QueryRefused
from interkommunal.web.problems import RequestProblem
from interkommunal.web.protocol import FORM, QUERY, Operation, read_get, read_post
from interkommunal.web.request import pairs, unquote


def refusal(query_string: bytes) -> RequestProblem:
    with pytest.raises(RequestProblem) as caught:
        read_get(query_string)
    return caught.value


def test_get_reads_query_and_dataset() -> None:
    operation = read_get(
        b"query=ASK%20%7B%7D&default-graph-uri=http%3A%2F%2Fa.example%2F1&default-graph-uri=http://a.example/2"
        b"&named-graph-uri=http://a.example/3&timeout=2.5&partial=true&format=csv&lang=de"
    )
    assert operation == Operation(
        query="ASK {}",
        default_graphs=("http://a.example/1", "http://a.example/2"),
        named_graphs=("http://a.example/3",),
        format="csv",
        timeout=2.5,
        partial=True,
        language="de",
    )


def test_percent_encoding_is_decoded_once() -> None:
    assert read_get(b"query=%2541+%2B%20%C3%A4").query == "%41 + ä"


def test_a_percent_sign_that_encodes_nothing_stays() -> None:
    assert read_get(b"query=100%25%20%zz%").query == "100% %zz%"


def test_an_equals_sign_belongs_to_the_value() -> None:
    assert read_get(b"query=a=b=c").query == "a=b=c"


def test_no_query_asks_for_the_service_description() -> None:
    assert read_get(b"").query is None
    assert read_get(b"format=turtle&lang=en").query is None


def test_an_empty_parameter_is_absent() -> None:
    assert read_get(b"query=&format=&default-graph-uri=") == Operation(None)
    empty = b"&default-graph-uri=&named-graph-uri=&format=&timeout=&partial=&lang=&update=&default-graph="
    assert read_get(b"query=ASK{}" + empty) == Operation("ASK{}")
    assert read_post(empty, FORM, b"query=&query=ASK{}") == Operation("ASK{}")
    assert read_post(b"query=", QUERY, b"ASK{}") == Operation("ASK{}")
    with pytest.raises(RequestProblem, match="is missing"):
        read_post(b"", QUERY, b"")


def test_repeated_parameters_that_mean_the_same_are_one() -> None:
    twice = b"query=ASK{}&query=ASK{}&timeout=2&timeout=2.0&partial=true&partial=1&lang=de&lang=de"
    assert read_get(twice) == Operation("ASK{}", timeout=2.0, partial=True, language="de")
    assert read_get(b"query=ASK{}&default-graph-uri=urn:a&default-graph-uri=urn:a").default_graphs == ("urn:a",)


@pytest.mark.parametrize("conflict", [b"timeout=1&timeout=2", b"partial=true&partial=false", b"lang=de&lang=en"])
def test_a_parameter_with_two_meanings_is_400(conflict: bytes) -> None:
    assert refusal(b"query=ASK{}&" + conflict).problem.extras == {"parameter": conflict.partition(b"=")[0].decode()}


def test_the_name_that_rdflib_gives_to_the_default_graph_means_the_union() -> None:
    assert read_get(b"query=ASK{}&default-graph-uri=urn:x-rdflib:default") == Operation("ASK{}")
    assert read_get(b"query=ASK{}&default-graph-uri=urn:x-rdflib:default&default-graph-uri=urn:a") == Operation("ASK{}")
    problem = refusal(b"query=ASK{}&default-graph-uri=urn:x-rdflib:default&named-graph-uri=urn:a").problem
    assert problem.extras == {"parameter": "default-graph-uri"}


def test_post_form_reads_dataset_from_url_and_body() -> None:
    operation = read_post(
        b"default-graph-uri=http://a.example/1", FORM, b"query=ASK+%7B%7D&named-graph-uri=http://a.example/2"
    )
    assert operation == Operation("ASK {}", ("http://a.example/1",), ("http://a.example/2",))


def test_post_direct_reads_the_body_as_it_is() -> None:
    operation = read_post(b"", f"{QUERY}; charset=UTF-8", "ASK { ?ä ?b '100%25 a+b' }".encode())
    assert operation.query == "ASK { ?ä ?b '100%25 a+b' }"


@pytest.mark.parametrize(
    ("query_string", "content_type", "body"),
    [
        (b"query=a&query=b", None, b""),
        (b"query=a", FORM, b"query=b"),
        (b"query=a", QUERY, b"b"),
        (b"query=b", FORM, b"query=a&query=a"),
    ],
)
def test_two_queries_are_refused(query_string: bytes, content_type: str | None, body: bytes) -> None:
    with pytest.raises(RequestProblem) as caught:
        read_post(query_string, content_type, body) if content_type else read_get(query_string)
    assert caught.value.problem.status == 400
    assert caught.value.problem.detail.in_("en") == "There may be only one “query”."


def test_post_without_a_query_is_refused() -> None:
    with pytest.raises(RequestProblem, match="is missing"):
        read_post(b"", FORM, b"")


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/json", "multipart/form-data; boundary=x", "application"]
)
def test_other_media_types_are_415(content_type: str | None) -> None:
    with pytest.raises(RequestProblem) as caught:
        read_post(b"", content_type, b"query=ASK{}")
    assert caught.value.problem.status == 415


@pytest.mark.parametrize("charset", ["UTF-16", "iso-8859-1", '"utf-16"'])
@pytest.mark.parametrize("media_type", [FORM, QUERY])
def test_another_charset_is_415(media_type: str, charset: str) -> None:
    with pytest.raises(RequestProblem) as caught:
        read_post(b"", f"{media_type};charset={charset}", b"query=ASK{}")
    assert caught.value.problem.status == 415


@pytest.mark.parametrize("query_string", [b"update=CLEAR+ALL", b"query=ASK{}&using-graph-uri=http://a.example/"])
def test_updates_are_refused(query_string: bytes) -> None:
    with pytest.raises(QueryRefused) as caught:
        read_get(query_string)
    assert caught.value.rule == "update"


def test_an_update_as_a_body_is_refused() -> None:
    with pytest.raises(QueryRefused):
        read_post(b"", "application/sparql-update; charset=UTF-16", b"CLEAR ALL")


@pytest.mark.parametrize("raw", [b"query=%FF", b"query=\xff", b"query=%C3", b"query=%ED%A0%80", b"%FE=1&query=ASK{}"])
def test_what_is_not_utf8_is_400(raw: bytes) -> None:
    assert "not UTF-8" in str(refusal(raw))


@pytest.mark.parametrize(
    "iri", [b"relative", b"http://a.example/%20 b", b"http://a.example/<x>", b"%00", b"http://[", b"file name:x"]
)
def test_an_invalid_graph_iri_is_400(iri: bytes) -> None:
    problem = refusal(b"query=ASK{}&default-graph-uri=" + iri).problem
    assert problem.status == 400
    assert problem.extras == {"parameter": "default-graph-uri"}


@pytest.mark.parametrize("name", [b"default-graph", b"default_graph_uri", b"named-graph-iri", b"graph-uri"])
def test_a_misspelt_dataset_parameter_is_400_because_it_would_change_the_answer(name: bytes) -> None:
    assert refusal(b"query=ASK{}&" + name + b"=http://a.example/").problem.extras == {"parameter": name.decode()}


def test_parameters_of_other_servers_are_passed_over() -> None:
    assert read_get(b"query=ASK{}&output=json&results=json&debug=on&nonsense") == Operation("ASK{}")


def test_an_unknown_parameter_instead_of_a_query_is_400() -> None:
    assert str(refusal(b"qurey=ASK{}")) == "The parameter “query” with the SPARQL query is missing. Unknown: qurey."


@pytest.mark.parametrize("value", [b"0", b"-1", b"abc", b"1e9", b"nan", b"inf", b"1,5"])
def test_a_timeout_that_is_no_time_is_400(value: bytes) -> None:
    assert refusal(b"query=ASK{}&timeout=" + value).problem.extras == {"parameter": "timeout"}


def test_partial_is_true_or_false() -> None:
    assert read_get(b"query=a&partial=1").partial
    assert not read_get(b"query=a&partial=false").partial
    assert refusal(b"query=a&partial=maybe").problem.extras == {"parameter": "partial"}


def test_wishes_for_a_format_are_kept_together() -> None:
    assert read_get(b"query=a&format=csv&format=csv&format=").format == "csv"
    assert read_get(b"query=a&format=tsv&format=text/tab-separated-values").format == "tsv,text/tab-separated-values"


def test_thousands_of_parameters_are_refused() -> None:
    assert "thousands" in str(refusal(b"a&" * 5000 + b"query=ASK{}"))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    for content_type in (FORM, QUERY):
        with contextlib.suppress(RequestProblem, QueryRefused):
            read_post(b"", content_type, raw)
    with contextlib.suppress(RequestProblem, QueryRefused):
        read_get(raw)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=20), st.text(max_size=20)), max_size=5))
def test_what_was_encoded_comes_back(given_pairs: list[tuple[str, str]]) -> None:
    assert pairs(urlencode(given_pairs).encode()) == given_pairs


@given(
    st.lists(st.one_of(st.binary(max_size=6), st.sampled_from([b"%", b"%2", b"%C3%BC", b"%00", b'"', b"\\", b"%zz"])))
)
def test_percent_encoding_is_decoded_as_the_standard_library_does(parts: list[bytes]) -> None:
    raw = b"".join(parts)
    assert unquote(raw) == unquote_to_bytes(raw)
