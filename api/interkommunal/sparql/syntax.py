"""Says what is wrong with a malformed query, better than the parser does.

In: a query that pyoxigraph refused, and its message. Out: a ``QuerySyntaxError`` with line and column. The parser tells
how far it came and what could have followed, often dozens of tokens or a misleading one. The commonest mistakes (a
prefix without declaration, a string or bracket not closed, a relative IRI) are found in the tokens instead.
"""

from __future__ import annotations

import re
from typing import Final

from interkommunal.errors import QuerySyntaxError
from interkommunal.sparql.tokens import Kind, Token, position, tokens

_POSITION: Final = re.compile(r"^error at (\d+):(\d+): (?:expected )?")
_CLOSING: Final = {"{": "}", "(": ")", "[": "]"}
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
# Beyond it only the parser's own position is told.
_MAX_CHARS: Final = 1 << 16
# Parts of the parser's message that are sentences and no lists of tokens.
_SENTENCES: Final = re.compile(
    r"IRI parsing failed|Prefix not found|The SELECT contains a variable that is unbound|[Bb]lank node[^,]*|"
    r"SELECT \* is not authorized with GROUP BY|language tag parsing failed|"
    r"the only base directions allowed are 'rtl' and 'ltr'|"
    r"\\u escape sequence should be followed by hexadecimal digits|"
    r"The variable [^,]*|[A-Z][a-z]+ (?:\w+ ){2,}[^,]*"
)
# What the parser says where it has read on to the end and then refuses a part, without telling which and why.
_REFUSED: Final = {
    "[_]": "it is complete, but the parser refuses it; often BIND or AS gives a value to a variable that has one",
    "UNDEF": "VALUES has a row with more or fewer values than variables, or a variable twice",
    "<unreported>": "a blank node may stand in one group only; write a variable in its place",
}


def explain(query: str, message: str, *, has_base: bool = False) -> QuerySyntaxError:
    """The error to raise for ``query``, which the parser refused with ``message`` (``error at LINE:COLUMN: …``).

    ``has_base`` tells whether relative IRIs are resolved even if the query has no ``BASE``.
    """
    if len(query) <= _MAX_CHARS:
        try:
            problem = _find(query, has_base=has_base)
        except QuerySyntaxError as error:
            problem = (str(error), error.line or 1, error.column or 1)
        if problem:
            return _error(*problem)
    match = _POSITION.match(message)
    if match is None:
        return QuerySyntaxError(f"the query is malformed: {message[:200]}")
    line, column = int(match[1]), int(match[2])
    refused = _REFUSED.get(message[match.end() :].strip())
    if refused:
        return _error(refused, line, column)
    sentence = _SENTENCES.search(message, match.end())
    return _error(sentence[0] if sentence else _seen(query, line, column), line, column)


def _error(text: str, line: int, column: int) -> QuerySyntaxError:
    return QuerySyntaxError(f"the query is malformed at line {line}, column {column}: {text}", line, column)


def _find(query: str, *, has_base: bool) -> tuple[str, int, int] | None:
    """A mistake that the tokens show, with its place.

    Raises:
        QuerySyntaxError: something is no token.
    """
    found = tokens(query)
    has_base = has_base or any(token.keyword == "BASE" for token in found)
    return (
        _undeclared_prefix(query, found)
        or _unbalanced(query, found)
        or (None if has_base else _relative_iri(query, found))
    )


def _undeclared_prefix(query: str, found: list[Token]) -> tuple[str, int, int] | None:
    declared: set[str] = set()
    before = ""
    for token in found:
        if token.kind is Kind.PREFIXED_NAME:
            prefix = token.text.partition(":")[0]
            if before == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared:
                text = f"the prefix {prefix}: is not declared; add PREFIX {prefix}: <…> at the top"
                return text, *position(query, token.start)
        before = token.keyword
    return None


def _relative_iri(query: str, found: list[Token]) -> tuple[str, int, int] | None:
    for token in found:
        if token.kind is Kind.IRI and not _SCHEME.match(token.text):
            text = f"{token.text} is relative; write it in full, or add BASE <…> at the top"
            return text, *position(query, token.start)
    return None


def _unbalanced(query: str, found: list[Token]) -> tuple[str, int, int] | None:
    opened: list[Token] = []
    for token in found:
        if token.kind is not Kind.SIGN:
            continue
        if token.text in _CLOSING:
            opened.append(token)
        elif token.text in _CLOSING.values():
            if not opened:
                return f"this {token.text} closes nothing", *position(query, token.start)
            if _CLOSING[opened[-1].text] != token.text:
                line, column = position(query, opened[-1].start)
                text = f"this {token.text} does not close the {opened[-1].text} of line {line}, column {column}"
                return text, *position(query, token.start)
            opened.pop()
    if opened:
        return f"this {opened[-1].text} is never closed", *position(query, opened[-1].start)
    return None


def _seen(query: str, line: int, column: int) -> str:
    """What stands where the parser stopped."""
    lines = query.split("\n")
    here = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    rest = here or " ".join(lines[line:]).strip()
    if not rest:
        return "something is missing before the end"
    seen = rest if len(rest) <= 40 else rest[:39] + "…"
    return f"the parser understands nothing from «{seen}» on"
