"""What a public query may do: the one place that decides.

In: query text. Out: a verdict with the query form and its needs, or a refusal that names the rule. Rules:

update        only SELECT, ASK, CONSTRUCT and DESCRIBE; no update operation
service       ``SERVICE`` only to endpoints on the list, by their exact IRI, never to a variable
ambiguous     the text reads differently for different parsers in a way that could hide a ``SERVICE``
function      functions through which an endpoint of a certain make reaches out (``bif:``, ``sql:``), where one is asked

Parsers read the same text differently, and the guard must not be fooled by the laxest. pyoxigraph, for one, needs no
space after a keyword (``SERVICEa:b { … }`` calls ``a:b``) and reads ``?a<?b#>`` as a comparison and a comment where the
grammar says IRI. So a query in which the word SERVICE could hide is refused, rightly read or not; whoever means no harm
can write it plainly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple

from cachetools import LRUCache

from interkommunal.errors import QueryRefused, QuerySyntaxError, QueryTooLarge
from interkommunal.normal import visible
from interkommunal.sparql.query import WIKIDATA_SERVICES, Form, Inspection
from interkommunal.sparql.tokens import (
    Kind,
    Token,
    expand,
    has_escapes,
    has_harmless_escapes,
    iris,
    masked,
    normal_query,
    position,
    tokens,
)
from interkommunal.texts import Text

# Deeper nesting overflows the stack of recursive parsers; pyoxigraph dies at about a thousand.
MAX_DEPTH: Final = 256
# A query with SERVICE is read token by token in Python, which takes about a microsecond a token. So is one with
# codepoint escapes outside strings.
MAX_FEDERATED_CHARS: Final = 1 << 16
# Verdicts kept, and the longest query kept with its verdict.
_REMEMBERED: Final = 2048
_REMEMBERED_CHARS: Final = 8192

_UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH", "MODIFY")
)
_SPACE: Final = r"(?:[\x20\t\r\n]+|\#[^\r\n]*)*+"
_NAME_SPACE: Final = r"(?P<prefix>[^\W\d_](?:[\w.-]*[\w-])?)?:"
_DECLARATION: Final = re.compile(
    rf"""{_SPACE} (?: (?:PREFIX) {_SPACE} {_NAME_SPACE} {_SPACE} <(?P<iri>[^<>"{{}}|^`\x00-\x20]*)>
        | BASE {_SPACE} <[^<>"{{}}|^`\x00-\x20]*>
        | VERSION {_SPACE} (?: "[^"\\\r\n]*" | '[^'\\\r\n]*' ) )""",
    re.VERBOSE | re.IGNORECASE,
)
_FIRST_WORD: Final = re.compile(rf"{_SPACE}(?P<word>[\w\u00ad\u200b-\u200f\u2060\ufeff]*)", re.VERBOSE)
_FROM: Final = re.compile(r"(?<![\w?$:.\-%])from(?![\w:.\-])", re.IGNORECASE)
_DEPTHS: Final = {"{": 1, "(": 1, "[": 1, "}": -1, ")": -1, "]": -1}
_NO_BRACKETS: Final = re.compile(r"[^{}()\[\]]+")
_LONE_RETURN: Final = re.compile(r"\r(?!\n)")
_ABSOLUTE: Final = re.compile(r"<([A-Za-z][A-Za-z0-9+.-]*):(//)?")


class Verdict(NamedTuple):
    """A query that may run: what it is, and the text to run.

    Its strings are in normal form, and codepoint escapes are expanded where they must be.
    """

    inspection: Inspection
    text: str


@dataclass(slots=True)
class Guard:
    """Judges queries and remembers its verdicts.

    Args:
        services: exact IRIs that ``SERVICE`` may name.
        max_chars: longest query.
        refused_schemes: prefixes and IRI schemes of functions that reach out of the endpoint that is asked.
    """

    services: tuple[str, ...] = WIKIDATA_SERVICES
    max_chars: int = 1 << 20
    refused_schemes: tuple[str, ...] = ()
    _verdicts: LRUCache[str, Verdict] = field(default_factory=lambda: LRUCache(_REMEMBERED), repr=False)
    # The last one of a long query, which is judged more than once while it is being answered.
    _long: tuple[str, Verdict] | None = field(default=None, repr=False)

    def judge(self, query: str) -> Verdict:
        """Whether ``query`` may run.

        Raises:
            QueryRefused: it breaks a rule.
            QuerySyntaxError: it has no query form.
            QueryTooLarge: it is too long or nested too deep.
        """
        verdict = self._verdicts.get(query)
        if verdict is None and self._long is not None and self._long[0] is query:
            return self._long[1]
        if verdict is None:
            verdict = self._judge(query)
            if len(query) > _REMEMBERED_CHARS:
                self._long = (query, verdict)
            else:
                self._verdicts[query] = verdict
        return verdict

    def _judge(self, query: str) -> Verdict:
        if len(query) > self.max_chars:
            raise QueryTooLarge(
                f"the query has {len(query)} characters; at most {self.max_chars} are accepted", limit="query"
            )
        if not query.isascii():
            try:
                query.encode()
            except UnicodeEncodeError as error:
                told = Text("the query holds half a surrogate pair, which is no character")
                raise QuerySyntaxError(told, *position(query, error.start)) from None
            query = normal_query(query)
        if not has_escapes(query) or has_harmless_escapes(query):
            return Verdict(self._read(query), query)
        return self._judge_escaped(query)

    def _judge_escaped(self, query: str) -> Verdict:
        """Judge every reading of the escapes; those that are well-formed must tell the same."""
        if len(query) > MAX_FEDERATED_CHARS:
            raise QueryTooLarge(
                f"a query with codepoint escapes outside strings may have {MAX_FEDERATED_CHARS} characters; this one "
                f"has {len(query)}",
                limit="query",
            )
        readings: list[Verdict] = []
        problem: QuerySyntaxError | None = None
        for text in dict.fromkeys((query, expand(query, pairs=True), expand(query, pairs=False))):
            try:
                tokens(text)
                readings.append(Verdict(self._read(text), text))
            except QuerySyntaxError as error:
                problem = problem or error
        if not readings:
            raise problem or QuerySyntaxError(Text("the query is empty"))
        if any(reading.inspection != readings[0].inspection for reading in readings):
            told = Text("the codepoint escapes make this query ambiguous; write it without them")
            raise QueryRefused(told, "ambiguous")
        return readings[0]

    def _read(self, text: str) -> Inspection:
        prefixes, body = _prologue(text)
        form = _form(text, body)
        upper = text.upper()
        services: tuple[str, ...] = ()
        has_dataset = False
        # Most queries hold neither word and few brackets; blanking strings would cost more than all the rest.
        if "SERVICE" in upper or "FROM" in upper or _openings(text) > MAX_DEPTH:
            plain = masked(text)
            _refuse_depth(plain)
            has_dataset = _FROM.search(plain) is not None
            if "SERVICE" in upper:
                _refuse_hiding_places(text, prefixes)
                if "SERVICE" in plain.upper():
                    services = self._services(text, prefixes)
        if self.refused_schemes:
            self._refuse_schemes(text)
        return Inspection(form, services, tuple(prefixes), has_dataset)

    def _services(self, text: str, prefixes: list[tuple[str, str]]) -> tuple[str, ...]:
        """The endpoints that ``text`` names after SERVICE, each once, and each allowed."""
        if len(text) > MAX_FEDERATED_CHARS:
            raise QueryTooLarge(
                f"a query with SERVICE may have {MAX_FEDERATED_CHARS} characters; this one has {len(text)}",
                limit="query",
            )
        found = tokens(text)
        endpoints: dict[str, None] = {}
        for index, token in enumerate(found):
            told: Text | None = None
            if token.keyword == "SERVICE":
                silent = index + 1 < len(found) and found[index + 1].keyword == "SILENT"
                endpoint = _named(found[index + 1 + silent : index + 2 + silent], prefixes)
                if endpoint is None:
                    told = Text("SERVICE must name its endpoint by an IRI, not by a variable")
                elif endpoint not in self.services:
                    listed = ", ".join(f"<{service}>" for service in self.services)
                    no_other = Text("this endpoint asks no other")
                    way_out = Text("allowed are {listed}", listed=listed) if listed else no_other
                    told = Text("SERVICE to <{endpoint}> is not allowed; {way_out}", endpoint=endpoint, way_out=way_out)
                else:
                    endpoints[endpoint] = None
            elif _may_hide_service(found, index):
                told = Text("write SERVICE as a word of its own")
            if told is not None:
                raise QueryRefused(_placed(*position(text, token.start), told), "service")
        return tuple(endpoints)

    def _refuse_schemes(self, text: str) -> None:
        plain = masked(text)
        for scheme in self.refused_schemes:
            names = re.search(rf"(?<![\w.-]){scheme}\s*:", plain, re.IGNORECASE)
            if names or any(iri.lower().startswith(f"<{scheme}:") for iri in iris(text)):
                told = Text("functions of {scheme}: may not be used here", scheme=scheme)
                raise QueryRefused(told, "function")


def _prologue(text: str) -> tuple[list[tuple[str, str]], int]:
    """The prefixes that ``text`` declares, in order, and where its prologue ends."""
    prefixes: list[tuple[str, str]] = []
    offset = 0
    while match := _DECLARATION.match(text, offset):
        if match["iri"] is not None:
            prefixes.append((match["prefix"] or "", match["iri"]))
        offset = match.end()
    return prefixes, offset


def _form(text: str, offset: int) -> Form:
    """The query form that begins at ``offset``."""
    match = _FIRST_WORD.match(text, offset)
    word = match["word"] if match else ""
    try:
        return Form(word.lower())
    except ValueError:
        pass
    line, column = position(text, match.start("word") if match else offset)
    upper = word.upper()
    if upper in _UPDATES:
        told = Text("{upper} changes data; only queries run here", upper=upper)
        raise QueryRefused(_placed(line, column, told), "update")
    if upper in ("PREFIX", "BASE"):
        shown = "PREFIX name: <…>" if upper == "PREFIX" else "BASE <…>"
        told = Text("this declaration cannot be read; write {shown} with an IRI without spaces", shown=shown)
    elif word:
        told = Text("here SELECT, ASK, CONSTRUCT or DESCRIBE must stand, not {seen!r}", seen=visible(word[:40]))
    else:
        told = Text("here SELECT, ASK, CONSTRUCT or DESCRIBE must stand")
    raise QuerySyntaxError(told, line, column)


def _openings(text: str) -> int:
    return text.count("{") + text.count("(") + text.count("[")


def _refuse_depth(plain: str) -> None:
    if _openings(plain) <= MAX_DEPTH:
        return
    depth = max(accumulate(map(_DEPTHS.__getitem__, _NO_BRACKETS.sub("", plain))))
    if depth > MAX_DEPTH:
        raise QueryTooLarge(f"the query nests {depth} brackets; at most {MAX_DEPTH} are accepted", limit="query")


def _refuse_hiding_places(text: str, prefixes: list[tuple[str, str]]) -> None:
    """Refuse what some parsers take for the end or the begin of a comment and others do not.

    What follows would be hidden from us or from them. Comments end at a lone carriage return by the grammar, but not
    for rdflib. An IRI with a hash can be read as ``<``, an operand and a comment by a parser without a tokeniser,
    unless it has a scheme and ``//``: after the name before a colon no expression goes on with two slashes.
    """
    if _LONE_RETURN.search(text):
        told = Text("the query has a carriage return without a line feed; end lines with a line feed")
        raise QueryRefused(told, "ambiguous")
    declared = {prefix.lower() for prefix, _ in prefixes}
    for iri in iris(text):
        match = _ABSOLUTE.match(iri)
        if "#" in iri and (match is None or (not match[2] and match[1].lower() in declared)):
            told = Text(
                "{iri} can be read as a comparison and a comment; write the IRI in full or a space after <", iri=iri
            )
            raise QueryRefused(told, "ambiguous")


def _may_hide_service(found: list[Token], index: int) -> bool:
    """Whether a parser that needs no space after keywords may see SERVICE in the token at ``index``."""
    token = found[index]
    if "SERVICE" not in token.text.upper():
        return False
    if token.kind in (Kind.WORD, Kind.LANGUAGE):
        return True
    if token.kind is not Kind.PREFIXED_NAME or "SERVICE" not in token.text.partition(":")[0].upper():
        return False
    followed = index + 1 < len(found) and found[index + 1].text == "{"
    before = found[index - 1].keyword if index else ""
    return followed and before not in ("GRAPH", "SERVICE", "SILENT")


def _named(target: list[Token], prefixes: list[tuple[str, str]]) -> str | None:
    """The IRI that is the one token of ``target``; ``None`` where there is none, or it is no IRI.

    It is the prefixed name itself where no prefix, or more than one, is declared for it.
    """
    if not target or target[0].kind not in (Kind.IRI, Kind.PREFIXED_NAME):
        return None
    name = target[0].text
    if target[0].kind is Kind.IRI:
        return name[1:-1]
    prefix, _, local = name.partition(":")
    namespaces = [iri for declared, iri in prefixes if declared == prefix]
    return namespaces[0] + re.sub(r"\\(.)", r"\1", local) if len(namespaces) == 1 else name


def _placed(line: int, column: int, told: Text) -> Text:
    return Text("line {line}, column {column}: {told}", line=line, column=column, told=told)
