"""The shipped graph as a release, a server with all pages over it, a client, and a store to compare with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from tests.patience import patient
from tests.serving import write_release
from tests.site.overviews.house import served

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release


@pytest.fixture(scope="session")
def release(assembly: Assembly, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped graph, frozen once a session."""
    return freeze(assembly, content, tmp_path_factory.mktemp("pages") / "releases")


@pytest.fixture(scope="session")
def url(release: Release, content: Content) -> Iterator[str]:
    """Address of a server over the shipped graph."""
    with served(release, content) as address:
        yield address


@pytest.fixture(scope="session")
def client(url: str) -> Iterator[httpx.Client]:
    """A client that prefers pages, in German, and forgets cookies."""
    headers = {"accept-language": "de", "accept": "text/html"}
    hooks = {"request": [lambda request: request.headers.pop("cookie", None)]}
    with httpx.Client(base_url=url, headers=headers, timeout=patient(60), event_hooks=hooks) as made:
        yield made


@pytest.fixture(scope="session")
def store(release: Release) -> pyoxigraph.Store:
    """The same release in a store of its own."""
    made = pyoxigraph.Store()
    made.bulk_load(path=release.quads)
    return made


@pytest.fixture
def serve_quads(content: Content, tmp_path: Path) -> Iterator[Callable[..., httpx.Client]]:
    """Starts a server over N-Quads of a test and gives a client for it."""
    stops = []

    def start(quads: str, public_url: str | None = None) -> httpx.Client:
        running = served(write_release(tmp_path / "releases", quads.encode()), content, public_url)
        base = running.__enter__()
        made = httpx.Client(
            base_url=base, headers={"accept-language": "de", "accept": "text/html"}, timeout=patient(60)
        )
        stops.append((made, running))
        return made

    yield start
    for made, running in stops:
        made.close()
        running.__exit__(None, None, None)
