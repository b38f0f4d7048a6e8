"""What a request asks for, whatever answers it: header fields, language, format, and what of them was looked at.

A response varies by exactly those header fields that somebody looked at to make it (RFC 9110 §12.5.5), so this object
notes each look and :attr:`ClientRequest.vary` tells them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple, TypeVar

from starlette.types import Scope

from interkommunal.texts import LANGUAGES, Language
from interkommunal.web.negotiation import Offer, choose, choose_token
from interkommunal.web.parameters import wished_language
from interkommunal.web.problems import Header

COOKIE: Final = "lang"
_NAMES: Final = {
    name: at
    for at, name in enumerate(
        (
            b"accept",
            b"accept-encoding",
            b"if-none-match",
            b"if-match",
            b"if-modified-since",
            b"if-unmodified-since",
            b"accept-language",
            b"cookie",
        )
    )
}
_VARYING: Final = ("Accept", "Accept-Language", "Accept-Encoding", "Cookie")
OfferT = TypeVar("OfferT", bound=Offer)


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


class ClientRequest:
    """A request as responses are made for it.

    Attributes:
        method: in upper case. path: decoded, without the prefix of the public URL. headers: all fields.
        fields: those that decide about an answer.
        query_string: still percent-encoded.
        chosen: whether the visitor chose the language with ``lang=``.
    """

    def __init__(self, scope: Scope, default: Language, fields: Fields | None = None) -> None:
        self.method: str = scope["method"]
        self.path: str = scope["path"]
        self.query_string: bytes = scope["query_string"]
        self.headers: list[Header] = scope["headers"]
        self.fields = Fields.of(self.headers) if fields is None else fields
        wish = wished_language(self.query_string)
        self.chosen = wish is not None
        self._language = choose_language(
            wish or _remembered(self.fields.cookie), self.fields.accept_language.decode("latin-1"), default
        )
        self._looked: set[str] = set()

    @property
    def language(self) -> Language:
        """Of the answer: ``lang=``, then the cookie, then ``Accept-Language``."""
        if not self.chosen:
            self._looked |= {"Accept-Language", "Cookie"}
        return self._language

    @property
    def accept(self) -> str:
        """Value of ``Accept``; empty if there is none."""
        self._looked.add("Accept")
        return self.fields.accept.decode("latin-1")

    def choose(self, offers: Sequence[OfferT]) -> OfferT | None:
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


def choose_language(wish: str | None, accept_language: str | None, default: Language) -> Language:
    """The language of an answer for people.

    Args:
        wish: what was chosen before, which comes first; a language that we do not have is passed over.
        accept_language: value of the ``Accept-Language`` field.
        default: for clients that prefer neither.
    """
    for language in LANGUAGES:
        if wish == language:
            return language
    offers = (default, *(item for item in LANGUAGES if item != default))
    chosen = choose_token(accept_language, offers, prefixes=True)
    return next((language for language in LANGUAGES if language == chosen), default)


def language_cookie(language: Language, prefix: str) -> Header:
    """The only cookie: it remembers the language that a visitor chose."""
    value = f"{COOKIE}={language}; Path={prefix}/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    return (b"set-cookie", value.encode())


def _remembered(cookie: bytes) -> str | None:
    """The language that a ``Cookie`` field remembers."""
    found = re.search(rb"(?:^|[;,]\s*)lang=(\w+)(?:[;,]|$)", cookie) if cookie else None
    return found[1].decode("latin-1") if found else None
