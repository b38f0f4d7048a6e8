"""What templates show of a thing: plain values, in one language, with links ready to be written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from interkommunal.site.description.passages import QuoteInContext

# How many further sources of a value are named one by one.
MOST_SIGLA: Final = 3
DOUBTFUL: Final = frozenset(("conflict", "garbled", "open"))


class Link(NamedTuple):
    """A text that leads somewhere; ``language`` only where it is not that of the page."""

    text: str
    href: str | None = None
    language: str | None = None


class Mark(NamedTuple):
    """A word about the standing of something: kind decides shape and colour, the word says it."""

    kind: str
    word: str


class Siglum(NamedTuple):
    """A short reference to a source: ``line 19``. ``marks`` say what is wrong with it."""

    text: str
    href: str | None
    title: str
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value beside a property.

    Attributes:
        text: as shown. language: where it is not that of the page.
        href: where it leads. external: whether that is another site.
        printed: whether the text is that of the source, letter for letter.
        note: small addition, for example the exact form of a vague date.
        graphs: graphs that state it. sigla: those of them that are not beside it already.
        more: how many further sources there are that are not named.
        marks: what is said of its standing.
    """

    text: str
    language: str | None = None
    href: str | None = None
    external: bool = False
    printed: bool = False
    note: str = ""
    graphs: tuple[str, ...] = ()
    sigla: tuple[Siglum, ...] = ()
    more: int = 0
    marks: tuple[Mark, ...] = ()


class Doubt(NamedTuple):
    """Something that speaks against a row, or leaves it open: a word and what it leads to."""

    mark: Mark
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a group: a property with its values, or a thing with what is said of it.

    Attributes:
        cells: the values of each column.
        graphs: graphs that state the row as such, before those of single values.
        head: the property (facts), else ``None``. inverse: whether the row reads from the value to the thing.
        doubts: what speaks against it. depth: 0, or 1 and more for parts of the row before.
        number: place in its list, if the source numbers it. anchor: fragment to link to.
    """

    cells: tuple[tuple[Value, ...], ...]
    graphs: tuple[str, ...] = ()
    head: Link | None = None
    inverse: bool = False
    doubts: tuple[Doubt, ...] = ()
    depth: int = 0
    number: int | None = None
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something comes from, shown beside it.

    Attributes:
        kind: ``passage``, or what kind of graph. iri: of the graph.
        title: ``Line 19``, or the name of the graph. href: its page. reader: its place in the source reader.
        quote: the quote in its sentence, for passages.
        details: voice, date and so on; marks: its standing in words.
        comment: what the graph is, in a sentence.
    """

    kind: str
    iri: str
    title: str
    href: str | None
    reader: str | None = None
    quote: QuoteInContext | None = None
    details: tuple[Link, ...] = ()
    marks: tuple[Mark, ...] = ()
    comment: str = ""

    @property
    def is_doubtful(self) -> bool:
        """Whether a mark says that something is wrong."""
        return any(mark.kind in DOUBTFUL for mark in self.marks)


@dataclass(frozen=True, slots=True)
class Note:
    """A discrepancy shown where it stands.

    Attributes:
        identifier: of the finding, for example ``I01``. kind: in words. title, href: of its page.
        explanation: what is in doubt. treatment: how the data set treats it.
        readings: ways to read an unclear passage: title and text.
        anchor: fragment of the place that explains it in full. full: whether this is that place.
        hard: whether something is wrong or open; else it is a hint for careful readers.
    """

    identifier: str
    kind: str
    title: str
    href: str | None
    explanation: str
    treatment: str
    readings: tuple[tuple[Link, str], ...]
    anchor: str
    hard: bool
    full: bool = True


class Cluster(NamedTuple):
    """Rows that share a source, and that source."""

    rows: tuple[Row, ...]
    evidence: Evidence | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A group of facts under a heading.

    Attributes:
        key: name of the group, also its fragment. layout: how it is shown.
        columns: headings of the columns, empty for facts.
        intro: a sentence before it. more: where the rest is, if not all is shown.
    """

    key: str
    heading: str
    layout: str
    clusters: tuple[Cluster, ...]
    columns: tuple[str, ...] = ()
    intro: str = ""
    more: Link | None = None

    @property
    def is_numbered(self) -> bool:
        """Whether the source numbers its rows."""
        return any(row.number is not None for cluster in self.clusters for row in cluster.rows)
