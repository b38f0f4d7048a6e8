"""Puts an explanation together: guard, syntax, rules on the query, rules on the graph, where the rows run out.

In: a query and the door to the graph. Out: an :class:`~interkommunal.sparql.explain.finding.Explanation`. The guard
comes first, as for every query: what may not be asked is not explained either.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import pairwise
from typing import Final

from interkommunal.errors import QueryFailed, QuerySyntaxError
from interkommunal.sparql.explain.emptiness import Emptiness, not_counted
from interkommunal.sparql.explain.facts import FACT_RULES
from interkommunal.sparql.explain.finding import Explanation, Finding, Place, Words, in_order
from interkommunal.sparql.explain.hints import syntax_findings
from interkommunal.sparql.explain.model import Reading
from interkommunal.sparql.explain.probe import Probe, SpentError
from interkommunal.sparql.explain.rules import RULES, Seen
from interkommunal.sparql.explain.text import QueryText
from interkommunal.sparql.query import Inspection
from interkommunal.sparql.tokens import normal_query

# Reading takes time that grows with the query; no person writes longer ones.
LONGEST: Final = 20_000

# Takes a query and whether the engine may parse it; see ``reading.read``.
Read = Callable[[str, bool], Awaitable[Reading]]


async def explain_query(query: str, inspect: Callable[[str], Inspection], read: Read, probe: Probe) -> Explanation:
    """Everything that is to be said about ``query``.

    Args:
        query: the text, as it was written.
        inspect: the guard.
        read: reads the query.
        probe: asks the graph.

    Raises:
        QueryRefused: it uses a feature that it may not use.
        QueryTooLarge: it is longer or nested deeper than allowed.
    """
    query = normal_query(query)
    try:
        inspection = inspect(query)
        if len(query) > LONGEST:
            return Explanation((_too_long(),))
        reading = await read(query, not inspection.has_service)
    except QuerySyntaxError as error:
        return Explanation(syntax_findings(query, error))
    except QueryFailed as error:
        return Explanation((_not_read(error),))
    text = QueryText(query)
    seen = Seen(reading, text)
    findings: list[Finding] = [finding for rule in RULES.values() for finding in rule(seen)]
    emptiness = Emptiness(text, probe)
    try:
        for fact_rule in FACT_RULES.values():
            findings += [finding async for finding in fact_rule(seen, probe)]
        if inspection.has_service:
            findings.append(_service(text))
        else:
            found = await emptiness.find()
            findings += [found] if found else _cut_off(text, emptiness)
    except SpentError:
        findings.append(not_counted())
    return Explanation(in_order(findings), tuple(emptiness.steps))


def _cut_off(text: QueryText, emptiness: Emptiness) -> list[Finding]:
    """OFFSET beyond the last row, where that can be told."""
    last = emptiness.steps[-1] if emptiness.steps else None
    for word, number in pairwise(text.tokens):
        is_known = word.keyword == "OFFSET" and last is not None and not last.more and number.text.isdecimal()
        if is_known and last and int(number.text) >= last.rows and not text.keyword("GROUP"):
            return [
                Finding(
                    "offset-beyond",
                    "warning",
                    Words(
                        f"OFFSET {number.text} überspringt alle {last.rows} Zeilen.",
                        f"OFFSET {number.text} passes over all {last.rows} rows.",
                    ),
                    None,
                    text.place(word),
                )
            ]
    return []


def _too_long() -> Finding:
    return Finding(
        "not-read",
        "hint",
        Words(
            f"Abfragen über {LONGEST} Zeichen werden nicht erklärt.",
            f"Queries of more than {LONGEST} characters are not explained.",
        ),
    )


def _not_read(error: QueryFailed) -> Finding:
    return Finding(
        "not-read",
        "hint",
        Words(
            f"Die Abfrage läuft, lässt sich aber nicht erklären. {error.text.de}",
            f"The query runs, but it cannot be explained: {error}",
        ),
    )


def _service(text: QueryText) -> Finding:
    place: Place | None = text.keyword("SERVICE")
    return Finding(
        "not-counted",
        "hint",
        Words(
            "Zeilen werden hier nicht gezählt, weil jede Zählung den anderen Endpunkt fragen würde.",
            "Rows are not counted here, because each count would ask the other endpoint.",
        ),
        None,
        place,
    )
