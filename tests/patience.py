"""How long tests wait before they give up: one factor for all of them, from the environment.

A limit only ends a test that hangs; it measures nothing. ``TEST_PATIENCE`` scales all limits at once: 1 is enough for a
quiet machine, the default leaves room for one that also does other things.
"""

from __future__ import annotations

import os

FACTOR = float(os.environ.get("TEST_PATIENCE", "5"))


def patient(seconds: float) -> float:
    """These seconds of a quiet machine, as long as this one may take."""
    return seconds * FACTOR
