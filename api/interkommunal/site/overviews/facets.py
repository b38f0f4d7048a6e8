"""What a list can be narrowed by: kind, class, year, city, status and voice.

A facet is a pattern from an entry to its value. Values in an address are the last part of their IRI; what is no such
part finds nothing, and never gets into a query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import CONCEPT, ID
from interkommunal.texts import Text

_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_YEAR: Final = re.compile(r"-?[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to narrow a list.

    Attributes:
        key: name of the parameter in an address.
        name: heading.
        pattern: from ``?item`` to ``?value``, as SPARQL.
        namespace: of the values; empty for numbers.
        note: what has to be known to read it right, or ``None``.
    """

    key: str
    name: Text
    pattern: str
    namespace: str
    note: Text | None = None

    def term(self, value: str) -> NamedNode | Literal | None:
        """The value of an address as a term, or ``None`` if it cannot be one."""
        if not self.namespace:
            return Literal(int(value)) if _YEAR.fullmatch(value) else None
        return NamedNode(self.namespace + value) if _SLUG.fullmatch(value) else None

    def slug(self, iri: str) -> str:
        """A value as it stands in an address."""
        return iri.removeprefix(self.namespace)


_SAID: Final = Text("Meant are the passages that name the entry.")
FACETS: Final = (
    Facet("type", Text("Kind"), "?item dcterms:type ?value .", CONCEPT),
    Facet("year", Text("Year"), "?item ik:year ?value .", ""),
    Facet(
        "city",
        Text("City"),
        "?item ik:inCity|ik:party|ik:signedFor|cv:hasParticipant|ik:hostedBy|org:postIn ?value . ?value a ik:City .",
        f"{ID}city/",
    ),
    Facet("status", Text("Status"), "?item ik:mentionedIn?/ik:status ?value .", CONCEPT, _SAID),
    Facet("voice", Text("Voice"), "?item ik:mentionedIn?/ik:voice ?value .", CONCEPT, _SAID),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen value of each facet, as it stands in the address."""

    values: Mapping[str, str]

    def patterns(self, without: str | None = None) -> list[str] | None:
        """The patterns that hold the chosen values; ``None`` if one of them cannot be found.

        Args:
            without: key of a facet whose choice is left out, to count its alternatives.
        """
        patterns = []
        for facet in FACETS:
            chosen = self.values.get(facet.key)
            if chosen is None or facet.key == without:
                continue
            value = facet.term(chosen)
            if value is None:
                return None
            patterns.append(facet.pattern.replace("?value", str(value)))
        return patterns


def choice(parameters: Mapping[str, str]) -> Choice:
    """The choice that an address makes."""
    return Choice({facet.key: parameters[facet.key] for facet in FACETS if parameters.get(facet.key)})
