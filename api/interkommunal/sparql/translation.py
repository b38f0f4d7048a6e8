"""What guard, tokeniser and parser say of a query, in German.

In: a message in English, as errors carry it from process to process. Out: the same in German. A message is translated
as a whole or not at all; one that is not known here stays as it is, in quotation marks, as somebody else's words.
"""

from __future__ import annotations

import re
from typing import Final

#: Patterns of whole messages, and the sentence for each; what a pattern finds stands in the places of the sentence.
SENTENCES: Final[tuple[tuple[str, str], ...]] = (
    # What the tokens of a query show (sparql/syntax.py).
    (
        r"the prefix (.*): is not declared; add PREFIX .*: <…> at the top",
        "Das Präfix {0}: ist nicht erklärt; setzen Sie PREFIX {0}: <…> an den Anfang.",
    ),
    (
        r"(<.*>) is relative; write it in full, or add BASE <…> at the top",
        "{0} ist nicht vollständig; schreiben Sie es aus, oder setzen Sie BASE <…> an den Anfang.",
    ),
    (r"this (\S) closes nothing", "Die Klammer {0} schließt nichts."),
    (
        r"this (\S) does not close the (\S) of line (\d+), column (\d+)",
        "Die Klammer {0} passt nicht zur Klammer {1} in Zeile {2}, Spalte {3}.",
    ),
    (r"this (\S) is never closed", "Die Klammer {0} wird nicht geschlossen."),
    (r"something is missing before the end", "Vor dem Ende fehlt etwas."),
    (r"the parser understands nothing from «(.*)» on", "Ab „{0}“ ist es nicht zu verstehen."),
    # What is no token (sparql/tokens.py), and what is no query (sparql/guard.py).
    (
        r"a string that starts here is not closed; strings over several lines need three quotes",
        "Die Zeichenkette, die hier beginnt, wird nicht geschlossen; über mehrere Zeilen braucht sie drei "
        "Anführungszeichen.",
    ),
    (r"the character (\S+) cannot stand here", "Das Zeichen {0} darf hier nicht stehen."),
    (r"(\S+) is no character", "{0} ist kein Zeichen."),
    (r"here SELECT, ASK, CONSTRUCT or DESCRIBE must stand", "Hier muss SELECT, ASK, CONSTRUCT oder DESCRIBE stehen."),
    (
        r"here SELECT, ASK, CONSTRUCT or DESCRIBE must stand, not '(.*)'",
        "Hier muss SELECT, ASK, CONSTRUCT oder DESCRIBE stehen, nicht „{0}“.",
    ),
    (
        r"the query holds half a surrogate pair, which is no character",
        "Hier steht ein halbes Ersatzpaar (UTF-16), und das ist kein Zeichen.",
    ),
    (r"([\w-]+) is no absolute IRI: '(.*)'", "Der Wert von {0} ist keine vollständige Adresse (IRI): „{1}“."),
    (r"a PREFIX of the query is no absolute IRI", "Ein PREFIX nennt keine vollständige Adresse (IRI)."),
    # What the parser of the engine refuses, in our words or in its own (sparql/syntax.py).
    (
        r"it is complete, but the parser refuses it; often BIND or AS gives a value to a variable that has one",
        "Die Abfrage ist vollständig, aber der Parser lehnt sie ab; oft belegt BIND oder AS eine Variable, die schon "
        "belegt ist.",
    ),
    (
        r"VALUES has a row with more or fewer values than variables, or a variable twice",
        "In VALUES hat eine Zeile mehr oder weniger Werte, als es Variablen gibt, oder eine Variable steht doppelt.",
    ),
    (
        r"a blank node may stand in one group only; write a variable in its place",
        "Ein leerer Knoten darf nur in einer Gruppe stehen; schreiben Sie dort eine Variable.",
    ),
    (r"Prefix not found", "Ein Präfix ist nicht erklärt."),
    (r"IRI parsing failed", "Die Adresse (IRI) ist fehlerhaft."),
    (r"language tag parsing failed", "Die Sprachangabe ist fehlerhaft."),
    (
        r"the only base directions allowed are 'rtl' and 'ltr'",
        "Als Schreibrichtung sind nur „rtl“ und „ltr“ erlaubt.",
    ),
    (
        r"\\u escape sequence should be followed by hexadecimal digits",
        "Auf \\u müssen die hexadezimalen Ziffern eines Zeichens folgen.",
    ),
    (r"The SELECT contains a variable that is unbound", "SELECT nennt eine Variable, die nicht belegt ist."),
    (
        r"The SELECT contains an expression with a variable that is unbound",
        "SELECT enthält einen Ausdruck mit einer Variablen, die nicht belegt ist.",
    ),
    (r"Duplicated variable name in SELECT", "SELECT nennt eine Variable doppelt."),
    (
        r"The SELECT overrides an existing variable using an expression",
        "SELECT belegt mit einem Ausdruck eine Variable, die es schon gibt.",
    ),
    (r"SELECT \* is not authorized with GROUP BY", "SELECT * ist zusammen mit GROUP BY nicht erlaubt."),
    # What the guard refuses (sparql/guard.py, engine/federation.py).
    (r"(\w+) changes data; only queries run here", "{0} ändert Daten; hier laufen nur Abfragen."),
    (r"write SERVICE as a word of its own", "Schreiben Sie SERVICE als eigenes Wort."),
    (
        r"SERVICE must name its endpoint by an IRI, not by a variable",
        "SERVICE muss seinen Endpunkt mit einer Adresse (IRI) nennen, nicht mit einer Variablen.",
    ),
    (
        r"SERVICE to (<.*>) is not allowed; this endpoint asks no other",
        "SERVICE zu {0} ist nicht erlaubt; dieser Endpunkt fragt keinen anderen.",
    ),
    (
        r"SERVICE to (<.*>) is not allowed; allowed are (<.*>)",
        "SERVICE zu {0} ist nicht erlaubt; erlaubt sind {1}.",
    ),
    (
        r"SERVICE (<.*>) resolves to an address that is not public",
        "SERVICE {0} führt zu einer Adresse, die nicht öffentlich ist.",
    ),
    (r"functions of (\w+): may not be used here", "Funktionen von {0}: dürfen hier nicht verwendet werden."),
    (
        r"the query has a carriage return without a line feed; end lines with a line feed",
        "Hier steht ein Wagenrücklauf ohne Zeilenvorschub; beenden Sie Zeilen mit einem Zeilenvorschub.",
    ),
    (
        r"(<.*>) can be read as a comparison and a comment; write the IRI in full or a space after <",
        "{0} lässt sich auch als Vergleich mit einem Kommentar lesen; schreiben Sie die Adresse (IRI) aus oder ein "
        "Leerzeichen nach <.",
    ),
    (
        r"the codepoint escapes make this query ambiguous; write it without them",
        "Die Schreibweise mit \\u macht die Abfrage mehrdeutig; schreiben Sie die Zeichen selbst.",
    ),
    # Why a query is not explained (engine/explain).
    (r"it is nested too deep", "Sie ist zu tief verschachtelt."),
    (r"it is too intricate", "Sie ist zu verwickelt."),
    (r"reading it takes too long", "Sie zu lesen dauert zu lange."),
    (r"rdflib cannot read it: (.*)", "rdflib kann sie nicht lesen; in dessen englischen Worten: „{0}“"),
    # Why the evaluation broke off (engine/evaluation.py, engine/federation.py, engine/remote.py).
    (r"the query failed: (.*)", "In den englischen Worten der Engine: „{0}“"),
    (r"the endpoint says: (.*)", "Der Endpunkt sagt dazu: „{0}“"),
    (
        r"SERVICE (<.*>): the name (\S+) does not resolve \(.*\)",
        "SERVICE {0}: Der Name {1} lässt sich nicht auflösen.",
    ),
    (r"the endpoint answered (\d+) (.*)", "Der Endpunkt antwortete mit {0} {1}."),
    (r"the endpoint did not answer within (\S+) s", "Der Endpunkt antwortete nicht binnen {0} Sekunden."),
    (r"the endpoint's answer has more than (\d+) bytes", "Die Antwort des Endpunkts hat mehr als {0} Byte."),
    (
        r"the endpoint cannot be asked: (.*)",
        "Der Endpunkt lässt sich nicht fragen; in den englischen Worten des Systems: „{0}“",
    ),
    (
        r"no secure connection to the endpoint: (.*)",
        "Es kommt keine sichere Verbindung zum Endpunkt zustande; in den englischen Worten des Systems: „{0}“",
    ),
)
_SENTENCES: Final = tuple((re.compile(pattern, re.DOTALL), german) for pattern, german in SENTENCES)
_PLACE: Final = re.compile(r"line (\d+), column (\d+): ")


def in_german(message: str, whose: str = "des Parsers") -> str:
    """A message of the engine as a German sentence.

    Args:
        message: in English, without what stands before it in other messages.
        whose: in the genitive, whose words these are if the message is not known here.
    """
    place = _PLACE.match(message)
    if place is not None:
        return f"Zeile {place[1]}, Spalte {place[2]}: {in_german(message[place.end() :], whose)}"
    for pattern, german in _SENTENCES:
        found = pattern.fullmatch(message)
        if found is not None:
            return german.format(*found.groups())
    return f"In den englischen Worten {whose}: „{message}“"
