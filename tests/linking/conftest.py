"""A real ``oxigraph serve`` with a slice of Wikidata, the mapping sets without that of Wikidata, and our things."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.engine.servers import oxigraph
from tests.linking import wikidata

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.graph.mapping_set import MappingSet
from interkommunal.graph.reference import AUTHORITIES, Authority
from interkommunal.linking.endpoint import Endpoint, Manners
from interkommunal.linking.things import Thing, things

WIKIDATA = AUTHORITIES[0]
EMPTY = MappingSet(WIKIDATA, ())


@pytest.fixture(scope="session")
def slice_iri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The IRI of an endpoint over the slice."""
    folder = tmp_path_factory.mktemp("wikidata")
    wikidata.write(folder / "slice.nt")
    with oxigraph(folder / "slice.nt", folder / "store") as iri:
        yield iri


@pytest.fixture
def endpoint(slice_iri: str) -> Endpoint:
    return asking(slice_iri)


def asking(iri: str) -> Endpoint:
    """An endpoint that is asked without pauses."""
    return Endpoint(iri, manners=Manners(pause=0))


@pytest.fixture(scope="session")
def ours(assembly: Assembly) -> list[Thing]:
    """Our things."""
    return things(assembly.dataset)


@pytest.fixture
def unlinked(content: Content, tmp_path: Path) -> Content:
    """A copy of the mapping sets, that of Wikidata left out."""
    shutil.copytree(content.data / "links", tmp_path / "data" / "links")
    (tmp_path / "data" / "links" / "wikidata.sssom.tsv").unlink()
    return Content(tmp_path)


@pytest.fixture
def of() -> Authority:
    return WIKIDATA
