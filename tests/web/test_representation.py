from __future__ import annotations

import gzip

import pytest

from interkommunal.web.representation import Representation, weak_tag
from interkommunal.web.responder import matches

HEADERS = ((b"content-type", b"text/csv"), (b"vary", b"Accept"))


async def test_equal_bytes_have_equal_tags_and_others_do_not() -> None:
    first = await Representation(b"a" * 2000, HEADERS).variant("")
    again = await Representation(b"a" * 2000, HEADERS).variant("")
    other = await Representation(b"b" * 2000, HEADERS).variant("")
    assert first.tag == again.tag
    assert first.tag != other.tag
    assert first.tag.startswith(b'"')


async def test_each_coding_has_its_own_tag_and_length() -> None:
    representation = Representation(b"a" * 2000, HEADERS)
    plain, coded = await representation.variant(""), await representation.variant("gzip")
    assert gzip.decompress(coded.body) == plain.body
    assert coded.tag != plain.tag
    assert (b"content-encoding", b"gzip") in coded.headers
    assert (b"content-length", str(len(coded.body)).encode()) in coded.headers
    assert await representation.variant("gzip") is coded


async def test_a_small_body_is_not_compressed() -> None:
    variant = await Representation(b"a" * 100, HEADERS).variant("gzip, br, zstd")
    assert variant.body == b"a" * 100


@pytest.mark.parametrize(
    ("accept_encoding", "small", "large"),
    [
        ("", None, None),
        ("gzip", None, b"gzip"),
        ("*", None, b"zstd"),
        ("gzip;q=0.5, identity", None, None),
        ("identity;q=0.5, gzip", None, b"gzip"),
        ("gzip, identity;q=0", b"gzip", b"gzip"),
        ("br;q=0.2, *;q=0", b"br", b"br"),
        ("gzip, *;q=0, identity;q=0.1", None, b"gzip"),
        ("identity;q=0", None, None),
        ("gzip;q=0", None, None),
        ("*;q=0", None, None),
    ],
)
async def test_the_coding_is_what_the_client_takes_and_likes_best(
    accept_encoding: str, small: bytes | None, large: bytes | None
) -> None:
    for size, expected in ((100, small), (2000, large)):
        variant = await Representation(b"a" * size, HEADERS).variant(accept_encoding)
        assert dict(variant.headers).get(b"content-encoding") == expected


async def test_304_keeps_what_caches_need_and_no_content_fields() -> None:
    variant = await Representation(b"a", HEADERS).variant("")
    assert variant.not_modified == [(b"vary", b"Accept"), (b"etag", variant.tag)]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (b'"a"', True),
        (b'W/"a"', True),
        (b'"b", "a"', True),
        (b'"b",W/"a"', True),
        (b"*", True),
        (b'"b"', False),
        (b"a", False),
        (b"", False),
    ],
)
def test_a_tag_is_compared_weakly(field: bytes, expected: bool) -> None:
    assert matches(field, b'"a"') is expected
    assert matches(field, b'W/"a"') is expected


def test_a_weak_tag_says_what_was_asked() -> None:
    assert weak_tag("release", "query", ()) == weak_tag("release", "query", ())
    assert weak_tag("release", "query", ()) != weak_tag("release 2", "query", ())
    assert weak_tag("a", "b") != weak_tag("ab")
    assert weak_tag("a").startswith(b'W/"')
