"""Statements of a thing, or those that point to it, page by page: for things with more than one page can hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Final
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from interkommunal.namespaces import ID
from interkommunal.site.description import queries
from interkommunal.site.description.graph_client import GraphClient
from interkommunal.site.description.passages import is_passage, read_passages
from interkommunal.site.description.queries import Direction
from interkommunal.site.description.statements import Statements
from interkommunal.site.entity.clusters import siglum
from interkommunal.site.entity.context import EntityContext
from interkommunal.site.entity.model import MOST_SIGLA, Cluster, Crumb, Group, Link, Row, Value
from interkommunal.site.entity.page import crumbs

PER_PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Pager:
    """Where one is in a list of many pages."""

    page: int
    pages: int
    previous: str | None
    next: str | None


@dataclass(frozen=True)
class StatementsPage:
    """One page of statements.

    Attributes:
        title, count: of the list. thing: back to the page of the thing. crumbs: the way here.
        group: the statements, with their sources in the last column. pager: the other pages.
    """

    title: str
    count: str
    thing: Link
    crumbs: tuple[Crumb, ...]
    group: Group
    pager: Pager


async def statements_page(
    entity_context: EntityContext,
    statements: Statements,
    client: GraphClient,
    direction: Direction,
    number: int,
    total: int,
) -> StatementsPage:
    """The page of a list.

    Args:
        entity_context: of the thing.
        statements: those of this page.
        client: to the names of what they name.
        direction: which statements of the thing.
        number: of the page.
        total: statements on all pages.

    Raises:
        QueryError: the engine cannot answer.
    """
    graphs = {graph for graph in statements.graphs if is_passage(graph)}
    named = {item.subject for item in statements}
    named.update(item.value.value for item in statements if isinstance(item.value, NamedNode))
    named = {iri for iri in named if iri.startswith(ID)}
    questions = [queries.names(named)] if named else []
    if graphs:
        questions.append(queries.passages(graphs))
    records = await client.statements(*questions)
    here = replace(entity_context, statements=statements, records=records, passages=read_passages(records))
    say, name = entity_context.say, entity_context.name(entity_context.iri).text
    title = say(f"statements.{direction}", name=name)
    columns = tuple(say(f"column.{key}") for key in ("subject", "property", "value", "source"))
    rows = tuple(_row(subject, property_, here) for subject, property_ in _pairs(statements))
    page = entity_context.site.page(entity_context.iri) or ""
    return StatementsPage(
        title=title,
        count=say.count("statements.count", total),
        thing=Link(say("statements.back"), page),
        crumbs=(*crumbs(entity_context.iri, name, entity_context)[:-1], Crumb(name, page), Crumb(title, None)),
        group=Group("statements", title, "statements", (Cluster(rows, None),), columns),
        pager=pager(number, ceil(total / PER_PAGE), f"{page}?", {"list": direction}),
    )


def pager(number: int, pages: int, address: str, parameters: dict[str, str]) -> Pager:
    """The pages before and after page ``number``."""

    def link(page: int) -> str:
        return f"{address}{urlencode({**parameters, 'page': page})}"

    return Pager(number, pages, link(number - 1) if number > 1 else None, link(number + 1) if number < pages else None)


def _pairs(statements: Statements) -> list[tuple[str, str]]:
    return list(dict.fromkeys((item.subject, item.predicate) for item in statements))


def _row(subject: str, property_: str, entity_context: EntityContext) -> Row:
    thing, head = entity_context.link(subject), entity_context.term_link(property_)
    values = entity_context.values(subject, property_)
    graphs = sorted(
        {graph for value in values for graph in value.graphs}, key=lambda item: (not is_passage(item), item)
    )
    sources = tuple(
        Value(sign.text, href=sign.href, marks=sign.marks)
        for sign in (siglum(graph, entity_context) for graph in graphs[: 2 * MOST_SIGLA])
    )
    return Row(
        (
            (Value(thing.text, thing.language, thing.href, external=not entity_context.site.page(subject)),),
            (Value(head.text, head.language, head.href),),
            tuple(replace(value, graphs=()) for value in values),
            sources,
        ),
        (),
    )
