"""Further columns: what the graph says of things that have been reconciled (Reconciliation API 0.2, §7)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyoxigraph

from interkommunal.namespaces import ID, PREFIXES
from interkommunal.reconcile.evidence import Value
from interkommunal.reconcile.queries import full_iri
from interkommunal.reconcile.schema import Term
from interkommunal.reconcile.wishes import Extension, Wish
from interkommunal.release.names import SCHEMES
from interkommunal.texts import Language, Text

_XSD: Final = PREFIXES["xsd"]
_INTEGERS: Final = frozenset(
    _XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")
)
_FRACTIONS: Final = frozenset(_XSD + name for name in ("decimal", "double", "float"))
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?")
# Numbers beyond these are no longer exact in JavaScript; as text they are.
_EXACT: Final = 2**53

_SETTINGS: Final = (
    {
        "name": "limit",
        "type": "number",
        "default": 0,
        "label": Text("Höchstzahl", "Limit"),
        "help_text": Text(
            "Wie viele Werte höchstens in einer Zeile stehen sollen; 0: alle.",
            "Maximum number of values to return for a row; 0: all of them.",
        ),
    },
    {
        "name": "content",
        "type": "select",
        "default": "entities",
        "label": Text("Inhalt", "Content"),
        "help_text": Text(
            "Ob Dinge abgeglichen, als Kennung oder als Name eingetragen werden.",
            "Whether things become reconciled cells, identifiers or names.",
        ),
        "choices": (
            ("entities", Text("abgeglichene Zellen", "reconciled cells")),
            ("ids", Text("Kennungen", "identifiers")),
            ("literals", Text("Namen", "names")),
        ),
    },
    {
        "name": "language",
        "type": "select",
        "default": "",
        "label": Text("Sprache", "Language"),
        "help_text": Text(
            "In welcher Sprache Texte sein sollen, die es in mehreren gibt.",
            "The language of texts that exist in several.",
        ),
        "choices": (
            ("", Text("die der Anfrage", "that of the request")),
            ("de", Text("Deutsch", "German")),
            ("en", Text("Englisch", "English")),
            ("all", Text("alle", "all")),
        ),
    },
)


def settings(language: Language) -> list[dict[str, Any]]:
    """The settings of a property, as the manifest lists them."""
    found = []
    for item in _SETTINGS:
        shown: dict[str, Any] = {
            key: value.in_(language) if isinstance(value, Text) else value for key, value in item.items()
        }
        if "choices" in shown:
            shown["choices"] = [{"value": value, "name": name.in_(language)} for value, name in shown["choices"]]
        found.append(shown)
    return found


def properties(extension: Extension) -> list[str]:
    """The properties that the store has to be asked for."""
    return [wish.term.iri for wish in extension.wishes if wish.term.iri not in SCHEMES]


def extended(
    extension: Extension,
    values: Mapping[tuple[str, str], Sequence[Value]],
    identifiers: Mapping[str, Sequence[tuple[str, str, bool]]],
    language: Language,
) -> dict[str, Any]:
    """The answer, as JSON.

    Args:
        extension: what is wanted.
        values: by IRI of thing and property.
        identifiers: scheme, value, and whether it is its own, by IRI of thing.
        language: of the request.
    """
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for given in extension.ids:
        iri = full_iri(given)
        row = rows[given] = {}
        for wish in extension.wishes:
            if wish.term.iri in SCHEMES:
                cells = [{"str": value} for scheme, value, _ in identifiers.get(iri, ()) if scheme == wish.term.iri]
            else:
                cells = _cells(values.get((iri, wish.term.iri), ()), wish, wish.language or language)
            row[wish.term.id] = cells[: wish.limit] if wish.limit else cells
    return {"meta": [_meta(wish.term, language) for wish in extension.wishes], "rows": rows}


def _meta(term: Term, language: Language) -> dict[str, str]:
    return {"id": term.id, "name": term.label.in_(language)}


def _cells(values: Sequence[Value], wish: Wish, language: str) -> list[dict[str, Any]]:
    tagged = [term for term, _ in values if isinstance(term, pyoxigraph.Literal) and term.language]
    if language != "all" and any(term.language == language for term in tagged):
        others = {term for term in tagged if term.language != language}
        values = [(term, names) for term, names in values if term not in others]
    cells = [_cell(term, names, wish.content) for term, names in values]
    # Equal texts in two languages are one value to a table.
    return sorted({repr(cell): cell for cell in cells}.values(), key=lambda cell: str(list(cell.values())[-1]))


def _cell(term: pyoxigraph.NamedNode | pyoxigraph.Literal, names: Sequence[str], content: str) -> dict[str, Any]:
    if isinstance(term, pyoxigraph.NamedNode):
        short = term.value.removeprefix(ID)
        if content == "ids" or not names:
            return {"str": short}
        if content == "literals" or short == term.value:
            return {"str": names[0]}
        return {"id": short, "name": names[0]}
    return _literal(term.value, term.datatype.value)


def _literal(text: str, datatype: str) -> dict[str, Any]:
    try:
        if datatype in _INTEGERS and abs(int(text)) < _EXACT:
            return {"int": int(text)}
        if datatype in _FRACTIONS and math.isfinite(float(text)):
            return {"float": float(text)}
    except ValueError:
        return {"str": text}
    if datatype == f"{_XSD}boolean":
        return {"str": text}
    if datatype == f"{_XSD}date" and _DATE.fullmatch(text):
        return {"date": f"{text}T00:00:00Z"}
    if datatype == f"{_XSD}dateTime" and _MOMENT.fullmatch(text):
        return {"date": text}
    return {"str": text}
