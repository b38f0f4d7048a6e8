"""The shipped graph as a release, a server over it, and a store to compare its answers with."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pyoxigraph
import pytest
from tests.site.overviews.house import served

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release


@pytest.fixture(scope="session")
def release(assembly: Assembly, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped graph, frozen once a session."""
    return freeze(assembly, content, tmp_path_factory.mktemp("overviews") / "releases")


@pytest.fixture(scope="session")
def url(release: Release, content: Content) -> Iterator[str]:
    """Address of a server over the shipped graph."""
    with served(release, content) as address:
        yield address


@pytest.fixture(scope="session")
def client(url: str) -> Iterator[httpx.Client]:
    """A client in German that forgets cookies."""
    headers = {"accept-language": "de", "accept": "text/html"}
    hooks = {"request": [lambda request: request.headers.pop("cookie", None)]}
    with httpx.Client(base_url=url, headers=headers, timeout=30, event_hooks=hooks) as made:
        yield made


@pytest.fixture(scope="session")
def store(release: Release) -> pyoxigraph.Store:
    """The same release in a store of its own."""
    made = pyoxigraph.Store()
    made.bulk_load(path=release.quads)
    return made
