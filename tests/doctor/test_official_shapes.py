"""Catalogues held against the official shapes: what they find is told, unless a rule has said it more plainly."""

from __future__ import annotations

import pytest
from tests.doctor.catalogues import Portal, catalogue, dataset

from interkommunal.doctor.diagnosis import Diagnosis, Options, examine
from interkommunal.doctor.examinations import quality

ESSEN = "https://stadt.example/dataset/baeume"


def told(served: Portal, old: str, new: str) -> list[tuple[str, str, str]]:
    """Code, subject and sentence of each finding when a text of the catalogue is another."""
    text = catalogue(served.root)
    assert old in text
    served.serve(text.replace(old, new))
    diagnosis = examine(served.address, Options(links=False))
    return [(item.rule.code, item.subject, item.says("en")) for item in diagnosis.findings]


def test_value_of_the_wrong_kind_is_a_violation(served: Portal) -> None:
    found = told(served, "dcat:contactPoint <https://stadt.example/#kontakt> ;", 'dcat:contactPoint "the office" ;')

    assert {(code, subject) for code, subject, _ in found} == {("shape-violated", ESSEN)}
    assert all(sentence.startswith("DCAT-AP") and "the office" in sentence for _, _, sentence in found)


def test_property_that_is_no_longer_used_is_a_warning(served: Portal) -> None:
    found = told(
        served, 'dcat:keyword "Stadt"@de ;', 'dcat:keyword "Stadt"@de ; dcatde:geocodingDescription "Essen"@de ;'
    )

    assert {(code, subject) for code, subject, _ in found} == {("shape-warns", ESSEN)}
    assert "dcatde:geocodingDescription" in found[0][2]


def test_what_a_rule_said_is_not_said_again(served: Portal) -> None:
    found = told(served, 'dct:description "Alles über Baeume."@de ;', "")

    assert [(code, subject) for code, subject, _ in found] == [("property-mandatory", ESSEN)]


def test_illegal_iri_does_not_stop_the_shapes(served: Portal) -> None:
    found = told(
        served,
        "dcat:contactPoint <https://stadt.example/#kontakt> ;",
        'dcat:contactPoint "the office" ; dct:relation <https://stadt.example/a b> ;',
    )

    assert {code for code, _, _ in found} == {"iri-illegal", "shape-violated"}


def test_catalogue_that_is_too_large_is_told(served: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "MOST_TRIPLES", 10)
    diagnosis = examine(served.address, Options(links=False))

    assert [item.rule.code for item in diagnosis.findings] == ["shapes-not-run"]


def test_violations_cost_the_points_for_conformity(served: Portal) -> None:
    def conformity(diagnosis: Diagnosis) -> float:
        return next(item.won for item in diagnosis.points if item.indicator.in_("en") == "conforms to DCAT-AP")

    assert conformity(examine(served.address, Options(links=False))) == 30
    text = catalogue(served.root, dataset(served.root)).replace(
        "dcat:contactPoint <https://stadt.example/#kontakt> ;", 'dcat:contactPoint "the office" ;'
    )
    served.serve(text)
    assert conformity(examine(served.address, Options(links=False))) == 0
