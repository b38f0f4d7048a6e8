from __future__ import annotations

import pytest

from interkommunal.validation.findings import Finding, in_order, short, violations


@pytest.mark.parametrize(
    ("iri", "shown"),
    [
        ("https://w3id.org/interkommunal/id/city/essen", "city:essen"),
        ("https://w3id.org/interkommunal/id/passage/grundlagen/L019.4", "p:L019.4"),
        (
            "https://w3id.org/interkommunal/id/passage/other/L019",
            "<https://w3id.org/interkommunal/id/passage/other/L019>",
        ),
        ("https://w3id.org/interkommunal/ontology#City", "ik:City"),
        ("https://example.org/x", "<https://example.org/x>"),
        ("missing-label", "missing-label"),
    ],
)
def test_iri_is_shown_as_people_write_it(iri: str, shown: str) -> None:
    assert short(iri) == shown


def finding(severity: str, rule: str = "rule") -> Finding:
    return Finding(severity, {"de": "x", "en": "y"}, "urn:focus", None, rule)  # type: ignore[arg-type]


def test_findings_are_in_order_and_each_once() -> None:
    note, warning, violation = finding("info"), finding("warning"), finding("violation")

    assert in_order([note, violation, warning, violation]) == (violation, warning, note)


def test_only_violations_stop_a_build() -> None:
    assert violations([finding("info"), finding("violation"), finding("warning")]) == (finding("violation"),)
