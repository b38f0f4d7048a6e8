"""Leaving out the shapes that cannot notice a patch changes no result."""

from __future__ import annotations

import pytest
from tests.validation.test_invalid import CASES, INVALID
from tests.validation.world import World

from interkommunal.validation.findings import in_order

# Validating with every shape takes its time; a few cases of different kinds stand for all.
SAMPLE = [*CASES[:: max(1, len(CASES) // 4)], "checks/missing-label.ru", "checks/untyped-resource.ru"]


@pytest.mark.parametrize("case", sorted(set(SAMPLE)))
def test_all_shapes_find_no_more_than_the_chosen_ones(case: str, world: World) -> None:
    update = (INVALID / case).read_text(encoding="utf-8")

    assert in_order(world.findings_after(update)) == in_order(world.findings_after(update, all_shapes=True))
