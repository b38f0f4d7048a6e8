"""Checks the whole graph before it is frozen.

In goes an assembly, out come findings, worst first: of the shapes themselves, of the data against the shapes, and of
the check queries. ``release`` is the next room; it freezes only what has no violation.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph
from rdflib import Graph, URIRef

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly, Progress
from interkommunal.graph.dataset import quiet
from interkommunal.graph.places import Origins, Place
from interkommunal.namespaces import GRAPH_SHAPES
from interkommunal.validation.checks import Check, read_checks, run_check
from interkommunal.validation.findings import Finding, in_order
from interkommunal.validation.literals import literal_findings
from interkommunal.validation.locate import Locator
from interkommunal.validation.shacl import Result, data_of, unknown_terms, validate_data, validate_shapes
from interkommunal.validation.store import load_store, term_of


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
