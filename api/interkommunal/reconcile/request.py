"""What clients send: parameters, and batches of queries as JSON (Reconciliation API 0.2, §4).

A query that is wrong costs itself only: its place is taken by a problem that says what would be right. A batch that is
not JSON, or too large, is refused whole.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any, Final

import orjson

from interkommunal.namespaces import ID
from interkommunal.normal import normal_text
from interkommunal.reconcile.index import NameIndex
from interkommunal.reconcile.matching import Column, Question, Reference, Strictness
from interkommunal.reconcile.schema import Schema, Term
from interkommunal.texts import Language, Text
from interkommunal.web.problems import Header, Problem, RequestProblem, bad_request

DEFAULT_LIMIT: Final = 5
MOST_CANDIDATES: Final = 100
MOST_COLUMNS: Final = 20
_MOST_VALUES: Final = 50
_MOST_TYPES: Final = 50
# Levels that are read; a query has six.
_DEEPEST: Final = 50
_BRACKET: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[\[{}\]]', re.DOTALL)
_STRICT: Final[dict[object, Strictness]] = {None: "any", "any": "any", "all": "all", "should": "should"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request: its method, its parameters, none of them empty, its language, and the names in force."""

    method: str
    values: dict[str, str]
    language: Language
    index: NameIndex

    def given(self, name: str) -> str:
        """A parameter that has to be there.

        Raises:
            RequestProblem: 400, it is missing.
        """
        if name not in self.values:
            raise bad_request(Text("There is no “{name}”.", name=name), parameter=name)
        return self.values[name]

    def number(self, name: str) -> int:
        """A parameter that is a number, 0 if it is not given.

        Raises:
            RequestProblem: 400, it is not a number, or longer than nine digits.
        """
        given = self.values.get(name, "").strip()
        if given and (not given.isascii() or not given.isdecimal() or len(given) > 9):
            raise bad_request(Text("“{name}” is a number from 0 on.", name=name), parameter=name)
        return int(given or 0)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: a body, its type, further header fields, and for the log what was done and how many."""

    body: bytes
    content_type: bytes = b"application/json"
    further: tuple[Header, ...] = ()
    form: str = "reconcile"
    number: int | None = None


def answer_json(value: dict[str, Any], form: str, number: int | None = None) -> Reply:
    """An answer in JSON."""
    return Reply(orjson.dumps(value), form=form, number=number)


def read_batch(raw: str, schema: Schema, most: int) -> dict[str, Question | Problem]:
    """The queries of a batch by their keys, or what is wrong with them.

    Args:
        raw: JSON.
        schema: types and properties of the release.
        most: queries that a batch may have.

    Raises:
        RequestProblem: 400 for what is not JSON, 413 for too many.
    """
    given = json_object(raw, "queries")
    if len(given) > most:
        detail = Text(
            "A batch may have at most {most} queries, this one has {given}. Please split it.",
            most=most,
            given=len(given),
        )
        raise RequestProblem(Problem("too-large", detail, {"limit": "batch", "max_queries": most}))
    return {key: _question_or_problem(key, value, schema) for key, value in given.items()}


def _question_or_problem(key: str, given: Any, schema: Schema) -> Question | Problem:
    try:
        orjson.dumps(given)
        return _question(given, schema)
    except orjson.JSONEncodeError:
        text = Text("The query holds half a character (a lone surrogate), a number beyond 64 bits or too many levels.")
        problem = wrong("", text).problem
    except RequestProblem as error:
        problem = error.problem
    return replace(problem, extras={"query": _short(key), **problem.extras})


def _question(given: Any, schema: Schema) -> Question:
    if not isinstance(given, dict):
        raise wrong("", Text("A query is a JSON object."))
    text = given.get("query")
    if text is not None and not isinstance(text, str):
        raise wrong("query", Text("“query” is a string."))
    columns = _columns(given.get("properties"), schema)
    if text is None and not columns:
        raise wrong("query", Text("“query” or “properties” is missing."))
    strictness = given.get("type_strict")
    if not isinstance(strictness, str | None) or strictness not in _STRICT:
        raise wrong("type_strict", Text("“type_strict” is any, all or should."))
    types = _types(given.get("type"), schema)
    return Question(normal_text(text or ""), types, _STRICT[strictness], _limit(given.get("limit")), columns)


def _limit(given: Any) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if isinstance(given, bool) or not isinstance(given, int | float) or not is_whole(given) or given < 1:
        raise wrong("limit", Text("“limit” is a whole number from 1 on."))
    return min(int(given), MOST_CANDIDATES)


def is_whole(number: float) -> bool:
    """Whether a number of JSON is a whole one; clients write 5.0, too."""
    return math.isfinite(number) and number == int(number)


def _types(given: Any, schema: Schema) -> tuple[str, ...]:
    if given is None or given == "":
        return ()
    several = given if isinstance(given, list) else [given]
    # Some clients repeat what the manifest says of a type.
    names = [item.get("id") if isinstance(item, dict) else item for item in several]
    if len(names) > _MOST_TYPES:
        raise wrong("type", Text("There are more than {MOST_TYPES} types.", MOST_TYPES=_MOST_TYPES))
    found = [known_type(name, schema).iri for name in names if isinstance(name, str)]
    if len(found) < len(names):
        raise wrong("type", Text("“type” is a type or a list."))
    return tuple(dict.fromkeys(found))


def _columns(given: Any, schema: Schema) -> tuple[Column, ...]:
    if given is None:
        return ()
    columns = []
    for item in list_of_properties(given):
        if not isinstance(item, dict) or not isinstance(item.get("pid"), str) or "v" not in item:
            raise wrong("properties", Text("A property has “pid” and “v”."))
        term = known_property(item["pid"], schema)
        if values := _values(item["v"]):
            columns.append(Column(term.id, term.iri, values))
    return tuple(columns)


def _values(given: Any) -> tuple[str | Reference, ...]:
    several = given if isinstance(given, list) else [given]
    if len(several) > _MOST_VALUES:
        raise wrong(
            "properties",
            Text("A property has at most {MOST_VALUES} values.", MOST_VALUES=_MOST_VALUES),
        )
    found: list[str | Reference] = []
    for item in several:
        if item is None or item == "" or (isinstance(item, float) and math.isnan(item)):
            continue  # pandas writes an empty cell as NaN
        if isinstance(item, dict) and isinstance(item.get("id"), str):
            name = item.get("name")
            found.append(Reference(full_iri(item["id"]), normal_text(name) if isinstance(name, str) else ""))
        elif isinstance(item, bool):
            found.append("true" if item else "false")
        elif isinstance(item, str):
            found.append(normal_text(item).strip())
        elif isinstance(item, int) or (isinstance(item, float) and math.isfinite(item)):
            # Spreadsheets write years as 2010.0.
            found.append(str(int(item)) if item == int(item) else str(item))
        else:
            raise wrong(
                "properties",
                Text("A value is a text, a number, a boolean or an object with “id”."),
            )
    return tuple(found)


def list_of_properties(given: Any) -> list[Any]:
    """What ``properties`` of a query or an extension holds.

    Raises:
        RequestProblem: 422, it is not a list, or has too many.
    """
    if not isinstance(given, list) or len(given) > MOST_COLUMNS:
        raise wrong(
            "properties",
            Text("“properties” is a list of at most {MOST_COLUMNS} properties.", MOST_COLUMNS=MOST_COLUMNS),
        )
    return given


def known_type(name: str, schema: Schema) -> Term:
    """A type by its name.

    Raises:
        RequestProblem: 422, there is none; the message names some that there are.
    """
    if term := schema.type(normal_text(name)):
        return term
    some = ", ".join(item.id for item in schema.usual()[:8])
    raise wrong(
        "type",
        Text(
            "There is no type “{name}”; there are for example {some}, all at /reconcile/suggest/type.",
            name=_short(name),
            some=some,
        ),
    )


def known_property(name: str, schema: Schema) -> Term:
    """A property by its name.

    Raises:
        RequestProblem: 422, there is none.
    """
    if term := schema.property(normal_text(name)):
        return term
    raise wrong(
        "properties",
        Text("There is no property “{name}”; all are at /reconcile/suggest/property.", name=_short(name)),
    )


def full_iri(name: str) -> str:
    """The IRI of a thing by its identifier; an IRI stays what it is."""
    name = normal_text(name)
    return name if "://" in name else ID + name


def json_object(raw: str, parameter: str) -> dict[str, Any]:
    """A parameter that is a JSON object.

    Raises:
        RequestProblem: 400, it is something else.
    """
    try:
        given = _loads(raw.removeprefix("\ufeff"))
    except (ValueError, TypeError, RecursionError) as error:
        raise bad_request(
            Text("The parameter “{parameter}” is not JSON: {error}.", parameter=parameter, error=str(error)[:200]),
            parameter=parameter,
        ) from None
    if not isinstance(given, dict):
        raise bad_request(
            Text("The parameter “{parameter}” is not a JSON object.", parameter=parameter),
            parameter=parameter,
        )
    return given


def _loads(raw: str) -> Any:
    try:
        return orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        # NaN, half characters, endless numbers and nesting spoil a cell and not the batch. Keys have to be sent back.
        given = json.loads(_shallow(raw), parse_int=lambda digits: int(digits) if len(digits) < 400 else math.inf)
        orjson.dumps(list(given) if isinstance(given, dict) else None)
        return given


def _shallow(raw: str) -> str:
    """JSON in which what is nested too deeply is an empty object; what is no JSON stays none."""
    kept, depth, begin = [], 0, 0
    for match in _BRACKET.finditer(raw):
        if match[0][0] == '"':
            continue
        if match[0] in "[{":
            depth += 1
            if depth == _DEEPEST:
                kept.append(raw[begin : match.start()] + "{}")
        else:
            if depth == _DEEPEST:
                begin = match.end()
            depth -= 1
    return "".join(kept) + raw[begin:] if depth == 0 else raw


def wrong(member: str, detail: Text) -> RequestProblem:
    """422: a member of a query is wrong; ``detail`` says what would be right."""
    return RequestProblem(Problem("invalid-parameter", detail, {"member": member} if member else {}))


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}…"
