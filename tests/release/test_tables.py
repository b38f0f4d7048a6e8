"""Tables hold what the graph says about the things of a class, and their description says how to read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.release.frozen import EDITORIAL, ESSEN, GOAL_2, LABEL, NAME, QUADS, TYPE, tables_in

from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import ID, IK, PREFIXES
from interkommunal.release.columns import table_name
from interkommunal.release.quads import FACTS, graph_kind, release_quads

CITY = NamedNode(f"{IK}City")
INTEGER = NamedNode(f"{PREFIXES['xsd']}integer")


Making = Callable[..., dict[str, str]]


@pytest.fixture
def made(tmp_path: Path) -> Making:
    """Makes the tables of statements, and gives those that are text by their names."""

    def make(*quads: Quad) -> dict[str, str]:
        folder = tables_in(tmp_path / str(len(list(tmp_path.iterdir()))), *quads)
        texts = [name for name in folder.files if name.endswith((".csv", ".jsonl", ".json"))]
        return {name: (folder.path / name).read_bytes().decode() for name in texts}

    return make


def test_row_is_a_thing_and_languages_have_columns_of_their_own(made: Making) -> None:
    found = made(*QUADS, Quad(ESSEN, TYPE, CITY, EDITORIAL))

    # A line feed inside quotation marks belongs to the value, CRLF ends a row.
    assert found["tables/city.csv"] == (
        "id,label_de,label_en,type,date,name_de,name\r\n"
        "https://w3id.org/interkommunal/id/city/essen,Essen,Essen,https://w3id.org/interkommunal/ontology#City,"
        '[2016..],"Stadt ""Essen""\n\t\\ Mülheim & <Co>",Essen\r\n'
    )


def test_json_lines_hold_the_same_without_what_is_missing(made: Making) -> None:
    assert made(*QUADS)["tables/goal.jsonl"].splitlines() == [
        '{"id":"https://w3id.org/interkommunal/id/goal/ruhr-2","type":"https://w3id.org/interkommunal/ontology#Goal",'
        '"position":"2"}',
        '{"id":"https://w3id.org/interkommunal/id/goal/ruhr-10","type":"https://w3id.org/interkommunal/ontology#Goal"}',
    ]


def test_description_names_property_type_language_and_separator(made: Making) -> None:
    more = [Quad(GOAL_2, NAME, Literal(text, language="de"), EDITORIAL) for text in ("b|b", "a")]

    description = json.loads(made(*QUADS, *more)["tables/csv-metadata.json"])

    (table,) = description["tables"]
    assert table["url"] == "goal.csv"
    assert table["tableSchema"]["columns"] == [
        {"name": "id", "titles": "id", "datatype": "anyURI", "required": True, "suppressOutput": True},
        {
            "name": "type",
            "titles": "type",
            "propertyUrl": TYPE.value,
            "datatype": "anyURI",
            "valueUrl": "{+type}",
        },
        {
            "name": "name_de",
            "titles": "name_de",
            "propertyUrl": NAME.value,
            "datatype": "string",
            "lang": "de",
            "separator": "¦",  # one value holds the first choice
        },
        {
            "name": "position",
            "titles": "position",
            "propertyUrl": "https://schema.org/position",
            "datatype": "integer",
        },
    ]
    assert made(*QUADS, *more)["tables/goal.csv"].splitlines()[1].endswith(",a¦b|b,2")


def test_properties_of_one_name_are_told_apart(made: Making) -> None:
    other = NamedNode(f"{PREFIXES['foaf']}name")
    found = made(
        Quad(ESSEN, TYPE, CITY, EDITORIAL),
        Quad(ESSEN, NAME, Literal("a"), EDITORIAL),
        Quad(ESSEN, other, Literal("b"), EDITORIAL),
        Quad(ESSEN, LABEL, Literal("c"), EDITORIAL),
    )

    assert found["tables/city.csv"].splitlines()[0] == "id,label,type,foaf_name,schema_name"


@pytest.mark.parametrize(
    ("class_", "name"),
    [
        (f"{IK}SignatureEntry", "signature-entry"),
        ("https://schema.org/Event", "schema-event"),
        ("http://a.example/Some#Thing", "other-http-a-example-some-thing"),
    ],
)
def test_table_is_named_after_its_class(class_: str, name: str) -> None:
    assert table_name(class_) == name


def test_position_of_a_passage_stands_in_its_row(made: Making, assembly: Assembly) -> None:
    found = made(*release_quads(assembly.dataset))
    rows = list(csv.DictReader(io.StringIO(found["tables/passage.csv"], newline="")))

    (row,) = (row for row in rows if row["id"].endswith("/grundlagen/L130"))
    assert (row["line"], row["exact"]) == ("130", "2010 in Bochum „Vielfalt ist Zukunft“")
    assert int(row["end"]) - int(row["start"]) == len("2010 in Bochum „Vielfalt ist Zukunft“")
    assert not [name for name in found if "selector" in name]


def test_tables_read_by_their_description_give_the_statements_back(made: Making, assembly: Assembly) -> None:
    quads = release_quads(assembly.dataset)
    found = made(*quads)
    read = set()
    for table in json.loads(found["tables/csv-metadata.json"])["tables"]:
        _, *columns = table["tableSchema"]["columns"]
        for row in csv.DictReader(io.StringIO(found[f"tables/{table['url']}"], newline="")):
            for column in columns:
                cell = row[column["name"]]
                for value in cell.split(column["separator"]) if "separator" in column else [cell]:
                    if value:
                        read.add((row["id"], column["propertyUrl"], column.get("lang", ""), value))

    world = {
        (subject.value, predicate.value, getattr(value, "language", None) or "", value.value)
        for subject, predicate, value, graph in quads
        if graph_kind(graph) in FACTS
        and isinstance(subject, NamedNode)
        and isinstance(value, NamedNode | Literal)
        and subject.value.startswith(ID)
    }
    typed = {subject for subject, predicate, _, _ in world if predicate == TYPE.value}
    expected = {statement for statement in world if statement[0] in typed}
    assert len(expected) > 1000
    assert expected - read == set()
