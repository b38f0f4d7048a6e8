"""The world that invalid cases patch, made once a session."""

from __future__ import annotations

import pytest
from tests.validation.world import World

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly


@pytest.fixture(scope="session")
def world(assembly: Assembly, content: Content) -> World:
    """The shipped graph; each patch is taken back."""
    return World.of(assembly, content)
