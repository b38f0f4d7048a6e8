"""The files of the ontology as graphs, and the facts of the assembled data beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph

from interkommunal.content import Content
from interkommunal.graph.assemble import assemble
from interkommunal.namespaces import (
    GRAPH_ALIGNMENTS,
    GRAPH_CONCEPTS,
    GRAPH_ONTOLOGY,
    GRAPH_REUSED,
    GRAPH_SHAPES,
)

ROOT = Path(__file__).resolve().parents[2]
VOCABULARY_GRAPHS = {GRAPH_ALIGNMENTS, GRAPH_CONCEPTS, GRAPH_ONTOLOGY, GRAPH_REUSED, GRAPH_SHAPES}


def _read(name: str) -> Graph:
    return Graph().parse(ROOT / "ontology" / name, format="turtle")


@pytest.fixture(scope="session")
def own() -> Graph:
    """Our own terms."""
    return _read("interkommunal.ttl")


@pytest.fixture(scope="session")
def concepts() -> Graph:
    """The code lists."""
    return _read("concepts.ttl")


@pytest.fixture(scope="session")
def reused() -> Graph:
    """The declarations of foreign terms, and of the datatypes of the data."""
    return _read("reused.ttl") + _read("datatypes.ttl")


@pytest.fixture(scope="session")
def alignments() -> Graph:
    """The links to neighbouring vocabularies."""
    return _read("alignments.ttl")


@pytest.fixture(scope="session")
def vocabulary(own: Graph, concepts: Graph, reused: Graph, alignments: Graph) -> Graph:
    """All files of the ontology together."""
    return own + concepts + reused + alignments


@pytest.fixture(scope="session")
def facts() -> Graph:
    """Everything in the assembled graph that is neither vocabulary nor shapes."""
    graph = Graph()
    for subject, predicate, value, name in assemble(Content(ROOT)).dataset.quads():
        if str(name) not in VOCABULARY_GRAPHS:
            graph.add((subject, predicate, value))
    return graph


@pytest.fixture(scope="session")
def everything(vocabulary: Graph, facts: Graph) -> Graph:
    """Vocabulary and facts together."""
    return vocabulary + facts


@pytest.fixture(scope="session")
def context_document() -> dict[str, Any]:
    """The JSON-LD document that holds the context and says its version."""
    found = json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@pytest.fixture(scope="session")
def source_lines() -> list[str]:
    """The lines of the source text; line 1 has the index 0."""
    return (ROOT / "data/sources/grundlagen/text.txt").read_text(encoding="utf-8").split("\n")
