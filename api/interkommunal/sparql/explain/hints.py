"""Findings about a query that does not parse: where, what, and what was probably meant.

In: a query and the error that the engine raised. Out: findings, the error first; then prefixes that the project knows
but the query does not declare, and words that look like a keyword.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz, process

from interkommunal.errors import QuerySyntaxError
from interkommunal.namespaces import PREFIXES, prologue
from interkommunal.sparql.explain.finding import Finding, Place, Words
from interkommunal.sparql.tokens import Kind, Token, position, tokens

_KEYWORDS: Final = re.findall(
    r"\w+",
    """
    SELECT ASK CONSTRUCT DESCRIBE WHERE PREFIX BASE FROM NAMED DISTINCT REDUCED OPTIONAL UNION FILTER MINUS GRAPH
    SERVICE SILENT VALUES UNDEF BIND AS GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET NOT EXISTS IN COUNT SUM MIN MAX AVG
    SAMPLE GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT
    STRLEN UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS
    TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK
    ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE TRUE FALSE A
    """,
)


def syntax_findings(query: str, error: QuerySyntaxError) -> tuple[Finding, ...]:
    """What is wrong with ``query``, the error itself first if nothing says it better."""
    try:
        found = tokens(query)
    except QuerySyntaxError:
        return (_plain(error, None),)
    undeclared = list(_prefixes(query, found))
    mend = _mend(query, found)
    if not undeclared:
        return (_plain(error, mend),)
    # The error is about the prefix; what else looks wrong is told beside it.
    further = Words("Auch das stimmt wohl nicht.", "This is probably wrong, too.")
    return (*undeclared, *([Finding("syntax", "error", further, mend)] if mend else []))


def _plain(error: QuerySyntaxError, mend: Words | None) -> Finding:
    place = Place(error.line, error.column) if error.line and error.column else None
    return Finding(
        "syntax",
        "error",
        Words(f"Das ist kein SPARQL. {error.text.de}", f"This is not SPARQL: {error.text.en}"),
        mend,
        place,
    )


def _prefixes(query: str, found: list[Token]) -> Iterator[Finding]:
    declared = {name.text.rstrip(":") for word, name in pairwise(found) if word.keyword == "PREFIX"}
    told: set[str] = set()
    for token in found:
        prefix = token.text.partition(":")[0] if token.kind is Kind.PREFIXED_NAME else None
        if prefix is None or prefix in declared or prefix in told:
            continue
        told.add(prefix)
        yield Finding(
            "prefix-undeclared",
            "error",
            Words(f"Das Präfix {prefix}: ist nicht erklärt.", f"The prefix {prefix}: is not declared."),
            _declaration(prefix, declared),
            Place(*position(query, token.start)),
        )


def _declaration(prefix: str, declared: set[str]) -> Words:
    if prefix in PREFIXES:
        line = prologue((prefix,)).rstrip()
        return Words(f"Setzen Sie an den Anfang: {line}", f"Put at the top: {line}")
    near = process.extractOne(prefix, sorted({*PREFIXES, *declared} - {"p"}), scorer=fuzz.ratio, score_cutoff=60)
    if near and near[0] in declared:
        return Words(f"Ist {near[0]}: gemeint?", f"Is {near[0]}: meant?")
    if near:
        line = prologue((near[0],)).rstrip()
        return Words(f"Ist {near[0]}: gemeint? {line}", f"Is {near[0]}: meant? {line}")
    return Words(f"Erklären Sie es am Anfang: PREFIX {prefix}: <…>", f"Declare it at the top: PREFIX {prefix}: <…>")


def _mend(query: str, found: list[Token]) -> Words | None:
    for token in found:
        word = token.keyword
        if word and word not in _KEYWORDS and not (len(word) < 3):
            near = process.extractOne(word, _KEYWORDS, scorer=fuzz.ratio, score_cutoff=70)
            if near:
                return _at(
                    query,
                    token,
                    f"Statt „{token.text}“ ist wohl {near[0]} gemeint",
                    f"Instead of “{token.text}”, {near[0]} is probably meant",
                )
    for token, following in pairwise(found):
        if token.keyword in ("ORDER", "GROUP") and following.keyword != "BY":
            return _at(query, token, f"Nach {token.keyword} fehlt BY", f"BY is missing after {token.keyword}")
        if token.keyword == "FILTER" and following.kind in (Kind.VARIABLE, Kind.STRING, Kind.NUMBER):
            return _at(
                query,
                token,
                "Nach FILTER fehlt eine Klammer: FILTER (…)",
                "A bracket is missing after FILTER: FILTER (…)",
            )
        if token.text == "=" and following.text == "=":
            return _at(query, token, "Gleich heißt in SPARQL =, nicht ==", "Equals is = in SPARQL, not ==")
        if token.keyword in ("AND", "OR"):
            sign = "&&" if token.keyword == "AND" else "||"
            return _at(query, token, f"Statt {token.text} schreibt man {sign}", f"Write {sign} instead of {token.text}")
        if token.keyword == "SELECT" and following.text == "{":
            return _at(query, token, "Nach SELECT fehlen Variablen oder *", "Variables or * are missing after SELECT")
    return None


def _at(query: str, token: Token, de: str, en: str) -> Words:
    line, column = position(query, token.start)
    return Words(f"{de} (Zeile {line}, Spalte {column}).", f"{en} (line {line}, column {column}).")
