"""The columns of a table: one a property and language, with the type of its values and how several stand in a cell.

In go the things of a class, out come the columns, after one look at each thing; none is held.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from interkommunal.errors import ReleaseError
from interkommunal.namespaces import PREFIXES, expand, split
from interkommunal.release.quads import RDF_TYPE
from interkommunal.release.things import Thing, Value

_XSD: Final = PREFIXES["xsd"]
# The first that no value of a column holds; arrows, signs and pictures come last.
_SEPARATORS: Final = ("|", "¦", "‖", "␟", "␞", "¶", *map(chr, range(0x2190, 0x2426)))
_ANY_SEPARATOR: Final = frozenset(_SEPARATORS)
# Sources write German and people read it first.
_LANGUAGES: Final = {"de": 0, "en": 1}

Cell = str | bool | int | float | Decimal | date | datetime


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: its heading. predicate: IRI of the property. language: of its texts; empty for others.
        datatype: its type in CSVW. separator: between values; empty if no thing has more than one.
        is_typed: whether each value is one of the type, so that it can be stored as such.
    """

    name: str
    predicate: str
    language: str
    datatype: str
    separator: str
    is_typed: bool

    def values(self, thing: Thing) -> list[str]:
        """What stands in this column of the row of ``thing``, as it is spelt."""
        return [value.text for value in thing.get(self.predicate, ()) if value.language == self.language]

    def cells(self, thing: Thing) -> list[Cell]:
        """The same as values of the type."""
        texts = self.values(thing)
        if not self.is_typed:
            return list(texts)
        read = _READERS[self.datatype]
        return [read(text) for text in texts]


def columns_of(things: Iterable[Thing]) -> list[Column]:
    """The columns that these things fill: labels first, then the class, then the rest by name.

    Raises:
        ReleaseError: several values of a column cannot stand in one cell.
    """
    seen: dict[tuple[str, str], _Seen] = {}
    for thing in things:
        for predicate, values in thing.items():
            by_language: dict[str, list[Value]] = {}
            for value in values:
                by_language.setdefault(value.language, []).append(value)
            for language, cell in by_language.items():
                seen.setdefault((predicate, language), _Seen()).look(cell)
    names = {predicate: _local(predicate) for predicate, _ in seen}
    return [
        seen[predicate, language].column(_heading(predicate, language, names), predicate, language)
        for predicate, language in sorted(seen, key=lambda key: _rank(*key))
    ]


def table_name(class_: str) -> str:
    """The name of the table of a class: ``signature-entry`` for one of ours, ``schema-event`` for another's."""
    prefix, name = split(class_)
    local = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
    return local if prefix == "ik" else f"{prefix or 'other'}-{local}"


def _boolean(text: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[text]


def _integer(text: str) -> int:
    number = int(text)
    if not -(2**63) <= number < 2**63:
        raise ValueError(text)
    return number


def _decimal(text: str) -> Decimal:
    # Without an exponent XML Schema and Python write decimals alike.
    if not re.fullmatch(r"[+-]?\d{1,20}(\.\d{1,18})?", text):
        raise ValueError(text)
    return Decimal(text)


def _date(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    return found


# By type in CSVW: from the spelling to a value.
_READERS: Final[dict[str, Callable[[str], Cell]]] = {
    "anyURI": str,
    "string": str,
    "boolean": _boolean,
    "integer": _integer,
    "nonNegativeInteger": _integer,
    "gYear": _integer,
    "decimal": _decimal,
    "double": float,
    "date": _date,
    "dateTime": _moment,
    "gYearMonth": str,
}


@dataclass(slots=True)
class _Seen:
    """What the values of a column have been like so far."""

    datatypes: set[str] = field(default_factory=set)
    has_several: bool = False
    held: set[str] = field(default_factory=set)
    is_typed: bool = True

    def look(self, cell: list[Value]) -> None:
        self.has_several = self.has_several or len(cell) > 1
        for value in cell:
            datatype = value.datatype or f"{_XSD}anyURI"
            self.datatypes.add(datatype)
            # CSVW knows no way to escape a separator.
            self.held.update(_ANY_SEPARATOR.intersection(value.text))
            if self.is_typed:
                try:
                    _READERS[_csvw(datatype)](value.text)
                except (ValueError, KeyError):
                    self.is_typed = False

    def column(self, name: str, predicate: str, language: str) -> Column:
        separator = next((mark for mark in _SEPARATORS if mark not in self.held), "") if self.has_several else ""
        if self.has_several and not separator:
            raise ReleaseError(
                f"values of {predicate} hold every separator that a table may use; take one of them out of the texts"
            )
        datatype = _csvw(next(iter(self.datatypes))) if len(self.datatypes) == 1 else "string"
        return Column(name, predicate, language, datatype, separator, self.is_typed or datatype == "string")


def _csvw(datatype: str) -> str:
    """The data type as CSVW calls it, for those that it has and we read; text for others."""
    name = datatype.removeprefix(_XSD)
    return name if name in _READERS else "string"


def _heading(predicate: str, language: str, names: dict[str, str]) -> str:
    name = names[predicate]
    if name in ("id", "type") or sum(other == name for other in names.values()) > 1:
        name = _qualified(predicate) if predicate != RDF_TYPE.value else name
    return f"{name}_{language.replace('-', '_')}" if language else name


def _rank(predicate: str, language: str) -> tuple[int, str, int, str]:
    first = {expand("rdfs:label"): 0, RDF_TYPE.value: 1}.get(predicate, 2)
    return first, f"{_local(predicate)} {predicate}", _LANGUAGES.get(language, 2), language


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _qualified(iri: str) -> str:
    prefix, local = split(iri)
    return f"{prefix if local == _local(iri) and prefix else 'other'}_{_local(iri)}"
