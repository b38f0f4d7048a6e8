"""The questions of the library name the terms that they use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rdflib import RDF, XSD, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Literal

from interkommunal.graph.library import LibraryQuery, read_library, using
from interkommunal.namespaces import CONCEPT, IK, PREFIXES

LIBRARY = read_library(Path(__file__).resolve().parents[2] / "queries" / "library")


def iris(part: object) -> Iterator[str]:
    """The IRIs in the algebra of a query, as rdflib reads it."""
    if isinstance(part, URIRef):
        yield str(part)
    elif isinstance(part, Literal):
        if part.datatype and part.datatype not in (XSD.string, XSD.integer, XSD.boolean):
            yield str(part.datatype)
    elif isinstance(part, CompValue):
        for name, value in part.items():
            if name not in ("_vars", "PV", "datasetClause"):
                yield from iris(value)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield from iris(key)
            yield from iris(value)
    elif isinstance(part, list | tuple | set | frozenset):
        for value in part:
            yield from iris(value)
    elif hasattr(part, "args"):
        yield from iris(part.args)
    elif hasattr(part, "arg"):
        yield from iris(part.arg)
    elif hasattr(part, "path"):
        yield from iris(part.path)


@pytest.mark.parametrize("query", LIBRARY, ids=lambda query: query.name)
def test_terms_are_those_that_a_parser_finds(query: LibraryQuery) -> None:
    parsed = set(iris(prepareQuery(query.text).algebra))
    asked = {PREFIXES[item.of.partition(":")[0]] + item.of.partition(":")[2] for item in query.parameters if item.of}

    assert query.terms - asked - {str(RDF.type)} == parsed - asked - {str(RDF.type)}


def test_questions_are_found_by_a_term_that_they_use() -> None:
    found = [query.name for query in using(LIBRARY, f"{IK}NotModelledLine")]

    assert found == ["coverage-of-the-text", "lines-not-modelled"]
    assert using(LIBRARY, f"{IK}Nothing") == ()
    # By its scheme a question takes a concept as its parameter.
    assert [query.name for query in using(LIBRARY, f"{CONCEPT}role")] == ["cities-and-their-agreements"]
