"""Checks the whole graph before it is frozen.

In goes an assembly, out come findings, worst first: of the shapes themselves, of the data against the shapes, and of
the check queries. ``release`` is the next room; it freezes only what has no violation.

Check queries: SPARQL SELECTs whose rows are errors, for what SHACL cannot say (which graph a statement stands in).

In go a file of ``queries/checks`` and the store, out come rows. The head comments of a file carry its messages::

    #+ summary: {?detail} is declared nowhere; add it to ontology/reused.ttl.
    #+ summary-de: {?detail} ist nirgends erklärt; trage es in ontology/reused.ttl ein.
    #+ severity: violation

``?focus`` is what is wrong, ``?graph`` (optional) the graph it stands in; every column may be named in a message.
The default graph is the union of all graphs; a triple that stands in two of them is found twice there, so write
DISTINCT.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from rdflib import Graph, URIRef

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.graph.assemble import Assembly, Progress
from interkommunal.graph.dataset import Origins, Place, quiet
from interkommunal.namespaces import GRAPH_SHAPES
from interkommunal.validation.findings import SEVERITIES, Finding, Severity, in_order, short
from interkommunal.validation.literals import literal_findings
from interkommunal.validation.locate import Locator
from interkommunal.validation.shacl import Result, data_of, unknown_terms, validate_data, validate_shapes
from interkommunal.validation.store import load_store, term_of

_HEAD = re.compile(r"^#\+ ([a-z-]+): *(.*\S)\s*$", re.MULTILINE)
_VARIABLE = re.compile(r"\{[?$](\w+)\}")
_POSITION = re.compile(r"error at (\d+):\d+: *(.*)", re.DOTALL)


@dataclass(frozen=True)
class Check:
    """A check query: its name (stem of the file), file (relative to the content root), text, severity, messages."""

    name: str
    file: Path
    text: str
    severity: Severity
    message: Mapping[str, str]


@dataclass(frozen=True)
class Row:
    """An error that a check found: what is wrong, in which graph (where the query says so), and the messages."""

    focus: pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal
    graph: str | None
    message: Mapping[str, str]


def read_checks(content: Content) -> tuple[Check, ...]:
    """The check queries, by name.

    Raises:
        SyntaxProblem: for a file whose head lacks a message or has an unknown severity.
    """
    paths = sorted((content.queries / "checks").glob("*.rq"))
    return tuple(_read(path, content.shown(path)) for path in paths)


def run_check(check: Check, store: pyoxigraph.Store) -> Iterator[Row]:
    """The errors that ``check`` finds in ``store``.

    Raises:
        SyntaxProblem: if the query does not parse or selects no ``?focus``.
    """
    try:
        solutions = store.query(check.text, use_default_graph_as_union=True)
    except SyntaxError as error:
        match = _POSITION.match(str(error.msg))
        line, message = (int(match[1]), match[2]) if match else (error.lineno, str(error.msg))
        raise SyntaxProblem(f"the query does not parse: {message.strip()}", check.file, line) from None
    if not isinstance(solutions, pyoxigraph.QuerySolutions) or "focus" not in {v.value for v in solutions.variables}:
        raise SyntaxProblem("a check is a SELECT with a column ?focus; name what is wrong so", check.file)
    columns = [variable.value for variable in solutions.variables]
    for solution in solutions:
        values = {column: solution[column] for column in columns if solution[column] is not None}
        graph = values.get("graph")
        yield Row(
            values["focus"],
            graph.value if isinstance(graph, pyoxigraph.NamedNode) else None,
            {language: _filled(text, values) for language, text in check.message.items()},
        )


def _read(path: Path, shown: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    head = dict(_HEAD.findall(text))
    for key in ("summary", "summary-de"):
        if key not in head:
            raise SyntaxProblem(f"the head lacks a line '#+ {key}: …' that says what a row means", shown, 1)
    severity = next((name for name in SEVERITIES if name == head.get("severity", "violation")), None)
    if severity is None:
        raise SyntaxProblem(f"no severity {head['severity']}; write one of {', '.join(SEVERITIES)}", shown, 1)
    return Check(path.stem, shown, text, severity, {"de": head["summary-de"], "en": head["summary"]})


def _filled(template: str, values: Mapping[str, object]) -> str:
    return _VARIABLE.sub(lambda match: _shown(values.get(match[1])), template)


def _shown(term: object) -> str:
    if isinstance(term, pyoxigraph.NamedNode):
        return short(term.value)
    if isinstance(term, pyoxigraph.Literal):
        return term.value
    return "…" if term is None else str(term)


@quiet()
def validate(
    assembly: Assembly, content: Content, progress: Progress | None = None, *, shapes_hold: bool = False
) -> tuple[Finding, ...]:
    """Everything that shapes and check queries say of ``assembly``, worst first.

    Args:
        assembly: the graph.
        content: where the check queries lie.
        progress: called with what is being done, how many steps are done, and how many there are.
        shapes_hold: the very same shapes are known to hold against the shapes of SHACL, so that this is not asked
            again; it takes longer than all the rest together.

    Raises:
        SyntaxProblem: if a shape or a check query cannot be used.
    """
    tell = progress or (lambda step, done, total: None)
    checks = read_checks(content)
    steps = len(checks) + 2
    tell("shapes", 0, steps)
    shapes = Graph() + assembly.shapes
    store = load_store(assembly.dataset)
    findings = list(shape_findings(shapes, assembly.origins, hold=shapes_hold))
    tell("data", 1, steps)
    findings += literal_findings(assembly, content, store)
    findings += data_findings(data_of(assembly.dataset), shapes, assembly.origins, store)
    for done, check in enumerate(checks, start=2):
        tell(check.file.as_posix(), done, steps)
        findings += check_findings([check], assembly.origins, store)
    return in_order(findings)


def shape_findings(shapes: Graph, origins: Origins, *, hold: bool = False) -> Iterator[Finding]:
    """What is wrong with the shapes themselves; ``hold`` leaves out the shapes of SHACL."""
    for result in [*unknown_terms(shapes), *([] if hold else validate_shapes(shapes))]:
        yield _finding(result, origins.locate(str(result.focus), GRAPH_SHAPES))


def data_findings(data: Graph, shapes: Graph, origins: Origins, store: pyoxigraph.Store) -> Iterator[Finding]:
    """What the shapes say of ``data``, the union of the graphs in ``store``."""
    locator = Locator(origins, store)
    for result in validate_data(data, shapes):
        place = None
        if isinstance(result.focus, URIRef):
            value = None if result.value is None else term_of(result.value)
            place = locator.place(pyoxigraph.NamedNode(result.focus), result.path, value)
        yield _finding(result, place)


def check_findings(checks: Iterable[Check], origins: Origins, store: pyoxigraph.Store) -> Iterator[Finding]:
    """What the check queries say of ``store``."""
    locator = Locator(origins, store)
    for check in checks:
        for row in run_check(check, store):
            place = locator.place(row.focus, graph=row.graph) if isinstance(row.focus, pyoxigraph.NamedNode) else None
            if place is None and row.graph:
                place = origins.locate(row.graph)
            focus = row.focus.value
            yield Finding(check.severity, row.message, focus, None, check.name, *_file_and_line(place))


def _finding(result: Result, place: Place | None) -> Finding:
    path = None if result.path is None else str(result.path)
    return Finding(result.severity, result.message, str(result.focus), path, result.rule, *_file_and_line(place))


def _file_and_line(place: Place | None) -> tuple[Path | None, int | None]:
    return (place.file, place.line) if place else (None, None)
