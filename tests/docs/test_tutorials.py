"""The tutorials do what they say: every query has the rows and every Python cell the output that stands below it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import URIRef
from rdflib.query import ResultRow
from tests.docs.blocks import DOCS, Block, blocks
from tests.patience import patient
from tests.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import PREFIXES
from interkommunal.release.freeze import freeze
from interkommunal.validation.findings import short

_INTRODUCTIONS = {
    f"{page.name}:{block.line}": block
    for page in sorted((DOCS / "tutorials").glob("sparql*.md"))
    for block in blocks(page, "sparql")
}
_HERE = "http://127.0.0.1:8000"

# Runs the cells of a page in one namespace, as a notebook does, and tells what each prints.
_NOTEBOOK = """
import contextlib, io, json, sys
namespace, printed = {}, []
for cell in json.load(sys.stdin):
    stream = io.StringIO()
    with contextlib.redirect_stdout(stream):
        exec(cell, namespace)
    printed.append(stream.getvalue())
print(json.dumps(printed))
"""


@pytest.fixture(scope="module")
def store(assembly: Assembly) -> pyoxigraph.Store:
    found = pyoxigraph.Store()
    quads = assembly.dataset.serialize(format="nquads", encoding="utf-8")
    found.bulk_load(quads, format=pyoxigraph.RdfFormat.N_QUADS)
    # As the server has it: the union in the default graph, each statement once.
    found.bulk_extend(
        [pyoxigraph.Quad(q.subject, q.predicate, q.object) for q in found.quads_for_pattern(None, None, None)]
    )
    return found


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, assembly: Assembly, content: Content) -> Iterator[Serving]:
    folder: Path = tmp_path_factory.mktemp("tutorials")
    freeze(assembly, content, folder / "releases")
    with serving(folder / "releases", folder) as running:
        yield running


@pytest.mark.parametrize("name", _INTRODUCTIONS)
def test_query_of_the_introduction_has_the_rows_below_it_on_pyoxigraph(name: str, store: pyoxigraph.Store) -> None:
    block = _INTRODUCTIONS[name]
    solutions = store.query(block.code, prefixes=PREFIXES)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    names = [variable.value for variable in solutions.variables]

    rows = [[_cell(row[name]) for name in names] for row in solutions]

    assert [names, *rows] == block.table


@pytest.mark.parametrize("name", _INTRODUCTIONS)
def test_query_of_the_introduction_has_the_rows_below_it_on_rdflib(name: str, assembly: Assembly) -> None:
    block = _INTRODUCTIONS[name]
    result = assembly.dataset.query(block.code, initNs=PREFIXES)

    rows = [["" if value is None else _shown(value) for value in row] for row in result if isinstance(row, ResultRow)]

    assert [[str(variable) for variable in result.vars or ()], *rows] == block.table


def test_introductions_in_both_languages_ask_the_same(store: pyoxigraph.Store) -> None:
    german, english = (blocks(DOCS / "tutorials" / name, "sparql") for name in ("sparql.de.md", "sparql.md"))

    assert len(german) == len(english) > 8
    assert [len(block.table) for block in german] == [len(block.table) for block in english]


def test_python_tutorial_prints_what_stands_below_each_cell(server: Serving) -> None:
    page = DOCS / "tutorials" / "python.md"
    cells = blocks(page, "python")
    expected = [block.code for block in blocks(page, "text")]

    printed = _run([cell.code.replace(_HERE, server.url) for cell in cells])

    assert len(cells) == len(expected) > 8
    assert printed == expected


def test_addresses_of_the_r_tutorial_answer(server: Serving) -> None:
    text = (DOCS / "tutorials" / "r.md").read_text(encoding="utf-8")

    for name in ("forums-by-city", "forums-by-year-and-city", "membership-at-a-date"):
        assert f'"{name}' in text or f"/{name}." in text
        reply = server.ask(f"/queries/{name}.csv?lang=en&raw=true")
        assert reply.status == 200
        assert reply.headers["graph-release"]


def _run(cells: list[str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", _NOTEBOOK], input=json.dumps(cells), capture_output=True, text=True, timeout=patient(120)
    )
    assert done.returncode == 0, done.stderr
    printed = json.loads(done.stdout)
    assert isinstance(printed, list)
    return printed


def _cell(term: object) -> str:
    if term is None:
        return ""
    if isinstance(term, pyoxigraph.NamedNode):
        return short(term.value)
    assert isinstance(term, pyoxigraph.Literal)
    return term.value


def _shown(value: object) -> str:
    return short(str(value)) if isinstance(value, URIRef) else str(value)


def test_every_block_of_the_introductions_has_a_table() -> None:
    without = [name for name, block in _INTRODUCTIONS.items() if not _has_rows(block)]

    assert without == []


def _has_rows(block: Block) -> bool:
    return len(block.table) > 1
