"""What is said of a query that is refused: in German and in English, in words of ours, never in those of a library."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Store

from interkommunal.errors import QueryError, UnknownFunction
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.syntax import near_functions, syntax_error, unknown_function

GUARD = Guard(services=("https://a.example/sparql",), refused_schemes=("bif",))
# Words of parsers that no reader of a message should meet.
FOREIGN = re.compile(r"pyoxigraph|rdflib|pyparsing|parser|expected|<unreported>|\[_\]|error at|Err\(", re.IGNORECASE)


def refusal(query: str) -> QueryError:
    """What guard, tokeniser and parser say of a query."""
    with pytest.raises(QueryError) as caught:
        judge(query)
    return caught.value


def judge(query: str) -> None:
    text = GUARD.judge(query).text
    try:
        Store().query(text)
    except SyntaxError as error:
        raise syntax_error(text, str(error)) from None


ASKED = [
    ("ASK { ?s x:p ?o }", "Das Präfix x: ist nicht erklärt; setzen Sie PREFIX x: <…> an den Anfang."),
    (
        "ASK { ?s <p> ?o }",
        "<p> ist nicht vollständig; schreiben Sie es aus, oder setzen Sie BASE <…> an den Anfang.",
    ),
    ("ASK { } }", "Die Klammer } schließt nichts."),
    ("ASK { ( }", "Die Klammer } passt nicht zur Klammer ( in Zeile 1, Spalte 7."),
    ("ASK { ?s ?p", "Die Klammer { wird nicht geschlossen."),
    ("SELECT * { ?s ?p ?o } ORDER", "Nach ORDER fehlt BY."),
    ("SELECT * { ?s ?p ?o } LIMIT", "Vor dem Ende fehlt etwas."),
    ("SELECT * { ?s ?p ?o } LIMIT x", "Ab „x“ ist die Abfrage nicht zu lesen."),
    (
        "ASK { ?s ?p 'x }",
        "Die Zeichenkette, die hier beginnt, wird nicht geschlossen; über mehrere Zeilen braucht sie drei "
        "Anführungszeichen.",
    ),
    ("ASK { ?s ?p § }", "Das Zeichen § darf hier nicht stehen."),
    ("ASK { ?s ?p '\\U00110000' }", "\\U00110000 ist kein Zeichen."),
    ("", "Hier muss SELECT, ASK, CONSTRUCT oder DESCRIBE stehen."),
    ("SELCT * {}", "Hier muss SELECT, ASK, CONSTRUCT oder DESCRIBE stehen, nicht „SELCT“."),
    ("ASK { ?s ?p '\ud800' }", "Hier steht ein halbes Ersatzpaar (UTF-16), und das ist kein Zeichen."),
    (
        "SELECT * { ?a ?b ?c BIND (1 AS ?a) }",
        "Die Abfrage ist vollständig, aber nicht erlaubt; oft belegt BIND oder AS eine Variable, die schon belegt ist.",
    ),
    (
        "SELECT * { VALUES (?a ?b) { (1) } }",
        "In VALUES hat eine Zeile mehr oder weniger Werte, als es Variablen gibt, oder eine Variable steht doppelt.",
    ),
    (
        "SELECT * { VALUES (?a ?a) { (1 2) } }",
        "In VALUES hat eine Zeile mehr oder weniger Werte, als es Variablen gibt, oder eine Variable steht doppelt.",
    ),
    (
        "SELECT * { _:a ?b ?c OPTIONAL { _:a ?d ?e } }",
        "Ein leerer Knoten darf nur in einer Gruppe stehen; schreiben Sie dort eine Variable.",
    ),
    ("ASK { ?s <http://[x> ?o }", "Die Adresse (IRI) ist fehlerhaft."),
    ("ASK { ?s ?p 'x'@abcdefghijklmnop }", "Die Sprachangabe ist fehlerhaft."),
    ("ASK { ?s ?p 'x'@en--abc }", "Als Schreibrichtung sind nur „rtl“ und „ltr“ erlaubt."),
    (
        "SELECT ?b { ?a ?b ?c } GROUP BY ?a",
        "SELECT nennt eine Variable, nach der nicht gruppiert wird und die nicht zusammengefasst wird.",
    ),
    (
        "SELECT ?a { ?a ?b ?c } GROUP BY (STR(?b) AS ?x)",
        "SELECT nennt eine Variable, nach der nicht gruppiert wird und die nicht zusammengefasst wird.",
    ),
    (
        "SELECT * { ?a ?b ?c } VALUES ?a { 1 } LIMIT 3",
        "LIMIT kommt zu spät; die Reihenfolge ist GROUP BY, HAVING, ORDER BY, LIMIT, VALUES.",
    ),
    (
        "SELECT * { ?a ?b ?c } LIMIT 3 ORDER BY ?a",
        "ORDER kommt zu spät; die Reihenfolge ist GROUP BY, HAVING, ORDER BY, LIMIT, VALUES.",
    ),
    *(
        (
            query,
            "Diese Adresse (IRI) enthält ein Leerzeichen oder ein anderes Zeichen, das darin nicht erlaubt ist; "
            "ein Leerzeichen schreibt man als %20.",
        )
        for query in (
            "SELECT * { <http://a b> ?b ?c }",
            "SELECT * FROM <https://a b> { ?a ?b ?c }",
            "DESCRIBE <urn:a{b}>",
        )
    ),
    *(
        (query, "Eine Zusammenfassung wie COUNT darf nur in SELECT, HAVING und ORDER BY stehen.")
        for query in (
            "SELECT ?a { ?a ?b ?c FILTER(COUNT(?a) > 1) }",
            "SELECT ?a { ?a ?b ?c BIND(COUNT(?a) AS ?n) }",
        )
    ),
    ("SELECT ?a { ?a ?b ?c LET (?x := 1) }", "LET gehört nicht zu SPARQL; schreiben Sie BIND(… AS ?name)."),
    (
        "PREFIX x: <http://a b> ASK {}",
        "Diese Angabe ist nicht zu lesen; schreiben Sie PREFIX name: <…> mit einer Adresse (IRI) ohne Leerzeichen.",
    ),
    ("SELECT ?a, ?b { ?a ?b ?c }", "Zwischen den Variablen von SELECT stehen keine Kommas."),
    ("SELECT ?a (COUNT(?b)) { ?a ?b ?c } GROUP BY ?a", "Ein Ausdruck in SELECT braucht einen Namen: (… AS ?name)."),
    ("SELECT * { ?a ?b ?c FILTER ?c > 3 }", "Die Bedingung von FILTER muss in Klammern stehen: FILTER(…)."),
    ("SELECT * { ?a ?b ?c FILTER(?a == ?c) }", "Verglichen wird mit =, nicht mit ==."),
    (
        "SELECT * { ?a ?b ?c FILTER(?a != null) }",
        "null ist kein Wort von SPARQL; eine Variable beginnt mit ?, ein Text mit einem Anführungszeichen.",
    ),
    (
        "SELECT (?b + 1 AS ?n) { ?a ?b ?c } GROUP BY ?a",
        "SELECT enthält einen Ausdruck mit einer Variablen, die nicht belegt ist.",
    ),
    ("SELECT ?a ?a { ?a ?b ?c }", "SELECT nennt eine Variable doppelt."),
    ("SELECT (1 AS ?a) { ?a ?b ?c }", "SELECT belegt mit einem Ausdruck eine Variable, die es schon gibt."),
    (
        "SELECT * { ?a ?b ?c } GROUP BY ?a",
        "SELECT * ist zusammen mit GROUP BY oder einer Zusammenfassung wie COUNT nicht erlaubt.",
    ),
    ("DROP ALL", "Zeile 1, Spalte 1: DROP ändert Daten; hier laufen nur Abfragen."),
    ("ASK { SERVICEa:b { } }", "Zeile 1, Spalte 7: Schreiben Sie SERVICE als eigenes Wort."),
    (
        "ASK { SERVICE ?x { } }",
        "Zeile 1, Spalte 7: SERVICE muss seinen Endpunkt mit einer Adresse (IRI) nennen, nicht mit einer Variablen.",
    ),
    (
        "ASK { SERVICE <http://b.example/> { } }",
        "Zeile 1, Spalte 7: SERVICE zu <http://b.example/> ist nicht erlaubt; erlaubt sind <https://a.example/sparql>.",
    ),
    ("ASK { FILTER (bif:f(1)) }", "Funktionen von bif: dürfen hier nicht verwendet werden."),
    (
        "ASK { } # \r SERVICE",
        "Hier steht ein Wagenrücklauf ohne Zeilenvorschub; beenden Sie Zeilen mit einem Zeilenvorschub.",
    ),
    (
        "ASK { FILTER (?a<?b#SERVICE>) }",
        "<?b#SERVICE> lässt sich auch als Vergleich mit einem Kommentar lesen; schreiben Sie die Adresse (IRI) aus "
        "oder ein Leerzeichen nach <.",
    ),
    ("ASK { FILTER (CONTAIN('a', 'b')) }", "CONTAIN ist keine Funktion von SPARQL; gemeint ist vielleicht CONTAINS."),
    ("SELECT (MEDIAN(?o) AS ?m) { ?s ?p ?o }", "MEDIAN ist keine Funktion von SPARQL."),
    (
        "SELECT * { ?a (<http://b>/<http://c>) ?c ~ <http://r> }",
        "Eine Aussage mit einem Eigenschaftspfad lässt sich nicht mit ~ benennen.",
    ),
    ("\ufeff\u200cASK {}", "Hier muss SELECT, ASK, CONSTRUCT oder DESCRIBE stehen, nicht „U+200CASK“."),
    (
        "PREFIX x: <http://x.example/> SELECT (x:median(DISTINCT ?o) AS ?m) { ?s ?p ?o }",
        "Die Funktion x:median ist hier nicht bekannt.",
    ),
]


@pytest.mark.parametrize(("query", "german"), ASKED)
def test_what_is_wrong_with_a_query_is_said_in_both_languages(query: str, german: str) -> None:
    told = refusal(query).text

    assert told.in_("de") == german
    assert told.in_("en") != told.in_("de")
    assert not FOREIGN.search(told.in_("en"))


@pytest.mark.parametrize(
    ("message", "place"),
    [
        ("error at 1:5: expected some rule that nobody knows", (1, 5)),
        ("error at 1:5: Some sentence of a later version", (1, 5)),
        ("it went wrong somewhere", (None, None)),
    ],
)
def test_words_of_the_parser_that_are_not_known_are_not_passed_on(
    message: str, place: tuple[int | None, int | None]
) -> None:
    error = syntax_error("ASK { ?s ?p ?o }", message)

    assert (error.line, error.column) == place
    assert "nicht zu lesen" in error.text.in_("de")
    assert "cannot be read" in error.text.in_("en")


def test_braces_in_a_query_are_not_taken_for_places_in_a_message() -> None:
    assert "{0} {x}" in syntax_error("ASK { {0} {x} }", "error at 1:7: expected").text.in_("de")


@pytest.mark.parametrize(
    ("query", "place", "near"),
    [
        ("SELECT * {\n ?s ?p ?o FILTER (<http://my/contains>(?o, 'x')) }", (2, 19), ("CONTAINS",)),
        ("PREFIX my: <http://my/> ASK { FILTER (my:strStartsWith('a', 'b')) }", (1, 39), ("STRSTARTS",)),
        ("PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ASK { FILTER (xsd:Integer(1)) }", (1, 63), ("xsd:integer",)),
        ("PREFIX my: <http://my/> SELECT (my:median(?o) AS ?m) { ?s ?p ?o }", (1, 33), ()),
    ],
)
def test_an_unknown_function_is_told_with_its_place_and_what_is_near(
    query: str, place: tuple[int, int], near: tuple[str, ...]
) -> None:
    with pytest.raises(RuntimeError) as caught:
        list(Store().query(query) or ())  # type: ignore[arg-type]
    error = unknown_function(query, str(caught.value))

    assert isinstance(error, UnknownFunction)
    assert (error.line, error.column) == place
    assert error.near[: len(near)] == near
    assert bool(error.near) == bool(near)


def test_other_failures_of_the_engine_are_no_unknown_function() -> None:
    assert unknown_function("ASK {}", "the endpoint answered 503") is None


def test_a_function_that_is_named_exactly_has_no_rivals() -> None:
    assert near_functions("str-len") == ("STRLEN",)
