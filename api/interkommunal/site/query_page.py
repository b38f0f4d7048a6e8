"""The query page: a form, the answer as a table, and the problem where there is one. It works without JavaScript.

In goes what was asked and what the engine answered (JSON results or Turtle), out comes HTML. Where the npm package
``@zazuko/yasgui`` was installed, the page offers its editor on top of the form. Examples for a first try come from the
query library of the release; queries of pages are also shown as code: curl, Python, R, JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from interkommunal.dates import decimal_point
from interkommunal.engine.pool import Answer
from interkommunal.graph.library import LibraryQuery
from interkommunal.namespaces import BASE, PASSAGE, PREFIXES, prefixed_name
from interkommunal.release.library import open_library
from interkommunal.site.context import POLICY, SiteContext, page_headers
from interkommunal.site.description.queries import bracketed
from interkommunal.site.frame import Frame
from interkommunal.site.site import Site
from interkommunal.sparql.findings import SEVERITIES, Explanation
from interkommunal.sparql.query import Form
from interkommunal.texts import Label, Language, Text, ngettext_noop
from interkommunal.web.formats import HTML, OFFERS
from interkommunal.web.problems import Header, Problem
from interkommunal.web.protocol import Operation
from interkommunal.web.representation import Representation
from interkommunal.web.sparql import EXPLAIN_PATH, PATH

# Shown first: an answer in one look, a doubt, a count.
_FIRST: Final = ("first-signatories-of-the-contract", "contradictions", "forums-by-year-and-city")


@dataclass(frozen=True, slots=True)
class Example:
    """A question in plain words, and the query that asks it."""

    name: str
    question: Text | Label
    query: str

    def link(self, language: Language) -> str:
        """Query string that asks it on the query page."""
        return urlencode({"query": self.query, "lang": language})


# Where there is no library, one query that fits any graph.
ANYTHING: Final = Example(
    "anything",
    Text("Ten statements with the passage they stand in"),
    "SELECT ?subject ?property ?value ?passage\nWHERE { GRAPH ?passage { ?subject ?property ?value } }\nLIMIT 10\n",
)


def examples_of(library: Iterable[LibraryQuery]) -> tuple[Example, ...]:
    """The questions of ``library`` as examples, the best for a first try in front; at least one."""
    found = [Example(item.name, Label(item.summary), item.text) for item in library]
    found.sort(key=lambda item: (_FIRST.index(item.name) if item.name in _FIRST else len(_FIRST), item.name))
    return tuple(found) or (ANYTHING,)


@dataclass(frozen=True, slots=True)
class Sample:
    """A piece of code."""

    label: str
    code: str


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The query that shows what a page shows.

    Attributes:
        text: the query. href: opens it in the query page. samples: the same elsewhere.
    """

    text: str
    href: str
    samples: tuple[Sample, ...]


def query_of(thing: str, site: Site) -> PageQuery:
    """The query that shows every statement of a thing with the passage that says so."""
    text = f"""PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?property ?value ?graph ?quote WHERE {{
    GRAPH ?graph {{ {bracketed(thing)} ?property ?value }}
    OPTIONAL {{ ?graph oa:hasSelector/oa:exact ?quote }}
}}
ORDER BY ?property ?value ?graph"""
    return PageQuery(text, f"{site.address('/sparql')}?{urlencode({'query': text})}", samples(text, site))


def samples(query: str, site: Site) -> tuple[Sample, ...]:
    """A query in other languages."""
    endpoint = site.absolute("/sparql")
    return (
        Sample("curl", _curl(query, endpoint)),
        Sample("Python", _python(query, endpoint)),
        Sample("R", _r(query, endpoint)),
        Sample("JavaScript", _javascript(query, endpoint)),
    )


def _curl(query: str, endpoint: str) -> str:
    quoted = query.replace("'", "'\\''")
    return f"curl --get '{endpoint}' \\\n    --header 'Accept: text/csv' \\\n    --data-urlencode 'query={quoted}'"


def _python(query: str, endpoint: str) -> str:
    return f'''import io

import pandas as pd
import requests

query = """
{query}
"""

answer = requests.get("{endpoint}", params={{"query": query}}, headers={{"Accept": "text/csv"}}, timeout=60)
answer.raise_for_status()
table = pd.read_csv(io.StringIO(answer.text))
print(table)'''


def _r(query: str, endpoint: str) -> str:
    return f'''library(httr2)

query <- r"(
{query}
)"

answer <- request("{endpoint}") |>
  req_url_query(query = query) |>
  req_headers(Accept = "text/csv") |>
  req_perform()
table <- read.csv(text = resp_body_string(answer))
print(table)'''


def _javascript(query: str, endpoint: str) -> str:
    return f"""const query = `
{query}
`;

const url = new URL("{endpoint}");
url.searchParams.set("query", query);
const answer = await fetch(url, {{ headers: {{ Accept: "application/sparql-results+json" }} }});
if (!answer.ok) throw new Error(await answer.text());
const {{ results }} = await answer.json();
console.table(results.bindings);"""


# The SPARQL editor: the npm package ``@zazuko/yasgui``, served by ourselves. Set-up with Node copies it beside the
# other static files, from where a wheel takes it along; without it the page is a plain form.
_EDITOR_FILES: Final = ("yasgui/yasgui.min.js", "yasgui/yasgui.min.css")
# The editor sets inline styles and draws its icons from data URLs; where it is not, the policy of all pages holds.
_EDITOR_POLICY: Final = (
    POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
    .replace("img-src 'self'", "img-src 'self' data:")
    .replace("font-src 'self'", "font-src 'self' data:")
)
# A longer query is not repeated in links to the same page in the other language.
_LONGEST_IN_LINKS: Final = 4000
_LONGEST_CELL: Final = 2000
_TRIPLES: Final = ngettext_noop("{n} triple in {seconds} seconds", "{n} triples in {seconds} seconds")
_ROWS: Final = ngettext_noop("{n} row in {seconds} seconds", "{n} rows in {seconds} seconds")


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: its text, and for an IRI where it leads, here or elsewhere."""

    text: str
    title: str = ""
    language: str = ""
    href: str = ""
    is_ours: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A link to the same answer as a file."""

    href: str
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """An answer as the template shows it; exactly one of ``boolean``, ``graph`` and ``rows`` counts."""

    summary: str
    count: int
    cut: bool
    downloads: tuple[Download, ...]
    permalink: str
    boolean: bool | None = None
    graph: str | None = None
    names: tuple[str, ...] = ()
    rows: tuple[tuple[Cell | None, ...], ...] = ()


class QueryPage:
    """Renders the query page.

    Args:
        site_context: what all pages share.
    """

    def __init__(self, site_context: SiteContext) -> None:
        site_context.design.add(Path(__file__).parent)
        self._site_context = site_context
        self._has_editor = all(name in site_context.design.files for name in _EDITOR_FILES)
        policy = _EDITOR_POLICY if self._has_editor else POLICY
        self._policy: Header = (b"content-security-policy", policy.encode())

    def form(self, language: Language, operation: Operation, problem: Problem | None = None) -> Representation:
        """The page before there is an answer, or with the problem that prevented one."""
        return self._render(language, operation, problem=problem, answer=None)

    def answer(
        self,
        language: Language,
        operation: Operation,
        answer: Answer,
        body: bytes,
        explanation: Explanation | None = None,
    ) -> Representation:
        """The page with an answer: ``body`` is JSON results for SELECT and ASK, Turtle for the others.

        An empty answer comes with its explanation.
        """
        shown = _shown(self._site_context.site, language, operation, answer, body)
        return self._render(language, operation, problem=None, answer=shown, explanation=explanation)

    def explained(self, language: Language, operation: Operation, explanation: Explanation) -> Representation:
        """The page with what is to be said about a query."""
        return self._render(language, operation, problem=None, answer=None, explanation=explanation)

    def _render(
        self,
        language: Language,
        operation: Operation,
        *,
        problem: Problem | None,
        answer: ShownAnswer | None,
        explanation: Explanation | None = None,
    ) -> Representation:
        query = operation.query or ""
        release = self._site_context.publication.release
        examples = examples_of(open_library(release) if release else ())
        repeated = tuple(_asked(operation)) if 0 < len(query) <= _LONGEST_IN_LINKS else ()
        frame = self._site_context.framed(language, release, PATH, repeated)
        body = self._site_context.design.render(
            "query.html",
            frame,
            operation=operation,
            query=query or examples[0].query,
            formats=_choices(language),
            examples=[(item.question.in_(language), self._site_context.sparql(item.query)) for item in examples],
            editor=self._editor_settings(frame),
            problem=problem,
            answer=answer,
            explanation=explanation,
            severities=SEVERITIES,
            explain=frame.address(EXPLAIN_PATH),
        )
        headers = page_headers(language, "no-cache")
        return Representation(
            body, tuple(self._policy if name == self._policy[0] else (name, value) for name, value in headers)
        )

    def _editor_settings(self, frame: Frame) -> dict[str, Any] | None:
        if not self._has_editor:
            return None
        return {
            "language": frame.language,
            "endpoint": frame.address(PATH),
            "explain": frame.address(EXPLAIN_PATH),
            "base": BASE,
            "pages": frame.address("/"),
            "prefixes": PREFIXES,
            "passage": PASSAGE,
        }


def _choices(language: Language) -> list[tuple[str, str]]:
    table = Text("table on this page").in_(language)
    names = {item.suffix: item.label for form in (Form.SELECT, Form.CONSTRUCT) for item in OFFERS[form]}
    return [("html", table), *((suffix, label) for suffix, label in names.items() if suffix != "html")]


def _shown(site: Site, language: Language, operation: Operation, answer: Answer, body: bytes) -> ShownAnswer:
    count = answer.rows or 0
    forms = _TRIPLES if answer.form.yields_graph else _ROWS
    seconds = f"{answer.seconds:.3f}".replace(".", decimal_point(language))
    summary = Text.counted(*forms, count, seconds=seconds).in_(language)
    asked = _asked(operation)
    downloads = tuple(
        Download(
            f"{site.address(PATH)}?{urlencode([*asked, ('format', item.suffix)])}",
            f"interkommunal.{item.suffix}",
            item.label,
        )
        for item in OFFERS[answer.form]
        if item is not HTML
    )
    permalink = f"{site.address(PATH)}?{urlencode(asked)}"
    if answer.form.yields_graph:
        return ShownAnswer(summary, count, answer.cut, downloads, permalink, graph=body.decode())
    results = orjson.loads(body)
    if "boolean" in results:
        return ShownAnswer(summary, count, False, downloads, permalink, boolean=results["boolean"])
    names = tuple(results["head"]["vars"])
    rows = tuple(
        tuple(_cell(row[name], site) if name in row else None for name in names)
        for row in results["results"]["bindings"]
    )
    return ShownAnswer(summary, len(rows), answer.cut, downloads, permalink, names=names, rows=rows)


def _asked(operation: Operation) -> list[tuple[str, str]]:
    return [
        ("query", operation.query or ""),
        *(("default-graph-uri", iri) for iri in operation.default_graphs),
        *(("named-graph-uri", iri) for iri in operation.named_graphs),
    ]


def _cell(term: dict[str, Any], site: Site) -> Cell:
    if term["type"] == "triple":
        return Cell(f"<< {' '.join(_cell(part, site).text for part in term['value'].values())} >>")
    value = str(term["value"])
    text = value if len(value) <= _LONGEST_CELL else f"{value[:_LONGEST_CELL]} …"
    if term["type"] == "uri":
        if ours := site.page(value):
            return Cell(prefixed_name(text), value, href=ours, is_ours=True)
        # Only these two; a link to javascript: would be run.
        return Cell(prefixed_name(text), value, href=value if value.startswith(("https://", "http://")) else "")
    if term["type"] == "bnode":
        return Cell(f"_:{text}")
    return Cell(text, prefixed_name(term.get("datatype", "")), term.get("xml:lang", ""))
