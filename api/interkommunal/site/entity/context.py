"""Everything that the page of one thing needs, in one language: statements around it, passages, findings, names.

Gathering takes three rounds of plain SPARQL at most; what comes after reads from memory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from interkommunal.dates import date_in_words
from interkommunal.graph.reference import AUTHORITIES
from interkommunal.namespaces import ID, curie, expand
from interkommunal.site.context import SiteContext
from interkommunal.site.description import queries
from interkommunal.site.description.lexicon import Lexicon, Phrase, most_special, name_in
from interkommunal.site.description.passages import (
    ASSERTED,
    CONFLICT,
    GARBLED,
    GOAL,
    Finding,
    Passage,
    read_findings,
    read_passages,
)
from interkommunal.site.description.statements import RDF_TYPE, Statements, is_passage
from interkommunal.site.entity.model import Doubt, Link, Mark, Value
from interkommunal.site.release_view import ReleaseView
from interkommunal.site.site import Site
from interkommunal.texts import Language, gettext_noop
from interkommunal.translator import Translator, translator

# Literals that repeat the source letter for letter.
PRINTED: Final = frozenset(
    expand(name) for name in (
        "schema:name", "schema:alternateName", "schema:text", "schema:slogan", "schema:headline", "schema:unitText",
        "ik:designation", "ik:attestedName", "ik:attestedSignature", "ik:attestedRole", "ik:attestedAddress",
        "ik:dateline", "ik:manner", "ik:modalPhrase", "ik:timeMarker", "oa:exact", "skos:example",
    )
)  # fmt: skip
_SOME: Final = 100
DATES: Final = frozenset(map(expand, ("edtf:EDTF", "xsd:date", "xsd:gYear", "xsd:gYearMonth")))
_PLAIN_NUMBERS: Final = frozenset(map(expand, ("ik:year", "ik:line", "oa:start", "oa:end")))
_KINDS: Final = {CONFLICT: "conflict", GARBLED: "garbled", GOAL: "goal", ASSERTED: "asserted"}
# By which the editors speak against a thing, or leave it open: kind of the mark, and its word.
DOUBTING: Final = {
    expand("ik:contradicts"): ("conflict", gettext_noop("Contradicts")),
    expand("ik:possiblySameAs"): ("open", gettext_noop("Possibly the same as")),
    expand("ik:undecidedBetween"): ("open", gettext_noop("Undecided between")),
}
_MATCHES: Final = (expand("skos:exactMatch"), expand("skos:closeMatch"))


@dataclass(frozen=True)
class EntityContext:
    """What is known around one thing.

    Attributes:
        iri: the thing.
        language: of the page.
        site: where links lead. release_view: the release.
        statements: the thing, what points to it, and what is said of those.
        passages: those that state something here, in the order of the text.
        findings: discrepancies that target one of them.
        records: what is said of passages, findings and readings, and the names of things further away.
        is_cut: whether more points to the thing than was looked at.
    """

    iri: str
    language: Language
    site: Site
    release_view: ReleaseView
    statements: Statements
    passages: dict[str, Passage]
    findings: dict[str, Finding]
    records: Statements
    is_cut: bool

    @property
    def say(self) -> Translator:
        """The words of the page."""
        return translator(self.language)

    @property
    def lexicon(self) -> Lexicon:
        """The vocabulary of the release."""
        return self.release_view.lexicon

    def to(self, name: str) -> list[str]:
        """What the thing leads to by a property such as ``cv:role``."""
        return self.statements.resources(self.iri, expand(name))

    def by(self, name: str) -> list[str]:
        """What leads to the thing by a property."""
        return self.statements.pointing(self.iri, expand(name))

    def types(self, iri: str) -> list[str]:
        """The classes of something, the most special ones."""
        places = (self.statements, self.records, self.lexicon.statements)
        return most_special((item for place in places for item in place.types(iri)), self.lexicon)

    def name(self, iri: str) -> Phrase:
        """What something is called."""
        return name_in(iri, self.language, self.statements, self.records, self.lexicon.statements)

    def link(self, iri: str) -> Link:
        """The name of something, leading to its page or site."""
        phrase, href = self.name(iri), self.site.page(iri)
        if href:
            return Link(phrase.text, href, self.other_language(phrase.language))
        for of in AUTHORITIES:
            if iri.startswith(of.namespace):
                return Link(f"{of.name} {iri[len(of.namespace) :].rstrip('/')}", iri)
        if iri.startswith(("http://", "https://")):
            known = iri in self.statements or iri in self.lexicon.statements
            return Link(phrase.text if known else iri.partition("://")[2].rstrip("/"), iri)
        return Link(iri)

    def term_link(self, iri: str) -> Link:
        """The name of a property or class, leading to its definition."""
        page, short = self.site.page(iri), curie(iri)
        if page is None and short is not None and self.lexicon.declares(iri):
            page = self.site.address(f"/ontology#{short.replace(':', '-')}")
        if short is not None and self.say.has("property", short):
            return Link(self.say.named("property", short), page)
        phrase = self.lexicon.name(iri, self.language)
        return Link(phrase.text, page, self.other_language(phrase.language))

    def shown(self, iri: str, graphs: tuple[str, ...] = ()) -> Value:
        """Something as a value that leads to its page or site; ``graphs`` state it."""
        link = self.link(iri)
        return Value(link.text, link.language, link.href, external=not self.site.page(iri), graphs=graphs)

    def shown_term(self, iri: str) -> Value:
        """A property or class as a value that leads to its definition."""
        link = self.term_link(iri)
        return Value(link.text, link.language, link.href)

    def other_language(self, language: str | None) -> str | None:
        """A language, unless it is that of the page."""
        return None if language == self.language else language

    def values(self, subject: str, property_: str) -> tuple[Value, ...]:
        """The values of a property, ready to be shown, each with the graphs that state it."""
        found = self.statements.values(subject, property_)
        texts = [item for item in found if isinstance(item, Literal) and item.language]
        if len({item.language for item in texts}) > 1 and property_ not in PRINTED:
            # Our own texts come in two languages that say the same.
            chosen = [item for item in texts if item.language == self.language] or texts[:1]
            found = [item for item in found if item not in texts or item in chosen]
        return tuple(self.value(subject, property_, item) for item in found)

    def value(self, subject: str, property_: str, item: NamedNode | Literal) -> Value:
        """One value of a property, ready to be shown."""
        graphs = self.statements.graphs_of(subject, property_, item)
        if isinstance(item, Literal):
            text, note = self._literal(property_, item)
            language = self.other_language(item.language)
            return Value(text, language, printed=property_ in PRINTED, note=note, graphs=graphs)
        is_class = property_ == RDF_TYPE
        link = self.term_link(item.value) if is_class else self.link(item.value)
        external = not is_class and not self.site.page(item.value)
        note = self._mapping(subject, item.value) if property_ in _MATCHES else ""
        return Value(link.text, link.language, link.href, external=external, note=note, graphs=graphs)

    def marks(self, statuses: Iterable[str]) -> tuple[Mark, ...]:
        """The statuses of a passage in words."""
        return tuple(Mark(_KINDS.get(item, "other"), self.name(item).text) for item in statuses)

    def doubtful_marks(self, graph: str) -> tuple[Mark, ...]:
        """What is wrong with a passage, in words; nothing for other graphs."""
        statuses = self.passages[graph].statuses if graph in self.passages else ()
        return self.marks(item for item in statuses if item in (CONFLICT, GARBLED))

    def doubts(self, thing: str) -> tuple[Doubt, ...]:
        """What the editors say against a thing, or leave open."""
        return tuple(
            Doubt(Mark(kind, self.say(key)), tuple(map(self.link, others)))
            for property_, (kind, key) in DOUBTING.items()
            if (others := self.statements.resources(thing, property_))
        )

    def reader(self, passage: Passage) -> str:
        """Where a passage stands in the source reader."""
        return self.site.address(f"/sources/{quote(passage.slug)}?passage={quote(passage.name)}#{passage.anchor}")

    def _mapping(self, subject: str, other: str) -> str:
        """Why a link is believed, in a few words; empty where the release does not say."""
        for mapping in self.statements.pointing(subject, expand("sssom:subject_id")):
            confidence = self.statements.literal(mapping, expand("sssom:confidence"))
            how = self.statements.resource(mapping, expand("sssom:mapping_justification"))
            if self.statements.resource(mapping, expand("sssom:object_id")) == other and confidence and how:
                return self.say(
                    "confidence {confidence}; {how}; sources: {sources}",
                    confidence=confidence.value.replace(".", self.say.decimal),
                    how=self.say.named("how", how.rpartition("/")[2]),
                    sources=len(self.statements.literals(mapping, expand("dcterms:source"))),
                )
        return ""

    def _literal(self, property_: str, item: Literal) -> tuple[str, str]:
        """A literal in words, and its exact form where the words are vaguer."""
        datatype, lexical = item.datatype.value, item.value
        if datatype in DATES:
            words = date_in_words(lexical, self.language)
            return words, "" if words == lexical or datatype == expand("xsd:date") else lexical
        if datatype == expand("xsd:integer") and property_ not in _PLAIN_NUMBERS and lexical.lstrip("-").isdecimal():
            return self.say.number(int(lexical)), ""
        if datatype == expand("geo:wktLiteral"):
            return _point(lexical, self.say) or lexical, ""
        if datatype == expand("xsd:boolean"):
            return self.say(gettext_noop("yes") if lexical in ("true", "1") else gettext_noop("no")), ""
        return lexical, ""


def _point(wkt: str, say: Translator) -> str | None:
    try:
        longitude, latitude = map(float, wkt.removeprefix("POINT").strip().strip("()").split())
    except ValueError:
        return None
    parts = [f"{abs(number):.4f}".replace(".", say.decimal) for number in (latitude, longitude)]
    north, east = ("N" if latitude >= 0 else "S"), say(gettext_noop("E") if longitude >= 0 else gettext_noop("W"))
    return f"{parts[0]}° {north}, {parts[1]}° {east}"


async def gather(iri: str, language: Language, release_view: ReleaseView, site_context: SiteContext) -> EntityContext:
    """The context of ``iri``; empty if the release does not know it.

    Raises:
        QueryError: the engine cannot answer.
    """
    client = site_context.client
    questions = [queries.neighbourhood(iri), queries.mappings_of(iri)] if iri.startswith(ID) else [queries.around(iri)]
    if is_passage(iri):  # other graphs may be large and are shown page by page
        questions.append(queries.statements_in(iri))
    statements = await client.statements(*questions)
    if sum(len(statements.values(iri, item)) for item in statements.properties(iri)) >= queries.MOST_STATEMENTS:
        # The first properties have thousands of values, which would hide those of the others.
        rows = await client.rows(queries.properties_of(iri))
        properties = [row[0].value for row in rows if isinstance(row[0], NamedNode)]
        statements = statements.joined(await client.statements(queries.some_of_each(iri, properties, _SOME)))
    pointing = sum(len(statements.pointing(iri, item)) for item in statements.pointing_properties(iri))
    graphs = {iri, *statements.graphs}
    for name in ("oa:hasTarget", "prov:wasDerivedFrom", "ik:framedBy"):
        graphs.update(statements.resources(iri, expand(name)))
    graphs = set(filter(is_passage, graphs))
    further = [queries.passages(graphs), queries.findings(graphs)] if graphs else []
    # Of things of ours that are named here without a label, the names.
    unnamed = {
        item
        for item in statements.named
        if item.startswith(ID) and not statements.values(item, expand("rdfs:label"))
        if item not in release_view.lexicon.statements
    }
    if unnamed:
        further.append(queries.names(unnamed))
    records = await client.statements(*further)
    return EntityContext(
        iri=iri,
        language=language,
        site=site_context.site,
        release_view=release_view,
        statements=statements,
        passages=read_passages(records),
        findings=read_findings(records),
        records=records,
        is_cut=pointing > queries.MOST_NEIGHBOURS,
    )
