"""What else is known of what is meant: further columns, compared with the values of things in the graph."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import ID, PREFIXES, prologue
from interkommunal.reconcile.index import NameIndex
from interkommunal.reconcile.likeness import ComparedName, LikenessKind, compared, likeness, read
from interkommunal.reconcile.matching import Column, Question, Reference, Suspect
from interkommunal.release.folding import keys
from interkommunal.release.names import SCHEMES
from interkommunal.site.description.statements import GraphClient
from interkommunal.texts import Language

Value = tuple[NamedNode | Literal, tuple[str, ...]]
Values = Mapping[tuple[str, str], Sequence[Value]]

_XSD: Final = PREFIXES["xsd"]
# Things and properties in one question to the store.
_AT_ONCE: Final = 400
_MOST_FOUND: Final = 200
_GERMAN_DATE: Final = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})")
_DATE: Final = re.compile(r"-?\d{4}(-\d{2}(-\d{2})?)?")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")
_LABELS: Final = ("rdfs:label", "skos:prefLabel")
_NAMES: Final = (*_LABELS, "schema:name", "schema:alternateName", "schema:legalName", "skos:altLabel")
# Names that are only nearly alike speak for each other, but less.
_ALIKE: Final = 0.85
# An identifier of what is close to a thing speaks for the thing, but does not identify it.
_CLOSE: Final = 0.9


async def values_of(
    client: GraphClient, subjects: Iterable[str], properties: Iterable[str], language: Language
) -> dict[tuple[str, str], list[Value]]:
    """Values of things, each with the names that it has if it is a thing itself.

    Args:
        client: the way to the graph.
        subjects: IRIs of things.
        properties: IRIs, or schemes of identifiers, which the graph is not asked for.
        language: that of the name which comes first.

    Raises:
        QueryError: the engine cannot answer.
    """
    predicates = " ".join(str(NamedNode(iri)) for iri in dict.fromkeys(properties) if iri not in SCHEMES)
    found: dict[tuple[str, str], dict[NamedNode | Literal, set[tuple[bool, bool, str]]]] = defaultdict(dict)
    things = list(dict.fromkeys(subjects)) if predicates else []
    for start in range(0, len(things), _AT_ONCE):
        some = " ".join(str(NamedNode(iri)) for iri in things[start : start + _AT_ONCE])
        rows = await client.rows(
            prologue(("rdfs", "schema", "skos")) + f"SELECT DISTINCT ?thing ?property ?value ?label ?name WHERE {{\n"
            f"  VALUES ?thing {{ {some} }} VALUES ?property {{ {predicates} }}\n"
            f"  ?thing ?property ?value\n"
            f"  OPTIONAL {{ VALUES ?naming {{ {' '.join(_NAMES)} }} ?value ?naming ?name\n"
            f"    BIND (?naming IN ({', '.join(_LABELS)}) AS ?label) }}\n}}"
        )
        for thing, property_, value, label, name in rows:
            assert isinstance(thing, NamedNode)
            assert isinstance(property_, NamedNode)
            if isinstance(value, NamedNode | Literal):
                texts = found[thing.value, property_.value].setdefault(value, set())
                if isinstance(name, Literal) and isinstance(label, Literal):
                    texts.add((label.value != "true", name.language != language, name.value))
    return {
        key: [(value, tuple(dict.fromkeys(text for *_, text in sorted(texts)))) for value, texts in values.items()]
        for key, values in found.items()
    }


async def things_with(client: GraphClient, columns: Sequence[Column]) -> set[str]:
    """IRIs of things that have one of the values; for a question without a name.

    Raises:
        QueryError: the engine cannot answer.
    """
    pairs = [
        f"({NamedNode(column.iri)} {term})"
        for column in columns
        if column.iri not in SCHEMES
        for value in column.values
        for term in _terms(value)
    ]
    if not pairs:
        return set()
    rows = await client.rows(
        f"SELECT DISTINCT ?thing WHERE {{\n  VALUES (?property ?value) {{ {' '.join(pairs)} }}\n"
        f"  ?thing ?property ?value\n}} ORDER BY ?thing LIMIT {_MOST_FOUND}"
    )
    return {thing.value for (thing,) in rows if isinstance(thing, NamedNode)}


def _terms(value: str | Reference) -> list[NamedNode | Literal]:
    """The terms that a value may be in the graph; none for what cannot be one."""
    if isinstance(value, Reference) or value.startswith(("http://", "https://")):
        try:
            return [NamedNode(value.iri if isinstance(value, Reference) else value)]
        except ValueError:
            return []
    if _CONTROL.search(value):
        return []
    # What was asked is in its normal form; what is in the graph need not be.
    forms = dict.fromkeys((value, unicodedata.normalize("NFD", value)))
    found = [Literal(form) for form in forms]
    found += [Literal(form, language=tag) for form in forms for tag in ("de", "en")]
    date = _as_date(value)
    types = ["date", "gYear", "gYearMonth"] if _DATE.fullmatch(date) else []
    if re.fullmatch(r"[+-]?\d{1,18}", value):
        types.append("integer")
    return [*found, *(Literal(date, datatype=NamedNode(_XSD + name)) for name in types)]


def compare(index: NameIndex, questions: Sequence[tuple[Question, list[Suspect]]], values: Values) -> None:
    """Write into each suspect how far it agrees with the columns of its question.

    Args:
        index: of the release.
        questions: with the things that may be meant.
        values: of these things, from :func:`values_of`.
    """
    numbers = list(dict.fromkeys(item.entry for _, items in questions for item in items))
    things = index.things(numbers, "de")
    identifiers = index.identifiers(numbers)
    for question, items in questions:
        for column in question.columns:
            asked = [(value, read(value) if isinstance(value, str) else None) for value in column.values]
            for item in items:
                if column.iri in SCHEMES:
                    own = [(key, exact) for scheme, key, exact in identifiers[item.entry] if scheme == column.iri]
                    agreed = (
                        _same_key(value, key) * (1.0 if exact else _CLOSE)
                        for value in column.values
                        for key, exact in own
                    )
                else:
                    iri = things[item.entry].iri if item.entry in things else ""
                    its = values.get((iri, column.iri), ())
                    agreed = (
                        _same_key(value, one[0].value) if column.identifies else _agreement(value, said, one)
                        for value, said in asked
                        for one in its
                    )
                item.agreement[column.id] = max(agreed, default=None)


def bare_key(value: str | Reference) -> str:
    """A key without what registers write before it, and without spaces."""
    text = value.iri if isinstance(value, Reference) else value
    for namespace in SCHEMES.values():
        text = text.removeprefix(namespace)
    return text.strip("/").rpartition("/")[2].replace(" ", "")


def _same_key(value: str | Reference, key: str) -> float:
    """Whether two keys are the same; spreadsheets take zeros from their front."""
    return float(bare_key(value).upper().lstrip("0") == key.upper().lstrip("0"))


def _agreement(value: str | Reference, said: ComparedName | None, one: Value) -> float:
    term, texts = one
    if isinstance(value, Reference):
        return float(term.value in (value.iri, value.name))
    if isinstance(term, NamedNode):
        if value in (term.value, term.value.removeprefix(ID)):
            return 1.0
        texts = texts or (re.split(r"[/#]", term.value)[-1],)
    else:
        datatype = term.datatype.value
        if datatype.startswith(_XSD) and datatype != f"{_XSD}string":
            return _same_value(value, term.value)
        texts = (term.value,)
    if said is None or not said.text:
        return 0.0
    return max((_alike(said, key) for text in texts for key in keys(text)), default=0.0)


def _alike(said: ComparedName, key: str) -> float:
    its = likeness(said, compared(key))
    return 1.0 if its.kind >= LikenessKind.INFLECTED else its.value if its.value >= _ALIKE else 0.0


def _same_value(value: str, other: str) -> float:
    """Numbers are equal; of dates, the less exact one holds the other."""
    value = _as_date(value)
    if value.casefold() == other.casefold():
        return 1.0
    if _DATE.fullmatch(value) and (value.startswith(other) or other.startswith(value)):
        return 1.0
    try:
        return float(float(value.replace(",", ".")) == float(other))
    except ValueError:
        return 0.0


def _as_date(value: str) -> str:
    value = value.strip().partition("T")[0]
    if found := _GERMAN_DATE.fullmatch(value):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return value.removesuffix(".0")
