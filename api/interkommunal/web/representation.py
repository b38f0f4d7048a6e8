"""Complete answers as they leave: header fields, entity tag, and one variant for each content coding.

An entity tag is the hash of the bytes it stands for, so it is exact by construction: equal tags, equal bytes
(RFC 9110 §8.8.3, strong comparison).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Final, NamedTuple

from interkommunal.web.compression import choose_coding, compress_aside
from interkommunal.web.problems import Header

NO_SNIFF: Final[Header] = (b"x-content-type-options", b"nosniff")
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


def data_headers(content_type: str, cache_control: str, *further: Header) -> tuple[Header, ...]:
    """The header fields of data, which scripts on other sites may read."""
    return (
        (b"content-type", content_type.encode()),
        (b"cache-control", cache_control.encode()),
        NO_SNIFF,
        *CORS,
        *further,
    )


def http_time(moment: datetime) -> bytes:
    """A moment as header fields write it (RFC 9110 §5.6.7); their clock has whole seconds."""
    return format_datetime(moment.astimezone(UTC), usegmt=True).encode()


class Variant(NamedTuple):
    """An answer in one content coding, ready to be sent.

    Attributes:
        headers: header fields of the 200, except ``Vary``, which depends on the request.
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
        headers: header fields that depend on neither coding nor request; without length, tag and coding.
        modified: when it changed last, if that is known.
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
    modified: datetime | None = None
    weight: int = 0
    _variants: dict[str, Variant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weight = len(self.body) + _OVERHEAD

    @property
    def has_language(self) -> bool:
        """Whether it is written in a language that a visitor may have chosen."""
        return any(name == b"content-language" for name, _ in self.headers)

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
            found = self._variants[coding] = self._coded(body, coding)
        return found

    def _coded(self, body: bytes, coding: str) -> Variant:
        tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode()
        full = [*self.headers, (b"etag", tag), (b"content-length", b"%d" % len(body))]
        if self.modified is not None:
            full.append((b"last-modified", http_time(self.modified)))
        if coding != PLAIN:
            full.append((b"content-encoding", coding.encode()))
        return Variant(full, body, tag)


def weak_tag(*parts: object) -> bytes:
    """A weak entity tag for an answer that is too large to be hashed before it leaves: it names what was asked."""
    return f'W/"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'.encode()
