"""The questions of the release in force, what a request asks of one of them, and its answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import urlencode

from cachetools import LRUCache
from pyoxigraph import Literal, NamedNode

from interkommunal.errors import ParameterError
from interkommunal.namespaces import CONCEPT, ID, PREFIXES, expand, prefixed_name, with_prologue
from interkommunal.normal import normal_text
from interkommunal.release.library import LibraryQuery, Parameter, bound, open_library
from interkommunal.release.values import Value, read_value
from interkommunal.site.description.statements import GraphClient, Row
from interkommunal.site.overviews.overview import texts
from interkommunal.texts import Language, Text, label_language
from interkommunal.web.publication import Publication
from interkommunal.web.request import Parameters

# Parameters that every question has.
COMMON: Final = ("limit", "offset", "raw", "lang")
# What a page for people shows at a time.
PAGE_ROWS: Final = 100
_MOST_DIGITS: Final = 9
# More things than this are no list to choose from; they are still found by IRI.
_MOST: Final = 2000
_LISTS_KEPT: Final = 256
_ANYTHING: Final = "rdfs:Resource"


class ParameterChoice(NamedTuple):
    """A thing that a parameter may name.

    Attributes:
        iri: the thing. value: how it is named in a form, short. label: what it is called.
        slug: the last part of the IRI.
    """

    iri: str
    value: str
    label: str
    slug: str


class QuestionCollection:
    """The questions. Belongs to one event loop.

    Args:
        client: the way to the graph.
        publication: the release in force.
    """

    def __init__(self, client: GraphClient, publication: Publication) -> None:
        self._client = client
        self._publication = publication
        self._choices: MutableMapping[tuple[object, ...], list[ParameterChoice]] = LRUCache(_LISTS_KEPT)

    @property
    def queries(self) -> dict[str, LibraryQuery]:
        """The questions of the release in force, by name.

        Raises:
            ReleaseError: they cannot be read.
        """
        release = self._publication.release
        return {query.name: query for query in open_library(release)} if release else {}

    async def choices(self, parameter: Parameter, language: Language) -> list[ParameterChoice]:
        """The things that a parameter may name, by their label; empty for parameters that name none.

        Raises:
            QueryError: the graph cannot be asked.
        """
        if parameter.kind not in ("entity", "concept"):
            return []
        generation = self._publication.generation
        key = (generation, parameter.kind, parameter.of, language)
        if key in self._choices:
            return self._choices[key]
        query = f"""SELECT DISTINCT ?thing ?label
WHERE {{
    {_pattern(parameter)}
    OPTIONAL {{ ?thing rdfs:label ?label FILTER (LANG(?label) = {Literal(label_language(language))}) }}
}}
ORDER BY ?label ?thing
LIMIT {_MOST}"""
        rows = map(texts, await self._client.rows(with_prologue(query)))
        found = [
            ParameterChoice(iri, prefixed_name(iri), label, iri.rpartition("/")[2].rpartition("#")[2])
            for iri, label in rows
            if iri
        ]
        if generation is not None and generation == self._publication.generation:
            self._choices[key] = found
        return found

    async def slugs(self, parameter: Parameter, language: Language) -> dict[str, str]:
        """IRIs by slug of the things that a parameter may name; a slug of two things names neither."""
        choices = await self.choices(parameter, language)
        counts = Counter(choice.slug for choice in choices)
        return {choice.slug: choice.iri for choice in choices if counts[choice.slug] == 1}


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
        given: dict[str, object] = {
            **self.typed,
            "lang": self.language,
            "limit": self.limit,
            "offset": self.offset or None,
            "raw": "true" if self.raw else None,
            **changed,
        }
        return urlencode({name: str(value) for name, value in given.items() if value is not None})


class AnsweredQuestion(NamedTuple):
    """A question with its answer.

    Attributes:
        asked: the question.
        release: identifier of the release that answered.
        rows: those of this part of the answer. total: number of all rows.
    """

    asked: AskedQuestion
    release: str
    rows: Sequence[Row]
    total: int

    @property
    def columns(self) -> tuple[str, ...]:
        """Variables of the rows."""
        return self.asked.query.columns

    @property
    def neighbours(self) -> dict[str, int | None]:
        """Offsets of the parts before (``prev``) and after (``next``), if there are any; ``None`` for 0."""
        asked, end, found = self.asked, self.asked.offset + len(self.rows), {}
        if asked.offset:
            found["prev"] = max(0, asked.offset - (asked.limit or asked.offset)) or None
        if self.rows and end < self.total:
            found["next"] = end
        return found


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
            names = [item.name for item in query.parameters if item.kind != "language"]
            raise ParameterError(name[:40], known=", ".join([*names, *COMMON]))
        typed[name] = value
        terms[name] = read_value(parameter, value, await collection.slugs(parameter, language))
    for parameter in query.parameters:
        if parameter.kind == "language":
            terms[parameter.name] = read_value(parameter, label_language(language))
    limit, offset = (_number(name, common.get(name, ""), least) for name, least in (("limit", 1), ("offset", 0)))
    raw = common.get("raw", "")
    if raw not in ("", "true", "false"):
        raise ParameterError("raw", Text("true or false"))
    return AskedQuestion(query, language, typed, terms, limit, offset or 0, raw == "true")


def _number(name: str, value: str, least: int) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and len(value) <= _MOST_DIGITS and int(value) >= least):
        raise ParameterError(name, Text("a whole number from {least}", least=least))
    return int(value)
