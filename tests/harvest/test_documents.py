"""A document is made once for each release, whoever asks and however many at once."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.responses import Response
from tests.serving import write_release

from interkommunal.harvest.documents import Documents
from interkommunal.settings import load_settings
from interkommunal.web.cache import AnswerCache
from interkommunal.web.problems import RequestProblem
from interkommunal.web.publication import Publication, ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import Responder

LINE = b'<http://a.example/a> <http://a.example/p> "%s" <http://a.example/g> .\n'


def documents_of(publication: Publication, max_age: int = 0) -> Documents:
    settings = load_settings(cache_max_age=max_age)
    cache = AnswerCache(1 << 20)
    publication.on_change(cache.clear)
    return Documents(publication, Responder(settings, publication, cache))


def asked() -> ClientRequest:
    scope = {"type": "http", "method": "GET", "path": "/a", "query_string": b"", "headers": []}
    return ClientRequest(scope, "de")


def text(body: bytes) -> Representation:
    return Representation(body, data_headers("text/plain", "no-cache"))


def body_of(response: Response) -> bytes:
    return bytes(response.body)


async def test_document_is_made_once_for_all_who_ask_at_the_same_time(tmp_path: Path) -> None:
    documents = documents_of(Publication(write_release(tmp_path, LINE % b"1")))
    made, go = [], threading.Event()

    def make(files: ReleaseFiles) -> Representation:
        go.wait(5)
        made.append(files.release.identifier)
        return text(b"text")

    asking = [asyncio.create_task(documents.answer(asked(), ("a",), make)) for _ in range(5)]
    await asyncio.sleep(0)
    go.set()

    assert [body_of(response) for response in await asyncio.gather(*asking)] == [b"text"] * 5
    assert len(made) == 1


async def test_client_that_hangs_up_does_not_take_the_document_from_the_others(tmp_path: Path) -> None:
    documents = documents_of(Publication(write_release(tmp_path, LINE % b"1")))
    go = threading.Event()

    def make(_: ReleaseFiles) -> Representation:
        go.wait(5)
        return text(b"text")

    gone, waiting = (asyncio.create_task(documents.answer(asked(), ("a",), make)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    go.set()

    assert body_of(await waiting) == b"text"


async def test_document_that_could_not_be_made_is_tried_again(tmp_path: Path) -> None:
    documents = documents_of(Publication(write_release(tmp_path, LINE % b"1")))
    answers: Iterator[OSError | bytes] = iter([OSError("the disk is away"), b"text"])

    def make(_: ReleaseFiles) -> Representation:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return text(answer)

    with pytest.raises(OSError, match="the disk is away"):
        await documents.answer(asked(), ("a",), make)
    assert body_of(await documents.answer(asked(), ("a",), make)) == b"text"


async def test_another_release_gets_documents_of_its_own(tmp_path: Path) -> None:
    publication = Publication(write_release(tmp_path, LINE % b"1"))
    documents = documents_of(publication)

    def make(files: ReleaseFiles) -> Representation:
        return text(files.release.quads.read_bytes())

    first = await documents.answer(asked(), ("a",), make)
    publication.release = write_release(tmp_path, LINE % b"2")
    second = await documents.answer(asked(), ("a",), make)

    assert (body_of(first), body_of(second)) == (LINE % b"1", LINE % b"2")
    assert len(publication.files.versions.kept) == 2


async def test_server_of_another_endpoint_has_no_documents_and_says_why() -> None:
    with pytest.raises(RequestProblem, match="has no release of its own") as caught:
        await documents_of(Publication(None)).answer(asked(), ("a",), lambda _: text(b""))

    assert caught.value.problem.status == 404


@pytest.mark.parametrize(("max_age", "expected"), [(0, "public, no-cache"), (300, "public, max-age=300")])
def test_client_may_keep_a_document_as_long_as_the_operator_says(max_age: int, expected: str) -> None:
    assert documents_of(Publication(None), max_age).responder.cache_control == expected
