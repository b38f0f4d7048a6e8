"""Explains a query: guard, the engine's own verdict, rules on the query, rules on the graph, where the rows run out.

In: a query and the door to the graph. Out: an :class:`~interkommunal.sparql.findings.Explanation`. The guard comes
first, as for every query: what may not be asked is not explained either. Then the query itself is asked, as its author
would, so that no explanation contradicts the answer; nothing is parsed or evaluated in the process that explains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz, process

from interkommunal.errors import QuerySyntaxError, UnknownFunction
from interkommunal.namespaces import PREFIXES
from interkommunal.normal import visible
from interkommunal.sparql.emptiness import Answered, Emptiness, Probe, SpentError
from interkommunal.sparql.facts import FACT_RULES
from interkommunal.sparql.findings import Explanation, Finding, in_order
from interkommunal.sparql.model import Filter, Place, Query
from interkommunal.sparql.parser import parse
from interkommunal.sparql.query import Form, Inspection
from interkommunal.sparql.rules import RULES
from interkommunal.sparql.syntax import FUNCTIONS, KEYWORDS
from interkommunal.sparql.tokens import Kind, Token, declared_prefixes, normal_query, position, tokens
from interkommunal.texts import Text

# No person writes longer ones.
LONGEST: Final = 20_000


async def explain_query(query: str, inspect: Callable[[str], Inspection], probe: Probe, base: str = "") -> Explanation:
    """Everything that is to be said about ``query``.

    Args:
        query: the text, as it was written.
        inspect: the guard.
        probe: asks the graph.
        base: what relative IRIs are resolved against.

    Raises:
        QueryRefused: it uses a feature that it may not use.
        QueryTooLarge: it is longer or nested deeper than allowed.
    """
    query = normal_query(query)
    answered: Answered | None = None
    spent: list[Finding] = []
    try:
        inspection = inspect(query)
        if len(query) > LONGEST:
            return Explanation((_too_long(),))
        try:
            answered = await probe.answered(_at_home(query) if inspection.has_service else query, inspection.form)
        except SpentError:
            spent.append(_not_counted())
    except QuerySyntaxError as error:
        return Explanation(_syntax_findings(query, error))
    except UnknownFunction as error:
        return Explanation((_unknown_function(error),))
    try:
        read = parse(query, base)
    except QuerySyntaxError as error:
        return Explanation((_not_read(error), *spent))
    if inspection.has_service:
        answered = None
    findings = [finding for rule in RULES.values() for finding in rule(read)]
    emptiness = Emptiness(read, probe)
    try:
        for fact_rule in FACT_RULES.values():
            findings += [finding async for finding in fact_rule(read, probe)]
        if inspection.has_service:
            findings.append(_service(read))
        else:
            found = await emptiness.find()
            if found is None and answered is not None and answered.is_empty:
                found = _nothing_made(read)
            findings += [found] if found else []
    except SpentError:
        spent.append(_not_counted())
    return Explanation(in_order([*_true_of(findings, read, answered), *spent[:1]]), tuple(emptiness.steps))


def _at_home(query: str) -> str:
    """A query that asks no other endpoint and is well-formed where ``query`` is, with everything in its place."""
    found = [token for token in tokens(query) if token.keyword in ("SERVICE", "SILENT")]
    for token in found:
        word = "GRAPH  " if token.keyword == "SERVICE" else " " * 6
        query = query[: token.start] + word + query[token.end :]
    return query


def _true_of(findings: list[Finding], query: Query, answered: Answered | None) -> list[Finding]:
    """The findings that the answer does not contradict, whatever the rules make of the query."""
    if answered is None or answered.is_empty:
        return findings
    required = {query.place(part.start) for part in query.select.where.parts if isinstance(part, Filter)}
    if query.select.yields_one_row:
        required = set()
    has_values = {query.variable(name) for name in answered.bound}
    return [
        finding
        for finding in findings
        if not (finding.code.startswith("empty-") or finding.code == "offset-beyond")
        and not (finding.code == "variable-unbound" and finding.place in has_values)
        and not (finding.code == "filter-contradiction" and finding.place in required)
    ]


def _nothing_made(query: Query) -> Finding | None:
    """Why patterns that find something make an empty answer."""
    if query.form is Form.DESCRIBE:
        message = Text("The graph says nothing about what is to be described.")
    elif query.form is Form.CONSTRUCT:
        message = Text(
            "The patterns find something, but no triple is made of it: in each row a value is missing or "
            "cannot be in its place."
        )
    else:
        return None
    return Finding("empty-graph", "warning", message, None, query.keyword("CONSTRUCT", "DESCRIBE"))


def _too_long() -> Finding:
    return Finding(
        "not-read",
        "hint",
        Text("Queries of more than {LONGEST} characters are not explained.", LONGEST=LONGEST),
    )


def _not_read(error: QuerySyntaxError) -> Finding:
    return Finding(
        "not-read",
        "hint",
        Text("The query runs, but it cannot be explained here: {text}", text=error.text),
        None,
        _placed(error),
    )


def _not_counted() -> Finding:
    return Finding(
        "not-counted",
        "hint",
        Text("How many rows each pattern leaves could not be found out in the time allowed."),
    )


def _service(query: Query) -> Finding:
    return Finding(
        "not-counted",
        "hint",
        Text("Rows are not counted here, because each count would ask the other endpoint."),
        None,
        query.keyword("SERVICE"),
    )


def _placed(error: QuerySyntaxError | UnknownFunction) -> Place | None:
    return Place(error.line, error.column) if error.line and error.column else None


def _unknown_function(error: UnknownFunction) -> Finding:
    near = ", ".join(error.near)
    return Finding(
        "unknown-function",
        "error",
        error.text,
        Text("Is {near} meant?", near=near) if near else None,
        _placed(error),
    )


# What does not parse.


def _syntax_findings(query: str, error: QuerySyntaxError) -> tuple[Finding, ...]:
    """What is wrong with ``query``, the error itself first if nothing says it better.

    Then prefixes that the project knows but the query does not declare, and words that look like a keyword.
    """
    try:
        found = tokens(query)
    except QuerySyntaxError:
        return (_plain(error, None),)
    undeclared = list(_prefixes(query, found))
    mend = _mend(query, found)
    if not undeclared:
        return (_plain(error, mend),)
    # The error is about the prefix; what else looks wrong is told beside it.
    further = Text("This is probably wrong, too.")
    return (*undeclared, *([Finding("syntax", "error", further, mend)] if mend else []))


def _plain(error: QuerySyntaxError, mend: Text | None) -> Finding:
    message = Text("This is not SPARQL: {text}", text=error.text)
    return Finding("syntax", "error", message, mend, _placed(error))


def _prefixes(query: str, found: list[Token]) -> Iterator[Finding]:
    declared = set(declared_prefixes(found))
    told: set[str] = set()
    for before, token in pairwise([None, *found]):
        prefix = token.text.partition(":")[0] if token and token.kind is Kind.PREFIXED_NAME else None
        if token is None or prefix is None or prefix in declared or prefix in told:
            continue
        if before is not None and before.keyword == "PREFIX":
            continue
        told.add(prefix)
        shown = visible(prefix)
        yield Finding(
            "prefix-undeclared",
            "error",
            Text("The prefix {shown}: is not declared.", shown=shown),
            _declaration(prefix, declared),
            Place(*position(query, token.start)),
        )


def _declaration(prefix: str, declared: set[str]) -> Text:
    if prefix in PREFIXES:
        line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
        return Text("Put at the top: {line}", line=line)
    near = process.extractOne(prefix, sorted({*PREFIXES, *declared} - {"p"}), scorer=fuzz.ratio, score_cutoff=60)
    if near and near[0] in declared:
        return Text("Is {near}: meant?", near=near[0])
    if near:
        line = f"PREFIX {near[0]}: <{PREFIXES[near[0]]}>"
        return Text("Is {near}: meant? {line}", near=near[0], line=line)
    return Text("Declare it at the top: PREFIX {prefix}: <…>", prefix=prefix)


def _mend(query: str, found: list[Token]) -> Text | None:
    known = sorted(FUNCTIONS | KEYWORDS)
    for token in found:
        word = token.keyword
        if len(word) < 3 or word in known:
            continue
        near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=70)
        if near:
            shown = visible(token.text)
            return _at(
                query,
                token,
                Text("Instead of “{shown}”, {near} is probably meant", shown=shown, near=near[0]),
            )
    return None


def _at(query: str, token: Token, text: Text) -> Text:
    line, column = position(query, token.start)
    return Text("{text} (line {line}, column {column}).", text=text, line=line, column=column)
