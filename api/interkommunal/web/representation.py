"""Complete answers as they leave: header fields, entity tag, and one variant for each content coding.

An entity tag is the hash of the bytes it stands for, so it is exact by construction: equal tags, equal bytes
(RFC 9110 §8.8.3, strong comparison).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final, NamedTuple

from interkommunal.web.compression import choose_coding, compress_aside
from interkommunal.web.problems import Header

# What a script on another site may read, without credentials; and what it may send.
CORS: Final[tuple[Header, ...]] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Retry-After, Content-Language, Content-Disposition, Answer-Rows-Limit, Answer-Cut",
    ),
)
PLAIN: Final = "identity"
# Memory that an answer takes besides its bytes: header fields and objects.
_OVERHEAD: Final = 600
_OF_CONTENT: Final = frozenset(
    {b"content-type", b"content-language", b"content-disposition", b"content-length", b"content-encoding"}
)


class Variant(NamedTuple):
    """An answer in one content coding, ready to be sent.

    Attributes:
        headers: header fields of the 200.
        body: the bytes.
        tag: the entity tag, with its quotation marks.
    """

    headers: list[Header]
    body: bytes
    tag: bytes

    @property
    def not_modified(self) -> list[Header]:
        """Header fields of the 304 (RFC 9110 §15.4.5)."""
        return [item for item in self.headers if item[0] not in _OF_CONTENT]


@dataclass(slots=True)
class Representation:
    """A complete answer in all codings that somebody asked for so far.

    Attributes:
        body: the answer without coding.
        headers: header fields that do not depend on the coding; without length, tag and coding.
        rows: rows or triples, for the log.
        digest, media_type, form: of the query and its answer, for the log.
        weight: bytes held, about; grows with each coding.
    """

    body: bytes
    headers: tuple[Header, ...]
    rows: int | None = None
    digest: str = ""
    media_type: str = "-"
    form: str = "-"
    weight: int = 0
    _variants: dict[str, Variant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weight = len(self.body) + _OVERHEAD

    async def variant(self, accept_encoding: str | None) -> Variant:
        """The variant for a client with this ``Accept-Encoding`` field."""
        coding = PLAIN
        if accept_encoding:
            coding = choose_coding(accept_encoding, len(self.body)) or PLAIN
        found = self._variants.get(coding)
        if found is None:
            body = self.body
            if coding != PLAIN:
                body = await compress_aside(self.body, coding)
                self.weight += len(body) + _OVERHEAD
            found = self._variants[coding] = _variant(body, coding, self.headers)
        return found


def _variant(body: bytes, coding: str, headers: Sequence[Header]) -> Variant:
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode()
    full = [*headers, (b"etag", tag), (b"content-length", b"%d" % len(body))]
    if coding != PLAIN:
        full.append((b"content-encoding", coding.encode()))
    return Variant(full, body, tag)


def weak_tag(*parts: object) -> bytes:
    """A weak entity tag for an answer that is too large to be hashed before it leaves: it names what was asked."""
    return f'W/"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'.encode()


def matches(if_none_match: bytes, tag: bytes) -> bool:
    """Whether the client has it already (RFC 9110 §13.1.2, weak comparison)."""
    opaque = tag.removeprefix(b"W/")
    for item in if_none_match.split(b","):
        given = item.strip()
        if given == b"*" or given.removeprefix(b"W/") == opaque:
            return True
    return False
