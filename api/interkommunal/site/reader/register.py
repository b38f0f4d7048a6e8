"""What is registered of a source: its passages, its sections, the lines that are not modelled and why.

Its text comes in lines that are cut where passages begin and end; passages may nest, overlap and run over lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from interkommunal.namespaces import GRAPH_PASSAGES, GRAPH_SOURCES, expand, with_prologue
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.site.description.passages import Passage, SourceText, read_passages
from interkommunal.site.description.queries import bracketed, select
from interkommunal.site.description.statements import Statements
from interkommunal.texts import Language


@dataclass(frozen=True)
class Register:
    """What is registered of a source.

    Attributes:
        passages: by IRI, in the order of the text.
        reasons: by line, why it is not modelled, as texts in both languages.
        sections: IRIs, in their order. statements: all of the above as statements.
    """

    passages: dict[str, Passage]
    reasons: dict[int, str]
    sections: tuple[str, ...]
    statements: Statements

    def reason(self, line: int, language: Language) -> str | None:
        """Why a line is not modelled."""
        node = self.reasons.get(line)
        return None if node is None else self.statements.text(node, expand("rdfs:comment"), language) or ""


async def read_register(source: str, client: GraphClient) -> Register:
    """The register of a source; empty if the release does not know it.

    Raises:
        QueryError: the engine cannot answer.
    """
    statements = await client.statements(_passages(source), _sections(source))
    reasons = {
        line: node
        for node in statements.subjects()
        if (line := statements.number(node, expand("ik:line"))) is not None
        and expand("ik:NotModelledLine") in statements.types(node)
    }
    sections = [item for item in statements.subjects() if expand("ik:Section") in statements.types(item)]
    return Register(read_passages(statements), reasons, tuple(statements.in_order(sections)), statements)


async def mentioning(thing: str, source: str, client: GraphClient) -> set[str]:
    """The passages of a source that speak of a thing.

    Raises:
        QueryError: the engine cannot answer.
    """
    pattern = f"{bracketed(thing)} ik:mentionedIn ?passage . ?passage oa:hasSource {bracketed(source)}"
    rows = await client.rows(with_prologue(f"SELECT ?passage WHERE {{ {pattern} }}"))
    return {row[0].value for row in rows if row[0] is not None and hasattr(row[0], "value")}


def _passages(source: str) -> str:
    own = f"?subject oa:hasSource {bracketed(source)} . ?subject ?property ?value"
    selector = f"?marked oa:hasSource {bracketed(source)} ; oa:hasSelector ?subject . ?subject ?property ?value"
    return select(
        "\n    UNION ".join(
            f"{{ GRAPH <{graph}> {{ {pattern} }} BIND (<{graph}> AS ?graph) }}"
            for graph in (GRAPH_PASSAGES, GRAPH_SOURCES)
            for pattern in (own, selector)
        )
    )


def _sections(source: str) -> str:
    return select(f"""    ?subject a ik:Section ; dcterms:isPartOf {bracketed(source)} .
    GRAPH ?graph {{ ?subject ?property ?value }}
    FILTER (?property != ik:mentionedIn)""")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of a line.

    Attributes:
        text: as printed. passages: those that cover it, the shortest first; empty where none does.
        opens: whether its shortest passage begins here, so that this is the piece to stop at.
    """

    text: str
    passages: tuple[Passage, ...]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the text.

    Attributes:
        number: 1-based. stretches: its pieces, in order; none for an empty line.
        passages: those that touch it, in the order of the text. hidden: those of them that begin here and are the
            shortest nowhere, so that no piece leads to them.
    """

    number: int
    stretches: tuple[Stretch, ...]
    passages: tuple[Passage, ...]
    hidden: tuple[Passage, ...]

    @property
    def anchor(self) -> str:
        """Fragment of the line."""
        return f"L{self.number:03d}"

    @property
    def is_empty(self) -> bool:
        """Whether nothing is printed on it."""
        return not any(stretch.text.strip() for stretch in self.stretches)


def marked(text: SourceText, passages: Iterable[Passage]) -> list[Line]:
    """The lines of a text with their passages; passages that the text does not hold are left out."""
    fitting = [item for item in passages if text.text[item.start : item.end] == item.exact and item.exact]
    by_line: dict[int, list[Passage]] = {}
    for passage in fitting:
        for number in range(text.line_at(passage.start), text.line_at(passage.end - 1) + 1):
            by_line.setdefault(number, []).append(passage)
    opened: set[str] = set()
    cut = [_cut(text, number, by_line.get(number, ()), opened) for number in range(1, text.lines + 1)]
    lines = []
    for number, stretches in enumerate(cut, 1):
        here = tuple(by_line.get(number, ()))
        hidden = tuple(item for item in here if item.iri not in opened and text.line_at(item.start) == number)
        lines.append(Line(number, stretches, here, hidden))
    return lines


def _cut(text: SourceText, number: int, passages: Sequence[Passage], opened: set[str]) -> tuple[Stretch, ...]:
    start, end = text.span(number)
    borders = {start, end}
    for passage in passages:
        borders.update(border for border in (passage.start, passage.end) if start < border < end)
    ordered = sorted(borders)
    stretches = []
    for left, right in itertools.pairwise(ordered):
        covering = [item for item in passages if item.start <= left and right <= item.end]
        covering.sort(key=lambda item: (item.end - item.start, -item.start, item.iri))
        opens = bool(covering) and covering[0].iri not in opened
        if opens:
            opened.add(covering[0].iri)
        stretches.append(Stretch(text.text[left:right], tuple(covering), opens))
    return tuple(stretches)
