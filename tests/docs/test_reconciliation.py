"""The pages about reconciliation do what they say: every request has the answer that stands below it."""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.docs.blocks import DOCS, Block, blocks
from tests.patience import patient
from tests.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze

_HERE = "http://127.0.0.1:8000"
_PAGES = ("reconciliation.md", "reconciliation.de.md")
_REQUESTS = {
    f"{page}:{request.line}": (request, answer)
    for page in _PAGES
    for request, answer in zip(blocks(DOCS / page, "sh"), blocks(DOCS / page, "json"), strict=True)
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, assembly: Assembly, content: Content) -> Iterator[Serving]:
    folder: Path = tmp_path_factory.mktemp("reconciliation")
    freeze(assembly, content, folder / "releases")
    with serving(folder / "releases", folder) as running:
        yield running


@pytest.mark.parametrize(("request_", "answer"), _REQUESTS.values(), ids=_REQUESTS)
def test_request_has_the_answer_below_it(server: Serving, request_: Block, answer: Block) -> None:
    command = shlex.split(request_.code.replace(_HERE, server.url))
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=patient(60))

    assert json.loads(done.stdout) == json.loads(answer.code)


def test_every_page_has_requests() -> None:
    assert [sum(name.startswith(f"{page}:") for name in _REQUESTS) for page in _PAGES] == [4, 1]
