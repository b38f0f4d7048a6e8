"""A portal to examine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.doctor.catalogues import Portal, portal


@pytest.fixture
def served() -> Iterator[Portal]:
    """A server with a catalogue without fault, which a test may break."""
    with portal() as running:
        yield running
