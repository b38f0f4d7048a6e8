"""The catalogue of a release, and the official shapes to hold it against."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyshacl
from rdflib import Graph, Namespace
from rdflib.namespace import OWL, RDF

CONFORMANCE = Path(__file__).resolve().parents[1] / "conformance"
SH = Namespace("http://www.w3.org/ns/shacl#")

EU = ("dcat-ap-3.0.1/dcat-ap-SHACL.ttl", "dcat-ap-3.0.1/shapes_recommended.ttl")
DE = tuple(
    f"dcat-ap-de-3.0/{name}.ttl"
    for name in (
        "dcat-ap-3.0.0-SHACL",
        "dcat-ap-SHACL-DE",
        "dcat-ap-de-deprecated",
        "dcat-ap-spec-german-additions",
        "dcat-ap-de-controlledvocabularies",
    )
)
TERMS = "dcat-ap-de-3.0/vocabulary-terms.ttl"


class Result(NamedTuple):
    """What a shape found: severity, focus node and path without their namespaces."""

    severity: str
    focus: str
    path: str


@cache
def shapes(files: tuple[str, ...]) -> Graph:
    """The shapes in these files of the conformance folder."""
    graph = Graph()
    for file in files:
        graph.parse(CONFORMANCE / file)
    graph.remove((None, OWL.imports, None))
    for shape, part in list(graph.subject_objects(SH.property)):
        if (part, SH.path, None) not in graph:
            graph.remove((shape, SH.property, part))
    return graph


def results(data: Graph, files: tuple[str, ...]) -> list[Result]:
    """What the shapes in ``files`` find in ``data``, sorted."""
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes(files), inference="none")
    assert isinstance(report, Graph)
    return sorted(
        Result(*(_local(report.value(item, term)) for term in (SH.resultSeverity, SH.focusNode, SH.resultPath)))
        for item in report.subjects(RDF.type, SH.ValidationResult)
    )


def _local(term: object) -> str:
    return str(term).replace("#", "/").rpartition("/")[2]
