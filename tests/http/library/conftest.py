"""A server over the shipped graph with its query library, started once a session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.http.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, assembly: Assembly, content: Content) -> Iterator[Serving]:
    """A running server over the shipped graph."""
    folder = tmp_path_factory.mktemp("library")
    freeze(assembly, content, folder / "releases")
    with serving(folder / "releases", folder, public_url="https://data.example/ruhr") as running:
        yield running
