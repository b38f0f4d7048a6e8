import gzip

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard

from interkommunal.web.representation import CODINGS, compress, stream_compressor

BODY = b"<http://a.example/s> <http://a.example/p> <http://a.example/o> .\n" * 3000


def undo(coding: str, data: bytes) -> bytes:
    if coding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(data)
    return brotli.decompress(data) if coding == "br" else gzip.decompress(data)


@pytest.mark.parametrize("coding", CODINGS)
def test_a_body_comes_back(coding: str) -> None:
    packed = compress(BODY, coding)
    assert len(packed) < len(BODY) / 20
    assert undo(coding, packed) == BODY


@pytest.mark.parametrize("coding", CODINGS)
def test_a_stream_comes_back_and_its_start_can_be_read_early(coding: str) -> None:
    stream = stream_compressor(coding)
    start = stream.add(BODY[:1000]) + stream.flush()
    assert start
    rest = b"".join(stream.add(BODY[at : at + 5000]) for at in range(1000, len(BODY), 5000))
    assert undo(coding, start + rest + stream.finish()) == BODY
