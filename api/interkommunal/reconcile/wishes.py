"""Reads requests for further columns (Reconciliation API 0.2, §7)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from interkommunal.reconcile.queries import MOST_COLUMNS, json_object, known_property, wrong
from interkommunal.reconcile.schema import Schema, Term
from interkommunal.texts import Text
from interkommunal.web.problems import Problem, RequestProblem

MOST_IDS: Final = 1000


@dataclass(frozen=True, slots=True)
class Wish:
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
class Extension:
    """A request for further columns: things by their identifiers as they were written, and properties."""

    ids: tuple[str, ...]
    wishes: tuple[Wish, ...]


def read_extension(raw: str, schema: Schema) -> Extension:
    """A request for further columns.

    Raises:
        RequestProblem: 400 for what is no JSON, 413 for too many things, 422 for what is wrong in it.
    """
    given = json_object(raw, "extend")
    ids, properties = given.get("ids"), given.get("properties")
    if not isinstance(ids, list) or not all(isinstance(item, str) for item in ids):
        raise wrong("", "ids", "„ids“ ist eine Liste von Kennungen", "“ids” is a list of identifiers")
    if len(ids) > MOST_IDS:
        raise RequestProblem(
            Problem(
                "too-large",
                Text(
                    f"Es dürfen höchstens {MOST_IDS} Kennungen auf einmal sein, hier sind es {len(ids)}.",
                    f"There may be at most {MOST_IDS} identifiers at once, here are {len(ids)}.",
                ),
                {"limit": "ids", "max_ids": MOST_IDS},
            )
        )
    if not isinstance(properties, list) or len(properties) > MOST_COLUMNS:
        raise wrong(
            "",
            "properties",
            f"„properties“ ist eine Liste von höchstens {MOST_COLUMNS} Eigenschaften",
            f"“properties” is a list of at most {MOST_COLUMNS} properties",
        )
    return Extension(tuple(dict.fromkeys(ids)), tuple(_wish(item, schema) for item in properties))


def _wish(given: Any, schema: Schema) -> Wish:
    if not isinstance(given, dict) or not isinstance(given.get("id"), str):
        raise wrong("", "properties", "eine Eigenschaft hat „id“", "a property has “id”")
    term = known_property(given["id"], schema)
    settings = given.get("settings")
    if settings is None:
        return Wish(term)
    if not isinstance(settings, dict):
        raise wrong("", "settings", "„settings“ ist ein JSON-Objekt", "“settings” is a JSON object")
    return Wish(
        term,
        _number_of_values(settings),
        _choice(settings, "content", ("entities", "ids", "literals")),
        _choice(settings, "language", ("", "de", "en", "all")),
    )


def _number_of_values(settings: Mapping[str, Any]) -> int:
    limit = settings.get("limit")
    if isinstance(limit, str) and limit.strip().isdecimal() and len(limit) < 9:
        limit = int(limit)  # some clients send what was typed
    if limit is None or limit == "":
        return 0
    if isinstance(limit, bool) or not isinstance(limit, int | float) or not math.isfinite(limit) or limit < 0:
        raise wrong("", "settings", "„limit“ ist eine Zahl ab 0", "“limit” is a number from 0 on")
    return int(limit)


def _choice(settings: Mapping[str, Any], name: str, choices: Sequence[str]) -> str:
    given = settings.get(name)
    if given is None:
        return choices[0]
    if given not in choices:
        some = ", ".join(choice for choice in choices if choice)
        raise wrong("", "settings", f"„{name}“ ist eines von {some}", f"“{name}” is one of {some}")
    return str(given)
