"""A server whose links lead to itself, so that clients can follow them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.serving import Serving, serving


@pytest.fixture(scope="session")
def local(library: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A running server over the shipped graph, under its own address."""
    with serving(library.releases, tmp_path_factory.mktemp("local")) as running:
        yield running
