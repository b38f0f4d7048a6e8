"""A store whose default graph can be the merge of several named graphs, each triple once.

SPARQL 1.1 §13.2 makes the default graph of a query with several ``FROM``, and of a request with several
``default-graph-uri``, the RDF merge of these graphs, which is a set. pyoxigraph looks a pattern up in one graph after
the other instead, so that a triple of two graphs matches twice and counts come out too high. Here such a query runs on
a small store of its own that holds the merge and the named graphs of the query. The last ones are kept, for the same
dataset is mostly asked more than once. Blank nodes that two graphs of a release share are the same nodes, as in the
union of all graphs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from cachetools import LRUCache
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Store

from interkommunal.errors import QuerySyntaxError
from interkommunal.sparql.tokens import Kind, Token, tokens
from interkommunal.texts import Text

# Merges that are kept, and how many quads they may hold together; about half a kilobyte each.
_KEPT: Final = 8
_KEPT_QUADS: Final = 50_000

Graphs = tuple[NamedNode, ...]
Results = QuerySolutions | QueryBoolean | QueryTriples


class MergingStore:
    """Queries a store as :meth:`pyoxigraph.Store.query` does, but merges default graphs. For one thread.

    Args:
        store: what is asked; it must not change any more.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._empty = Store()
        self._merges: LRUCache[tuple[Graphs, Graphs], Store] = LRUCache(
            _KEPT_QUADS, getsizeof=lambda merge: max(len(merge), _KEPT_QUADS // _KEPT)
        )

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        default_graph: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> Results:
        """The results of ``query``; a dataset that is given replaces the one that it names.

        Raises:
            SyntaxError: it is malformed.
        """
        if "*" in query:
            query = name_columns(query, base_iri, self._empty)
        if default_graph is None and named_graphs is None:
            if "FROM" not in query.upper():
                return self._store.query(query, base_iri=base_iri)
            clauses = _dataset_clauses(query)
            if len(clauses) > 1:
                # What is malformed shows here, before anything is copied.
                self._empty.query(query, base_iri=base_iri)
                default_graph, named_graphs = self._resolve(query, clauses, base_iri)
        # To the engine a graph that is named twice is two graphs.
        named = _distinct(named_graphs or ())
        if default_graph is None or len(default_graph) < 2:
            return self._store.query(
                query,
                base_iri=base_iri,
                default_graph=None if default_graph is None else list(default_graph),
                named_graphs=None if named_graphs is None else list(named),
            )
        merge = self._merge(_distinct(default_graph), named)
        return merge.query(query, base_iri=base_iri, default_graph=[DefaultGraph()], named_graphs=list(named))

    def _resolve(
        self, query: str, clauses: Sequence[tuple[Token, bool]], base_iri: str | None
    ) -> tuple[list[NamedNode], list[NamedNode]]:
        """The default and the named graphs; the engine itself resolves their names with the prologue of the query."""
        graphs: tuple[list[NamedNode], list[NamedNode]] = ([], [])
        prologue = query[: _form(query).start]
        for token, is_named in clauses:
            asked = self._empty.query(f"{prologue}\nSELECT ?g {{ VALUES ?g {{ {token.text} }} }}", base_iri=base_iri)
            assert isinstance(asked, QuerySolutions)
            graphs[is_named].extend(row["g"] for row in asked)
        return graphs

    def _merge(self, default: Graphs, named: Graphs) -> Store:
        merge = self._merges.get((default, named))
        if merge is None:
            merge = Store()
            merge.bulk_extend(self._merged(default, named))
            if len(merge) <= _KEPT_QUADS:
                self._merges[default, named] = merge
        return merge

    def _merged(self, default: Graphs, named: Graphs) -> Iterator[Quad]:
        for graph in default:
            for quad in self._store.quads_for_pattern(None, None, None, graph):
                yield Quad(quad.subject, quad.predicate, quad.object)
        for graph in named:
            yield from self._store.quads_for_pattern(None, None, None, graph)


def name_columns(query: str, base_iri: str | None, empty: Store) -> str:
    """``query`` with the star of its ``SELECT *`` written out: the columns in the order in which the query names them.

    SPARQL 1.1 leaves the order open, and pyoxigraph sorts by name. Which variables are in scope (§18.2.1) it tells
    itself, asked over ``empty``; a SERVICE is made a plain group for that, so that nothing is reached. Costs 60 µs.
    """
    try:
        found = tokens(query)
        select = next(index for index, token in enumerate(found) if token.keyword == "SELECT")
        star = found[select + 1 + (found[select + 1].keyword in ("DISTINCT", "REDUCED"))]
        if star.text != "*":
            return query
        results = empty.query(_without_services(query, found), base_iri=base_iri)
    except (IndexError, StopIteration, SyntaxError, QuerySyntaxError):
        return query  # no SELECT, or one that the engine refuses anyway
    columns = {variable.value for variable in results.variables} if isinstance(results, QuerySolutions) else set()
    named = dict.fromkeys(token.text[1:] for token in found if token.kind is Kind.VARIABLE and token.start > star.start)
    ordered = [f"?{name}" for name in named if name in columns]
    if not ordered or len(ordered) < len(columns):
        return query
    return f"{query[: star.start]} {' '.join(ordered)} {query[star.end :]}"


def _without_services(query: str, found: Sequence[Token]) -> str:
    """``query`` with the group of each SERVICE in place of that."""
    pieces: list[str] = []
    done = 0
    for index, token in enumerate(found):
        if token.keyword == "SERVICE":
            target = found[index + 1 + (found[index + 1].keyword == "SILENT")]
            pieces.append(query[done : token.start])
            done = target.end
    return "".join([*pieces, query[done:]])


def _distinct(graphs: Sequence[NamedNode]) -> Graphs:
    """Each graph once, in a fixed order: the order in which graphs are named means nothing."""
    return tuple(sorted(set(graphs), key=lambda graph: graph.value))


def _form(query: str) -> Token:
    """The word that names the query form, behind the prologue."""
    for token in tokens(query):
        if token.keyword in ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"):
            return token
    raise QuerySyntaxError(Text("here SELECT, ASK, CONSTRUCT or DESCRIBE must stand"))


def _dataset_clauses(query: str) -> list[tuple[Token, bool]]:
    """The names after ``FROM`` (false) and ``FROM NAMED`` (true), as written. As a word FROM stands nowhere else."""
    try:
        found = tokens(query)
    except QuerySyntaxError:  # the engine tells better what is wrong
        return []
    clauses: list[tuple[Token, bool]] = []
    for index, token in enumerate(found):
        if token.keyword != "FROM":
            continue
        following = found[index + 1 : index + 3]
        is_named = bool(following) and following[0].keyword == "NAMED"
        name = following[is_named : is_named + 1]
        if name and name[0].kind in (Kind.IRI, Kind.PREFIXED_NAME):
            clauses.append((name[0], is_named))
    return clauses
