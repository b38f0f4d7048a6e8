"""Complete answers as they leave: header fields, entity tag, and one variant for each content coding.

An entity tag is the hash of the bytes it stands for, so it is exact by construction: equal tags, equal bytes
(RFC 9110 §8.8.3, strong comparison).

Content codings are zstd, Brotli and gzip, for whole bodies and for streams, at levels at which a busy server still
gains: a mebibyte of JSON takes 5 to 15 ms. Large bodies are compressed in a thread, so that other requests do not wait.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import blake2b
from typing import Final, NamedTuple

import brotli  # type: ignore[import-untyped]
import zstandard

from interkommunal.web.formats import choose_token
from interkommunal.web.problems import Header

# Our favourite first: zstd is the fastest at the same size.
CODINGS: Final = ("zstd", "br", "gzip")

# Smaller bodies fit into one packet anyway.
WORTHWHILE: Final = 1024
_THREAD_FROM: Final = 32 * 1024
PLAIN: Final = "identity"


def choose_coding(accept_encoding: str, size: int | None = None) -> str | None:
    """The coding of :data:`CODINGS` for a client with this ``Accept-Encoding`` field (RFC 9110 §12.5.3), if any.

    Args:
        accept_encoding: value of the field.
        size: bytes of the body; a small one is only compressed for a client that does not take it plain.
    """
    if size is not None and size < WORTHWHILE:
        names_plain = PLAIN in accept_encoding or "*" in accept_encoding
        if not names_plain or choose_token(accept_encoding, (PLAIN,)) is not None:
            return None
    # A client that likes it plain best says so by name.
    chosen = choose_token(accept_encoding, (*CODINGS, PLAIN))
    return None if chosen == PLAIN else chosen


class StreamCompressor(NamedTuple):
    """Compresses a stream piece by piece: ``add`` gives the bytes that are ready after a piece, maybe none.

    ``flush`` gives everything taken so far, so that a reader sees it now, and ``finish`` the end of the stream.
    """

    add: Callable[[bytes], bytes]
    flush: Callable[[], bytes]
    finish: Callable[[], bytes]


def compress(body: bytes, coding: str) -> bytes:
    """``body`` in one of :data:`CODINGS`; the same bytes for the same body."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=3).compress(body)
    if coding == "br":
        return bytes(brotli.compress(body, quality=4))
    return gzip.compress(body, 5, mtime=0)


def stream_compressor(coding: str) -> StreamCompressor:
    """A compressor for a stream in one of :data:`CODINGS`."""
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(level=1).compressobj()
        return StreamCompressor(zstd.compress, lambda: zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK), zstd.flush)
    if coding == "br":
        compressor = brotli.Compressor(quality=2)
        return StreamCompressor(compressor.process, compressor.flush, compressor.finish)
    deflate = zlib.compressobj(1, zlib.DEFLATED, 31)
    return StreamCompressor(deflate.compress, lambda: deflate.flush(zlib.Z_SYNC_FLUSH), deflate.flush)


NO_SNIFF: Final[Header] = (b"x-content-type-options", b"nosniff")
# What a script on another site may read, without credentials; and what it may send.
CORS: Final[tuple[Header, ...]] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"ETag, Link, Retry-After, Content-Language, Content-Disposition, Answer-Rows-Limit, Answer-Cut",
    ),
)
# Memory that an answer takes besides its bytes: header fields, objects and its key.
_OVERHEAD: Final = 800
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


@dataclass(slots=True, eq=False)
class Representation:
    """A complete answer in all codings that somebody asked for so far.

    Attributes:
        body: the answer without coding.
        headers: header fields that depend on neither coding nor request; without length, tag and coding.
        modified: when it changed last, if that is known.
        rows: rows or triples, for the log.
        digest, media_type, form: of the query and its answer, for the log.
        key: what was asked, if it can be kept. request_keys: of the requests that led to it.
        weight: bytes held, about; grows with each coding and request key.
    """

    body: bytes
    headers: tuple[Header, ...]
    rows: int | None = None
    digest: str = ""
    media_type: str = "-"
    form: str = "-"
    modified: datetime | None = None
    key: Hashable = None
    request_keys: list[tuple[bytes, bytes, bytes]] = field(default_factory=list)
    weight: int = 0
    _variants: dict[str, Variant] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.weight += len(self.body) + _OVERHEAD

    @property
    def has_language(self) -> bool:
        """Whether it is written in a language that a visitor may have chosen."""
        return any(name == b"content-language" for name, _ in self.headers)

    async def variant(self, accept_encoding: str) -> Variant:
        """The variant for a client with this ``Accept-Encoding`` field."""
        coding = choose_coding(accept_encoding, len(self.body)) or PLAIN if accept_encoding else PLAIN
        found = self._variants.get(coding)
        if found is not None:
            return found
        body = self.body
        if coding != PLAIN:
            aside = len(body) >= _THREAD_FROM
            body = await asyncio.to_thread(compress, body, coding) if aside else compress(body, coding)
        tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'.encode()
        headers = [*self.headers, (b"etag", tag), (b"content-length", b"%d" % len(body))]
        if self.modified is not None:
            headers.append((b"last-modified", http_time(self.modified)))
        if coding != PLAIN:
            headers.append((b"content-encoding", coding.encode()))
            self.weight += len(body) + _OVERHEAD
        found = self._variants[coding] = Variant(headers, body, tag)
        return found


def weak_tag(*parts: object) -> bytes:
    """A weak entity tag for an answer that is too large to be hashed before it leaves: it names what was asked."""
    return f'W/"{blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'.encode()
