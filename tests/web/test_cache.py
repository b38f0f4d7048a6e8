from __future__ import annotations

from interkommunal.web.cache import AnswerCache
from interkommunal.web.representation import Representation


def keep(cache: AnswerCache, key: object, body: bytes, key_bytes: int = 0) -> Representation:
    kept = Representation(body, ((b"content-type", b"text/csv"),), key=key, weight=key_bytes)
    cache.keep(kept)
    return kept


async def test_an_answer_is_found_by_its_semantic_key() -> None:
    cache = AnswerCache(1 << 20)
    kept = keep(cache, ("release", "query"), b"answer", 10)
    assert cache.by_key(("release", "query")) is kept
    assert cache.by_key(("other release", "query")) is None


async def test_an_answer_is_found_by_its_request_key_once_that_is_learnt() -> None:
    cache = AnswerCache(1 << 20)
    entry = keep(cache, "key", b"answer" * 500, 10)
    variant = await entry.variant("gzip")
    request_key = (b"query=x", b"*/*", b"gzip")
    assert cache.by_request(request_key) is None
    cache.keep(entry, request_key, variant)
    assert cache.by_request(request_key) == (entry, variant)
    assert cache.by_request((b"query=x", b"*/*", b"br")) is None


async def test_the_least_recently_used_answers_leave_first() -> None:
    cache = AnswerCache(11_000)
    for number in range(4):
        keep(cache, number, b"x" * 1000, 0)
    assert cache.by_key(0) is not None
    for number in range(4, 8):
        keep(cache, number, b"x" * 1000, 0)
    assert [number for number in range(8) if cache.by_key(number)] == [0, 3, 4, 5, 6, 7]


async def test_the_memory_is_bounded_and_counted() -> None:
    cache = AnswerCache(100_000)
    for number in range(1000):
        entry = keep(cache, number, b"x" * (number % 7) * 1000, 50)
        for coding in ("gzip", "br", "zstd"):
            cache.keep(entry, (b"%d" % number, coding.encode(), b""), await entry.variant(coding))
        assert cache.bytes <= 100_000
    kept = [found for number in range(1000) if (found := cache.by_key(number))]
    assert len(kept) == len(cache)
    assert cache.bytes == sum(found.weight for found in kept)


async def test_request_keys_of_an_answer_that_left_are_forgotten() -> None:
    cache = AnswerCache(10_000)
    entry = keep(cache, "first", b"x" * 2000, 0)
    request_key = (b"query=x", b"", b"")
    cache.keep(entry, request_key, await entry.variant(""))
    for number in range(10):
        keep(cache, number, b"x" * 2000, 0)
    assert cache.by_key("first") is None
    assert cache.by_request(request_key) is None


async def test_an_answer_does_not_replace_another_to_the_same_question() -> None:
    cache = AnswerCache(1 << 20)
    late = keep(cache, "key", b"late")
    cache.clear()
    kept = keep(cache, "key", b"kept")
    cache.keep(late, (b"query=x", b"", b""), await late.variant(""))
    assert cache.by_key("key") is kept
    assert cache.by_request((b"query=x", b"", b"")) is None


async def test_one_answer_does_not_fill_the_cache() -> None:
    cache = AnswerCache(10_000)
    keep(cache, "large", b"x" * 5000, 0)
    assert cache.by_key("large") is None
    assert cache.bytes == 0


async def test_many_request_keys_of_one_answer_do_not_fill_the_cache() -> None:
    cache = AnswerCache(1 << 20)
    entry = keep(cache, "key", b"x", 0)
    variant = await entry.variant("")
    for number in range(10_000):
        cache.keep(entry, (b"%d" % number, b"", b""), variant)
    assert cache.by_request((b"0", b"", b"")) is not None
    assert cache.by_request((b"9999", b"", b"")) is None
    assert cache.bytes < 10_000


async def test_no_memory_means_no_cache() -> None:
    cache = AnswerCache(0)
    keep(cache, "key", b"", 0)
    assert len(cache) == 0


async def test_clearing_forgets_everything() -> None:
    cache = AnswerCache(1 << 20)
    entry = keep(cache, "key", b"x", 0)
    cache.keep(entry, (b"", b"", b""), await entry.variant(""))
    cache.clear()
    assert cache.by_key("key") is None
    assert cache.by_request((b"", b"", b"")) is None
    assert cache.bytes == 0
