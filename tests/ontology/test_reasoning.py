"""OWL 2 DL, OWL 2 RL, and consistency of the ontology together with all facts.

The OWL API checks the profiles, HermiT searches for a model, owlrl applies the rules of OWL 2 RL. Each of the three is
also shown a broken copy, which it must find broken.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import owlrl  # type: ignore[import-untyped, unused-ignore]
import pytest
from rdflib import OWL, RDF, RDFS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from interkommunal.namespaces import IK, PREFIXES

Examine = Callable[..., dict[str, Any]]

ik = Namespace(IK)
agreement = Namespace(PREFIXES["agreement"])
city = Namespace(PREFIXES["city"])
cv = Namespace(PREFIXES["cv"])
schema = Namespace(PREFIXES["schema"])
signature = Namespace(PREFIXES["signature"])

OWL_API = Path(__file__).parent / "owl_api.py"
# owlrl reports a clash as an individual of this class.
CLASH = URIRef("http://www.daml.org/2002/03/agents/agent-ont#ErrorMessage")


def require_java() -> None:
    """Skip with a reason where a part is missing; where ``CI`` is set nothing may be missing."""
    missing = [] if shutil.which("java") else ["java (Debian: default-jre-headless)"]
    missing += [name for name in ("jpype", "owlready2") if importlib.util.find_spec(name) is None]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"the reasoner needs {' and '.join(missing)}")
    assert not missing


@pytest.fixture
def examine(tmp_path: Path) -> Examine:
    """What the OWL API and HermiT say about a graph."""
    require_java()

    def run(graph: Graph, *words: str) -> dict[str, Any]:
        file = tmp_path / "ontology.rdf"
        graph.serialize(file, format="xml")
        done = subprocess.run([sys.executable, OWL_API, file, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        answer = json.loads(done.stdout)
        assert isinstance(answer, dict)
        return answer

    return run


def with_plain_dates(graph: Graph) -> Graph:
    """A copy with strings for the datatypes outside the OWL 2 datatype map, at which HermiT and OWL 2 RL stop."""
    foreign: set[Node] = {
        *(URIRef(f"{PREFIXES['xsd']}{name}") for name in ("date", "gYear")),
        URIRef(f"{PREFIXES['edtf']}EDTF"),
        URIRef(f"{PREFIXES['geo']}wktLiteral"),
    }
    copy = Graph()
    for subject, predicate, value in graph:
        if subject in foreign:
            continue
        plain = Literal(str(value)) if isinstance(value, Literal) and value.datatype in foreign else value
        copy.add((subject, predicate, plain))
    return copy


def closure(graph: Graph) -> Graph:
    """A copy with everything that the rules of OWL 2 RL add."""
    copy = Graph()
    copy += graph
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(copy)
    return copy


@pytest.fixture(scope="module")
def closed(everything: Graph) -> Graph:
    """Everything, and what the rules of OWL 2 RL add to it."""
    return closure(everything)


def test_the_ontology_and_all_facts_are_owl_2_dl_and_rl_and_have_a_model(everything: Graph, examine: Examine) -> None:
    assert examine(with_plain_dates(everything)) == {"DL": [], "RL": [], "consistent": True, "unsatisfiable": []}


def test_with_its_own_datatypes_it_stays_in_owl_2_dl_and_leaves_rl_by_them_alone(
    everything: Graph, examine: Examine
) -> None:
    answer = examine(everything, "profiles")
    assert answer["DL"] == []
    assert {line.partition(":")[0] for line in answer["RL"]} == {"Use of data range not in profile"}


def test_a_property_of_two_kinds_is_found_to_leave_owl_2_dl(vocabulary: Graph, examine: Examine) -> None:
    broken = with_plain_dates(vocabulary)
    broken.add((ik.party, RDF.type, OWL.DatatypeProperty))
    violations = examine(broken)["DL"]
    assert f"Cannot pun between properties: <{ik.party}>Declaration(ObjectProperty(<{ik.party}>))" in violations


def test_a_foreign_class_that_nobody_declared_is_found_to_leave_owl_2_dl(vocabulary: Graph, examine: Examine) -> None:
    broken = with_plain_dates(vocabulary)
    broken.remove((schema.City, None, None))
    (violation,) = examine(broken)["DL"]
    assert violation.startswith(f"Use of undeclared class: <{schema.City}>")


def test_a_functional_property_over_the_chain_is_found_to_leave_owl_2_dl(vocabulary: Graph, examine: Examine) -> None:
    broken = with_plain_dates(vocabulary)
    broken.add((ik.involves, RDF.type, OWL.FunctionalProperty))
    assert len(examine(broken)["DL"]) == 1


def test_a_union_as_super_class_is_found_to_leave_owl_2_rl(vocabulary: Graph, examine: Examine) -> None:
    broken = with_plain_dates(vocabulary)
    broken.parse(
        format="turtle",
        data=f"""
        @prefix ik: <{IK}> .
        @prefix owl: <{OWL}> .
        @prefix rdfs: <{RDFS}> .
        ik:City rdfs:subClassOf [ a owl:Class ; owl:unionOf ( ik:Agreement ik:Goal ) ] .
        """,
    )
    answer = examine(broken)
    assert answer["DL"] == []
    assert len(answer["RL"]) == 1


def test_a_city_that_is_an_agreement_is_found_inconsistent_once_both_are_disjoint(
    everything: Graph, examine: Examine
) -> None:
    broken = with_plain_dates(everything)
    broken.add((ik.City, OWL.disjointWith, ik.Agreement))
    assert examine(broken)["consistent"] is True
    broken.add((city.essen, RDF.type, ik.Agreement))
    assert examine(broken)["consistent"] is False


def test_a_class_below_two_disjoint_ones_is_found_unsatisfiable(vocabulary: Graph, examine: Examine) -> None:
    broken = with_plain_dates(vocabulary)
    broken.add((ik.City, OWL.disjointWith, ik.Agreement))
    broken.add((ik.Forum, RDFS.subClassOf, ik.City))
    broken.add((ik.Forum, RDFS.subClassOf, ik.Agreement))
    assert examine(broken)["unsatisfiable"] == [str(ik.Forum)]


def test_the_rules_of_owl_2_rl_find_no_clash_in_the_facts(closed: Graph) -> None:
    assert list(closed.subjects(RDF.type, CLASH)) == []


def test_no_domain_or_range_makes_a_signature_entry_of_something_else(closed: Graph) -> None:
    assert {str(node) for node in closed.subjects(RDF.type, ik.SignatureEntry)} == {
        str(signature[f"ruhr-{name}"])
        for name in (
            "bochum",
            "bottrop",
            "dortmund",
            "duisburg",
            "essen",
            "gelsenkirchen",
            "herne",
            "muelheim",
            "oberhausen",
        )
    }


def test_the_rules_of_owl_2_rl_find_the_clash_in_a_broken_copy(vocabulary: Graph) -> None:
    broken = with_plain_dates(vocabulary)
    broken.add((ik.City, OWL.disjointWith, ik.Agreement))
    broken.add((city.essen, RDF.type, ik.City))
    broken.add((city.essen, RDF.type, ik.Agreement))
    assert len(list(closure(broken).subjects(RDF.type, CLASH))) == 1


def test_taking_part_in_a_role_makes_somebody_involved_but_not_a_party(vocabulary: Graph) -> None:
    graph = with_plain_dates(vocabulary)
    part = URIRef(f"{PREFIXES['participation']}example")
    graph.add((agreement.example, cv.hasParticipation, part))
    graph.add((part, cv.hasParticipant, city.essen))
    closed = closure(graph)
    assert (agreement.example, ik.involves, city.essen) in closed
    assert (agreement.example, ik.party, city.essen) not in closed


def test_a_first_signatory_is_a_party_and_the_city_is_party_to_the_agreement(vocabulary: Graph) -> None:
    graph = with_plain_dates(vocabulary)
    graph.add((agreement.example, ik.firstSignatory, city.essen))
    closed = closure(graph)
    assert (agreement.example, ik.party, city.essen) in closed
    assert (city.essen, ik.partyTo, agreement.example) in closed


def test_what_is_possibly_the_same_is_never_merged(vocabulary: Graph) -> None:
    graph = with_plain_dates(vocabulary)
    one, two, three = (URIRef(f"{PREFIXES['work']}{name}") for name in ("one", "two", "three"))
    graph.add((one, ik.possiblySameAs, two))
    graph.add((two, ik.possiblySameAs, three))
    closed = closure(graph)
    assert (two, ik.possiblySameAs, one) in closed
    assert (one, ik.possiblySameAs, three) not in closed
    assert (one, OWL.sameAs, two) not in closed


def test_equal_printed_names_do_not_make_two_entries_one(closed: Graph) -> None:
    assert (signature["ruhr-oberhausen"], OWL.sameAs, signature["ruhr-muelheim"]) not in closed
    assert (signature["ruhr-gelsenkirchen"], OWL.sameAs, signature["ruhr-bottrop"]) not in closed
