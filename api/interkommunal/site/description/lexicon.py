"""What every page needs to know of a release: names of terms, code lists and graphs.

It is read once for each release, through the door, and is as large as the vocabulary, not as the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from interkommunal.namespaces import (
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_GRAPHS,
    GRAPH_ONTOLOGY,
    GRAPH_REUSED,
    GRAPH_SHAPES,
    GRAPH_SOURCES,
    IK,
    curie,
    expand,
)
from interkommunal.site.description.statements import GraphClient, Statements
from interkommunal.texts import Language

VOCABULARY: Final = (GRAPH_ONTOLOGY, GRAPH_CONCEPTS, GRAPH_REUSED, GRAPH_ALIGNMENTS, GRAPH_SHAPES)
_GRAPHS: Final = (*VOCABULARY, GRAPH_GRAPHS, GRAPH_SOURCES)

# What a thing is called, the best first: our label, the printed name, and at last what a source calls its kind.
NAMING: Final = tuple(
    expand(name)
    for name in (
        "rdfs:label",
        "skos:prefLabel",
        "dcterms:title",
        "schema:name",
        "skos:altLabel",
        "schema:alternateName",
        "ik:designation",
        "sh:name",
    )
)
_TERMS: Final = frozenset(
    expand(f"owl:{name}") for name in ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
SUB_CLASS: Final = expand("rdfs:subClassOf")


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text and its language; ``None`` where it belongs to no language (a code, an address)."""

    text: str
    language: str | None = None


class Lexicon:
    """The vocabulary of a release.

    Args:
        statements: those of the vocabulary graphs, the register of graphs and the descriptions of sources.
    """

    def __init__(self, statements: Statements) -> None:
        self.statements = statements

    @classmethod
    async def read(cls, client: GraphClient) -> Lexicon:
        """The lexicon of the release that is being served."""
        graphs = " ".join(f"<{graph}>" for graph in _GRAPHS)
        return cls(
            await client.statements(
                "SELECT ?graph ?subject ?property ?value WHERE {\n"
                f"    VALUES ?graph {{ {graphs} }}\n"
                "    GRAPH ?graph { ?subject ?property ?value }\n"
                "}"
            )
        )

    def name(self, iri: str, language: Language) -> Phrase:
        """What a term, concept, graph or source is called."""
        return name_in(iri, language, self.statements)

    def text(self, iri: str, property_: str, language: Language) -> str | None:
        """A text about a term, for example its definition."""
        return self.statements.text(iri, expand(property_), language)

    def declares(self, iri: str) -> bool:
        """Whether the vocabulary declares a class or property."""
        return not _TERMS.isdisjoint(self.statements.types(iri))

    def superclasses(self, class_: str) -> list[str]:
        """All classes above a class, the nearest first, each once."""
        found: dict[str, None] = {}
        queue = self.statements.resources(class_, SUB_CLASS)
        while queue:
            current = queue.pop(0)
            if current not in found and current != class_:
                found[current] = None
                queue.extend(self.statements.resources(current, SUB_CLASS))
        return list(found)


def name_in(iri: str, language: Language, *places: Statements) -> Phrase:
    """What ``iri`` is called, looked up in several places; at last its own last part, made readable."""
    for naming in NAMING:
        for statements in places:
            found = statements.literals(iri, naming)
            if found:
                chosen = next((item for item in found if item.language == language), found[0])
                return Phrase(chosen.value, chosen.language)
    return Phrase(readable(iri))


def readable(iri: str) -> str:
    """The last part of an IRI as words: ``…/city/bad-essen`` gives ``Bad essen``; of foreign IRIs a short form."""
    short = curie(iri)
    if short is not None and not short.startswith(("wd:", "gnd:", "geonames:", "osm:", "nuts:", "wdt:")):
        local = unquote(short.partition(":")[2]).rpartition("/")[2]
        words = local.replace("-", " ").replace("_", " ").strip()
        return words[:1].upper() + words[1:] if words else iri
    return short or iri


def most_special(classes: Iterable[str], lexicon: Lexicon) -> list[str]:
    """``classes`` without those that are above another of them."""
    given = list(dict.fromkeys(classes))
    above = {item for class_ in given for item in lexicon.superclasses(class_)}
    return [class_ for class_ in given if class_ not in above]


def list_slug(class_: str) -> str:
    """How the list of a class is called in addresses: ``agreement-text`` for one of ours, ``org-post`` for another."""
    prefix, _, local = (curie(class_) or class_).partition(":")
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", local).lower() or "class"
    return words if class_.startswith(IK) else f"{prefix}-{words}"
