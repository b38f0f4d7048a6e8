"""A server for tests that only read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.http.serving import Serving, serving, write_release

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze

QUADS = b"""\
<http://a.example/bochum> <http://a.example/name> "Bochum"@de <http://a.example/g1> .
<http://a.example/bochum> <http://a.example/motto> "a, \\"b\\"\\nc" <http://a.example/g1> .
<http://a.example/essen> <http://a.example/name> "Essen"@de <http://a.example/g2> .
""" + b"".join(
    b'<http://a.example/item/%d> <http://a.example/text> "a text that is long enough to fill a line, number %d" '
    b"<http://a.example/many> .\n" % (number, number)
    for number in range(20_000)
)


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A running server over :data:`QUADS` with default settings."""
    folder: Path = tmp_path_factory.mktemp("served")
    write_release(folder / "releases", QUADS)
    with serving(folder / "releases", folder, admin_token="a-token-of-enough-characters") as running:
        yield running


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, assembly: Assembly, content: Content) -> Iterator[Serving]:
    """A running server over the shipped graph with its query library."""
    folder = tmp_path_factory.mktemp("library")
    freeze(assembly, content, folder / "releases")
    with serving(folder / "releases", folder, public_url="https://data.example/ruhr") as running:
        yield running
