"""An overview: a figure, the table that says the same, its data as CSV, and the questions that were asked for it.

:class:`OverviewOutline` says what an overview asks and shows; :func:`read_overview` asks its questions, which are files
in ``queries/overviews``, and fills it in.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

import pyoxigraph
from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.graph.library import bound, read_library
from interkommunal.site.description.statements import GraphClient, Row
from interkommunal.site.figures.figure import Picture, Size, TableCell
from interkommunal.site.figures.map import Boundaries
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text, label_language

Term = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple | None
# A row of an overview: IRIs and lexical forms by column, empty for nothing.
Values = dict[str, str]

_EDITORS: Final = Text("editors")
_LINE: Final = Text("line {first}")
_LINES: Final = Text("lines {first}–{last}")


class View(NamedTuple):
    """How an overview is looked at.

    Attributes:
        site: for links.
        language: of labels and words.
        boundaries: those of the release, for the map.
        sort: the chosen order, if there is one.
    """

    site: Site
    language: Language
    boundaries: Boundaries | None = None
    sort: str | None = None

    def thing(self, name: str, iri: str, language: str | None = None) -> TableCell:
        """A thing with a link to its page."""
        return TableCell(name, self.site.page(iri), language)

    def evidence(self, passage: str, lines: Sequence[int], quote: str) -> tuple[TableCell, TableCell]:
        """Who says so: a link to the passage, named by its lines; and the sentence of the source, in its language."""
        name = named_lines(lines, self.language) or _EDITORS.in_(self.language)
        return (
            TableCell(name, self.site.page(passage) if passage else None),
            TableCell(f"„{quote}“" if quote else "", language="de"),
        )


class Filled(NamedTuple):
    """What an overview shows of the rows of its questions.

    Attributes:
        draw: draws the figure; ``None`` if there is nothing to draw.
        cells: the rows of the table.
        data: the rows of the CSV file, if they are not those of the only question.
        lead: what there is to see, if it depends on the rows.
        notes: what has to be known to read it right.
        orders: ways to sort and what they are called, by the value of ``sort`` in the URL; ``sort`` is the chosen one.
    """

    draw: Callable[[Size], Markup] | None
    cells: Sequence[tuple[TableCell, ...]]
    data: Sequence[Sequence[str]] | None = None
    lead: str = ""
    notes: Sequence[str] = ()
    orders: dict[str, str] = {}  # noqa: RUF012 - never written to
    sort: str = ""


class OverviewOutline(NamedTuple):
    """What an overview is.

    Attributes:
        key: last part of its path.
        title: heading. hint: what it shows, in a few words. lead: the same in a sentence or two.
        caption: title of the table. columns: their names, and what they are called in style sheets.
        queries: names of its questions.
        fill: from their rows to what is shown.
        data: columns of the CSV file, if they are not those of the only question.
    """

    key: str
    title: Text
    hint: Text
    lead: Text
    caption: Text
    columns: tuple[tuple[Text, str], ...]
    queries: tuple[str, ...]
    fill: Callable[[Sequence[Sequence[Values]], View], Filled]
    data: tuple[str, ...] = ()


class Overview(NamedTuple):
    """Everything that the page of an overview shows.

    Attributes:
        outline: what it is. filled: what it shows; ``lead`` is given in any case.
        picture: the figure for each width; empty if there is nothing to draw.
        columns, rows: the data, with IRIs and literals as they are in the graph.
        queries: the questions that were asked.
    """

    outline: OverviewOutline
    filled: Filled
    picture: Picture
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    queries: Sequence[str]


class Questions:
    """The questions of a folder, each file one, asked of the graph.

    Args:
        client: asks the graph.
        folder: ``queries/overviews`` of the content.

    Raises:
        SourceError: a file is no question.
    """

    def __init__(self, client: GraphClient, folder: Path) -> None:
        self._client = client
        self._queries = {query.name: query for query in read_library(folder)}

    def columns(self, name: str) -> tuple[str, ...]:
        """The columns of a question's rows."""
        return self._queries[name].columns

    def query(self, name: str, language: Language, **terms: Iterable[object]) -> str:
        """The query in the file ``name``; of a parameter without a value any term will do."""
        values = {key: " ".join(map(str, several)) for key, several in terms.items()}
        return bound(self._queries[name], {"lang": Literal(label_language(language)), **values})

    async def ask(self, name: str, language: Language, **terms: Iterable[object]) -> list[Values]:
        """The rows of a question, with values for its parameters.

        Raises:
            QueryError: the graph cannot be asked.
        """
        rows = await self._client.rows(self.query(name, language, **terms))
        return [dict(zip(self.columns(name), map(text, row), strict=True)) for row in rows]


async def read_overview(outline: OverviewOutline, questions: Questions, view: View) -> Overview:
    """The overview of the release in force.

    Raises:
        QueryError: the graph cannot be asked.
    """
    language = view.language
    answers = [await questions.ask(name, language) for name in outline.queries]
    filled = outline.fill(answers, view)
    return Overview(
        outline,
        filled._replace(lead=filled.lead or outline.lead.in_(language)),
        Picture.of(filled.draw) if filled.draw else Picture(),
        outline.data or questions.columns(outline.queries[0]),
        [tuple(row.values()) for row in answers[0]] if filled.data is None else filled.data,
        [questions.query(name, language) for name in outline.queries],
    )


def text(value: Term) -> str:
    """The IRI or the lexical form of a term; empty for none."""
    return value.value if isinstance(value, pyoxigraph.NamedNode | pyoxigraph.Literal) else ""


def texts(row: Row) -> list[str]:
    """All values of a row as text."""
    return [text(value) for value in row]


def slug(iri: str) -> str:
    """The last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def named_lines(lines: Iterable[int], language: Language) -> str:
    """``Zeile 19`` or ``Zeilen 41–43``; empty without lines."""
    numbers = set(lines)
    if not numbers:
        return ""
    form = _LINE if len(numbers) == 1 else _LINES
    return form.in_(language).format(first=min(numbers), last=max(numbers))


def grouped(rows: Iterable[Values], *columns: str) -> dict[tuple[str, ...], list[Values]]:
    """The rows by their values in some columns, in the order of the rows."""
    found: dict[tuple[str, ...], list[Values]] = {}
    for row in rows:
        found.setdefault(tuple(row[name] for name in columns), []).append(row)
    return found


def lines_of(rows: Iterable[Values]) -> list[int]:
    """The lines that rows name."""
    return [int(row["line"]) for row in rows if row["line"]]


def merged(rows: Sequence[Values], *key: str) -> list[tuple[Values, list[int]]]:
    """Rows that differ only in the column ``line`` as one, with all its lines; of those equal in ``key`` the first."""
    found: dict[tuple[str, ...], tuple[Values, list[int]]] = {}
    for row, *others in grouped(rows, *(name for name in (rows[0] if rows else ()) if name != "line")).values():
        found.setdefault(tuple(row[name] for name in key or row), (row, lines_of([row, *others])))
    return list(found.values())


def standalone(drawing: Markup, style: str, site: Site) -> bytes:
    """A drawing as a file of its own: with its style inside and absolute links.

    Args:
        drawing: an ``svg`` element.
        style: what it needs of style sheets.
        site: what its links lead to.
    """
    absolute = drawing.replace(Markup(f'href="{site.prefix}/'), Markup(f'href="{site.url}/'))
    opening, end, rest = absolute.partition(Markup(">"))
    # In XML the style is text: nothing in it may look like markup.
    safe = style.replace("&", "&amp;").replace("<", "&lt;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{end}<style>{safe}</style>{rest}\n'.encode()


def policy(style: str) -> bytes:
    """The Content-Security-Policy of such a file: nothing but this very style (CSP 3, §2.3.1, hash-source)."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'self'".encode()
