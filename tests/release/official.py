"""The catalogue of a release, and the official shapes to hold it against."""

from __future__ import annotations

from typing import NamedTuple

import pyshacl
from rdflib import Graph
from rdflib.namespace import RDF, SH

from interkommunal.release import gate

CONFORMANCE = gate.SHAPES
EU = (*gate.EU, "dcat-ap-3.0.1/shapes_recommended.ttl")
DE = gate.DE
TERMS = "dcat-ap-de-3.0/vocabulary-terms.ttl"


class Result(NamedTuple):
    """What a shape found: severity, focus node and path without their namespaces."""

    severity: str
    focus: str
    path: str


def results(data: Graph, files: tuple[str, ...]) -> list[Result]:
    """What the shapes in ``files`` find in ``data``, sorted."""
    _, report, _ = pyshacl.validate(data, shacl_graph=gate.shapes(files), inference="none")
    assert isinstance(report, Graph)
    return sorted(
        Result(*(_local(report.value(item, term)) for term in (SH.resultSeverity, SH.focusNode, SH.resultPath)))
        for item in report.subjects(RDF.type, SH.ValidationResult)
    )


def _local(term: object) -> str:
    return str(term).replace("#", "/").rpartition("/")[2]
