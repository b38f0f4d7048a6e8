"""The shipped graph in both engines, filled once a session."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from tests.queries.answers import to_store

from interkommunal.graph.assemble import Assembly


@pytest.fixture(scope="session")
def store(assembly: Assembly) -> ox.Store:
    """The shipped graph in Oxigraph."""
    return to_store(assembly.dataset)
