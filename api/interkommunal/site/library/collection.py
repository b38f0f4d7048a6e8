"""The questions of the release in force, and the things that their parameters may name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, NamedNode

from interkommunal.namespaces import CONCEPT, ID, PREFIXES, expand, prefixed_name
from interkommunal.release.library import LibraryQuery, Parameter, open_library
from interkommunal.release.release import Release
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.texts import Language
from interkommunal.web.publication import Publication

# More things than this are no list to choose from; they are still found by IRI.
_MOST: Final = 2000
_ANYTHING: Final = "rdfs:Resource"
_THINGS: Final = """\
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?label
WHERE {
    %s
    OPTIONAL { ?thing rdfs:label ?label FILTER (LANG(?label) = %s) }
}
ORDER BY ?label ?thing
LIMIT %d
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A thing that a parameter may name.

    Attributes:
        iri: the thing. value: how it is named in a form, short. label: what it is called.
    """

    iri: str
    value: str
    label: str

    @property
    def slug(self) -> str:
        """The last part of the IRI."""
        return self.iri.rpartition("/")[2].rpartition("#")[2]


@dataclass
class Collection:
    """The questions. Belongs to one event loop.

    Args:
        client: the way to the graph.
        publication: the release in force.
    """

    client: GraphClient
    publication: Publication
    _release: Release | None = None
    _queries: dict[str, LibraryQuery] = field(default_factory=dict)
    _choices: dict[tuple[str, str, Language], tuple[Choice, ...]] = field(default_factory=dict)

    @property
    def queries(self) -> dict[str, LibraryQuery]:
        """The questions of the release in force, by name.

        Raises:
            ReleaseError: they cannot be read.
        """
        release = self.publication.release
        if release is not self._release:
            queries = () if release is None else open_library(release)
            self._queries = {query.name: query for query in queries}
            self._release = release
            self._choices.clear()
        return self._queries

    async def choices(self, parameter: Parameter, language: Language) -> tuple[Choice, ...]:
        """The things that a parameter may name, by their label; empty for parameters that name none.

        Raises:
            QueryError: the graph cannot be asked.
        """
        if parameter.kind not in ("entity", "concept"):
            return ()
        key = (parameter.kind, parameter.of, language)
        release = self._release
        if key not in self._choices:
            query = _THINGS % (_pattern(parameter), Literal(language), _MOST)
            found = []
            for thing, label in await self.client.rows(query):
                if isinstance(thing, NamedNode):
                    found.append(
                        Choice(
                            thing.value,
                            prefixed_name(thing.value),
                            label.value if isinstance(label, Literal) else "",
                        )
                    )
            if release is not self._release:  # another release came into force meanwhile
                return tuple(found)
            self._choices[key] = tuple(found)
        return self._choices[key]

    async def slugs(self, parameter: Parameter, language: Language) -> dict[str, str]:
        """IRIs by slug of the things that a parameter may name; a slug of two things names neither."""
        found: dict[str, str] = {}
        twice: set[str] = set()
        for choice in await self.choices(parameter, language):
            if choice.slug in found:
                twice.add(choice.slug)
            found[choice.slug] = choice.iri
        return {slug: iri for slug, iri in found.items() if slug not in twice}


def _pattern(parameter: Parameter) -> str:
    of = NamedNode(expand(parameter.of))
    if parameter.kind == "concept":
        return f"?thing skos:inScheme {of} ."
    if parameter.of == _ANYTHING:
        # Passages and selectors are not asked for by name.
        houses = " || ".join(f"STRSTARTS(STR(?thing), {Literal(start)})" for start in (ID, CONCEPT))
        return (
            "?thing a ?class ; rdfs:label ?any . "
            f"FILTER ({houses}) FILTER (!STRSTARTS(STR(?thing), {Literal(PREFIXES['passage'])}))"
        )
    return f"?thing a/rdfs:subClassOf* {of} ."
