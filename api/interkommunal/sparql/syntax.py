"""Says what is wrong with a query that the engine refuses, better than its parser does, in both languages.

In: a query that pyoxigraph refused, and its message. Out: a ``QuerySyntaxError`` with line and column, or an
``UnknownFunction``. The parser tells how far it came and what could have followed, often dozens of tokens or a
misleading one. The commonest mistakes (a prefix without declaration, a string or bracket not closed, a relative IRI, a
word that is no function) are found in the tokens instead. Of the parser's own sentences those in ``_SENTENCES`` are
told in our words; of all others only the place.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from rapidfuzz import fuzz, process

from interkommunal.errors import QuerySyntaxError, UnknownFunction
from interkommunal.normal import visible
from interkommunal.sparql.model import AGGREGATES
from interkommunal.sparql.tokens import Kind, Token, position, resolved, seen_at, tokens
from interkommunal.texts import Text

_WORDS: Final = re.compile(r"\w+")
#: Functions that SPARQL 1.1 calls by a word (§17.4, §18.5.1), and those that pyoxigraph adds.
FUNCTIONS: Final = frozenset(
    _WORDS.findall("""
    ABS ADJUST AVG BNODE BOUND CEIL COALESCE CONCAT CONTAINS COUNT DATATYPE DAY ENCODE_FOR_URI FLOOR
    GROUP_CONCAT HASLANG HASLANGDIR HOURS IF IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR
    LANGMATCHES LCASE MAX MD5 MIN MINUTES MONTH NOW OBJECT PREDICATE RAND REGEX REPLACE ROUND SAMETERM SAMPLE
    SECONDS SHA1 SHA256 SHA384 SHA512 STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLANGDIR STRLEN STRSTARTS
    STRUUID SUBJECT SUBSTR SUM TIMEZONE TRIPLE TZ UCASE URI UUID YEAR
    """)
)
#: The other words of the grammar.
KEYWORDS: Final = frozenset(
    _WORDS.findall("""
    A AS ASC ASK BASE BIND BY CONSTRUCT DESC DESCRIBE DISTINCT EXISTS FALSE FILTER FROM GRAPH GROUP HAVING IN
    LATERAL LIMIT MINUS NAMED NOT OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR SERVICE SILENT TRUE
    UNDEF UNION VALUES VERSION WHERE
    """)
)
# Casts (§17.5) that pyoxigraph knows; their local names are tried for functions of other namespaces, too.
_CASTS: Final = ("boolean", "date", "dateTime", "decimal", "double", "duration", "float", "integer", "string", "time")

_POSITION: Final = re.compile(r"^error at (\d+):(\d+): (?:expected )?")
_UNKNOWN: Final = re.compile(r"The custom (?:aggregate )?function <(.*)> is not supported")
_CLOSING: Final = {"{": "}", "(": ")", "[": "]"}
_SCHEME: Final = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")
# Beyond it only the parser's own position is told.
_MAX_CHARS: Final = 1 << 16

# What pyoxigraph's parser says of what it has read and then refuses, and the same in our words. The first three are
# what it says where it has read on to the end and does not tell which part it refuses.
_SENTENCES: Final[dict[str, Text]] = {
    "[_]": Text("it is complete, but not allowed; often BIND or AS gives a value to a variable that has one"),
    "UNDEF": Text("VALUES has a row with more or fewer values than variables, or a variable twice"),
    "<unreported>": Text("a blank node may stand in one group only; write a variable in its place"),
    "Prefix not found": Text("a prefix is not declared"),
    "IRI parsing failed": Text("the IRI is malformed"),
    "language tag parsing failed": Text("the language tag is malformed"),
    "the only base directions allowed are 'rtl' and 'ltr'": Text("the only base directions are “rtl” and “ltr”"),
    "\\u escape sequence should be followed by hexadecimal digits": Text(
        "\\u must be followed by the hexadecimal digits of a character"
    ),
    "The SELECT contains a variable that is unbound": Text("SELECT names a variable that is not bound"),
    "The SELECT contains an expression with a variable that is unbound": Text(
        "SELECT has an expression with a variable that is not bound"
    ),
    "Duplicated variable name in SELECT": Text("SELECT names a variable twice"),
    "The SELECT overrides an existing variable using an expression": Text(
        "SELECT gives the value of an expression to a variable that exists already"
    ),
    "SELECT * is not authorized with GROUP BY": Text("SELECT * is not allowed together with GROUP BY or an aggregate"),
    "Reifiers are not allowed on property paths": Text("a triple with a property path cannot be named with ~"),
}

# The parts in which no aggregate may be.
_WITHOUT_AGGREGATES: Final = frozenset(("FILTER", "BIND", "WHERE", "OPTIONAL", "UNION", "GRAPH", "MINUS"))
# The parts behind WHERE { … }, in their order; LIMIT and OFFSET may change places (§2.13 of the grammar).
_PARTS: Final = {"GROUP": 0, "HAVING": 1, "ORDER": 2, "LIMIT": 3, "OFFSET": 3, "VALUES": 4}
_BEGINS_AS_IRI: Final = re.compile(r"(?:https?|ftp|mailto|urn):", re.IGNORECASE)
_NAMES: Final = (Kind.IRI, Kind.PREFIXED_NAME)

Problem = tuple[Text, Token]


def syntax_error(query: str, message: str, *, has_base: bool = False) -> QuerySyntaxError | UnknownFunction:
    """The error to raise for ``query``, which the parser refused with ``message`` (``error at LINE:COLUMN: …``).

    ``has_base`` tells whether relative IRIs are resolved even if the query has no ``BASE``.
    """
    if len(query) <= _MAX_CHARS:
        try:
            found = tokens(query)
        except QuerySyntaxError as error:
            return error
        has_base = has_base or any(token.keyword == "BASE" for token in found)
        problem = _misplaced(query, found) or _undeclared_prefix(found) or _unbalanced(query, found)
        problem = problem or (None if has_base else _relative_iri(found)) or _no_function(found)
        if problem:
            return QuerySyntaxError(problem[0], *position(query, problem[1].start))
        # An aggregate of another vocabulary is well-formed, but pyoxigraph reads none.
        for name, opening, distinct in zip(found, found[1:], found[2:], strict=False):
            if name.kind in _NAMES and opening.text == "(" and distinct.keyword == "DISTINCT":
                return _not_known(query, name, resolved(name, found) or "")
    match = _POSITION.match(message)
    if match is None:
        return QuerySyntaxError(Text("the query cannot be read"))
    line, column = int(match[1]), int(match[2])
    told = message[match.end() :].strip()
    known = _SENTENCES.get(told) or next(
        (text for words, text in _SENTENCES.items() if len(words) > 12 and words in told), None
    )
    if "contains a variable that is unbound" in told and any(
        token.keyword == "GROUP" for token in tokens(query[:_MAX_CHARS])
    ):
        known = Text("SELECT names a variable that is neither grouped by nor inside an aggregate")
    return QuerySyntaxError(known or seen_at(query, line, column), line, column)


def unknown_function(query: str, message: str) -> UnknownFunction | None:
    """The error for ``query``, of which the engine said ``message``; ``None`` if that is about other things."""
    match = _UNKNOWN.search(message)
    if match is None:
        return None
    try:
        found = tokens(query)
    except QuerySyntaxError:
        found = []
    called = [one for one, other in pairwise(found) if other.text == "(" and resolved(one, found) == match[1]]
    return _not_known(query, called[0] if called else None, match[1])


def _not_known(query: str, token: Token | None, iri: str) -> UnknownFunction:
    near = near_functions(re.split(r"[/#:]", iri)[-1])
    shown = iri if token is None else token.text
    text = Text("the function {shown} is not known here{meant}", shown=shown, meant=_meant(near))
    line, column = position(query, token.start) if token else (None, None)
    return UnknownFunction(text, iri, line, column, near)


def near_functions(name: str) -> tuple[str, ...]:
    """Functions named much like ``name``, as they are written, the likeliest first; at most three."""
    plain = re.sub(r"[-_]", "", name).upper()
    known = {function.replace("_", ""): function for function in FUNCTIONS}
    known |= {cast.upper(): f"xsd:{cast}" for cast in _CASTS if cast.upper() not in known}
    ranked = process.extract(plain, list(known), scorer=fuzz.ratio, limit=3, score_cutoff=70)
    if ranked and ranked[0][1] == 100:
        ranked = ranked[:1]
    return tuple(known[name] for name, _, _ in ranked)


def _meant(near: tuple[str, ...]) -> Text:
    if not near:
        return Text("")
    meant: Text | str = near[0]
    for other in near[1:]:
        meant = Text("{meant} or {other}", meant=meant, other=other)
    return Text("; {meant} may be meant", meant=meant)


# Mistakes that the tokens show, each with the token that it is told of.


def _misplaced(query: str, found: list[Token]) -> Problem | None:
    """A part of the grammar in a place where it may not be, or written as another language writes it."""
    clauses, last = [""], -1
    brackets, is_named = 0, False
    for token, following in pairwise([*found, Token(Kind.SIGN, "", len(query))]):
        word, text = token.keyword, None
        brackets += {"(": 1, ")": -1}.get(token.text, 0)
        is_named = word == "AS" or (is_named and token.text != "(")
        if token.text == ")" and clauses[-1] == "SELECT" and not brackets and not is_named:
            text = Text("an expression in SELECT needs a name: (… AS ?name)")
        elif token.text == "{":
            clauses.append("WHERE")
        elif token.text == "}" and len(clauses) > 1:
            clauses.pop()
        elif token.text == "<" and following.start == token.end and _BEGINS_AS_IRI.match(following.text):
            text = Text("this IRI has a space or another character that no IRI may have; write it as %20 and the like")
        elif token.text == "=" and following.text == "=" and following.start == token.end:
            text = Text("= compares, not ==")
        elif token.text == "," and clauses[-1] == "SELECT" and not brackets:
            text = Text("SELECT names its variables without commas")
        elif word in ("ORDER", "GROUP") and following.keyword != "BY":
            text = Text("BY is missing after {word}", word=word)
        elif word in ("AND", "OR"):
            text = Text("write {sign} instead of {word}", sign="&&" if word == "AND" else "||", word=token.text)
        elif word == "SELECT" and following.text == "{":
            text = Text("variables or * are missing after SELECT")
        elif word == "LET":
            text = Text("LET is no part of SPARQL; write BIND(… AS ?name)")
        elif brackets and word and word not in FUNCTIONS | KEYWORDS and following.text != "(":
            text = Text("{word} is no word of SPARQL; a variable begins with ?, a text with a quote", word=token.text)
        elif word == "FILTER" and not (following.text == "(" or following.keyword or following.kind in _NAMES):
            text = Text("the condition of FILTER needs brackets: FILTER(…)")
        elif word in AGGREGATES and following.text == "(" and clauses[-1] in _WITHOUT_AGGREGATES:
            text = Text("an aggregate such as {word} may be in SELECT, HAVING and ORDER BY only", word=word)
        elif word in _PARTS and len(clauses) == 1 and last >= 0 and _PARTS[word] < last:
            text = Text("{word} comes too late; the order is GROUP BY, HAVING, ORDER BY, LIMIT, VALUES", word=word)
        if text is not None:
            return text, token
        if word in _PARTS and len(clauses) == 1:
            last = _PARTS[word]
        if word == "SELECT" or word in _PARTS or word in _WITHOUT_AGGREGATES:
            clauses[-1] = word
    return None


def _undeclared_prefix(found: list[Token]) -> Problem | None:
    declared: set[str] = set()
    for before, token in pairwise([Token(Kind.SIGN, "", 0), *found]):
        prefix = token.text.partition(":")[0]
        if token.kind is Kind.PREFIXED_NAME and before.keyword == "PREFIX":
            declared.add(prefix)
        elif token.kind is Kind.PREFIXED_NAME and prefix not in declared:
            shown = visible(prefix)
            return Text("the prefix {shown}: is not declared; add PREFIX {shown}: <…> at the top", shown=shown), token
    return None


def _relative_iri(found: list[Token]) -> Problem | None:
    for token in found:
        if token.kind is Kind.IRI and not _SCHEME.match(token.text):
            text = Text("{text} is relative; write it in full, or add BASE <…> at the top", text=token.text)
            return text, token
    return None


def _unbalanced(query: str, found: list[Token]) -> Problem | None:
    opened: list[Token] = []
    for token in found:
        if token.kind is Kind.SIGN and token.text in _CLOSING:
            opened.append(token)
        elif token.kind is Kind.SIGN and token.text in _CLOSING.values():
            if not opened:
                return Text("this {text} closes nothing", text=token.text), token
            last = opened.pop()
            if _CLOSING[last.text] != token.text:
                line, column = position(query, last.start)
                text = Text(
                    "this {text} does not close the {text2} of line {line}, column {column}",
                    text=token.text,
                    text2=last.text,
                    line=line,
                    column=column,
                )
                return text, token
    return (Text("this {shown} is never closed", shown=opened[-1].text), opened[-1]) if opened else None


def _no_function(found: list[Token]) -> Problem | None:
    """A word with a bracket behind it that is neither a function nor another word of the grammar."""
    for token, opening in pairwise(found):
        word = token.keyword
        if word and opening.text == "(" and opening.start == token.end and word not in FUNCTIONS | KEYWORDS:
            shown, meant = visible(token.text), _meant(near_functions(word))
            return Text("{shown} is no function of SPARQL{meant}", shown=shown, meant=meant), token
    return None
