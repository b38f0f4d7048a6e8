"""Where pyoxigraph differs from SPARQL 1.1. A test that fails here means that a new version has mended something.

Then take the row out of "Known limits of the engine" in ``docs/endpoint.md``, and the case here. That ``ORDER BY`` can
crash the engine is held in ``test_ending``.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from tests.engine.conftest import EX, ask

from interkommunal.engine.engine import Engine
from interkommunal.sparql.query import CSV, RESULTS_JSON

MENDED = "pyoxigraph has mended this: take the limit out of docs/endpoint.md"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "endpoint.md").read_text(encoding="utf-8")
LIMITS = DOCUMENT.partition("## Known limits of the engine")[2].partition("\n## ")[0]
XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    "query",
    [
        "ASK { <urn:x> <urn:p>* <urn:x> }",
        "ASK { <urn:x> <urn:p>? <urn:x> }",
        "ASK { <urn:x> (<urn:p>|<urn:q>)* ?x }",
        "ASK { ?x <urn:p>?/<urn:q>? <urn:x> }",
        "ASK { ?x <urn:p>* 42424242 }",
        "ASK { VALUES ?y { <urn:x> } ?y <urn:p>* ?x }",
    ],
)
async def test_a_path_of_length_zero_does_not_match_a_term_outside_of_the_graph(engine: Engine, query: str) -> None:
    assert '"boolean":false' in await ask(engine, query, RESULTS_JSON), MENDED


async def test_a_path_of_length_zero_matches_a_term_of_the_graph(engine: Engine) -> None:
    assert '"boolean":true' in await ask(engine, f"ASK {{ <{EX}essen> <urn:p>* <{EX}essen> }}", RESULTS_JSON)


@pytest.mark.parametrize(
    ("expression", "given", "right"),
    [
        ("STR(01)", "1", "01"),
        ("STR(1.50)", "1.5", "1.50"),
        ("STR(1e0)", "1", "1e0"),
        (f"STR('1'^^<{XSD}boolean>)", "true", "1"),
        (f"STR('2010-01-01T00:00:00.000Z'^^<{XSD}dateTime>)", "2010-01-01T00:00:00Z", "2010-01-01T00:00:00.000Z"),
        ("SAMETERM(1, 01)", "true", "false"),
    ],
)
async def test_values_lose_their_spelling(engine: Engine, expression: str, given: str, right: str) -> None:
    [[value]] = list(csv.reader([(await ask(engine, f"SELECT ({expression} AS ?x) {{}}", CSV)).splitlines()[1]]))
    assert value == given, MENDED if value == right else "neither what is documented nor what SPARQL 1.1 demands"


async def test_the_examples_of_the_documentation_are_true(engine: Engine) -> None:
    [path, spelling, _] = re.findall(r"^\|[^|]+\| `((?:ASK|SELECT)[^`]+)` \| `?([^|`]+)`? \|", LIMITS, re.MULTILINE)
    assert (path[1], spelling[1]) == ("false", "1.5")
    assert f'"boolean":{path[1]}' in await ask(engine, path[0], RESULTS_JSON), MENDED
    assert await ask(engine, spelling[0]) == f"s\r\n{spelling[1]}\r\n", MENDED
