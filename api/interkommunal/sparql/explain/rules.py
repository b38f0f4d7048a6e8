"""Rules that need only the query: each looks at it and tells what it finds.

``RULES`` is the table of them, by the code of their findings. They warn only where a query does something else than its
author can have meant, and they stay silent where that cannot be known without the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz, process
from rapidfuzz.distance import DamerauLevenshtein

from interkommunal.namespaces import PREFIXES
from interkommunal.sparql.explain.comparisons import contradictions
from interkommunal.sparql.explain.connections import disconnected
from interkommunal.sparql.explain.finding import Finding, Words
from interkommunal.sparql.explain.model import Bind, Filter, Nested, Reading, Select, Term, Values
from interkommunal.sparql.explain.text import QueryText

_LIKE: Final = 70.0


@dataclass(frozen=True, slots=True)
class Seen:
    """A query as rules see it: what was read, and its text."""

    reading: Reading
    text: QueryText


Rule = Callable[[Seen], Iterator[Finding]]


def namespace(seen: Seen) -> Iterator[Finding]:
    """A prefix of the project stands for another namespace than here."""
    for prefix, iri in seen.reading.prefixes.items():
        ours = PREFIXES.get(prefix)
        if ours is not None and ours != iri and _same_but_spelling(ours, iri):
            yield Finding(
                "namespace",
                "warning",
                Words(
                    f"Das Präfix {prefix}: steht hier für <{iri}>.", f"The prefix {prefix}: stands for <{iri}> here."
                ),
                Words(f"In diesem Graphen heißt es <{ours}>.", f"In this graph it is <{ours}>."),
                seen.text.place(
                    next((token for token in seen.text.tokens if token.text == f"<{iri}>"), None),
                ),
            )


def _same_but_spelling(one: str, other: str) -> bool:
    return fuzz.ratio(one, other) >= 80


def unbound_projection(seen: Seen) -> Iterator[Finding]:
    """A variable of the answer that nothing binds."""
    for select in _selects(seen.reading.select):
        bound = select.where.binds() | {bind.variable for bind in select.binds}
        bound |= {name for item in select.grouped for name in item.variables}
        for name in select.projected or ():
            if name not in bound:
                yield Finding(
                    "variable-unbound",
                    "warning",
                    Words(
                        f"?{name} wird ausgegeben, kommt aber in keinem Muster vor und bleibt immer leer.",
                        f"?{name} is part of the answer, but no pattern binds it, so it is always empty.",
                    ),
                    _meant(name, bound),
                    seen.text.variable(name),
                )


def unbound_in_expression(seen: Seen) -> Iterator[Finding]:
    """FILTER or BIND asks for a variable that nothing binds there."""
    outer = _everything(seen.reading.select)
    for group in seen.reading.select.where.groups():
        for part in group.parts:
            if not isinstance(part, Filter | Bind):
                continue
            # ?unbound in IF or COALESCE is a way to leave a cell empty; BOUND asks for it.
            guarded = {
                name
                for inner in part.expression.walk()
                if inner.name in ("IF", "COALESCE", "BOUND")
                for name in inner.variables
            }
            for name in sorted(part.expression.variables - outer - guarded):
                is_filter = isinstance(part, Filter)
                yield Finding(
                    "filter-unbound" if is_filter else "bind-unbound",
                    "warning",
                    Words(
                        f"Kein Muster bindet ?{name}; dieser FILTER lässt nichts durch."
                        if is_filter
                        else f"Kein Muster bindet ?{name}; dieses BIND ergibt nichts.",
                        f"No pattern binds ?{name}; this FILTER lets nothing through."
                        if is_filter
                        else f"No pattern binds ?{name}; this BIND yields nothing.",
                    ),
                    _meant(name, outer),
                    seen.text.variable(name),
                )


def used_once(seen: Seen) -> Iterator[Finding]:
    """A variable that stands only once and looks much like another."""
    counts: dict[str, int] = {}
    for token in seen.text.tokens:
        if token.text[0] in "?$" and len(token.text) > 1:
            counts[token.text[1:]] = counts.get(token.text[1:], 0) + 1
    bound = _everything(seen.reading.select)
    for name, number in counts.items():
        others = [other for other in counts if other != name and other in bound]
        if number > 1 or name not in bound or len(name) < 3:
            continue
        near = process.extractOne(
            name, others, scorer=DamerauLevenshtein.distance, score_cutoff=2 if len(name) > 7 else 1
        )
        # ?city and ?city2 are meant to differ.
        if near and name.rstrip("0123456789") != near[0].rstrip("0123456789"):
            yield Finding(
                "variable-once",
                "warning",
                Words(
                    f"?{name} kommt nur einmal vor und verbindet nichts.",
                    f"?{name} stands only once and connects nothing.",
                ),
                Words(f"Ist ?{near[0]} gemeint?", f"Is ?{near[0]} meant?"),
                seen.text.variable(name),
            )


def cartesian(seen: Seen) -> Iterator[Finding]:
    """Patterns that share no variable: each row of one is combined with each row of the other."""
    for group in seen.reading.select.where.groups():
        for names, other, kind in disconnected(group):
            one, two = _listed(names), _listed(other)
            mend = Words(
                "Verbinden Sie die Muster über eine gemeinsame Variable.",
                "Connect the patterns by a variable that they share.",
            )
            yield Finding(
                "cartesian-product",
                "hint" if kind == "filtered" else "warning",
                Words(
                    f"Die Muster mit {one} und die mit {two} haben keine Variable gemeinsam; jede Zeile der einen "
                    "wird mit jeder der anderen kombiniert"
                    + (", und erst ein FILTER sortiert aus." if kind == "filtered" else "."),
                    f"The patterns with {one} and those with {two} share no variable; each row of the ones is combined "
                    "with each of the others" + (", and only a FILTER sorts out." if kind == "filtered" else "."),
                ),
                None if kind == "filtered" else mend,
                seen.text.variable(min(other)),
            )


def _listed(names: frozenset[str]) -> str:
    shown = sorted(names)[:3]
    return ", ".join(f"?{name}" for name in shown) + (" …" if len(names) > 3 else "")


def never_holds(seen: Seen) -> Iterator[Finding]:
    """FILTERs that contradict themselves or each other, or compare what is never equal."""
    for group in seen.reading.select.where.groups():
        yield from contradictions(group, _positions(seen.reading.select), seen.text)


def nothing_asked(seen: Seen) -> Iterator[Finding]:
    """LIMIT 0."""
    words = seen.text.tokens
    for word, number in pairwise(words):
        if word.keyword == "LIMIT" and number.text.strip("0") == "":
            yield Finding(
                "limit-zero",
                "warning",
                Words("LIMIT 0 lässt keine Zeile übrig.", "LIMIT 0 leaves no row."),
                Words("Setzen Sie eine größere Zahl ein.", "Put in a larger number."),
                seen.text.place(word),
            )


RULES: Final[dict[str, Rule]] = {
    "namespace": namespace,
    "variable-unbound": unbound_projection,
    "filter-unbound": unbound_in_expression,
    "variable-once": used_once,
    "cartesian-product": cartesian,
    "never-holds": never_holds,
    "limit-zero": nothing_asked,
}


def _selects(select: Select) -> Iterator[Select]:
    """The outermost SELECT and all others, each once: ``groups`` goes through subqueries by itself."""
    yield select
    for group in select.where.groups():
        yield from (part for part in group.parts if isinstance(part, Select))


def _everything(select: Select) -> set[str]:
    """Variables that anything in the query may bind."""
    found = select.where.binds() | {bind.variable for bind in select.binds}
    for group in select.where.groups():
        found |= group.binds()
        for part in group.parts:
            if isinstance(part, Select):
                found |= {bind.variable for bind in part.binds} | part.where.binds()
            elif isinstance(part, Nested) and part.name is not None and part.name.is_variable:
                found.add(part.name.value)
    return found


def _positions(select: Select) -> dict[str, set[str]]:
    """Where variables stand: ``subject``, ``property``, ``value``, ``graph``, ``bound`` by anything else."""
    found: dict[str, set[str]] = {}

    def add(term: Term, place: str) -> None:
        if term.is_variable:
            found.setdefault(term.value, set()).add(place)

    for group in select.where.groups():
        for subject, property_, value in group.triples:
            add(subject, "subject")
            add(property_, "property")
            add(value, "value")
        for part in group.parts:
            if isinstance(part, Nested) and part.name is not None:
                add(part.name, "graph")
            elif isinstance(part, Bind):
                found.setdefault(part.variable, set()).add("bound")
            elif isinstance(part, Values):
                for name in part.variables:
                    found.setdefault(name, set()).add("bound")
            elif isinstance(part, Select):
                for bind in part.binds:
                    found.setdefault(bind.variable, set()).add("bound")
    return found


def _meant(name: str, known: set[str]) -> Words | None:
    near = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_LIKE)
    return Words(f"Ist ?{near[0]} gemeint?", f"Is ?{near[0]} meant?") if near else None
