"""What a request asks for, whatever answers it: parameters, header fields, language, format.

Parameters of a query string or a form are read in one way at every endpoint. In go percent-encoded bytes, out come
names and values in UTF-8, decoded once. An empty value means that the parameter is absent, and a value given twice
counts once, because clients repeat what they wish (SPARQLWrapper sends ``format`` up to two times, forms send the
fields that nobody filled in).

A response varies by exactly those header fields that somebody looked at to make it (RFC 9110 §12.5.5), so
:class:`ClientRequest` notes each look and :attr:`ClientRequest.vary` tells them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple, TypeVar
from urllib.parse import unquote_to_bytes

import orjson
from starlette.types import Scope

from interkommunal.texts import LANGUAGES, Language, Text
from interkommunal.web.formats import Format, choose, choose_token
from interkommunal.web.problems import Header, Problem, RequestProblem, bad_request, conflicting

T = TypeVar("T")
Pair = tuple[str, str]

_MAX_PAIRS: Final = 2000


class Parameters:
    """What was given, in order, without empty values.

    Args:
        encoded: query string and form body, as they came.

    Raises:
        RequestProblem: 400 if a value is not UTF-8 or there are thousands of parameters.
    """

    def __init__(self, *encoded: bytes) -> None:
        self._values: dict[str, list[str]] = {}
        for raw in encoded:
            for name, value in pairs(raw):
                if value:
                    self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def all(self, name: str) -> tuple[str, ...]:
        """The different values of a parameter that may be repeated."""
        return tuple(dict.fromkeys(self._values.get(name, ())))

    def one(self, name: str) -> str | None:
        """The value of a parameter that has one; ``None`` if it is absent.

        Raises:
            RequestProblem: 400 if there are different values.
        """
        return self.read(name, str)

    def read(self, name: str, reader: Callable[[str], T]) -> T | None:
        """As :meth:`one`, with the value read; values that mean the same are one.

        Args:
            name: of the parameter.
            reader: says what a value means; may raise what it likes.
        """
        meanings = {reader(value): value for value in self.all(name)}
        if len(meanings) > 1:
            raise conflicting(name)
        return next(iter(meanings), None)


def page_number(given: str | None) -> int:
    """The number of a page, from 1; 1 if none is given.

    Raises:
        RequestProblem: 400 for what is no such number.
    """
    if given is not None and not re.fullmatch(r"(?=.{1,9}\Z)0*[1-9][0-9]*", given):
        raise bad_request(Text("The number of a page is 1 or more."), parameter="page")
    return int(given or 1)


def page_count(total: int, per_page: int, number: int) -> int:
    """How many pages ``total`` entries fill, at least 1.

    Raises:
        RequestProblem: 404 if there is no page with this ``number``.
    """
    pages = max(1, -(-total // per_page))
    if number > pages:
        text = Text("The last page has the number {pages}.", pages=pages)
        raise RequestProblem(Problem("not-found", text, {"pages": pages}))
    return pages


def pairs(encoded: bytes) -> list[Pair]:
    """Names and values of a query string or form body, in order, percent-decoded once.

    Raises:
        RequestProblem: 400 if a value is not UTF-8 or there are thousands of parameters.
    """
    if not encoded:
        return []
    if encoded.count(b"&") >= _MAX_PAIRS:
        raise bad_request(Text("The request has thousands of parameters."))
    found = []
    for part in encoded.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            found.append((_unquote(name), _unquote(value)))
    return found


def decode(raw: bytes, what: Text) -> str:
    """``raw`` as UTF-8; ``what`` names it in a message."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise bad_request(Text("From byte {start} on, {what} is not UTF-8.", start=error.start, what=what)) from None


def _unquote(raw: bytes) -> str:
    # Bytes first, then UTF-8 strictly: urllib's own parse_qsl would replace what it cannot decode.
    if b"+" in raw:
        raw = raw.replace(b"+", b" ")
    return decode(unquote(raw) if b"%" in raw else raw, Text("a parameter"))


def unquote(raw: bytes) -> bytes:
    """``raw`` with its percent-encoding decoded; what is no encoding stays as it is (like ``unquote_to_bytes``).

    Ten times as fast as the standard library: in JSON the same is written with a backslash, u and two zeros for the
    percent sign, and a native parser reads that.
    """
    if b'"' not in raw and b"\\" not in raw:
        try:
            return str(orjson.loads(b'"%b"' % raw.replace(b"%", b"\\u00"))).encode("latin-1")
        except (orjson.JSONDecodeError, UnicodeEncodeError):
            pass  # a sign that is no encoding, a control character, or raw UTF-8
    return unquote_to_bytes(raw)


_VARYING: Final = ("Accept", "Accept-Language", "Accept-Encoding", "Cookie")


class Fields(NamedTuple):
    """The header fields that decide about an answer; empty where they are missing."""

    accept: bytes = b""
    accept_encoding: bytes = b""
    if_none_match: bytes = b""
    if_match: bytes = b""
    if_modified_since: bytes = b""
    if_unmodified_since: bytes = b""
    accept_language: bytes = b""
    cookie: bytes = b""

    @classmethod
    def of(cls, headers: Iterable[Header]) -> Fields:
        """Those among all fields of a request; several of one name are joined by a comma (RFC 9110 §5.3)."""
        found = [b""] * len(_NAMES)
        for name, value in headers:
            at = _NAMES.get(name)
            if at is not None:
                found[at] = found[at] + b"," + value if found[at] else value
        return cls(*found)

    @property
    def coding(self) -> str:
        """Value of ``Accept-Encoding`` as text."""
        return self.accept_encoding.decode("latin-1")

    @property
    def is_conditional(self) -> bool:
        """Whether the client wants an answer only under a condition (RFC 9110 §13.1)."""
        return bool(self.if_none_match or self.if_match or self.if_modified_since or self.if_unmodified_since)


_NAMES: Final = {name.replace("_", "-").encode(): at for at, name in enumerate(Fields._fields)}


class ClientRequest:
    """A request as responses are made for it.

    Attributes:
        method: in upper case. path: decoded, without the prefix of the public URL. headers: all fields.
        fields: those that decide about an answer.
        query_string: still percent-encoded.
    """

    def __init__(self, scope: Scope, default: Language, fields: Fields | None = None) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.headers: list[Header] = scope["headers"]
        self.fields = Fields.of(self.headers) if fields is None else fields
        self._wish = _wished_language(self.query_string)
        self._default = default
        self._looked: set[str] = set()

    @property
    def chosen(self) -> bool:
        """Whether the visitor chose the language with ``lang=``."""
        return self._wish is not None

    @property
    def language(self) -> Language:
        """Of the answer: ``lang=``, then the cookie, then ``Accept-Language``; one that we do not have counts not."""
        if self._wish is None:
            self._looked |= {"Accept-Language", "Cookie"}
        return self._language

    @cached_property
    def _language(self) -> Language:
        # Most requests for data never ask for it.
        offers = (self._default, *(item for item in LANGUAGES if item != self._default))
        accepted = choose_token(self.fields.accept_language.decode("latin-1"), offers, prefixes=True)
        return self._wish or _remembered(self.fields.cookie) or _known(accepted) or self._default

    @property
    def accept(self) -> str:
        """Value of ``Accept``; empty if there is none."""
        self._looked.add("Accept")
        return self.fields.accept.decode("latin-1")

    def choose(self, offers: Sequence[Format]) -> Format | None:
        """The offer that the client likes best, or ``None`` if it likes none (406)."""
        return choose(self.accept, offers)

    @property
    def is_head(self) -> bool:
        """Whether only the header is wanted."""
        return self.method == "HEAD"

    @property
    def looked(self) -> str:
        """The header fields that were looked at."""
        return ", ".join(name for name in _VARYING if name in self._looked)

    @property
    def vary(self) -> str:
        """The same, and the coding, which every answer but a problem looks at."""
        return ", ".join(name for name in _VARYING if name in self._looked or name == "Accept-Encoding")


def language_cookie(language: Language, prefix: str) -> Header:
    """The only cookie: it remembers the language that a visitor chose."""
    return (b"set-cookie", f"lang={language}; Path={prefix}/; Max-Age=31536000; SameSite=Lax; HttpOnly".encode())


def _remembered(cookie: bytes) -> Language | None:
    """The language that a ``Cookie`` field remembers."""
    found = re.search(rb"(?:^|[;,]\s*)lang=(\w+)(?:[;,]|$)", cookie) if cookie else None
    return _known(found[1].decode("latin-1")) if found else None


def _wished_language(query_string: bytes) -> Language | None:
    """What ``lang=`` of a query string asks for, also of one that is otherwise broken."""
    found = re.findall(rb"(?:^|&)lang=(\w+)(?=&|$)", query_string) if b"lang=" in query_string else ()
    return next((language for language in LANGUAGES if language.encode() in found), None)


def _known(name: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == name), None)
