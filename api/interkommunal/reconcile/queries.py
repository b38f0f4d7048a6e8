"""Reads batches of queries (Reconciliation API 0.2, §4).

A query that is wrong costs itself only: its place is taken by a problem that says what would be right. A batch that is
not JSON, or too large, is refused whole.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

import orjson

from interkommunal.namespaces import ID
from interkommunal.normal import normal_text
from interkommunal.reconcile.matching import Column, Question, Reference, Strictness
from interkommunal.reconcile.schema import Schema, Term
from interkommunal.texts import Text
from interkommunal.web.problems import Problem, RequestProblem, bad_request

DEFAULT_LIMIT: Final = 5
MOST_CANDIDATES: Final = 100
MOST_COLUMNS: Final = 20
_MOST_VALUES: Final = 50
_MOST_TYPES: Final = 50
_STRICT: Final[dict[object, Strictness]] = {None: "any", "any": "any", "all": "all", "should": "should"}


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
        raise RequestProblem(
            Problem(
                "too-large",
                Text(
                    f"Eine Sendung darf höchstens {most} Anfragen haben, diese hat {len(given)}. Teilen Sie sie auf.",
                    f"A batch may have at most {most} queries, this one has {len(given)}. Please split it.",
                ),
                {"limit": "batch", "max_queries": most},
            )
        )
    return {key: _question_or_problem(key, value, schema) for key, value in given.items()}


def _question_or_problem(key: str, given: Any, schema: Schema) -> Question | Problem:
    try:
        orjson.dumps(given)
        return _question(key, given, schema)
    except orjson.JSONEncodeError:
        return wrong(
            key,
            "",
            "sie enthält ein halbes Zeichen (Surrogat), eine Zahl über 64 Bit oder zu viele Ebenen",
            "it holds half a character (a lone surrogate), a number beyond 64 bits or too many levels",
        ).problem
    except RequestProblem as error:
        return error.problem


def _question(key: str, given: Any, schema: Schema) -> Question:
    if not isinstance(given, dict):
        raise wrong(key, "", "eine Anfrage ist ein JSON-Objekt", "a query is a JSON object")
    text = given.get("query")
    if text is not None and not isinstance(text, str):
        raise wrong(key, "query", "„query“ ist eine Zeichenkette", "“query” is a string")
    columns = _columns(key, given.get("properties"), schema)
    if text is None and not columns:
        raise wrong(key, "query", "„query“ oder „properties“ fehlt", "“query” or “properties” is missing")
    strictness = given.get("type_strict")
    if not isinstance(strictness, str | None) or strictness not in _STRICT:
        raise wrong(key, "type_strict", "„type_strict“ ist any, all oder should", "“type_strict” is any, all or should")
    return Question(
        normal_text(text or ""),
        _types(key, given.get("type"), schema),
        _STRICT[strictness],
        _limit(key, given.get("limit")),
        columns,
    )


def _limit(key: str, given: Any) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given) or given < 1:
        raise wrong(key, "limit", "„limit“ ist eine Zahl ab 1", "“limit” is a number from 1 on")
    return min(int(given), MOST_CANDIDATES)


def _types(key: str, given: Any, schema: Schema) -> tuple[str, ...]:
    if given is None or given == "":
        return ()
    several = given if isinstance(given, list) else [given]
    found = []
    for item in several[: _MOST_TYPES + 1]:
        # Some clients repeat what the manifest says of a type.
        name = item.get("id") if isinstance(item, dict) else item
        if not isinstance(name, str):
            raise wrong(key, "type", "„type“ ist ein Typ oder eine Liste von Typen", "“type” is a type or a list")
        found.append(known_type(name, schema, key).iri)
    if len(found) > _MOST_TYPES:
        raise wrong(key, "type", f"es sind mehr als {_MOST_TYPES} Typen", f"there are more than {_MOST_TYPES} types")
    return tuple(dict.fromkeys(found))


def known_type(name: str, schema: Schema, key: str = "") -> Term:
    """A type by its name.

    Raises:
        RequestProblem: 422, there is none; the message names some that there are.
    """
    term = schema.type(normal_text(name))
    if term is not None:
        return term
    some = ", ".join(item.id for item in schema.usual()[:8])
    raise wrong(
        key,
        "type",
        f"den Typ „{_short(name)}“ gibt es nicht; es gibt zum Beispiel {some}, alle unter /reconcile/suggest/type",
        f"there is no type “{_short(name)}”; there are for example {some}, all at /reconcile/suggest/type",
    )


def known_property(name: str, schema: Schema, key: str = "") -> Term:
    """A property by its name.

    Raises:
        RequestProblem: 422, there is none.
    """
    term = schema.property(normal_text(name))
    if term is not None:
        return term
    raise wrong(
        key,
        "properties",
        f"die Eigenschaft „{_short(name)}“ gibt es nicht; alle stehen unter /reconcile/suggest/property",
        f"there is no property “{_short(name)}”; all are at /reconcile/suggest/property",
    )


def _columns(key: str, given: Any, schema: Schema) -> tuple[Column, ...]:
    if given is None:
        return ()
    if not isinstance(given, list) or len(given) > MOST_COLUMNS:
        raise wrong(
            key,
            "properties",
            f"„properties“ ist eine Liste von höchstens {MOST_COLUMNS} Eigenschaften",
            f"“properties” is a list of at most {MOST_COLUMNS} properties",
        )
    columns = []
    for item in given:
        if not isinstance(item, dict) or not isinstance(item.get("pid"), str) or "v" not in item:
            raise wrong(key, "properties", "eine Eigenschaft hat „pid“ und „v“", "a property has “pid” and “v”")
        term = known_property(item["pid"], schema, key)
        values = _values(key, item["v"])
        if values:
            columns.append(Column(term.id, term.iri, values))
    return tuple(columns)


def _values(key: str, given: Any) -> tuple[str | Reference, ...]:
    several = given if isinstance(given, list) else [given]
    if len(several) > _MOST_VALUES:
        raise wrong(
            key,
            "properties",
            f"eine Eigenschaft hat höchstens {_MOST_VALUES} Werte",
            f"a property has at most {_MOST_VALUES} values",
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
                key,
                "properties",
                "ein Wert ist Text, Zahl, Wahrheitswert oder ein Objekt mit „id“",
                "a value is a text, a number, a boolean or an object with “id”",
            )
    return tuple(found)


def full_iri(name: str) -> str:
    """The IRI of a thing by its identifier; an IRI stays what it is."""
    name = normal_text(name)
    return name if "://" in name else ID + name


def json_object(raw: str, parameter: str) -> dict[str, Any]:
    """A parameter that is a JSON object.

    Raises:
        RequestProblem: 400, it is none.
    """
    try:
        given = _loads(raw)
    except (ValueError, TypeError, RecursionError) as error:
        raise bad_request(
            f"Der Parameter „{parameter}“ ist kein JSON.",
            f"The parameter “{parameter}” is not JSON: {str(error)[:200]}.",
            parameter=parameter,
        ) from None
    if not isinstance(given, dict):
        raise bad_request(
            f"Der Parameter „{parameter}“ ist kein JSON-Objekt.",
            f"The parameter “{parameter}” is not a JSON object.",
            parameter=parameter,
        )
    return given


def _loads(raw: str) -> Any:
    try:
        return orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        # NaN and half characters, which Python writes: bad cells, but no bad batch. Keys have to be sent back.
        given = json.loads(raw)
        orjson.dumps(list(given) if isinstance(given, dict) else None)
        return given


def wrong(key: str, member: str, de: str, en: str) -> RequestProblem:
    """422: a member of a query is wrong; ``de`` and ``en`` say what would be right, as it stands after a colon."""
    where_de = f"Anfrage „{_short(key)}“: " if key else ""
    where_en = f"Query “{_short(key)}”: " if key else ""
    extras = {**({"query": _short(key)} if key else {}), **({"member": member} if member else {})}
    text = Text(f"{where_de}{de}." if key else f"{de[:1].upper()}{de[1:]}.", f"{where_en}{en}.")
    return RequestProblem(Problem("invalid-parameter", text, extras))


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}…"
