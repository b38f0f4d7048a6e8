"""A catalogue that portals would refuse stops the build and says what is wrong; the release in force stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from tests.release.frozen import QUADS, assembly_of

from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.namespaces import PREFIXES
from interkommunal.release import gate
from interkommunal.release.catalogue import Operator, catalogue
from interkommunal.release.datasets import SERVICES
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions

ADDRESS = "https://daten.example.org/ruhr"
CITY = Operator(
    "Stadt Essen", "https://www.essen.de/", "daten@essen.example", "http://dcat-ap.de/def/contributors/openNRW"
)
GRAPH = NamedNode("https://w3id.org/interkommunal/dataset/graph")
Breaking = Callable[[Triple], Triple | None]


def listed(release: Release, versions: Versions, operator: Operator = CITY) -> list[Triple]:
    return catalogue(release, versions, ADDRESS, operator, SERVICES)


def lacking(subject: str, prefix: str, name: str) -> Breaking:
    def broken(triple: Triple) -> Triple | None:
        gone = triple.subject == NamedNode(subject) and triple.predicate.value == f"{PREFIXES[prefix]}{name}"
        return None if gone else triple

    return broken


def without_licence(triple: Triple) -> Triple | None:
    about = str(triple.subject).endswith("#graph.nq>")
    return None if about and triple.predicate.value == f"{PREFIXES['dcterms']}license" else triple


def with_a_text_for_a_theme(triple: Triple) -> Triple | None:
    is_theme = triple.subject == GRAPH and triple.predicate.value == f"{PREFIXES['dcat']}theme"
    return Triple(triple.subject, triple.predicate, Literal("Verwaltung")) if is_theme else triple


@pytest.mark.parametrize("operator", [CITY, Operator()], ids=["a city", "nobody said who"])
def test_catalogue_with_all_services_passes(operator: Operator, shipped: Release) -> None:
    triples = listed(shipped, Versions.read(shipped.folder.parent), operator)

    gate.admit(triples)
    assert [item for item in gate.findings(triples) if item.severity == "Violation"] == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lacking(GRAPH.value, "dcterms", "title"), f"DCAT-AP 3.0.1: {GRAPH.value} dcterms:title: "),
        (lacking(GRAPH.value, "dcterms", "publisher"), f"DCAT-AP.de 3.0: {GRAPH.value} dcterms:publisher: "),
        (lacking(f"{ADDRESS}/catalog", "dcterms", "description"), f"DCAT-AP 3.0.1: {ADDRESS}/catalog dcterms:descript"),
        (without_licence, f"DCAT-AP.de 3.0: {ADDRESS}/catalog#graph.nq dcterms:license: "),
        (with_a_text_for_a_theme, f"{GRAPH.value} dcat:theme: "),
    ],
    ids=["title", "publisher", "description", "licence", "theme"],
)
def test_build_whose_catalogue_is_broken_is_refused_and_the_release_in_force_stays(
    broken: Breaking, said: str, releases: Path, release: Release, small_content: Content
) -> None:
    def admit(unfinished: Release, versions: Versions) -> None:
        gate.admit(made for triple in listed(unfinished, versions) if (made := broken(triple)) is not None)

    with pytest.raises(ReleaseError) as caught:
        freeze(assembly_of(*QUADS[:3]), small_content, releases, gate=admit)

    assert str(caught.value).startswith("portals would refuse the catalogue (")
    assert "the release in force stays" in str(caught.value)
    assert said in str(caught.value)
    assert Release.open(releases) == release
    assert [path.name for path in releases.iterdir() if path.name.startswith(".unfinished")] == []


def test_build_whose_catalogue_conforms_comes_into_force(
    releases: Path, release: Release, small_content: Content
) -> None:
    newer = freeze(
        assembly_of(*QUADS[:3]), small_content, releases, gate=lambda made, kept: gate.admit(listed(made, kept))
    )

    assert Release.open(releases) == newer != release
