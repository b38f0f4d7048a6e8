"""Values that people choose for the parameters of library queries: from what they typed to one RDF term.

Nothing that was typed ever becomes part of a query as text: it is checked against the type of its parameter and
becomes a term, which a serialiser writes into the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.errors import ParameterError
from interkommunal.graph.terms import named
from interkommunal.namespaces import CONCEPT, PREFIXES
from interkommunal.release.library import Parameter
from interkommunal.texts import Text

Value = NamedNode | Literal

# The longest text that is searched for; no word and no sentence of a source is longer.
LONGEST: Final = 1000
_INTEGER: Final = named("xsd:integer")
_DATE: Final = named("xsd:date")
# Of other schemes a graph names nothing; ``nobody:essen`` is a prefix that nobody declared.
_ABSOLUTE: Final = re.compile(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|^`\\]+")
_PREFIXED: Final = re.compile(r"([a-z][a-z0-9]*):([\w.-]+)")
_SLUG: Final = re.compile(r"[\w-]+")
# What no literal of ours holds; XML and terminals cannot take them.
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def read_value(parameter: Parameter, typed: str, slugs: Mapping[str, str] | None = None) -> Value:
    """The term that ``typed`` stands for.

    Args:
        parameter: name and type.
        typed: an absolute IRI, a prefixed name with a prefix of the project or a slug for things and concepts; digits,
            an ISO day, a text or a language otherwise.
        slugs: IRIs by slug of the things that the parameter may name.

    Raises:
        ParameterError: it is no value of that type.
    """
    if len(typed) > LONGEST or _CONTROL.search(typed):
        raise ParameterError(
            parameter.name,
            Text("at most {LONGEST} characters, no control characters", LONGEST=LONGEST),
        )
    if parameter.kind in ("entity", "concept"):
        return _thing(parameter, typed.strip(), slugs or {})
    return _READERS[parameter.kind](parameter, typed)


def _thing(parameter: Parameter, typed: str, slugs: Mapping[str, str]) -> NamedNode:
    if typed in slugs:
        return NamedNode(slugs[typed])
    prefixed = _PREFIXED.fullmatch(typed)
    if prefixed and prefixed[1] in PREFIXES:
        return named(typed.strip())
    if parameter.kind == "concept" and _SLUG.fullmatch(typed):
        return NamedNode(CONCEPT + typed)
    if _ABSOLUTE.fullmatch(typed):
        try:
            return NamedNode(typed)
        except ValueError:
            pass
    raise ParameterError(
        parameter.name,
        Text("an absolute IRI, a prefixed name such as city:essen, or a known short name"),
    )


def _year(parameter: Parameter, typed: str) -> Literal:
    if not re.fullmatch(r"[0-9]{4}", typed.strip(), re.ASCII):
        raise ParameterError(parameter.name, Text("a year of four digits"))
    return Literal(typed.strip(), datatype=_INTEGER)


def _integer(parameter: Parameter, typed: str) -> Literal:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", typed.strip(), re.ASCII):
        raise ParameterError(parameter.name, Text("a whole number"))
    return Literal(str(int(typed)), datatype=_INTEGER)


def _date(parameter: Parameter, typed: str) -> Literal:
    day = typed.strip()
    # Not every form that Python reads is one of XML Schema.
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day, re.ASCII):
        try:
            return Literal(date.fromisoformat(day).isoformat(), datatype=_DATE)
        except ValueError:
            pass
    raise ParameterError(parameter.name, Text("a day such as 2010-06-01"))


def _text(parameter: Parameter, typed: str) -> Literal:
    return Literal(typed)


def _language(parameter: Parameter, typed: str) -> Literal:
    if typed not in ("de", "en"):
        raise ParameterError(parameter.name, Text("de or en"))
    return Literal(typed)


_READERS: Final = {"year": _year, "integer": _integer, "date": _date, "text": _text, "language": _language}
