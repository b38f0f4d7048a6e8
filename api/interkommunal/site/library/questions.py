"""The questions of the release in force, what a request asks of one of them, and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from interkommunal.errors import ParameterError
from interkommunal.namespaces import CONCEPT, ID, PREFIXES, expand, prefixed_name
from interkommunal.normal import normal_text
from interkommunal.release.library import LibraryQuery, Parameter, bound, open_library
from interkommunal.release.release import Release
from interkommunal.release.values import Value, read_value
from interkommunal.site.description.statements import GraphClient, Row
from interkommunal.texts import Language, Text, label_language
from interkommunal.web.publication import Publication
from interkommunal.web.request import Parameters

# Parameters that every question has.
LIMIT: Final = "limit"
OFFSET: Final = "offset"
RAW: Final = "raw"
LANG: Final = "lang"
COMMON: Final = (LIMIT, OFFSET, RAW, LANG)
# What a page for people shows at a time.
PAGE_ROWS: Final = 100
_MOST_DIGITS: Final = 9
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
class ParameterChoice:
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
class QuestionCollection:
    """The questions. Belongs to one event loop.

    Args:
        client: the way to the graph.
        publication: the release in force.
    """

    client: GraphClient
    publication: Publication
    _release: Release | None = None
    _queries: dict[str, LibraryQuery] = field(default_factory=dict)
    _choices: dict[tuple[str, str, Language], tuple[ParameterChoice, ...]] = field(default_factory=dict)

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

    async def choices(self, parameter: Parameter, language: Language) -> tuple[ParameterChoice, ...]:
        """The things that a parameter may name, by their label; empty for parameters that name none.

        Raises:
            QueryError: the graph cannot be asked.
        """
        if parameter.kind not in ("entity", "concept"):
            return ()
        key = (parameter.kind, parameter.of, language)
        release = self._release
        if key not in self._choices:
            query = _THINGS % (_pattern(parameter), Literal(label_language(language)), _MOST)
            found = []
            for thing, label in await self.client.rows(query):
                if isinstance(thing, NamedNode):
                    found.append(
                        ParameterChoice(
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
        ours = " || ".join(f"STRSTARTS(STR(?thing), {Literal(start)})" for start in (ID, CONCEPT))
        return (
            "?thing a ?class ; rdfs:label ?any . "
            f"FILTER ({ours}) FILTER (!STRSTARTS(STR(?thing), {Literal(PREFIXES['passage'])}))"
        )
    return f"?thing a/rdfs:subClassOf* {of} ."


@dataclass(frozen=True)
class AskedQuestion:
    """A question with its values.

    Attributes:
        query: the question.
        language: of the labels.
        typed: what was typed for its parameters, by name; only those that were typed.
        terms: the terms that this stands for, and the language.
        limit: rows at most, ``None`` for all. offset: rows passed over.
        raw: whether CSV is for programs, not for spreadsheets.
    """

    query: LibraryQuery
    language: Language
    typed: Mapping[str, str]
    terms: Mapping[str, Value]
    limit: int | None = None
    offset: int = 0
    raw: bool = False

    @property
    def text(self) -> str:
        """The query, ready to be asked."""
        return bound(self.query, self.terms)

    @property
    def semantic_key(self) -> tuple[object, ...]:
        """Everything that its answer depends on, besides release and format."""
        terms = tuple(sorted((name, str(term)) for name, term in self.terms.items()))
        return (self.query.name, self.language, terms, self.limit, self.offset, self.raw)

    def parameters(self, **changed: object) -> str:
        """The query string that asks it again, with some parameters changed; ``None`` leaves one out."""
        given: dict[str, object] = {**self.typed, LANG: self.language, LIMIT: self.limit, OFFSET: self.offset or None}
        given |= {RAW: "true" if self.raw else None} | changed
        return urlencode({name: str(value) for name, value in given.items() if value is not None})


@dataclass(frozen=True)
class AnsweredQuestion:
    """A question with its answer.

    Attributes:
        asked: the question.
        release: identifier of the release that answered.
        columns: variables. rows: those of this part of the answer. total: number of all rows.
    """

    asked: AskedQuestion
    release: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    total: int

    @property
    def next_offset(self) -> int | None:
        """Where the next part begins, if there is one."""
        end = self.asked.offset + len(self.rows)
        return end if self.rows and end < self.total else None

    @property
    def previous_offset(self) -> int | None:
        """Where the part before begins, if there is one."""
        asked = self.asked
        return max(0, asked.offset - (asked.limit or asked.offset)) if asked.offset else None


async def read_asked(
    query: LibraryQuery, given: Parameters, language: Language, collection: QuestionCollection
) -> AskedQuestion:
    """What a request asks.

    Args:
        query: the question.
        given: of the query string; values are brought into their normal form.
        language: of the labels.
        collection: knows the things by their slugs.

    Raises:
        ParameterError: a parameter is not known or has a wrong value.
        RequestProblem: a parameter has different values.
        QueryError: the graph cannot be asked.
    """
    typed: dict[str, str] = {}
    terms: dict[str, Value] = {}
    common: dict[str, str] = {}
    for name in given:
        value = given.read(name, normal_text)
        if not value:  # of characters that nobody sees
            continue
        if name in COMMON:
            common[name] = value
            continue
        parameter = query.parameter(name)
        if parameter is None:
            raise _unknown(query, name)
        typed[name] = value
        slugs = await collection.slugs(parameter, language)
        terms[name] = read_value(parameter, value, slugs)
    for parameter in query.parameters:
        if parameter.kind == "language":
            terms[parameter.name] = read_value(parameter, label_language(language))
    return AskedQuestion(
        query,
        language,
        typed,
        terms,
        _number(LIMIT, common.get(LIMIT, "")),
        _number(OFFSET, common.get(OFFSET, "")) or 0,
        _flag(RAW, common.get(RAW, "")),
    )


def _number(name: str, value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS) or (name == LIMIT and int(value) < 1):
        least = 1 if name == LIMIT else 0
        raise ParameterError(name, Text("a whole number from {least}", least=least))
    return int(value)


def _flag(name: str, value: str) -> bool:
    if value not in ("", "true", "false"):
        raise ParameterError(name, Text("true or false"))
    return value == "true"


def _unknown(query: LibraryQuery, name: str) -> ParameterError:
    known = ", ".join([*(item.name for item in query.parameters if item.kind != "language"), *COMMON])
    shown = name[:40]
    return ParameterError(shown, known=known)
