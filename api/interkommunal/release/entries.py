"""Entries of the search index: everything of ours that has a name, with the texts that it is found by.

In go the statements of a release, out come entries for :mod:`interkommunal.release.search` and
:mod:`interkommunal.release.names`, with all texts in their normal form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

import pyoxigraph

from interkommunal.namespaces import BASE, IK, expand
from interkommunal.normal import normal_text
from interkommunal.release.quads import graph_kind

Field = Literal["label", "name", "note", "text"]

# What an entry is found by. The first three of a row are looked at in this order for a label.
_FIELDS: Final[dict[str, Field]] = {
    **dict.fromkeys(map(expand, ("rdfs:label", "skos:prefLabel", "dcterms:title")), "label"),
    **dict.fromkeys(
        map(
            expand,
            (
                *("schema:name", "schema:alternateName", "schema:legalName", "skos:altLabel"),
                *("ik:attestedName", "ik:attestedSignature"),
            ),
        ),
        "name",
    ),
    **dict.fromkeys(
        map(
            expand,
            (
                *("ik:designation", "ik:attestedRole", "ik:attestedAddress", "ik:municipalityKey", "ik:districtKey"),
                *("ik:regionalKey", "ik:nutsCode", "dcterms:identifier", "skos:notation", "schema:slogan"),
            ),
        ),
        "note",
    ),
    **dict.fromkeys(
        map(
            expand,
            ("schema:text", "schema:headline", "rdfs:comment", "skos:definition", "ik:resolution", "oa:exact"),
        ),
        "text",
    ),
}
_LABELS: Final = [name for name, kind in _FIELDS.items() if kind == "label"]
_NAMES: Final = [name for name, kind in _FIELDS.items() if kind == "name"]
_TYPE: Final = expand("rdf:type")
_DEFINITION: Final = expand("skos:definition")
_SELECTOR: Final = expand("oa:hasSelector")
_STATUS: Final = expand("ik:status")
_MENTIONED: Final = expand("ik:mentionedIn")
# Nobody looks for these by words: positions in the text and points on the globe.
_UNNAMED: Final = frozenset(map(expand, ("oa:TextQuoteSelector", "oa:TextPositionSelector", "geo:Geometry")))

# Says little of what a thing is; another class of the same thing says more.
_GENERAL: Final = frozenset(map(expand, ("prov:Entity", "foaf:Agent", "schema:CreativeWork")))


@dataclass(frozen=True, slots=True, order=True)
class Wording:
    """A text by which an entry is found; ``language`` is empty where it belongs to none."""

    field: str
    language: str
    text: str


@dataclass(slots=True)
class IndexEntry:
    """Something that has a name. There are as many as subjects, so that each must be small.

    Attributes:
        passages, wordings: with as many repetitions as there are statements.
    """

    iri: str
    classes: frozenset[str] = frozenset()
    statuses: frozenset[str] = frozenset()
    passages: list[str] = field(default_factory=list)
    wordings: list[Wording] = field(default_factory=list)
    labels: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    definitions: dict[str, str] = field(default_factory=dict)
    properties: frozenset[str] = frozenset()
    values: dict[str, set[str]] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """Its label in a language, else in another, else its name, else the end of its IRI."""
        for property_ in (*_LABELS, *_NAMES):
            found = sorted(self.labels.get(property_, ()))
            chosen = [text for tag, text in found if tag == language] or [text for _, text in found]
            if chosen:
                return chosen[0]
        return self.iri.rpartition("/")[2].rpartition("#")[2].replace("-", " ") or self.iri

    @property
    def kind(self) -> str:
        """Its class; of several, one of ours, rather a special one, then the first by name. Empty if it has none."""
        return min(self.classes, key=lambda name: (not name.startswith(IK), name in _GENERAL, name), default="")


class _Shared:
    """One copy of what stands in many entries: IRIs, and sets of them."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}

    def text(self, text: str) -> str:
        """The text, always the same object."""
        return self._texts.setdefault(text, text)

    def joined(self, known: frozenset[str], text: str) -> frozenset[str]:
        """The set with one more element, always the same object."""
        if text in known:
            return known
        more = known | {self.text(text)}
        return self._sets.setdefault(more, more)


def gather(quads: Iterable[pyoxigraph.Quad], valued: Collection[str]) -> tuple[list[IndexEntry], dict[str, IndexEntry]]:
    """Everything of ours that has a name, in the order of the IRIs; and all there is, for the labels of classes.

    Args:
        quads: the statements of a release.
        valued: properties whose values are kept.
    """
    found: dict[str, IndexEntry] = {}
    selectors: dict[str, str] = {}
    shared = _Shared()
    for quad in quads:
        subject, property_, value = quad.subject, shared.text(quad.predicate.value), quad.object
        # What the release says of itself is nothing of the world; questions have a list of their own.
        if not isinstance(subject, pyoxigraph.NamedNode) or graph_kind(quad.graph_name) == "self-description":
            continue
        iri = shared.text(subject.value)
        entry = found.get(iri)
        if entry is None:
            entry = found[iri] = IndexEntry(iri)
        entry.properties = shared.joined(entry.properties, property_)
        if property_ in valued and isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal):
            entry.values.setdefault(property_, set()).add(shared.text(normal_text(value.value)))
        if isinstance(value, pyoxigraph.Literal):
            _take(entry, property_, value, shared)
        elif isinstance(value, pyoxigraph.NamedNode):
            if property_ == _TYPE:
                entry.classes = shared.joined(entry.classes, value.value)
            elif property_ == _SELECTOR:
                selectors[shared.text(value.value)] = iri
            elif property_ == _STATUS:
                entry.statuses = shared.joined(entry.statuses, value.value)
            elif property_ == _MENTIONED:
                entry.passages.append(shared.text(value.value))
    for selector, owner in selectors.items():
        quotes = found.pop(selector).wordings if selector in found else ()
        found[owner].wordings += [Wording("quote", "", item.text) for item in quotes]
    ours = [found[iri] for iri in sorted(found) if iri.startswith(BASE)]
    return [entry for entry in ours if entry.wordings and not entry.classes & _UNNAMED], found


def _take(entry: IndexEntry, property_: str, value: pyoxigraph.Literal, shared: _Shared) -> None:
    kind = _FIELDS.get(property_)
    text = " ".join(normal_text(value.value).split())
    if kind is None or not text:
        return
    language = shared.text(value.language or "")
    entry.wordings.append(Wording(kind, language, text))
    if property_ == _DEFINITION:
        entry.definitions[language] = text
    if kind in ("label", "name"):
        entry.labels.setdefault(property_, []).append((language, text))
