"""Further columns: what the graph says of things that have been reconciled (Reconciliation API 0.2, §7)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson
from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import ID, expand
from interkommunal.reconcile.evidence import Value
from interkommunal.reconcile.request import full_iri, is_whole, json_object, known_property, list_of_properties, wrong
from interkommunal.reconcile.schema import Schema, Term
from interkommunal.release.names import SCHEMES
from interkommunal.texts import Language, Text
from interkommunal.web.problems import Problem, RequestProblem

MOST_IDS: Final = 1000
_INTEGERS: Final = frozenset(
    map(expand, ("xsd:integer", "xsd:int", "xsd:long", "xsd:nonNegativeInteger", "xsd:positiveInteger"))
)
_FRACTIONS: Final = frozenset(map(expand, ("xsd:decimal", "xsd:double", "xsd:float")))
_XSD_DATE: Final = expand("xsd:date")
_XSD_DATE_TIME: Final = expand("xsd:dateTime")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})?")
# Numbers beyond these are no longer exact in JavaScript; as text they are.
_EXACT: Final = 2**53


@dataclass(frozen=True, slots=True)
class Setting:
    """What a client may set for a column; the first of ``choices`` is the default, without any it is a number."""

    name: str
    label: Text
    help_text: Text
    choices: tuple[tuple[str, Text], ...] = ()

    def shown(self, language: Language) -> dict[str, Any]:
        """As the manifest lists it."""
        found: dict[str, Any] = {
            "name": self.name,
            "type": "select" if self.choices else "number",
            "default": self.choices[0][0] if self.choices else 0,
            "label": self.label.in_(language),
            "help_text": self.help_text.in_(language),
        }
        if self.choices:
            found["choices"] = [{"value": value, "name": name.in_(language)} for value, name in self.choices]
        return found


_LIMIT: Final = Setting(
    "limit",
    Text("Limit"),
    Text("Maximum number of values to return for a row; 0: all of them."),
)
_CONTENT: Final = Setting(
    "content",
    Text("Content"),
    Text("Whether things become reconciled cells, identifiers or names."),
    (
        ("entities", Text("reconciled cells")),
        ("ids", Text("identifiers")),
        ("literals", Text("names")),
    ),
)
_LANGUAGE: Final = Setting(
    "language",
    Text("Language"),
    Text("The language of texts that exist in several."),
    (
        ("", Text("that of the request")),
        ("de", Text("German")),
        ("en", Text("English")),
        ("all", Text("all")),
    ),
)
SETTINGS: Final = (_LIMIT, _CONTENT, _LANGUAGE)


@dataclass(frozen=True, slots=True)
class ExtendedProperty:
    """One property of an extension request, with its settings.

    Attributes:
        limit: most values of a thing, 0 for all.
        content: ``entities`` for things with identifier and name, ``ids`` or ``literals`` for either alone.
        language: of texts; empty for that of the request, ``all`` for every one.
    """

    term: Term
    limit: int = 0
    content: str = "entities"
    language: str = ""


@dataclass(frozen=True, slots=True)
class ExtendRequest:
    """A request for further columns.

    Attributes:
        ids: of things, as they were written. properties: what is wanted of them.
        problems: what is wrong with single identifiers and properties, which are left out.
    """

    ids: tuple[str, ...]
    properties: tuple[ExtendedProperty, ...]
    problems: tuple[Problem, ...] = ()


def read_extend_request(raw: str, schema: Schema) -> ExtendRequest:
    """A request for further columns.

    Raises:
        RequestProblem: 400 for what is not JSON, 413 for too many things, 422 if no property of it can be given.
    """
    given = json_object(raw, "extend")
    ids = given.get("ids")
    if not isinstance(ids, list):
        raise wrong("ids", Text("“ids” is a list of identifiers."))
    if len(ids) > MOST_IDS:
        detail = Text(
            "There may be at most {MOST_IDS} identifiers at once; this request has {ids}.",
            MOST_IDS=MOST_IDS,
            ids=len(ids),
        )
        raise RequestProblem(Problem("too-large", detail, {"limit": "ids", "max_ids": MOST_IDS}))
    problems = [
        wrong("ids", Text("An identifier is a string, and not {item}.", item=str(item)[:100])).problem
        for item in ids
        if not isinstance(item, str)
    ]
    properties = []
    for item in list_of_properties(given.get("properties")):
        try:
            properties.append(_property(item, schema))
        except RequestProblem as error:
            name = item.get("id") if isinstance(item, dict) else None
            named = {"property": name[:100]} if isinstance(name, str) else {}
            problems.append(replace(error.problem, extras={**named, **error.problem.extras}))
    if problems and not properties:
        raise RequestProblem(problems[-1])
    known = dict.fromkeys(item for item in ids if isinstance(item, str))
    return ExtendRequest(tuple(known), tuple(properties), tuple(problems))


def _property(given: Any, schema: Schema) -> ExtendedProperty:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise wrong("properties", Text("A property has “id”."))
    term = known_property(given["id"], schema)
    settings = given.get("settings")
    if settings is None:
        return ExtendedProperty(term)
    if not isinstance(settings, dict):
        raise wrong("settings", Text("“settings” is a JSON object."))
    return ExtendedProperty(
        term, _number_of_values(settings), _choice(settings, _CONTENT), _choice(settings, _LANGUAGE)
    )


def _number_of_values(settings: Mapping[str, Any]) -> int:
    limit = settings.get("limit")
    if isinstance(limit, str) and limit.strip().isdecimal() and len(limit) < 9:
        limit = int(limit)  # some clients send what was typed
    if limit is None or limit == "":
        return 0
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not is_whole(limit) or limit < 0:
        raise wrong("settings", Text("“limit” is a whole number from 0 on."))
    return int(limit)


def _choice(settings: Mapping[str, Any], setting: Setting) -> str:
    choices = [value for value, _ in setting.choices]
    given = settings.get(setting.name)
    if given is None:
        return choices[0]
    if given not in choices:
        name, some = setting.name, ", ".join(filter(None, choices))
        raise wrong("settings", Text("“{name}” is one of {some}.", name=name, some=some))
    return str(given)


def extended(
    request: ExtendRequest,
    values: Mapping[tuple[str, str], Sequence[Value]],
    identifiers: Mapping[str, Sequence[tuple[str, str, bool]]],
    language: Language,
) -> dict[str, Any]:
    """The answer, as JSON.

    Args:
        request: what is wanted.
        values: by IRI of thing and property.
        identifiers: scheme, value, and whether it is its own, by IRI of thing.
        language: of the request.
    """
    rows: dict[str, dict[str, list[dict[str, Any]]]] = {}
    for given in request.ids:
        iri = full_iri(given)
        row = rows[given] = {}
        for wanted in request.properties:
            term = wanted.term
            if term.iri in SCHEMES:
                cells = [{"str": value} for scheme, value, _ in identifiers.get(iri, ()) if scheme == term.iri]
            else:
                cells = _cells(values.get((iri, term.iri), ()), wanted, wanted.language or language)
            row[term.id] = cells[: wanted.limit] if wanted.limit else cells
    terms = [wanted.term for wanted in request.properties]
    answer: dict[str, Any] = {
        "meta": [{"id": term.id, "name": term.label.in_(language)} for term in terms],
        "rows": rows,
    }
    if request.problems:
        answer["errors"] = [orjson.Fragment(problem.body(language)) for problem in request.problems]
    return answer


def _cells(values: Sequence[Value], wanted: ExtendedProperty, language: str) -> list[dict[str, Any]]:
    tagged = [term for term, _ in values if isinstance(term, Literal) and term.language]
    if language != "all" and any(term.language == language for term in tagged):
        others = {term for term in tagged if term.language != language}
        values = [(term, names) for term, names in values if term not in others]
    cells = [_cell(term, names, wanted.content) for term, names in values]
    # Equal texts in two languages are one value to a table.
    return sorted({repr(cell): cell for cell in cells}.values(), key=lambda cell: str(list(cell.values())[-1]))


def _cell(term: NamedNode | Literal, names: Sequence[str], content: str) -> dict[str, Any]:
    if isinstance(term, NamedNode):
        short = term.value.removeprefix(ID)
        if content == "ids" or not names:
            return {"str": short}
        if content == "literals" or short == term.value:
            return {"str": names[0]}
        return {"id": short, "name": names[0]}
    text, datatype = term.value, term.datatype.value
    try:
        if datatype in _INTEGERS and abs(int(text)) < _EXACT:
            return {"int": int(text)}
        if datatype in _FRACTIONS and math.isfinite(float(text)):
            return {"float": float(text)}
    except ValueError:
        return {"str": text}
    if datatype == _XSD_DATE and _DATE.fullmatch(text):
        return {"date": f"{text}T00:00:00Z"}
    if datatype == _XSD_DATE_TIME and _MOMENT.fullmatch(text):
        return {"date": text}
    return {"str": text}
