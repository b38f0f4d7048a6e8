"""A graph of a handful of statements to freeze, and the bytes it must become."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.graph.assemble import Assembly
from interkommunal.graph.dataset import Origins, to_dataset
from interkommunal.namespaces import CONCEPT, GRAPH_CONCEPTS, GRAPH_EDITORIAL, IK, PASSAGE, PREFIXES
from interkommunal.release.database import write_database
from interkommunal.release.output import Folder
from interkommunal.release.packages import write_packages
from interkommunal.release.statements import Statements, sort_statements
from interkommunal.release.tables import tables_of, write_description, write_table
from interkommunal.release.things import Things

TYPE = NamedNode(f"{PREFIXES['rdf']}type")
LABEL = NamedNode(f"{PREFIXES['rdfs']}label")
NAME = NamedNode("https://schema.org/name")
POSITION = NamedNode("https://schema.org/position")
DATE = NamedNode(f"{PREFIXES['dcterms']}date")
ESSEN = NamedNode(f"{PREFIXES['city']}essen")
GOAL_2 = NamedNode(f"{PREFIXES['goal']}ruhr-2")
GOAL_10 = NamedNode(f"{PREFIXES['goal']}ruhr-10")
L9 = NamedNode(f"{PASSAGE}grundlagen/L009.2")
L10 = NamedNode(f"{PASSAGE}grundlagen/L009.10")
EDITORIAL = NamedNode(GRAPH_EDITORIAL)

QUADS = (
    Quad(GOAL_10, TYPE, NamedNode(f"{IK}Goal"), L10),
    Quad(GOAL_2, POSITION, Literal("2", datatype=NamedNode(f"{PREFIXES['xsd']}integer")), L9),
    Quad(GOAL_2, TYPE, NamedNode(f"{IK}Goal"), L9),
    Quad(ESSEN, NAME, Literal('Stadt "Essen"\n\t\\ Mülheim & <Co>', language="de"), L9),
    Quad(ESSEN, LABEL, Literal("Essen", language="en"), EDITORIAL),
    Quad(ESSEN, LABEL, Literal("Essen", language="de"), EDITORIAL),
    Quad(ESSEN, DATE, Literal("[2016..]", datatype=NamedNode(f"{PREFIXES['edtf']}EDTF")), EDITORIAL),
    Quad(ESSEN, NAME, Literal("Essen"), L9),
    Quad(ESSEN, NAME, Literal("Essen"), L10),
    Quad(NamedNode(f"{CONCEPT}topic-x"), LABEL, Literal("x", language="de"), NamedNode(GRAPH_CONCEPTS)),
)


def assembly_of(*quads: Quad) -> Assembly:
    """An assembly of these statements, or of all above."""
    return Assembly(to_dataset(quads or QUADS), Origins())


def sorted_in(path: Path, quads: Iterable[Quad], run: int = 1 << 20) -> tuple[Statements, Folder]:
    """These statements sorted in a new folder at ``path``."""
    path.mkdir()
    folder = Folder(path)
    return sort_statements(quads, folder, run), folder


def tables_in(path: Path, *quads: Quad) -> Folder:
    """A new folder at ``path`` with the tables of these statements in every form."""
    statements, folder = sorted_in(path, quads)
    with closing(Things(statements, folder.scratch)) as things:
        tables = tables_of(things)
        for table in tables:
            write_table(table, things, folder)
        write_description(tables, folder)
        write_packages(tables, folder)
        write_database(statements, things, tables, {"version": "1.2.3"}, folder)
    return folder
