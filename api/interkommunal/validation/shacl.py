"""SHACL validation with pySHACL: the shapes themselves, then the data against them.

In go the union of the graphs and the shapes, as plain rdflib graphs, out come results. pySHACL wants it so: over a
dataset it asks graph after graph, and over a pyoxigraph store it tells ``"x"`` and ``"x"^^xsd:string`` apart. What
depends on the graph that a statement stands in is therefore a check query (see ``validate``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyshacl
from pyshacl.entrypoints import meta_validate
from pyshacl.errors import ReportableRuntimeError
from rdflib import SH, BNode, Dataset, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as SparqlResult
from rdflib.term import Node

from interkommunal.errors import SyntaxProblem
from interkommunal.namespaces import GRAPH_SHAPES
from interkommunal.texts import Text
from interkommunal.validation.findings import Severity, in_languages

_SEVERITIES: dict[Node, Severity] = {SH.Violation: "violation", SH.Warning: "warning", SH.Info: "info"}
# A variable of a message, after ``re.escape``.
_VARIABLE = re.compile(r"\\\{\\[?$]\w+\\\}")
_LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL, section 3.6.2).

    Attributes:
        severity: of the shape.
        message: by language, ``de`` and ``en``.
        focus: the focus node.
        path: the property, if the path is one.
        value: the value that is wrong, if there is one.
        rule: IRI of the property shape or SPARQL constraint, else of the node shape.
    """

    severity: Severity
    message: Mapping[str, str]
    focus: Node
    path: URIRef | None
    value: Node | None
    rule: str


class Data(Graph):
    """A graph that parses each query once. pySHACL asks a SPARQL constraint anew for each focus node, and rdflib takes
    thirty times longer to parse it than to answer it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[str, Query] = {}

    def query(self, query_object: str | Query, *args: Any, **keywords: Any) -> SparqlResult:
        """As of rdflib."""
        if isinstance(query_object, str):
            if query_object not in self._prepared:
                self._prepared[query_object] = prepareQuery(query_object)
            query_object = self._prepared[query_object]
        return super().query(query_object, *args, **keywords)


def data_of(dataset: Dataset) -> Data:
    """The union of all graphs of ``dataset`` but the shapes."""
    data = Data()
    for prefix, namespace in dataset.namespaces():
        data.bind(prefix, namespace)
    for subject, predicate, value, graph in dataset.quads():
        if graph != URIRef(GRAPH_SHAPES):
            data.add((subject, predicate, value))
    return data


def validate_data(data: Graph, shapes: Graph) -> Iterator[Result]:
    """The results of validating ``data`` against ``shapes``.

    ``data`` does not change; pySHACL adds two triples to ``shapes``, on classes of OWL, which mean nothing here.

    Raises:
        SyntaxProblem: if a shape cannot be used.
    """
    try:
        _, report, text = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    except ReportableRuntimeError as error:
        raise SyntaxProblem(f"a shape cannot be used: {error}", "shapes") from error
    if not isinstance(report, Graph):
        raise SyntaxProblem(f"a shape cannot be used: {text}", "shapes")
    yield from (_result(report, result, shapes) for result in report.objects(None, SH.result))


def validate_shapes(shapes: Graph) -> Iterator[Result]:
    """The results of validating ``shapes`` against the shapes of SHACL itself (SHACL, appendix C)."""
    _, report, text = meta_validate(shapes, inplace=True, inference="none")
    if not isinstance(report, Graph):
        raise SyntaxProblem(f"the shapes cannot be read: {text}", "shapes")
    yield from (_result(report, result, shapes) for result in report.objects(None, SH.result))


def unknown_terms(shapes: Graph) -> Iterator[Result]:
    """A result for each use of a ``sh:`` term that SHACL does not have; a validator ignores such a term silently."""
    for subject, predicate, value in shapes:
        for term in (predicate, value):
            if isinstance(term, URIRef) and term.startswith(str(SH)) and term not in SH:
                name = term.removeprefix(str(SH))
                message = in_languages(Text("SHACL has no term sh:{name}; check its spelling.", name=name))
                yield Result("violation", message, _named(shapes, subject), None, None, "shacl-terms")


def _result(report: Graph, result: Node, shapes: Graph) -> Result:
    shape = report.value(result, SH.sourceShape)
    constraint = report.value(result, SH.sourceConstraint)
    rule = constraint if isinstance(constraint, URIRef) else shape
    path = report.value(result, SH.resultPath)
    focus = report.value(result, SH.focusNode)
    assert focus is not None, "every result has a focus node"
    templates = [*shapes.objects(constraint, SH.message)] if constraint else []
    templates += shapes.objects(shape, SH.message) if shape else []
    return Result(
        severity=_SEVERITIES.get(report.value(result, SH.resultSeverity) or SH.Violation, "violation"),
        message=_by_language(report.objects(result, SH.resultMessage), templates),
        focus=focus if isinstance(focus, URIRef | Literal) else _named(shapes, focus),
        path=path if isinstance(path, URIRef) else None,
        value=report.value(result, SH.value),
        rule=str(rule if isinstance(rule, URIRef) else _named(shapes, rule or BNode())),
    )


def _by_language(messages: Iterable[Node], templates: Iterable[Node]) -> dict[str, str]:
    """The messages by language. pySHACL drops the tag of a message with variables; its template tells it."""
    found: dict[str, str] = {}
    texts = sorted(message for message in messages if isinstance(message, Literal))
    for text in texts:
        language = text.language or _language_of(text, templates)
        if language:
            found.setdefault(language, str(text))
    untold = str(texts[0]) if texts else ""
    return {language: found.get(language) or found.get("en") or untold for language in _LANGUAGES}


def _language_of(text: str, templates: Iterable[Node]) -> str | None:
    for template in templates:
        if isinstance(template, Literal) and template.language:
            pattern = _VARIABLE.sub(".*", re.escape(str(template)))
            if re.fullmatch(pattern, text, re.DOTALL):
                return template.language
    return None


def _named(shapes: Graph, node: Node) -> Node:
    """``node``, or the nearest shape above it that has an IRI."""
    seen = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = min(shapes.subjects(None, node), key=str, default=node)
    return node
