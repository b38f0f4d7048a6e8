"""Content codings of answers: zstd, Brotli and gzip, for whole bodies and for streams.

Levels are those at which a busy server still gains: a mebibyte of JSON takes 5 to 15 ms. Large bodies are compressed in
a thread, so that other requests do not wait.
"""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from typing import Final, Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

from interkommunal.web.negotiation import choose_token

# Our favourite first: zstd is the fastest at the same size.
CODINGS: Final = ("zstd", "br", "gzip")

# Smaller bodies fit into one packet anyway.
WORTHWHILE: Final = 1024
_THREAD_FROM: Final = 32 * 1024
_PLAIN: Final = "identity"


def choose_coding(accept_encoding: str, size: int | None = None) -> str | None:
    """The coding of :data:`CODINGS` for a client with this ``Accept-Encoding`` field (RFC 9110 §12.5.3), if any.

    Args:
        accept_encoding: value of the field.
        size: bytes of the body; a small one is only compressed for a client that does not take it plain.
    """
    if size is not None and size < WORTHWHILE:
        names_plain = _PLAIN in accept_encoding or "*" in accept_encoding
        if not names_plain or choose_token(accept_encoding, (_PLAIN,)) is not None:
            return None
    # A client that likes it plain best says so by name.
    chosen = choose_token(accept_encoding, (*CODINGS, _PLAIN))
    return None if chosen == _PLAIN else chosen


class StreamCompressor(Protocol):
    """Compresses a stream piece by piece."""

    def add(self, piece: bytes) -> bytes:
        """Compressed bytes that are ready after ``piece``; may be empty."""

    def flush(self) -> bytes:
        """Everything taken so far, so that a reader sees it now."""

    def finish(self) -> bytes:
        """The end of the stream."""


def compress(body: bytes, coding: str) -> bytes:
    """``body`` in one of :data:`CODINGS`; the same bytes for the same body."""
    if coding == "zstd":
        return zstandard.ZstdCompressor(level=3).compress(body)
    if coding == "br":
        return bytes(brotli.compress(body, quality=4))
    return gzip.compress(body, 5, mtime=0)


async def compress_aside(body: bytes, coding: str) -> bytes:
    """As :func:`compress`; a large body in a thread."""
    if len(body) < _THREAD_FROM:
        return compress(body, coding)
    return await asyncio.to_thread(compress, body, coding)


def stream_compressor(coding: str) -> StreamCompressor:
    """A compressor for a stream in one of :data:`CODINGS`."""
    return _STREAMS[coding]()


class _Zstd:
    def __init__(self) -> None:
        self._inner = zstandard.ZstdCompressor(level=1).compressobj()

    def add(self, piece: bytes) -> bytes:
        return self._inner.compress(piece)

    def flush(self) -> bytes:
        return self._inner.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def finish(self) -> bytes:
        return self._inner.flush()


class _Brotli:
    def __init__(self) -> None:
        self._inner = brotli.Compressor(quality=2)

    def add(self, piece: bytes) -> bytes:
        return bytes(self._inner.process(piece))

    def flush(self) -> bytes:
        return bytes(self._inner.flush())

    def finish(self) -> bytes:
        return bytes(self._inner.finish())


class _Gzip:
    def __init__(self) -> None:
        self._inner = zlib.compressobj(1, zlib.DEFLATED, 31)

    def add(self, piece: bytes) -> bytes:
        return self._inner.compress(piece)

    def flush(self) -> bytes:
        return self._inner.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._inner.flush()


_STREAMS: Final[dict[str, Callable[[], StreamCompressor]]] = {"zstd": _Zstd, "br": _Brotli, "gzip": _Gzip}
