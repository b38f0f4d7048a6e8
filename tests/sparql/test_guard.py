"""What a public query may do. Fuzzed against rdflib's parser, and against pyoxigraph's, which is laxer."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store
from rdflib.plugins.sparql.parser import parseQuery, parseUpdate
from rdflib.plugins.sparql.parserutils import CompValue

from interkommunal.errors import QueryError, QueryRefused, QuerySyntaxError, QueryTooLarge
from interkommunal.sparql.guard import MAX_DEPTH, Guard
from interkommunal.sparql.query import WIKIDATA_SERVICES, Form, Inspection
from interkommunal.sparql.tokens import has_escapes, has_harmless_escapes

WIKIDATA = WIKIDATA_SERVICES[0]
ELSEWHERE = "http://127.0.0.1:1/"


def inspect(query: str, **options: Any) -> Inspection:
    return Guard(**options).judge(query).inspection


def rule_of(query: str, **options: Any) -> str:
    with pytest.raises(QueryRefused) as caught:
        inspect(query, **options)
    return caught.value.rule


# Forms.


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", Form.SELECT),
        ("ask{}", Form.ASK),
        ("Construct { ?s ?p ?o } WHERE {}", Form.CONSTRUCT),
        ("DESCRIBE<http://example.org/>", Form.DESCRIBE),
        ("# SELECT\r\nASK {}", Form.ASK),
        (
            "PREFIX select: <http://x/#ask>\nbase <http://x/> # DESCRIBE\nVERSION '1.2' PREFIX:<y> SELECT?x{}",
            Form.SELECT,
        ),
    ],
)
def test_the_form_is_the_first_word_after_the_prologue(query: str, form: Form) -> None:
    assert inspect(query).form is form


def test_prefixes_are_told_as_the_query_writes_them() -> None:
    assert inspect("PREFIX a: <http://a/> PREFIX : <b> ASK {}").prefixes == (("a", "http://a/"), ("", "b"))


@pytest.mark.parametrize("clause", ["FROM <g>", "from named <g>", "FROM\n#c\nx:g"])
def test_a_dataset_clause_is_seen(clause: str) -> None:
    assert inspect(f"PREFIX x: <http://x/> SELECT * {clause} {{}}").has_dataset


def test_from_in_names_strings_and_comments_is_no_dataset_clause() -> None:
    query = "PREFIX from: <http://x/> SELECT ?from { ?from from:from 'from', <from>, from:a-from # from\n}"
    assert not inspect(query).has_dataset


@pytest.mark.parametrize(
    "query",
    [
        "INSERT DATA { <a:b> <a:b> <a:b> }",
        "delete where { ?s ?p ?o }",
        "LOAD <http://x/>",
        "CLEAR ALL",
        "Drop silent graph <g:g>",
        "PREFIX a: <http://a/>#\nWITH a:g DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CREATE GRAPH <g:g>",
        "ADD <a:b> TO <c:d>",
        "MOVE <a:b> TO <c:d>",
        "COPY <a:b> TO <c:d>",
        r"\u0044ROP ALL",
    ],
)
def test_updates_are_refused(query: str) -> None:
    assert rule_of(query) == "update"


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [("", 1, 1), ("\n  FOO {}", 2, 3), ("SELECTDISTINCT * {}", 1, 1), ("PREFIX a <b> ASK {}", 1, 1), ("x:y", 1, 1)],
)
def test_what_is_neither_query_nor_update_is_a_syntax_error_with_its_place(query: str, line: int, column: int) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        inspect(query)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_half_a_surrogate_pair_is_a_syntax_error() -> None:
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        inspect("ASK { ?s ?p '\ud800' }")


# Size.


def test_a_query_that_is_too_long_is_refused() -> None:
    with pytest.raises(QueryTooLarge) as caught:
        inspect("ASK {}" + " " * 95, max_chars=100)
    assert caught.value.limit == "query"


def test_nesting_is_refused_where_parsers_overflow() -> None:
    inspect("ASK " + "{" * MAX_DEPTH + "}" * MAX_DEPTH)
    for bracket in "{([":
        with pytest.raises(QueryTooLarge) as caught:
            inspect("ASK " + bracket * (MAX_DEPTH + 1))
        assert caught.value.limit == "query"


def test_brackets_in_strings_and_brackets_that_close_again_do_not_nest() -> None:
    inspect("ASK { ?s ?p '" + "(" * 1000 + "' VALUES (?x) {" + "(1)" * 1000 + "} }")


# SERVICE.


def test_the_public_wikidata_endpoints_are_allowed() -> None:
    query = " ".join(f"SERVICE <{service}> {{ ?s ?p ?o }}" for service in WIKIDATA_SERVICES)
    assert inspect(f"SELECT * {{ {query} }}").services == WIKIDATA_SERVICES


def test_an_endpoint_may_be_named_by_prefix_and_silently() -> None:
    query = "PREFIX w: <https://query.wikidata.org/> SELECT * { service # c\n silent w:sparql { ?s ?p ?o } }"
    assert inspect(query).services == (WIKIDATA,)


def test_no_service_is_allowed_if_none_is_listed() -> None:
    assert rule_of(f"ASK {{ SERVICE <{WIKIDATA}> {{}} }}", services=()) == "service"


@pytest.mark.parametrize(
    "call",
    [
        f"SERVICE <{ELSEWHERE}> {{}}",
        f"SERVICE SILENT <{ELSEWHERE}> {{}}",
        f"sErViCe<{ELSEWHERE}>{{}}",
        "SERVICE ?endpoint {}",
        "SERVICE SILENT $endpoint {}",
        f"SERVICE <{WIKIDATA}/> {{}}",
        f"SERVICE <{WIKIDATA}?x> {{}}",
        "SERVICE <HTTPS://query.wikidata.org/sparql> {}",
        "SERVICE <https://query.wikidata.org:443/sparql> {}",
        "SERVICE <https://x@query.wikidata.org/sparql> {}",
        "SERVICE <sparql> {}",
        "SERVICE undeclared:x {}",
        "SERVICE {}",
        "SERVICE",
        f"BIND(1 AS ?x) SERVICE <{ELSEWHERE}> {{}}",
        f"?s ?p 'SERVICE' . # SERVICE\n SERVICE <{ELSEWHERE}> {{}}",
        f"?s ?p 'it''s' . SERVICE <{ELSEWHERE}> {{}} # '",
        f"SERVICE <{WIKIDATA}> {{ SERVICE <{ELSEWHERE}> {{}} }}",
        rf"\u0053ERVICE <{ELSEWHERE}> {{}}",
        rf"SERVIC\U00000045 <{ELSEWHERE}> {{}}",
        f"\u017fERVICE <{ELSEWHERE}> {{}}",
    ],
)
def test_any_other_service_is_refused(call: str) -> None:
    assert rule_of(f"SELECT * {{ {call} }}") == "service"


def test_an_endpoint_whose_prefix_is_declared_twice_is_refused() -> None:
    prologue = f"PREFIX w: <https://query.wikidata.org/> PREFIX w: <{ELSEWHERE}>"
    assert rule_of(f"{prologue} SELECT * {{ SERVICE w:sparql {{}} }}") == "service"


@pytest.mark.parametrize(
    "query",
    [
        # pyoxigraph needs no space after keywords and literals, and calls a:b or :b in all of these.
        f"PREFIX a: <{ELSEWHERE}> SELECT * {{ SERVICEa:b {{ ?s ?p ?o }} }}",
        f"PREFIX a: <{ELSEWHERE}> PREFIX SERVICEa: <http://x/> SELECT * {{ SERVICEa:b {{ ?s ?p ?o }} }}",
        f"PREFIX : <{ELSEWHERE}> SELECT * {{ SERVICESILENT:b {{ ?s ?p ?o }} }}",
        f"PREFIX : <{ELSEWHERE}> SELECT * {{ ?s ?p trueSERVICE:b {{ ?s ?p ?o }} }}",
        f"PREFIX : <{ELSEWHERE}> SELECT * {{ ?s ?p 1SERVICE:b {{ ?s ?p ?o }} }}",
        f"PREFIX : <{ELSEWHERE}> SELECT * {{ ?s ?p 'a'@enSERVICE:b {{ ?s ?p ?o }} }}",
    ],
)
def test_service_without_a_space_after_it_is_refused(query: str) -> None:
    assert rule_of(query) == "service"


def test_an_iri_that_can_be_read_as_a_comparison_and_a_comment_cannot_hide_a_service() -> None:
    query = f'SELECT * {{ ?s ?p ?a FILTER(?a<?b#>"""\n) SERVICE <{ELSEWHERE}> {{ ?s ?p ?o }} #"""\n}}'
    Store().query(query)  # pyoxigraph takes it for SPARQL: the string that we see is a comment and code to it
    assert rule_of(query) == "ambiguous"


def test_a_carriage_return_that_ends_a_comment_for_some_parsers_only_cannot_hide_a_service() -> None:
    query = f'SELECT * {{ #\r"""\n SERVICE <{ELSEWHERE}> {{}} #"""\n }}'
    assert len(services_of(parseQuery(query)[1])) == 1
    assert rule_of(query) == "ambiguous"
    assert rule_of(query.replace(ELSEWHERE, WIKIDATA)) == "ambiguous"


def test_an_escaped_quote_cannot_hide_a_service() -> None:
    query = rf"SELECT * {{ ?s ?p '\u0027 SERVICE <{ELSEWHERE}> {{}} #' }}"
    assert rule_of(query) == "service"


def test_the_word_service_is_harmless_where_it_is_no_keyword() -> None:
    query = """
        PREFIX service: <http://x/service#> PREFIX x: <http://x/#>  # SERVICE <http://x/> {}
        SELECT ?service FROM <http://x/SERVICE> {
            GRAPH service:g { ?service service:x x:service, "SERVICE", 'service'@en, <http://x/#SERVICE> }
            ?s x:inservice ?o . ?o ?p service:y .
        }
    """
    assert inspect(query) == Inspection(
        Form.SELECT, (), (("service", "http://x/service#"), ("x", "http://x/#")), has_dataset=True
    )


def test_escapes_run_as_they_stand_where_the_engine_reads_them_and_expanded_elsewhere() -> None:
    guard = Guard()
    assert guard.judge(r"ASK { ?s ?p '\u00e4' }").text == r"ASK { ?s ?p '\u00e4' }"
    assert guard.judge(r"ASK { ?\u0073 ?p '\u00e4' }").text == "ASK { ?s ?p 'ä' }"


def test_functions_through_which_an_endpoint_reaches_out_are_refused_where_asked() -> None:
    for call in ("bif:http_get('http://x/')", "<BIF:http_get>('http://x/')", "sql:f()"):
        query = f"SELECT ({call} AS ?x) {{}}"
        assert rule_of(query, refused_schemes=("bif", "sql")) == "function"
        inspect(query)
    inspect("SELECT * { ?s ?p 'bif:x' } # sql:y", refused_schemes=("bif", "sql"))


@pytest.mark.parametrize("pattern", ['\\"', "\\'", '\\"""', "'\\\"", '"\\\\\\"', '<\\"'])
@pytest.mark.parametrize("start", ['"', '"""', "'", "'''", ""])
def test_a_string_that_is_never_closed_takes_no_longer_than_its_length(start: str, pattern: str) -> None:
    # A megabyte that is searched for the end of a string at each quote takes hours, and everybody waits.
    query = f"ASK {{ FROM {start}{pattern * (1_000_000 // len(pattern))}"
    assert inspect(query).form is Form.ASK


def test_escapes_in_strings_are_no_reason_to_refuse_a_long_query_but_elsewhere_they_are() -> None:
    values = " ".join([r'"\u00e4"'] * 20_000)
    assert inspect(f"SELECT * {{ VALUES ?x {{ {values} }} }}").form is Form.SELECT
    for escape in (r"?\u0061", r'"\u0022"', r"'\u005C'", r"# \u000a"):
        with pytest.raises(QueryTooLarge):
            inspect(f"SELECT * {{ VALUES ?x {{ {values} }} {escape}\n}}")


ESCAPED = st.lists(
    st.sampled_from(
        [
            *(
                '"',
                "'",
                '"""',
                "'''",
                "\\",
                "\\\\",
                "#",
                "\n",
                "<",
                ">",
                " ",
                "{",
                "}",
                "x",
                ":",
                "SERVICE",
                "FROM",
                "a:b",
            ),
            *(r"\u0041", r"\u0022", r"\u0027", r"\u005C", r"\u000A", r"\U0001F600", r"\uD83D", r"\u003e", r"\\u0022"),
        ]
    ),
    max_size=12,
).map("".join)


@given(ESCAPED)
def test_harmless_escapes_are_judged_as_every_reading_of_them_is(text: str) -> None:
    guard, query = Guard(), f"ASK {{ {text} }}"
    if not has_escapes(query) or not has_harmless_escapes(query):
        return
    try:
        expected = guard._judge_escaped(query)
    except QuerySyntaxError:
        return  # no reading of it is SPARQL
    except QueryError as error:
        with pytest.raises(type(error)):
            guard.judge(query)
        return
    assert guard.judge(query) == expected


def test_a_verdict_is_remembered() -> None:
    guard = Guard()
    assert guard.judge("ASK {}") is guard.judge("ASK {}")


# Against rdflib's parser.

KEYWORDS = st.sampled_from(["SERVICE", "service", "Service", "SERVICE SILENT"])
TARGETS = st.sampled_from([f"<{WIKIDATA}>", f"<{ELSEWHERE}>", "?e", "a:b", "service:sparql"])
TERMS = st.sampled_from(
    [
        *("?s", "$service", "a:SERVICE", "service:x", "<http://x/#SERVICE>", "<urn:from#x>", "_:service", "true", "5"),
        *("'SERVICE <x> {'", '"FROM"', r"'\' SERVICE'", "'x'@en", "'#'", r"'\\'"),
        *("'''SERVICE\n''\"'''", '"""it\'s "SERVICE" """'),
    ]
)
SPACE = st.sampled_from([" ", "\n", "\t", "# SERVICE <x>\n", "#'\n", '#"""\n', " # FROM <x> {\r\n"])


@st.composite
def patterns(draw: st.DrawFn, depth: int = 2) -> str:
    """A group graph pattern."""
    parts: list[str] = []
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.integers(0, 6 if depth else 1))
        gap = draw(SPACE)
        if kind <= 1:
            subject = draw(st.sampled_from(["?s", "a:s", "<http://x/#s>", "_:b"]))
            predicate = draw(st.sampled_from(["a:p", "<http://x/p>", "?p", "service:p/a:from"]))
            parts.append(f"{subject}{gap}{predicate}{gap}{draw(TERMS)} .")
        elif kind == 2:
            parts.append(f"{draw(KEYWORDS)}{gap}{draw(TARGETS)}{gap}{draw(patterns(depth=depth - 1))}")
        elif kind == 3:
            parts.append(f"OPTIONAL{gap}{draw(patterns(depth=depth - 1))}")
        elif kind == 4:
            parts.append(f"GRAPH{gap}service:g{gap}{draw(patterns(depth=depth - 1))}")
        elif kind == 5:
            parts.append(f"FILTER{gap}({gap}?s < {draw(TERMS.filter(lambda term: not term.startswith('_')))} )")
        else:
            parts.append(draw(patterns(depth=depth - 1)))
    gap = draw(SPACE)
    return "{" + gap + gap.join(parts) + gap + "}"


PROLOGUE = "PREFIX a: <http://a/#> # SELECT\nPREFIX service: <https://query.wikidata.org/>\n"
HEADS = st.sampled_from(
    [
        *("SELECT *", "select ?s", "ASK", "CONSTRUCT { ?s ?p ?o } WHERE", "DESCRIBE ?s"),
        *("SELECT * FROM <http://x/g>", "ASK FROM NAMED a:g"),
        *("INSERT { ?s ?p ?o } WHERE", "DELETE { ?s ?p ?o } WHERE", "DELETE WHERE", "INSERT DATA"),
    ]
)


@st.composite
def queries(draw: st.DrawFn) -> str:
    """A query or an update, well-formed for the most part."""
    return PROLOGUE + draw(HEADS) + draw(SPACE) + draw(patterns())


def services_of(node: object) -> list[CompValue]:
    """The SERVICE patterns in a parse tree of rdflib."""
    if isinstance(node, CompValue):
        found = [node] if node.name == "ServiceGraphPattern" else []
        return found + [service for child in node.values() for service in services_of(child)]
    if isinstance(node, str | bytes) or not hasattr(node, "__iter__"):
        return []
    return [service for child in node for service in services_of(child)]


def endpoint_of(service: CompValue) -> str:
    term = service.term
    if isinstance(term, CompValue) and term.name == "pname":
        return {"a": "http://a/#", "service": "https://query.wikidata.org/"}[str(term.prefix)] + str(term.localname)
    return str(term) if str(term).startswith("http") else "?"


@given(queries())
def test_rdflib_and_the_guard_agree_on_form_services_and_updates(query: str) -> None:
    try:
        tree = parseQuery(query)
    except Exception:
        tree = None
    if tree is None:
        try:
            parseUpdate(query)
        except Exception:
            return
        assert rule_of(query) == "update"
        return
    endpoints = [endpoint_of(service) for service in services_of(tree[1])]
    if any(endpoint not in WIKIDATA_SERVICES for endpoint in endpoints):
        assert rule_of(query) == "service"
        return
    inspection = inspect(query)
    assert inspection.form.name.title() + "Query" == tree[1].name
    assert set(inspection.services) == set(endpoints)
    assert inspection.has_dataset == ("datasetClause" in tree[1])


FRAGMENTS = st.sampled_from(
    [
        *("?a", "?b", "?s ?p ", "a:", "a:b", ":b", "<http://x/#>", "<?b#>", "true", "1", "@en", "AS ?x)"),
        *("#", "'", '"', "'''", '"""', "\\u0022", "\\", "\n", " "),
        *(".", ";", "(", ")", "<", ">", "{", "}", "||", "GRAPH ", "FILTER(", "BIND(", "SERVICE"),
    ]
)
NOISE = st.lists(FRAGMENTS, max_size=5).map("".join)
CALLS = st.builds(
    "{}{}{}{}{{ ?s ?p ?o }}".format,
    st.sampled_from(["SERVICE", "service", "\\u0053ERVICE", "SERVICE SILENT", "SERVICESILENT"]),
    st.sampled_from(["", " ", "\n", "#\n"]),
    st.sampled_from([f"<{ELSEWHERE}>", "a:b", ":b", "?e"]),
    st.sampled_from(["", " ", "#'\n"]),
)


@given(NOISE, CALLS, NOISE)
def test_no_service_that_a_parser_sees_escapes_the_guard(before: str, call: str, after: str) -> None:
    """Whatever stands around it: if pyoxigraph or rdflib finds a SERVICE, the guard does not let the query pass."""
    query = f"PREFIX a: <{ELSEWHERE}> PREFIX : <{ELSEWHERE}> SELECT * {{ {before}{call}{after} }}"
    try:
        passed = not inspect(query).services
    except QueryError:
        return
    assert passed
    try:
        assert services_of(parseQuery(query)[1]) == []
    except AssertionError:
        raise
    except Exception:
        pass
    try:
        list(Store().query(query))  # type: ignore[arg-type]
    except OSError as error:
        pytest.fail(f"pyoxigraph asked an endpoint: {error}")
    except (SyntaxError, RuntimeError, TypeError):
        pass


@given(st.text(max_size=200))
def test_any_text_gets_a_verdict_or_a_clear_error(text: str) -> None:
    with contextlib.suppress(QueryError):
        assert inspect(text).form in Form
