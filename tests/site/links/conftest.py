"""The shipped graph as a release, and a whole server over it, which people reach below a path prefix."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release

ADDRESS = "https://daten.example.org/ruhr"


@pytest.fixture(scope="session")
def release(assembly: Assembly, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped graph, frozen once a session."""
    return freeze(assembly, content, tmp_path_factory.mktemp("links") / "releases")


@pytest.fixture(scope="session")
def linked(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server over it. No endpoint that SERVICE may ask exists: the name is reserved (RFC 2606)."""
    folder = tmp_path_factory.mktemp("served")
    services = "https://wikidata.invalid/sparql"
    with serving(release.folder.parent, folder, public_url=ADDRESS, services=services) as running:
        yield running
