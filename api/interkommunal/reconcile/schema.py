"""Types and properties as clients of the Reconciliation API name them, and the manifest.

Own terms are named without their namespace (``City``, ``municipalityKey``), those of other vocabularies with their
prefix (``schema:Event``), identifiers of other registers by the register (``wikidata``). Where one is read, its IRI and
its prefixed name do as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from interkommunal.namespaces import IK, PREFIXES, curie, expand
from interkommunal.release.folding import keys
from interkommunal.release.names import SCHEMES
from interkommunal.texts import LANGUAGES, Label, Language, Text

Role = Literal["class", "property"]

_RDFS: Final = PREFIXES["rdfs"]
# Terms of RDF itself, which no file of ours describes.
_OF_RDF: Final = {
    f"{_RDFS}label": (Text("label"), Text("")),
    f"{_RDFS}comment": (Text("comment"), Text("")),
}
# Label and definition of an identifier of another register.
_REGISTERS: Final = {
    "wikidata": (
        Text("Wikidata ID"),
        Text("Identifier in Wikidata, for example Q2066."),
    ),
    "gnd": (
        Text("GND ID"),
        Text("Identifier in the Integrated Authority File (GND), for example 4015557-2."),
    ),
    "geonames": (
        Text("GeoNames ID"),
        Text("Identifier in GeoNames, for example 2928810."),
    ),
    "openstreetmap": (
        Text("OpenStreetMap relation"),
        Text("Number of the relation in OpenStreetMap, for example 62713."),
    ),
    "nuts": (
        Text("NUTS region"),
        Text("Code of the statistical region, for example DEA13."),
    ),
}
# What is offered first, if the release has it.
_USUAL: Final = tuple(
    map(
        expand,
        (
            *("ik:City", "cv:PublicOrganisation", "ik:Agreement", "ik:Initiative", "ik:Cooperation"),
            *("ik:FundingProgramme", "schema:Event", "ik:Forum", "ik:Publication", "schema:CreativeWork", "foaf:Group"),
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Term:
    """A type or a property.

    Attributes:
        id: as clients name it. iri: of the class or property, or the name of a register.
        label, definition: in both languages. things: how many have it.
    """

    id: str
    iri: str
    role: Role
    label: Text | Label
    definition: Text | Label
    things: int

    def shown(self, language: Language) -> dict[str, str]:
        """As suggestions and proposals list it."""
        return {"id": self.id, "name": self.label.in_(language), "description": self.definition.in_(language)}


class Schema:
    """The types and properties of one release.

    Args:
        described: classes and properties: IRI, role, labels in German and English, definitions, number of things.
        registers: schemes of identifiers, and how many things have one.
    """

    def __init__(
        self, described: Iterable[tuple[str, str, str, str, str, str, int]], registers: Iterable[tuple[str, int]]
    ) -> None:
        terms = [_term(*row) for row in described]
        terms += [
            Term(scheme, scheme, "property", *_REGISTERS[scheme], count)
            for scheme, count in registers
            if scheme in SCHEMES
        ]
        self.types = tuple(term for term in terms if term.role == "class")
        self.properties = tuple(term for term in terms if term.role == "property")
        self._types = _by_name(self.types)
        self._properties = _by_name(self.properties)
        # Of a release, there are few combinations of classes.
        self._described: dict[tuple[tuple[str, ...], Language], list[dict[str, str]]] = {}

    def type(self, name: str) -> Term | None:
        """A type by identifier, prefixed name or IRI."""
        return self._types.get(name)

    def property(self, name: str) -> Term | None:
        """A property by identifier, prefixed name or IRI."""
        return self._properties.get(name)

    def usual(self) -> list[Term]:
        """The types that are offered first."""
        return [self._types[iri] for iri in _USUAL if iri in self._types]

    def suggested(self, role: Role, prefix: str, language: Language) -> list[Term]:
        """Terms of which a word of the label or the identifier begins like this; all if nothing was typed."""
        terms = self.types if role == "class" else self.properties
        wanted = keys(prefix)[:1]
        if not wanted:
            return list(terms)
        found = [(place, term) for term in terms if (place := _place(term, wanted[0], language)) is not None]
        return [term for _, term in sorted(found, key=lambda item: item[0])]

    def described(self, iris: Iterable[str], language: Language) -> list[dict[str, str]]:
        """Classes by identifier and name, in their order; what is not a type of the service is left out."""
        key = tuple(iris), language
        if key not in self._described:
            terms = (self._types.get(iri) for iri in key[0])
            self._described[key] = [
                {"id": term.id, "name": term.label.in_(language)} for term in terms if term is not None
            ]
        return self._described[key]


def _term(iri: str, role: str, label_de: str, label_en: str, about_de: str, about_en: str, things: int) -> Term:
    label, definition = _OF_RDF.get(iri, (Label(de=label_de, en=label_en), Label(de=about_de, en=about_en)))
    name = iri.removeprefix(IK) if iri.startswith(IK) else curie(iri) or iri
    return Term(name, iri, "class" if role == "class" else "property", label, definition, things)


def _by_name(terms: Sequence[Term]) -> dict[str, Term]:
    found = {term.id: term for term in terms}
    for term in terms:
        found.setdefault(term.iri, term)
        if term.iri.startswith(IK):
            found.setdefault(f"ik:{term.id}", term)
    return found


def _place(term: Term, wanted: str, language: Language) -> tuple[int, int, int] | None:
    """Where a term stands among those found: those whose label begins so come first, then the frequent ones."""
    label = term.label.in_(language)
    others = (text for tag in LANGUAGES if (text := term.label.in_(tag)) != label)
    for rank, text in enumerate((label, next(others, label), term.id)):
        for form in keys(text):
            if form.startswith(wanted):
                return rank, -term.things, len(text)
            if f" {wanted}" in f" {form}":
                return rank + 3, -term.things, len(text)
    return None
