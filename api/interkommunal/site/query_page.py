"""The query page: a form, the answer as a table, and the problem where there is one. It works without JavaScript.

In goes what was asked and what the engine answered (JSON results or Turtle), out comes HTML. Where the npm package
``@zazuko/yasgui`` was installed, the page offers its editor on top of the form. Examples for a first try come from the
query library of the release; queries of pages are also shown as code: curl, Python, R, JavaScript.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import orjson

from interkommunal.dates import decimal_point
from interkommunal.engine.pool import Answer
from interkommunal.graph.library import LibraryQuery
from interkommunal.namespaces import BASE, PASSAGE, PREFIXES, prefixed_name
from interkommunal.release.library import open_library
from interkommunal.site.context import POLICY, SiteContext, page_headers
from interkommunal.site.description.queries import bracketed
from interkommunal.site.site import Site
from interkommunal.sparql.findings import SEVERITIES, Explanation
from interkommunal.sparql.query import Form
from interkommunal.texts import Label, Language, Text, ngettext_noop
from interkommunal.web.formats import HTML, OFFERS
from interkommunal.web.problems import Problem
from interkommunal.web.protocol import Operation
from interkommunal.web.representation import Representation
from interkommunal.web.sparql import EXPLAIN_PATH, PATH

# Shown first: an answer in one look, a doubt, a count.
_FIRST: Final = ("first-signatories-of-the-contract", "contradictions", "forums-by-year-and-city")


class Example(NamedTuple):
    """A question in plain words, and the query that asks it."""

    name: str
    question: Text | Label
    query: str


# Where there is no library, one query that fits any graph.
ANYTHING: Final = Example(
    "anything",
    Text("Ten statements with the passage they stand in"),
    "SELECT ?subject ?property ?value ?passage\nWHERE { GRAPH ?passage { ?subject ?property ?value } }\nLIMIT 10\n",
)


def examples_of(library: Iterable[LibraryQuery]) -> tuple[Example, ...]:
    """The questions of ``library`` as examples, the best for a first try in front; at least one."""
    found = [Example(item.name, item.summary, item.text) for item in library]
    found.sort(key=lambda item: (_FIRST.index(item.name) if item.name in _FIRST else len(_FIRST), item.name))
    return tuple(found) or (ANYTHING,)


def query_of(thing: str, site: Site) -> dict[str, Any]:
    """The query that shows every statement of a thing with the passage that says so.

    Its text, the address that opens it in the query page, and the code that asks it elsewhere.
    """
    text = f"""PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?property ?value ?graph ?quote WHERE {{
    GRAPH ?graph {{ {bracketed(thing)} ?property ?value }}
    OPTIONAL {{ ?graph oa:hasSelector/oa:exact ?quote }}
}}
ORDER BY ?property ?value ?graph"""
    href = f"{site.address('/sparql')}?{urlencode({'query': text})}"
    return {"text": text, "href": href, "samples": samples(text, site.absolute("/sparql"))}


def samples(query: str, endpoint: str) -> dict[str, str]:
    """The code that asks a query, by language."""
    quoted = query.replace("'", "'\\''")
    return {
        "curl": f"""curl --get '{endpoint}' \\
    --header 'Accept: text/csv' \\
    --data-urlencode 'query={quoted}'""",
        "Python": f'''import io

import pandas as pd
import requests

query = """
{query}
"""

answer = requests.get("{endpoint}", params={{"query": query}}, headers={{"Accept": "text/csv"}}, timeout=60)
answer.raise_for_status()
table = pd.read_csv(io.StringIO(answer.text))
print(table)''',
        "R": r_sample(f'r"(\n{query}\n)"', endpoint),
        "JavaScript": f"""const query = `
{query}
`;

const url = new URL("{endpoint}");
url.searchParams.set("query", query);
const answer = await fetch(url, {{ headers: {{ Accept: "application/sparql-results+json" }} }});
if (!answer.ok) throw new Error(await answer.text());
const {{ results }} = await answer.json();
console.table(results.bindings);""",
    }


def r_sample(literal: str, endpoint: str) -> str:
    """The code in R that asks a query, which is a literal of R."""
    return f"""library(httr2)

query <- {literal}

answer <- request("{endpoint}") |>
  req_url_query(query = query) |>
  req_headers(Accept = "text/csv") |>
  req_perform()
table <- read.csv(text = resp_body_string(answer))
print(table)"""


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


class Cell(NamedTuple):
    """One value of a table: its text, and for an IRI where it leads, here or elsewhere."""

    text: str
    title: str = ""
    language: str = ""
    href: str = ""
    is_ours: bool = False


class QueryPage:
    """Renders the query page.

    Args:
        site_context: what all pages share.
    """

    def __init__(self, site_context: SiteContext) -> None:
        site_context.design.add(Path(__file__).parent)
        self._site_context = site_context
        self._has_editor = all(name in site_context.design.files for name in _EDITOR_FILES)
        self._policy = (_EDITOR_POLICY if self._has_editor else POLICY).encode()

    def form(self, language: Language, operation: Operation, problem: Problem | None = None) -> Representation:
        """The page before there is an answer, or with the problem that prevented one."""
        return self._render(language, operation, problem=problem)

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
        return self._render(language, operation, answer=shown, explanation=explanation)

    def explained(self, language: Language, operation: Operation, explanation: Explanation) -> Representation:
        """The page with what is to be said about a query."""
        return self._render(language, operation, explanation=explanation)

    def _render(
        self,
        language: Language,
        operation: Operation,
        *,
        problem: Problem | None = None,
        answer: dict[str, Any] | None = None,
        explanation: Explanation | None = None,
    ) -> Representation:
        site_context, query = self._site_context, operation.query or ""
        release = site_context.publication.release
        examples = examples_of(open_library(release) if release else ())
        repeated = tuple(_asked(operation)) if 0 < len(query) <= _LONGEST_IN_LINKS else ()
        frame = site_context.framed(language, release, PATH, repeated)
        formats = {
            item.suffix: item.label
            for form in (Form.SELECT, Form.CONSTRUCT)
            for item in OFFERS[form]
            if item is not HTML
        }
        editor = {
            "language": language,
            "endpoint": frame.address(PATH),
            "explain": frame.address(EXPLAIN_PATH),
            "base": BASE,
            "pages": frame.address("/"),
            "prefixes": PREFIXES,
            "passage": PASSAGE,
        }
        body = site_context.design.render(
            "query.html",
            frame,
            operation=operation,
            query=query or examples[0].query,
            formats={"html": Text("table on this page").in_(language), **formats},
            examples=[(item.question.in_(language), site_context.sparql(item.query)) for item in examples],
            editor=editor if self._has_editor else None,
            problem=problem,
            answer=answer,
            explanation=explanation,
            severities=SEVERITIES,
            explain=frame.address(EXPLAIN_PATH),
        )
        headers = dict(page_headers(language, "no-cache")) | {b"content-security-policy": self._policy}
        return Representation(body, tuple(headers.items()))


def _shown(site: Site, language: Language, operation: Operation, answer: Answer, body: bytes) -> dict[str, Any]:
    """An answer as the template shows it; exactly one of ``boolean``, ``graph`` and ``rows`` counts."""
    asked, address = _asked(operation), site.address(PATH)
    is_graph = answer.form.yields_graph
    results = {} if is_graph else orjson.loads(body)
    names = results.get("head", {}).get("vars", [])
    rows = [
        [_cell(row[name], site) if name in row else None for name in names]
        for row in results.get("results", {}).get("bindings", ())
    ]
    seconds = f"{answer.seconds:.3f}".replace(".", decimal_point(language))
    return {
        "summary": Text.counted(*(_TRIPLES if is_graph else _ROWS), answer.rows or 0, seconds=seconds).in_(language),
        "count": answer.rows or 0 if is_graph else len(rows),
        "cut": answer.cut and "boolean" not in results,
        "downloads": [
            (f"{address}?{urlencode([*asked, ('format', item.suffix)])}", f"interkommunal.{item.suffix}", item.label)
            for item in OFFERS[answer.form]
            if item is not HTML
        ],
        "permalink": f"{address}?{urlencode(asked)}",
        "boolean": results.get("boolean"),
        "graph": body.decode() if is_graph else None,
        "names": names,
        "rows": rows,
    }


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
