"""The query page: a form, the answer as a table, and the problem where there is one. It works without JavaScript.

In goes what was asked and what the engine answered (JSON results or Turtle), out comes HTML. Where the npm package
``@zazuko/yasgui`` was installed, the page offers its editor on top of the form.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import jinja2
import orjson

from interkommunal.engine.interface import Answer, Form
from interkommunal.http.examples import Example
from interkommunal.http.formats import HTML, OFFERS
from interkommunal.http.language import Language
from interkommunal.http.problems import Header, Problem
from interkommunal.http.protocol import Operation
from interkommunal.namespaces import BASE, PASSAGE, PREFIXES

# Nothing from elsewhere, no inline script; the editor sets inline styles and draws its icons from data URLs.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
PAGE_HEADERS: Final[tuple[Header, ...]] = (
    (b"content-type", b"text/html; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"vary", b"Accept, Accept-Language, Accept-Encoding"),
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
)
_TEMPLATES: Final = Path(__file__).parent / "templates"
_LONGEST_CELL: Final = 2000


@dataclass(frozen=True, slots=True)
class Cell:
    """One value of a table: its text, and for an IRI where it leads (``describe`` here, ``href`` elsewhere)."""

    text: str
    title: str = ""
    language: str = ""
    href: str = ""
    describe: str = ""


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
        release: tells what is being served.
        examples: questions to offer, at least one.
        editor: whether the files of the editor are there to be served.
    """

    def __init__(self, release: Callable[[], str], examples: Sequence[Example], *, editor: bool) -> None:
        self._release = release
        self._examples = examples
        self._editor = editor
        self._template = templates().get_template("query.html")

    def form(self, language: Language, operation: Operation, problem: Problem | None = None) -> str:
        """The page before there is an answer, or with the problem that prevented one."""
        return self._render(language, operation, problem=problem, answer=None)

    def answer(self, language: Language, operation: Operation, answer: Answer, body: bytes) -> str:
        """The page with an answer: ``body`` is JSON results for SELECT and ASK, Turtle for the others."""
        shown = _shown(language, operation, answer, body)
        return self._render(language, operation, problem=None, answer=shown)

    def _render(
        self, language: Language, operation: Operation, *, problem: Problem | None, answer: ShownAnswer | None
    ) -> str:
        query = operation.query or ""
        other = {"query": query} if query else {}
        return self._template.render(
            language=language,
            say=lambda de, en: de if language == "de" else en,
            other_language="/sparql?" + urlencode({**other, "lang": "en" if language == "de" else "de"}),
            release=self._release(),
            operation=operation,
            query=query or self._examples[0].query,
            formats=_choices(language),
            examples=self._examples,
            editor=self._editor_settings(language),
            problem=problem,
            answer=answer,
        )

    def _editor_settings(self, language: Language) -> dict[str, Any] | None:
        return {"language": language, "prefixes": PREFIXES, "passage": PASSAGE} if self._editor else None


def templates() -> jinja2.Environment:
    """The templates of this room. Everything put into them is escaped."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,
    )


def shorten(iri: str) -> str:
    """An IRI with one of our prefixes, if one fits and the rest is a plain name."""
    best = max(
        (item for item in PREFIXES.items() if iri.startswith(item[1])), key=lambda item: len(item[1]), default=None
    )
    if best is None:
        return iri
    rest = iri[len(best[1]) :]
    return f"{best[0]}:{rest}" if rest and not set(rest) & set("/#?") else iri


def _choices(language: Language) -> list[tuple[str, str]]:
    table = "Tabelle auf dieser Seite" if language == "de" else "table on this page"
    names = {item.suffix: item.label for form in (Form.SELECT, Form.CONSTRUCT) for item in OFFERS[form]}
    return [("html", table), *((suffix, label) for suffix, label in names.items() if suffix != "html")]


def _shown(language: Language, operation: Operation, answer: Answer, body: bytes) -> ShownAnswer:
    count = answer.rows or 0
    seconds = f"{answer.seconds:.3f}"
    if language == "de":
        noun = "Tripel" if answer.form.yields_graph else "Zeile" if count == 1 else "Zeilen"
        summary = f"{count} {noun} in {seconds.replace('.', ',')} Sekunden"
    else:
        noun = "triple" if answer.form.yields_graph else "row"
        summary = f"{count} {noun}{'' if count == 1 else 's'} in {seconds} seconds"
    asked = _asked(operation)
    downloads = tuple(
        Download(f"/sparql?{urlencode([*asked, ('format', item.suffix)])}", f"interkommunal.{item.suffix}", item.label)
        for item in OFFERS[answer.form]
        if item is not HTML
    )
    permalink = f"/sparql?{urlencode(asked)}"
    if answer.form.yields_graph:
        return ShownAnswer(summary, count, answer.cut, downloads, permalink, graph=body.decode())
    results = orjson.loads(body)
    if "boolean" in results:
        return ShownAnswer(summary, count, False, downloads, permalink, boolean=results["boolean"])
    names = tuple(results["head"]["vars"])
    rows = tuple(
        tuple(_cell(row[name]) if name in row else None for name in names) for row in results["results"]["bindings"]
    )
    return ShownAnswer(summary, len(rows), answer.cut, downloads, permalink, names=names, rows=rows)


def _asked(operation: Operation) -> list[tuple[str, str]]:
    return [
        ("query", operation.query or ""),
        *(("default-graph-uri", iri) for iri in operation.default_graphs),
        *(("named-graph-uri", iri) for iri in operation.named_graphs),
    ]


def _cell(term: dict[str, Any]) -> Cell:
    if term["type"] == "triple":
        return Cell(f"<< {' '.join(_cell(part).text for part in term['value'].values())} >>")
    value = str(term["value"])
    text = value if len(value) <= _LONGEST_CELL else f"{value[:_LONGEST_CELL]} …"
    if term["type"] == "uri":
        if value.startswith(BASE):
            return Cell(shorten(text), value, describe=f"/sparql?{urlencode({'query': f'DESCRIBE <{value}>'})}")
        # Only these two; a link to javascript: would be run.
        return Cell(shorten(text), value, href=value if value.startswith(("https://", "http://")) else "")
    if term["type"] == "bnode":
        return Cell(f"_:{text}")
    return Cell(text, shorten(term.get("datatype", "")), term.get("xml:lang", ""))
