"""Check queries: SPARQL SELECTs whose rows are errors, for what SHACL cannot say (which graph a statement stands in).

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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from interkommunal.content import Content
from interkommunal.errors import SyntaxProblem
from interkommunal.validation.findings import SEVERITIES, Severity, short

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
