"""All terms on one page: classes, properties, code lists, and what is taken over from other vocabularies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from interkommunal.namespaces import CONCEPT, IK, ONTOLOGY, curie, expand
from interkommunal.site.description.description import is_deprecated
from interkommunal.site.description.lexicon import Lexicon
from interkommunal.site.ontology.usage import Usage
from interkommunal.site.site import Site
from interkommunal.texts import Language
from interkommunal.translator import translator

_CLASS: Final = expand("owl:Class")
_PROPERTIES: Final = frozenset(
    expand(name) for name in ("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")
)
_SCHEME: Final = expand("skos:ConceptScheme")


@dataclass(frozen=True, slots=True)
class Term:
    """A term in the catalogue.

    Attributes:
        iri, anchor: of the term. name: label. short: with prefix. href: its page, or the vocabulary it comes from.
        definition, example: texts, maybe empty. uses: how often it is used, in words. deprecated: whether it is.
        parts: concepts of a code list.
    """

    iri: str
    anchor: str
    name: str
    short: str
    href: str
    definition: str
    example: str
    uses: str
    deprecated: bool = False
    parts: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """The vocabulary of a release.

    Attributes:
        title, description, version: of the ontology.
        classes, properties: our own, by label. schemes: code lists with their concepts, by label.
        reused: terms of other vocabularies, by vocabulary.
    """

    title: str
    description: str
    version: str
    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    schemes: tuple[Term, ...]
    reused: tuple[tuple[str, tuple[Term, ...]], ...]


def catalogue(lexicon: Lexicon, usage: Usage, site: Site, language: Language) -> Catalogue:
    """The catalogue in one language."""
    statements = lexicon.statements
    maker = _Maker(lexicon, usage, site, language)
    own = [item for item in statements.subjects() if item.startswith(IK)]
    foreign: dict[str, list[str]] = {}
    for item in statements.subjects():
        kinds = set(statements.types(item))
        prefix = (curie(item) or "").partition(":")[0]
        if prefix and not item.startswith((IK, CONCEPT)) and (_CLASS in kinds or kinds & _PROPERTIES):
            foreign.setdefault(prefix, []).append(item)
    schemes = [item for item in statements.subjects() if _SCHEME in statements.types(item)]
    return Catalogue(
        title=statements.text(ONTOLOGY, expand("dcterms:title"), language) or ONTOLOGY,
        description=statements.text(ONTOLOGY, expand("dcterms:description"), language) or "",
        version=statements.text(ONTOLOGY, expand("owl:versionInfo"), language) or "",
        classes=maker.terms(item for item in own if _CLASS in statements.types(item)),
        properties=maker.terms(item for item in own if _PROPERTIES.intersection(statements.types(item))),
        schemes=maker.terms(schemes, with_parts=True),
        reused=tuple((prefix, maker.terms(found)) for prefix, found in sorted(foreign.items())),
    )


def anchor_of(iri: str) -> str:
    """Fragment of a term on the page: its own name for ours, as their IRIs have it; with prefix for others."""
    if iri.startswith(IK):
        return iri[len(IK) :]
    return (curie(iri) or iri).replace(":", "-").replace("/", "-")


class _Maker:
    def __init__(self, lexicon: Lexicon, usage: Usage, site: Site, language: Language) -> None:
        self._lexicon = lexicon
        self._usage = usage
        self._site = site
        self._language: Language = language
        self._say = translator(language)

    def terms(self, iris: Iterable[str], *, with_parts: bool = False) -> tuple[Term, ...]:
        """Terms by label."""
        found = [self._term(item, with_parts=with_parts) for item in iris]
        return tuple(sorted(found, key=lambda item: (item.name.casefold(), item.iri)))

    def _term(self, iri: str, *, with_parts: bool) -> Term:
        lexicon, say = self._lexicon, self._say
        number = self._usage.of(iri)
        parts = lexicon.statements.pointing(iri, expand("skos:inScheme")) if with_parts else []
        return Term(
            iri=iri,
            anchor=anchor_of(iri),
            name=lexicon.name(iri, self._language).text,
            short=curie(iri) or iri,
            href=self._site.page(iri) or iri,
            definition=lexicon.text(iri, "skos:definition", self._language) or "",
            example=lexicon.text(iri, "skos:example", self._language) or "",
            uses=say.counted("used once", "used {figure} times", number) if number else say("not used yet"),
            deprecated=is_deprecated(iri, lexicon.statements),
            parts=self.terms(parts),
        )
