"""A server over two versions of a graph of a handful of statements."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.graph.small import make_content
from tests.release.frozen import EDITORIAL, ESSEN, LABEL, QUADS, TYPE, assembly_of
from tests.serving import Serving, serving

from interkommunal.namespaces import IK
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions

ADDRESS = "https://daten.example.org/ruhr"
CITY = Quad(ESSEN, TYPE, NamedNode(f"{IK}City"), EDITORIAL)
FRENCH = Quad(ESSEN, LABEL, Literal("Essen", language="fr"), EDITORIAL)


@pytest.fixture(scope="session")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server whose newer release has one statement more; people reach it at :data:`ADDRESS`."""
    folder: Path = tmp_path_factory.mktemp("harvested")
    content = make_content(folder / "content")
    for quads in ((*QUADS, CITY), (*QUADS, CITY, FRENCH)):
        freeze(assembly_of(*quads), content, folder / "releases")
    operator = {"operator_name": "Stadt Essen", "operator_email": "daten@essen.example"}
    with serving(folder / "releases", folder, public_url=ADDRESS, **operator) as running:
        yield running


@pytest.fixture
def kept(harvested: Serving) -> tuple[Release, Release]:
    """The older and the newer release."""
    old, new = Versions.read(harvested.releases).kept
    return old, new
