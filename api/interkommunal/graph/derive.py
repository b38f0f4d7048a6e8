"""Runs the derive queries: rules that make plain queries easy.

In: the quads of everything that people wrote, and the folder ``queries/derive``. Each file there is a SPARQL 1.1
CONSTRUCT; they run in the order of their names over everything before them, default graph = union of all graphs. Out:
for each query the statements it adds, in a graph of its own that says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.dataset import written_files
from interkommunal.graph.parse import read_utf8
from interkommunal.graph.terms import in_graph
from interkommunal.namespaces import GRAPH_DERIVED

_KEYS = ("title", "title-de", "summary", "summary-de")
_HEAD = re.compile(rf"^#\+ ({'|'.join(_KEYS)}): *(.*\S)\s*$", re.MULTILINE)
_FILE_NAME = re.compile(r"\d+-[a-z0-9]+(?:-[a-z0-9]+)*")
_POSITION = re.compile(r"error at (\d+):\d+: *(.*)", re.DOTALL)


@dataclass(frozen=True)
class DeriveQuery:
    """A rule: its file (relative to the content root), the graph it fills, its text, and in two languages what it makes
    and how.
    """

    file: Path
    graph: str
    text: str
    title: str
    title_de: str
    summary: str
    summary_de: str


def read_queries(content: Content) -> tuple[DeriveQuery, ...]:
    """The rules in the order in which they run.

    Raises:
        SyntaxProblem: for a file whose name has no number or whose head lacks title or summary.
    """
    return tuple(_read(path, content.shown(path)) for path in written_files(content.queries / "derive", content, ".rq"))


def _read(path: Path, shown: Path) -> DeriveQuery:
    if not _FILE_NAME.fullmatch(path.stem):
        raise SyntaxProblem("name a derive query by its turn and what it makes, for example 10-party.rq", shown)
    text = read_utf8(path, shown)
    head = dict(_HEAD.findall(text))
    for key in _KEYS:
        if key not in head:
            raise SyntaxProblem(f"the head lacks a line '#+ {key}: …' that says what the query makes", shown, 1)
    graph = f"{GRAPH_DERIVED}{path.stem.partition('-')[2]}"
    return DeriveQuery(shown, graph, text, *(head[key] for key in _KEYS))


def derive(
    quads: Collection[ox.Quad], queries: Iterable[DeriveQuery], tell: Callable[[DeriveQuery], None] = lambda _: None
) -> Iterator[tuple[ox.Quad, ...]]:
    """What each query adds to ``quads`` and to what the queries before it added; ``tell`` hears of each before it runs.

    Raises:
        SyntaxProblem: if a query does not parse, is no CONSTRUCT, or makes a blank node.
    """
    store = ox.Store()
    # The default graph is the union of all graphs, each triple once; pyoxigraph's own union counts some twice.
    store.bulk_extend(quads)
    store.bulk_extend(ox.Quad(*triple) for triple in {quad.triple for quad in quads})
    for query in queries:
        tell(query)
        triples = dict.fromkeys(_run(store, query))
        derived = tuple(in_graph(triples, query.graph))
        store.extend(derived)
        store.extend(ox.Quad(*triple) for triple in triples)
        yield derived


def parse_error(error: SyntaxError, file: Path) -> SyntaxProblem:
    """What pyoxigraph says of a query in ``file`` that does not parse."""
    match = _POSITION.match(str(error.msg))
    line, message = (int(match[1]), match[2]) if match else (error.lineno, str(error.msg))
    return SyntaxProblem(f"the query does not parse: {message.strip()}", file, line)


def _run(store: ox.Store, query: DeriveQuery) -> Iterator[ox.Triple]:
    try:
        result = store.query(query.text)
    except SyntaxError as error:
        raise parse_error(error, query.file) from None
    if not isinstance(result, ox.QueryTriples):
        raise SyntaxProblem("a derive query is a CONSTRUCT; write CONSTRUCT { … } WHERE { … }", query.file)
    for triple in result:
        if isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode):
            raise SyntaxProblem("the query makes blank nodes; derive statements about IRIs only", query.file)
        yield triple
