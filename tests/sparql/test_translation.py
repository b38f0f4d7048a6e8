"""What is wrong with a query, in German: each sentence is one that a query brings about."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Store

import interkommunal
from interkommunal.engine.federation import locate
from interkommunal.errors import QueryError, QuerySyntaxError
from interkommunal.sparql.explain.reading import read
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.syntax import explain
from interkommunal.sparql.translation import SENTENCES, in_german

GUARD = Guard(services=("https://a.example/sparql",), refused_schemes=("bif",))
SOURCES = [
    path
    for room in ("sparql", "engine")
    for path in (Path(interkommunal.__file__).parent / room).rglob("*.py")
    if path.name != "translation.py"
]


def judge(query: str) -> None:
    GUARD.judge(query)
    try:
        Store().query(query)
    except SyntaxError as error:
        raise explain(query, str(error)) from None


def refusal(query: str) -> str:
    """What guard, tokeniser and parser say of a query, without the place."""
    with pytest.raises(QueryError) as caught:
        judge(query)
    return re.sub(r"^the query is malformed(?: at line \d+, column \d+)?: ", "", str(caught.value))


ASKED = [
    ("ASK { ?s x:p ?o }", "Das Präfix x: ist nicht erklärt; setzen Sie PREFIX x: <…> an den Anfang."),
    (
        "ASK { ?s <p> ?o }",
        "<p> ist nicht vollständig; schreiben Sie es aus, oder setzen Sie BASE <…> an den Anfang.",
    ),
    ("ASK { } }", "Die Klammer } schließt nichts."),
    ("ASK { ( }", "Die Klammer } passt nicht zur Klammer ( in Zeile 1, Spalte 7."),
    ("ASK { ?s ?p", "Die Klammer { wird nicht geschlossen."),
    ("SELECT * { ?s ?p ?o } ORDER", "Vor dem Ende fehlt etwas."),
    ("SELECT * { ?s ?p ?o } LIMIT x", "Ab „x“ ist es nicht zu verstehen."),
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
        "Die Abfrage ist vollständig, aber der Parser lehnt sie ab; oft belegt BIND oder AS eine Variable, die schon "
        "belegt ist.",
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
    ("SELECT ?b { ?a ?b ?c } GROUP BY ?a", "SELECT nennt eine Variable, die nicht belegt ist."),
    (
        "SELECT (?b + 1 AS ?n) { ?a ?b ?c } GROUP BY ?a",
        "SELECT enthält einen Ausdruck mit einer Variablen, die nicht belegt ist.",
    ),
    ("SELECT ?a ?a { ?a ?b ?c }", "SELECT nennt eine Variable doppelt."),
    ("SELECT (1 AS ?a) { ?a ?b ?c }", "SELECT belegt mit einem Ausdruck eine Variable, die es schon gibt."),
    ("SELECT * { ?a ?b ?c } GROUP BY ?a", "SELECT * ist zusammen mit GROUP BY nicht erlaubt."),
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
]
# Messages that take more than a query to bring about: what stands fixed in them stands in the code that writes them.
WRITTEN = [
    (
        "SERVICE to <http://b.example/> is not allowed; this endpoint asks no other",
        "SERVICE zu <http://b.example/> ist nicht erlaubt; dieser Endpunkt fragt keinen anderen.",
        "this endpoint asks no other",
    ),
    (
        "SERVICE <http://localhost/> resolves to an address that is not public",
        "SERVICE <http://localhost/> führt zu einer Adresse, die nicht öffentlich ist.",
        "resolves to an address that is not public",
    ),
    (
        "SERVICE <http://x.invalid/>: the name x.invalid does not resolve (Name or service not known)",
        "SERVICE <http://x.invalid/>: Der Name x.invalid lässt sich nicht auflösen.",
        "does not resolve (",
    ),
    (
        "default-graph-uri is no absolute IRI: 'x'",
        "Der Wert von default-graph-uri ist keine vollständige Adresse (IRI): „x“.",
        " is no absolute IRI: ",
    ),
    (
        "a PREFIX of the query is no absolute IRI",
        "Ein PREFIX nennt keine vollständige Adresse (IRI).",
        "a PREFIX of the query is no absolute IRI",
    ),
    (
        "the codepoint escapes make this query ambiguous; write it without them",
        "Die Schreibweise mit \\u macht die Abfrage mehrdeutig; schreiben Sie die Zeichen selbst.",
        "the codepoint escapes make this query ambiguous; write it without them",
    ),
    (
        "\\u escape sequence should be followed by hexadecimal digits",
        "Auf \\u müssen die hexadezimalen Ziffern eines Zeichens folgen.",
        "u escape sequence should be followed by hexadecimal digits",
    ),
    ("Prefix not found", "Ein Präfix ist nicht erklärt.", "Prefix not found"),
    ("it is nested too deep", "Sie ist zu tief verschachtelt.", "it is nested too deep"),
    ("it is too intricate", "Sie ist zu verwickelt.", "it is too intricate"),
    ("reading it takes too long", "Sie zu lesen dauert zu lange.", "reading it takes too long"),
    (
        "rdflib cannot read it: Expected end of text",
        "rdflib kann sie nicht lesen; in dessen englischen Worten: „Expected end of text“",
        "rdflib cannot read it: ",
    ),
    ("the endpoint answered 503 Busy", "Der Endpunkt antwortete mit 503 Busy.", "the endpoint answered "),
    (
        "the endpoint did not answer within 2.5 s",
        "Der Endpunkt antwortete nicht binnen 2.5 Sekunden.",
        "the endpoint did not answer within ",
    ),
    (
        "the endpoint's answer has more than 10 bytes",
        "Die Antwort des Endpunkts hat mehr als 10 Byte.",
        "the endpoint's answer has more than ",
    ),
    (
        "the endpoint cannot be asked: [Errno 111] Connection refused",
        "Der Endpunkt lässt sich nicht fragen; in den englischen Worten des Systems: „[Errno 111] Connection refused“",
        "the endpoint cannot be asked: ",
    ),
    (
        "no secure connection to the endpoint: odd",
        "Es kommt keine sichere Verbindung zum Endpunkt zustande; in den englischen Worten des Systems: „odd“",
        "no secure connection to the endpoint: ",
    ),
    ("the query failed: odd", "In den englischen Worten der Engine: „odd“", "the query failed: "),
    ("the endpoint says: odd", "Der Endpunkt sagt dazu: „odd“", "the endpoint says: "),
]


@pytest.mark.parametrize(("query", "german"), ASKED)
def test_what_is_wrong_with_a_query_is_said_in_german(query: str, german: str) -> None:
    assert in_german(refusal(query)) == german


@pytest.mark.parametrize(("message", "german", "fixed"), WRITTEN)
def test_what_else_the_engine_says_is_said_in_german(message: str, german: str, fixed: str) -> None:
    assert in_german(message) == german
    assert any(fixed in path.read_text("utf-8") for path in SOURCES)


def test_no_sentence_is_there_that_nothing_says() -> None:
    told = [re.sub(r"^line \d+, column \d+: ", "", refusal(query)) for query, _ in ASKED]
    told += [message for message, _, _ in WRITTEN]

    assert [
        pattern for pattern, _ in SENTENCES if not any(re.fullmatch(pattern, text, re.DOTALL) for text in told)
    ] == []


def test_what_is_not_known_stays_as_it_is_and_says_whose_words_it_is() -> None:
    query = "SELECT * { ?a (<http://b>/<http://c>) ?c ~ <http://r> }"

    assert in_german(refusal(query)) == (
        "In den englischen Worten des Parsers: „Reifiers are not allowed on property paths“"
    )
    assert in_german("the endpoint answers 500", "der Auswertung") == (
        "In den englischen Worten der Auswertung: „the endpoint answers 500“"
    )


def test_a_name_with_braces_is_no_place_in_a_sentence() -> None:
    assert in_german("the parser understands nothing from «{0} {x}» on") == "Ab „{0} {x}“ ist es nicht zu verstehen."


def test_an_endpoint_that_is_not_public_is_told_in_german() -> None:
    with pytest.raises(PermissionError) as caught:
        locate("http://127.0.0.1/")

    assert in_german(str(caught.value)) == (
        "SERVICE <http://127.0.0.1/> führt zu einer Adresse, die nicht öffentlich ist."
    )


def test_reader_and_server_say_the_same() -> None:
    with pytest.raises(QuerySyntaxError, match=r"this \{ is never closed"):
        read("ASK {")
