"""Flat tables of a release: one a class, as CSV with one CSVW description of all, and as JSON Lines.

In go the statements, out come names, media types and bytes. A row is a thing, a column a property, in each language a
column of its own; several values stand in one cell with a separator that the description names. Things are those that
the graph says something about, not the terms it says it with. A selector is no thing: where a passage stands goes into
the row of the passage. https://www.w3.org/TR/tabular-metadata/
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph

from interkommunal.namespaces import ID, IK, PREFIXES
from interkommunal.release.quads import FACTS, RDF_TYPE, graph_kind, in_reading_order

FOLDER: Final = "tables"
# Where CSVW looks for the description of the tables in a folder (Model for Tabular Data, section 5.3).
DESCRIPTION: Final = f"{FOLDER}/csv-metadata.json"
CSV: Final = "text/csv;charset=utf-8;header=present"
JSON_LINES: Final = "application/jsonl"
DESCRIPTION_TYPE: Final = "application/csvm+json"

_KINDS: Final = FACTS | {"passage-register", "source-description"}
_SELECTOR: Final = f"{PREFIXES['oa']}hasSelector"
_XSD: Final = PREFIXES["xsd"]
# Data types that have the same name in CSVW.
_CSVW_TYPES: Final = frozenset({"boolean", "date", "dateTime", "decimal", "double", "gYear", "gYearMonth", "integer"})
_SEPARATORS: Final = ("|", "¦", "‖", "␟")
# Sources write German and people read it first.
_LANGUAGES: Final = {"de": 0, "en": 1}

Term = pyoxigraph.NamedNode | pyoxigraph.Literal
Thing = dict[str, list[Term]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: its heading. predicate: IRI of the property. language: of its texts; empty for others.
        datatype: its type in CSVW. separator: between values; empty if no thing has more than one.
    """

    name: str
    predicate: str
    language: str
    datatype: str
    separator: str

    def values(self, thing: Thing) -> list[str]:
        """What stands in this column of the row of ``thing``."""
        return [term.value for term in thing.get(self.predicate, ()) if _language(term) == self.language]


def tables(quads: Iterable[pyoxigraph.Quad]) -> Iterator[tuple[str, str, bytes]]:
    """The tables of these statements and their description: name of the file, media type, bytes."""
    things = _things(quads)
    described = []
    for class_, members in sorted(_classes(things).items(), key=lambda item: table_name(item[0])):
        name, columns = table_name(class_), _columns([things[member] for member in members])
        yield f"{FOLDER}/{name}.csv", CSV, _csv(columns, members, things)
        yield f"{FOLDER}/{name}.jsonl", JSON_LINES, _json_lines(columns, members, things)
        described.append(_description(class_, columns))
    if described:
        yield DESCRIPTION, DESCRIPTION_TYPE, _group(described)


def table_name(class_: str) -> str:
    """The name of the table of a class: ``signature-entry`` for one of ours, ``schema-event`` for another's."""
    prefix, namespace = max(
        ((prefix, namespace) for prefix, namespace in PREFIXES.items() if class_.startswith(namespace)),
        key=lambda item: len(item[1]),
        default=("other", ""),
    )
    local = re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", class_[len(namespace) :]).lower())
    return local.strip("-") if namespace == IK else f"{prefix}-{local.strip('-')}"


def _things(quads: Iterable[pyoxigraph.Quad]) -> dict[str, Thing]:
    triples = {quad.triple for quad in quads if graph_kind(quad.graph_name) in _KINDS}
    found: dict[str, Thing] = defaultdict(lambda: defaultdict(list))
    for triple in in_reading_order(triples):
        if isinstance(triple.subject, pyoxigraph.NamedNode) and isinstance(triple.object, Term):
            found[triple.subject.value][triple.predicate.value].append(triple.object)
    selectors = {
        selector.value: thing for thing in found.values() if _SELECTOR in thing for selector in thing.pop(_SELECTOR)
    }
    for iri, owner in selectors.items():
        for predicate, values in found.pop(iri, {}).items():
            if predicate != RDF_TYPE.value:
                owner[predicate].extend(values)
    return {iri: dict(thing) for iri, thing in found.items()}


def _classes(things: Mapping[str, Thing]) -> dict[str, list[str]]:
    """The things of each class, in reading order."""
    found: dict[str, list[str]] = defaultdict(list)
    for iri, thing in things.items():
        if iri.startswith(ID):
            for class_ in thing.get(RDF_TYPE.value, ()):
                found[class_.value].append(iri)
    return found


def _columns(things: Sequence[Thing]) -> list[Column]:
    keys = {(predicate, _language(term)) for thing in things for predicate in thing for term in thing[predicate]}
    predicates = {predicate for predicate, _ in keys}
    names = {predicate: _local(predicate) for predicate in predicates}
    columns = []
    for predicate, language in sorted(keys, key=lambda key: _rank(*key)):
        name = names[predicate]
        if name in ("id", "type") or sum(other == name for other in names.values()) > 1:
            name = _qualified(predicate) if predicate != RDF_TYPE.value else name
        cells = [[term for term in thing.get(predicate, ()) if _language(term) == language] for thing in things]
        columns.append(
            Column(
                f"{name}_{language.replace('-', '_')}" if language else name,
                predicate,
                language,
                _datatype([term for cell in cells for term in cell]),
                _separator(cells) if any(len(cell) > 1 for cell in cells) else "",
            )
        )
    return columns


def _rank(predicate: str, language: str) -> tuple[int, str, int, str]:
    """Labels first, then the class, then the rest by name."""
    first = {f"{PREFIXES['rdfs']}label": 0, RDF_TYPE.value: 1}.get(predicate, 2)
    return first, f"{_local(predicate)} {predicate}", _LANGUAGES.get(language, 2), language


def _local(iri: str) -> str:
    return re.split(r"[#/]", iri)[-1]


def _qualified(iri: str) -> str:
    prefix = next((prefix for prefix, namespace in PREFIXES.items() if iri == f"{namespace}{_local(iri)}"), "other")
    return f"{prefix}_{_local(iri)}"


def _language(term: Term) -> str:
    return (term.language or "") if isinstance(term, pyoxigraph.Literal) else ""


def _datatype(terms: Iterable[Term]) -> str:
    kinds = {term.datatype.value if isinstance(term, pyoxigraph.Literal) else f"{_XSD}anyURI" for term in terms}
    name = kinds.pop().removeprefix(_XSD) if len(kinds) == 1 else "string"
    return name if name in _CSVW_TYPES or name == "anyURI" else "string"


def _separator(cells: Iterable[Iterable[Term]]) -> str:
    """The first separator that no value holds: CSVW knows no way to escape one."""
    text = "".join(term.value for cell in cells for term in cell)
    return next(separator for separator in _SEPARATORS if separator not in text)


def _csv(columns: Sequence[Column], members: Iterable[str], things: Mapping[str, Thing]) -> bytes:
    """RFC 4180: commas, CRLF, one heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["id", *(column.name for column in columns)])
    for iri in members:
        writer.writerow([iri, *(column.separator.join(column.values(things[iri])) for column in columns)])
    return text.getvalue().encode()


def _json_lines(columns: Sequence[Column], members: Iterable[str], things: Mapping[str, Thing]) -> bytes:
    """One object a line; what may have several values is a list, what has none is left out."""
    lines = []
    for iri in members:
        row: dict[str, str | list[str]] = {"id": iri}
        for column in columns:
            if values := column.values(things[iri]):
                row[column.name] = values if column.separator else values[0]
        lines.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
    return "".join(f"{line}\n" for line in lines).encode()


def _description(class_: str, columns: Sequence[Column]) -> dict[str, Any]:
    identifier = {"name": "id", "titles": "id", "datatype": "anyURI", "required": True, "suppressOutput": True}
    return {
        "url": f"{table_name(class_)}.csv",
        "dc:type": {"@id": class_},
        "tableSchema": {
            "aboutUrl": "{+id}",
            "primaryKey": "id",
            "columns": [identifier, *(_described(column) for column in columns)],
        },
    }


def _described(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": column.name,
        "titles": column.name,
        "propertyUrl": column.predicate,
        "datatype": column.datatype,
    }
    if column.datatype == "anyURI" and not column.separator:
        found["valueUrl"] = f"{{+{column.name}}}"
    if column.language:
        found["lang"] = column.language
    if column.separator:
        found["separator"] = column.separator
    return found


def _group(described: Sequence[dict[str, Any]]) -> bytes:
    group = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:license": {"@id": "https://creativecommons.org/publicdomain/zero/1.0/"},
        "tables": described,
    }
    return (json.dumps(group, ensure_ascii=False, indent=1) + "\n").encode()
