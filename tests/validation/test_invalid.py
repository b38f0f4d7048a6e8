"""Each rule has a patch that violates it and nothing else; README.md here says how to write one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.validation.world import World, rules

from interkommunal.content import Content
from interkommunal.namespaces import SHAPE
from interkommunal.validation.findings import short
from interkommunal.validation.validate import read_checks

HERE = Path(__file__).resolve().parent
INVALID = HERE / "invalid"
CASES = sorted(path.relative_to(INVALID).as_posix() for path in INVALID.rglob("*.ru"))


def rule_of(case: str) -> str:
    """IRI of the shape, or name of the check, that a case is for."""
    name = Path(case).name.partition(".")[0]
    return name if case.startswith("checks/") else f"{SHAPE}{name}"


@pytest.mark.parametrize("case", CASES)
def test_violates_its_rule_and_nothing_else(case: str, world: World) -> None:
    findings = world.findings_after((INVALID / case).read_text(encoding="utf-8"))

    assert {short(finding.rule) for finding in findings} == {short(rule_of(case))}


def test_every_rule_has_an_invalid_case(world: World, content: Content) -> None:
    wanted = rules(world.shapes) | {check.name for check in read_checks(content)}

    assert sorted(map(short, wanted - set(map(rule_of, CASES)))) == []


def test_every_invalid_case_is_for_a_rule_that_exists(world: World, content: Content) -> None:
    wanted = rules(world.shapes) | {check.name for check in read_checks(content)}

    assert sorted(case for case in CASES if rule_of(case) not in wanted) == []
