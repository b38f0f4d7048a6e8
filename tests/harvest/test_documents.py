"""A document is made once for each release, whoever asks and however many at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving import write_release

from interkommunal.harvest.documents import Documents, Shelf
from interkommunal.web.problems import RequestProblem
from interkommunal.web.publication import Publication

LINE = b'<http://a.example/a> <http://a.example/p> "%s" <http://a.example/g> .\n'


async def test_document_is_made_once_for_all_who_ask_at_the_same_time(tmp_path: Path) -> None:
    documents = Documents(Publication(write_release(tmp_path, LINE % b"1")), 0)
    made, go = [], threading.Event()

    def make(shelf: Shelf) -> bytes:
        go.wait(5)
        made.append(shelf.release.identifier)
        return b"text"

    asking = [asyncio.create_task(documents.get("a", "text/plain", make)) for _ in range(5)]
    await asyncio.sleep(0)
    go.set()

    assert [document.body for document in await asyncio.gather(*asking)] == [b"text"] * 5
    assert len(made) == 1


async def test_client_that_hangs_up_does_not_take_the_document_from_the_others(tmp_path: Path) -> None:
    documents = Documents(Publication(write_release(tmp_path, LINE % b"1")), 0)
    go = threading.Event()

    def make(_: Shelf) -> bytes:
        go.wait(5)
        return b"text"

    gone, waiting = (asyncio.create_task(documents.get("a", "text/plain", make)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    go.set()

    assert (await waiting).body == b"text"


async def test_document_that_could_not_be_made_is_tried_again(tmp_path: Path) -> None:
    documents = Documents(Publication(write_release(tmp_path, LINE % b"1")), 0)
    answers: Iterator[OSError | bytes] = iter([OSError("the disk is away"), b"text"])

    def make(_: Shelf) -> bytes:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    with pytest.raises(OSError, match="the disk is away"):
        await documents.get("a", "text/plain", make)
    assert (await documents.get("a", "text/plain", make)).body == b"text"


async def test_another_release_gets_documents_of_its_own(tmp_path: Path) -> None:
    publication = Publication(write_release(tmp_path, LINE % b"1"))
    documents = Documents(publication, 0)

    def make(shelf: Shelf) -> bytes:
        return shelf.release.quads.read_bytes()

    first = await documents.get("a", "text/plain", make)
    publication.release = write_release(tmp_path, LINE % b"2")
    second = await documents.get("a", "text/plain", make)

    assert (first.body, second.body) == (LINE % b"1", LINE % b"2")
    assert len(documents.shelf.versions.kept) == 2


async def test_server_of_another_endpoint_has_no_documents_and_says_why() -> None:
    with pytest.raises(RequestProblem, match="has no release of its own") as caught:
        await Documents(Publication(None), 0).get("a", "text/plain", lambda _: b"")

    assert caught.value.problem.status == 404


async def test_client_may_keep_a_document_as_long_as_the_operator_says(tmp_path: Path) -> None:
    publication = Publication(write_release(tmp_path, LINE % b"1"))
    fields = [
        dict((await Documents(publication, age).get("a", "text/plain", lambda _: b"")).headers) for age in (0, 300)
    ]

    assert [field[b"cache-control"] for field in fields] == [b"public, no-cache", b"public, max-age=300"]
