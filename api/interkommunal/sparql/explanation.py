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
    late = Text("How many rows each pattern leaves could not be found out in the time allowed.")
    not_counted = Finding("not-counted", late, severity="hint")
    try:
        inspection = inspect(query)
        if len(query) > LONGEST:
            message = Text("Queries of more than {LONGEST} characters are not explained.", LONGEST=LONGEST)
            return Explanation((Finding("not-read", message, severity="hint"),))
        try:
            answered = await probe.answered(_at_home(query) if inspection.has_service else query, inspection.form)
        except SpentError:
            spent.append(not_counted)
    except QuerySyntaxError as error:
        return Explanation(_syntax_findings(query, error))
    except UnknownFunction as error:
        mend = Text("Is {near} meant?", near=", ".join(error.near)) if error.near else None
        return Explanation((Finding("unknown-function", error.text, _placed(error), mend, "error"),))
    try:
        read = parse(query, base)
    except QuerySyntaxError as error:
        message = Text("The query runs, but it cannot be explained here: {text}", text=error.text)
        return Explanation((Finding("not-read", message, _placed(error), severity="hint"), *spent))
    if inspection.has_service:
        answered = None
    findings = [finding for rule in RULES.values() for finding in rule(read)]
    emptiness = Emptiness(read, probe)
    try:
        for fact_rule in FACT_RULES.values():
            findings += [finding async for finding in fact_rule(read, probe)]
        if inspection.has_service:
            message = Text("Rows are not counted here, because each count would ask the other endpoint.")
            findings.append(Finding("not-counted", message, read.keyword("SERVICE"), severity="hint"))
        else:
            found = await emptiness.find()
            if found is None and answered is not None and answered.is_empty:
                found = _nothing_made(read)
            findings += [found] if found else []
    except SpentError:
        spent.append(not_counted)
    return Explanation(in_order([*_true_of(findings, read, answered), *spent]), tuple(emptiness.steps))


def _at_home(query: str) -> str:
    """A query that asks no other endpoint and is well-formed where ``query`` is, with everything in its place."""
    for token in tokens(query):
        if token.keyword in ("SERVICE", "SILENT"):
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
    return Finding("empty-graph", message, query.keyword("CONSTRUCT", "DESCRIBE"))


def _placed(error: QuerySyntaxError | UnknownFunction) -> Place | None:
    return Place(error.line, error.column) if error.line and error.column else None


# What does not parse.


def _syntax_findings(query: str, error: QuerySyntaxError) -> tuple[Finding, ...]:
    """What is wrong with ``query``, the error itself first if nothing says it better.

    Then prefixes that the project knows but the query does not declare, and words that look like a keyword.
    """
    try:
        found = tokens(query)
    except QuerySyntaxError:
        found = []
    mend = _misspelt_word(query, found)
    if undeclared := tuple(_undeclared_prefixes(query, found)):
        # The error is about the prefix; what else looks wrong is told beside it.
        further = Text("This is probably wrong, too.")
        return (*undeclared, *([Finding("syntax", further, None, mend, "error")] if mend else []))
    return (Finding("syntax", Text("This is not SPARQL: {text}", text=error.text), _placed(error), mend, "error"),)


def _undeclared_prefixes(query: str, found: list[Token]) -> Iterator[Finding]:
    declared = declared_prefixes(found).keys()
    used: dict[str, Token] = {}
    for before, token in pairwise([Token(Kind.SIGN, "", 0), *found]):
        if token.kind is Kind.PREFIXED_NAME and before.keyword != "PREFIX":
            used.setdefault(token.text.partition(":")[0], token)
    for prefix, token in used.items():
        if prefix not in declared:
            message = Text("The prefix {shown}: is not declared.", shown=visible(prefix))
            place = Place(*position(query, token.start))
            yield Finding("prefix-undeclared", message, place, _declaration(prefix, set(declared)), "error")


def _declaration(prefix: str, declared: set[str]) -> Text:
    if prefix in PREFIXES:
        return Text("Put at the top: {line}", line=f"PREFIX {prefix}: <{PREFIXES[prefix]}>")
    near = process.extractOne(prefix, sorted({*PREFIXES, *declared} - {"p"}), scorer=fuzz.ratio, score_cutoff=60)
    if near is None:
        return Text("Declare it at the top: PREFIX {prefix}: <…>", prefix=prefix)
    if near[0] in declared:
        return Text("Is {near}: meant?", near=near[0])
    line = f"PREFIX {near[0]}: <{PREFIXES[near[0]]}>"
    return Text("Is {near}: meant? {line}", near=near[0], line=line)


def _misspelt_word(query: str, found: list[Token]) -> Text | None:
    known = sorted(FUNCTIONS | KEYWORDS)
    for token in found:
        word = token.keyword
        if len(word) >= 3 and word not in known:
            near = process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=70)
            if near:
                text = Text("Instead of “{shown}”, {near} is probably meant", shown=visible(token.text), near=near[0])
                line, column = position(query, token.start)
                return Text("{text} (line {line}, column {column}).", text=text, line=line, column=column)
    return None
