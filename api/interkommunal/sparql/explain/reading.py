"""Reads a query with rdflib's parser into the model of the rules.

rdflib's parser takes time and stack that grow with the query, so a server lets a process of its own do it
(:mod:`interkommunal.sparql.explain.reader`). In: a query that the guard let through. Out: a
:class:`~interkommunal.sparql.explain.model.Reading`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import count
from typing import Any, Final

from pyoxigraph import Store
from rdflib import BNode, Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, NegatedPath, Path, SequencePath
from rdflib.plugins.sparql.algebra import translatePath, translatePName, translatePrologue, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from interkommunal.errors import QueryFailed
from interkommunal.sparql.explain.model import Bind, Expression, Filter, Group, Nested, Part, Reading, Select, Term
from interkommunal.sparql.explain.model import Values as ValuesPart
from interkommunal.sparql.syntax import syntax_error
from interkommunal.texts import Text

_STRING: Final = "http://www.w3.org/2001/XMLSchema#string"
_CHAINS: Final = {"ConditionalOrExpression": "||", "ConditionalAndExpression": "&&"}


def read(query: str, base: str | None = None, *, parse: bool = True) -> Reading:
    """The model of ``query``.

    Args:
        query: the text.
        base: what relative IRIs are resolved against.
        parse: let the parser of the engine judge it first. A query with SERVICE is not to be parsed so, because parsing
            and evaluating are one there.

    Raises:
        QuerySyntaxError: the engine does not understand it.
        QueryFailed: rdflib does not understand it.
    """
    if parse:
        try:
            Store().query(query, base_iri=base)
        except SyntaxError as error:
            raise syntax_error(query, str(error), has_base=base is not None) from None
    try:
        prologue_tree, tree = parseQuery(query)
        prologue = translatePrologue(prologue_tree, base)
        prefixes = {str(item.prefix or ""): str(item.iri) for item in prologue_tree if item.name == "PrefixDecl"}
        tree = traverse(tree, visitPost=partial(translatePName, prologue=prologue))
        tree = traverse(tree, visitPost=translatePath)
        select = _Reader().select(tree)
    except RecursionError:
        raise QueryFailed(Text("Sie ist zu tief verschachtelt.", "it is nested too deep")) from None
    except Exception:  # pyparsing and rdflib raise all kinds of them
        raise QueryFailed(
            Text("Ein Teil von ihr ist hier nicht zu lesen.", "a part of it cannot be read here")
        ) from None
    return Reading(tree.name.removesuffix("Query").upper(), select, prefixes)


class _Reader:
    def __init__(self) -> None:
        self._filters = count()

    def select(self, tree: CompValue) -> Select:
        # In the order of the text, so that FILTERs are counted in it.
        binds, projected = [], []
        for item in tree.projection or ():
            if item.evar is not None:
                binds.append(Bind(self.expression(item.expr), str(item.evar)))
                projected.append(str(item.evar))
            elif item.var is not None:
                projected.append(str(item.var))
        if tree.name == "DescribeQuery":
            projected = [str(item) for item in tree.var or () if isinstance(item, Variable)]
        where = self.group(tree.where) if tree.where else Group()
        template = [str(term) for row in tree.template or () for term in row if isinstance(term, Variable)]
        grouped = tuple(self._grouping(tree.groupby))
        ordered = tuple(self._conditions(tree.having)) + tuple(self._conditions(tree.orderby))
        if tree.valuesClause:
            where = Group(where.triples, (*where.parts, self._values(tree.valuesClause)))
        is_all = not projected and tree.name in ("SelectQuery", "SubSelect")
        names = None if is_all else tuple(dict.fromkeys([*projected, *template]))
        return Select(names, tuple(binds), where, grouped, ordered)

    def _grouping(self, clause: Any) -> Iterator[Expression]:
        for condition in clause.condition if clause else ():
            yield self.expression(
                condition.expr if isinstance(condition, CompValue) and condition.name == "GroupAs" else condition
            )

    def _conditions(self, clause: Any) -> Iterator[Expression]:
        for condition in clause.condition if clause else ():
            inner = (
                condition.expr if isinstance(condition, CompValue) and condition.name == "OrderCondition" else condition
            )
            yield self.expression(inner)

    def group(self, tree: CompValue) -> Group:
        if tree.name == "SubSelect":
            return Group((), (self.select(tree),))
        triples: list[tuple[Term, Term, Term]] = []
        parts: list[Part] = []
        for part in tree.part or ():
            if part.name == "TriplesBlock":
                for block in part.triples:
                    triples += [(_term(s), _term(p), _term(o)) for s, p, o in zip(*[iter(block)] * 3, strict=True)]
            else:
                parts.append(self._part(part))
        return Group(tuple(triples), tuple(parts))

    def _part(self, part: CompValue) -> Part:
        if part.name == "Filter":
            number = next(self._filters)
            return Filter(self.expression(part.expr), number)
        if part.name == "Bind":
            return Bind(self.expression(part.expr), str(part.var))
        if part.name == "InlineData":
            return self._values(part)
        if part.name == "GroupOrUnionGraphPattern":
            groups = tuple(self.group(group) for group in part.graph)
            if len(groups) == 1 and not groups[0].triples and len(groups[0].parts) == 1:
                inner = groups[0].parts[0]
                if isinstance(inner, Select):
                    return inner
            return Nested("GROUP" if len(groups) == 1 else "UNION", groups)
        group = self.group(part.graph)
        if part.name == "OptionalGraphPattern":
            return Nested("OPTIONAL", (group,))
        if part.name == "MinusGraphPattern":
            return Nested("MINUS", (group,))
        if part.name == "ServiceGraphPattern":
            return Nested("SERVICE", (group,), _term(part.term))
        return Nested("GRAPH", (group,), _term(part.term))

    def _values(self, part: CompValue) -> ValuesPart:
        variables = tuple(str(name) for name in part.var)
        rows = [row if isinstance(row, Iterable) and not isinstance(row, str) else [row] for row in part.value or ()]
        return ValuesPart(
            variables,
            tuple(tuple(None if _is_undefined(value) else _term(value) for value in row) for row in rows),
        )

    def expression(self, tree: Any) -> Expression:
        if not isinstance(tree, CompValue):
            if isinstance(tree, list) or hasattr(tree, "asList"):
                return Expression("LIST", tuple(self.expression(item) for item in tree))
            return Expression("TERM", term=_term(tree))
        name = tree.name
        if name == "literal":
            return Expression("TERM", term=_term(tree))
        if name in _CHAINS:
            arguments = [self.expression(tree.expr), *(self.expression(item) for item in tree.other or ())]
            return arguments[0] if len(arguments) == 1 else Expression(_CHAINS[name], tuple(arguments))
        if name == "RelationalExpression":
            left = self.expression(tree.expr)
            if tree.op is None:
                return left
            return Expression(str(tree.op).upper(), (left, self.expression(tree.other)))
        if name in ("AdditiveExpression", "MultiplicativeExpression"):
            arguments = [self.expression(tree.expr), *(self.expression(item) for item in tree.other or ())]
            return arguments[0] if len(arguments) == 1 else Expression("ARITHMETIC", tuple(arguments))
        if name in ("UnaryNot", "UnaryMinus", "UnaryPlus"):
            return Expression(
                {"UnaryNot": "!", "UnaryMinus": "NEGATIVE"}.get(name, "POSITIVE"), (self.expression(tree.expr),)
            )
        if name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            return Expression(name.removeprefix("Builtin_"), group=self.group(tree.graph))
        arguments = [
            self.expression(value)
            for key, value in tree.items()
            if key not in ("distinct", "iri", "separator") and value is not None and not isinstance(value, bool)
        ]
        flat = tuple(inner for item in arguments for inner in (item.arguments if item.name == "LIST" else (item,)))
        return Expression(name.removeprefix("Builtin_").upper(), flat)


def _is_undefined(value: object) -> bool:
    return isinstance(value, str) and not isinstance(value, URIRef | Literal | BNode) and str(value) == "UNDEF"


def _term(node: Any) -> Term:
    if isinstance(node, CompValue) and node.name == "literal":
        return Term(
            "literal", str(node.string), "" if node.lang else str(node.datatype or _STRING), str(node.lang or "")
        )
    if isinstance(node, Variable):
        return Term("variable", str(node))
    if isinstance(node, URIRef):
        return Term("iri", str(node))
    if isinstance(node, BNode):
        return Term("blank", str(node))
    if isinstance(node, Path):
        return Term("path", node.n3(), parts=tuple(dict.fromkeys(_properties(node))), last=_last(node))
    if isinstance(node, Literal):
        return Term("literal", str(node), "" if node.language else str(node.datatype or _STRING), node.language or "")
    return Term("literal", str(node), _STRING)


def _properties(path: Any) -> Iterator[str]:
    if isinstance(path, URIRef):
        yield str(path)
    elif isinstance(path, SequencePath | AlternativePath | NegatedPath):
        for part in path.args:
            yield from _properties(part)
    elif isinstance(path, InvPath):
        yield from _properties(path.arg)
    elif isinstance(path, MulPath):
        yield from _properties(path.path)


def _last(path: Any) -> str:
    """The property that the end of ``path`` is the value of, if it is one for sure."""
    if isinstance(path, SequencePath):
        return _last(path.args[-1])
    return str(path) if isinstance(path, URIRef) else ""
