"""The tokens of SPARQL."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interkommunal.errors import QuerySyntaxError
from interkommunal.sparql.tokens import Kind, expand, has_escapes, iris, masked, normal_query, position, tokens


def shown(text: str) -> list[tuple[str, str]]:
    return [(token.kind.value, token.text) for token in tokens(text)]


def test_the_four_string_forms_are_one_token_each() -> None:
    assert shown("""'a"b' "a'b" '''a'b''c''' \"\"\"a"b""c\n\"\"\"""") == [
        ("string", "'a\"b'"),
        ("string", '"a\'b"'),
        ("string", "'''a'b''c'''"),
        ("string", '"""a"b""c\n"""'),
    ]


def test_an_escaped_quote_does_not_end_a_string() -> None:
    assert shown(r'"a\"b" c') == [("string", r'"a\"b"'), ("word", "c")]


def test_a_hash_begins_a_comment_but_not_in_iris_strings_and_escaped_names() -> None:
    assert shown("a # b\n<x#y> 'c#d' e:f\\#g # h") == [
        ("word", "a"),
        ("iri", "<x#y>"),
        ("string", "'c#d'"),
        ("name", "e:f\\#g"),
    ]


def test_a_comment_ends_at_a_carriage_return_too() -> None:
    assert shown("#a\rb") == [("word", "b")]


def test_less_than_is_a_sign_where_no_iri_follows() -> None:
    assert shown("?a < ?b && ?c<5") == [
        ("variable", "?a"),
        ("sign", "<"),
        ("variable", "?b"),
        ("sign", "&&"),
        ("variable", "?c"),
        ("sign", "<"),
        ("number", "5"),
    ]


def test_the_dot_at_the_end_of_a_name_is_a_sign() -> None:
    assert shown("a:b.c. _:d.e. true.") == [
        ("name", "a:b.c"),
        ("sign", "."),
        ("blank", "_:d.e"),
        ("sign", "."),
        ("word", "true"),
        ("sign", "."),
    ]


def test_a_keyword_is_upper_case_and_only_of_words() -> None:
    assert [token.keyword for token in tokens("select ?select select:x")] == ["SELECT", "", ""]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("ASK { ?s ?p 'open }", 1, 13),
        ('ASK {\n  ?s ?p """open }', 2, 9),
        ("ASK {\0}", 1, 6),
        ("ASK {\n\\u0041}", 2, 1),
    ],
)
def test_what_is_no_token_is_an_error_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        tokens(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_positions_count_from_one() -> None:
    assert [position("ab\ncd", offset) for offset in (0, 1, 3, 4)] == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_masking_leaves_keywords_and_no_content_of_strings_comments_and_iris() -> None:
    assert masked("ASK { ?s <a:FROM> 'FROM' } # FROM").split() == ["ASK", "{", "?s", "}"]
    assert iris("ASK { <a:b> '<c:d>' <e:f#g> }") == ["<a:b>", "<e:f#g>"]


def test_codepoint_escapes_are_expanded_in_both_readings_of_a_doubled_backslash() -> None:
    assert has_escapes(r"\u0041")
    assert not has_escapes(r"\\users")
    assert expand(r"\u0041\U00000042", pairs=True) == "AB"
    assert expand(r"\\u0041", pairs=True) == r"\\u0041"
    assert expand(r"\\u0041", pairs=False) == r"\A"


@pytest.mark.parametrize("escape", [r"\uD800", r"\U00110000"])
def test_an_escape_that_names_no_character_is_an_error(escape: str) -> None:
    with pytest.raises(QuerySyntaxError, match="is no character"):
        expand(f"ASK {{}} # {escape}", pairs=True)


PIECES = st.sampled_from(
    [
        "'",
        '"',
        "'''",
        '"""',
        "\\",
        '\\"',
        "<",
        ">",
        "#",
        "\n",
        "\r",
        " ",
        "a",
        ":",
        "a:b",
        "?x",
        ".",
        "{",
        "}",
        "1",
        "@en",
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_masking_cuts_where_the_tokens_are_cut(text: str) -> None:
    try:
        found = tokens(text)
    except QuerySyntaxError:
        return
    opaque = (Kind.STRING, Kind.IRI)
    plain = [token.text for token in found if token.kind not in opaque and "\\" not in token.text]
    if any("\\" in token.text for token in found if token.kind not in opaque):
        return
    assert masked(text).replace(" ", "").split() == "".join(plain).split() or (
        "".join(masked(text).split()) == "".join(plain)
    )
    assert iris(text) == [token.text for token in found if token.kind is Kind.IRI]


@given(st.text(max_size=60))
def test_tokens_are_pieces_of_the_text_in_order(text: str) -> None:
    try:
        found = tokens(text)
    except QuerySyntaxError:
        return
    assert [text[token.start : token.end] for token in found] == [token.text for token in found]
    assert all(one.end <= other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("\ufeffASK {}", "ASK {}"),
        ("ASK { ?s ?p 'Fo\u0308rderung' }", "ASK { ?s ?p 'F\u00f6rderung' }"),
        ('ASK { ?s ?p """Es\u00adsen\u200b""" }', 'ASK { ?s ?p """Essen""" }'),
        ("ASK { ?s ?p 'Es\ufeffsen' } # o\u0308", "ASK { ?s ?p 'Essen' } # o\u0308"),
    ],
)
def test_a_query_is_brought_to_normal_form(written: str, normal: str) -> None:
    assert normal_query(written) == normal


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("ASK { ?s ?p 'o\\u0308 \\u00AD' }", id="escapes stay as they are written"),
        pytest.param("ASK { <http://a.example/o\u0308> ?p ?o }", id="an IRI is compared by its characters"),
        pytest.param("PREFIX a: <http://a.example/> ASK { a:o\u0308 ?p ?o }", id="so is a name"),
        pytest.param("ASK { ?s ?p '\\n\u0303' }", id="an escape does not join with what follows"),
        pytest.param('ASK { ?s ?p """a"\u00ad"\u00ad"b""" }', id="no string ends earlier than it did"),
        pytest.param("ASK { ?s ?p '\u0645\u06cc\u200c\u062e' }", id="what a script needs stays"),
    ],
)
def test_normal_form_leaves_alone_what_means_something(query: str) -> None:
    assert normal_query(query) == query


@given(st.text(st.sampled_from("'\"\\no\u0308\u00ad\u200d\ufeff<> #\n")))
def test_normal_form_moves_no_border_of_a_token(inner: str) -> None:
    query = f"ASK {{ ?s ?p {inner} }}"
    try:
        before = tokens(query.lstrip("\ufeff"))
    except QuerySyntaxError:
        return
    assert [token.kind for token in tokens(normal_query(query))] == [token.kind for token in before]
