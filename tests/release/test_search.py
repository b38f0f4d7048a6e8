from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from random import Random

import pyoxigraph
import pytest
from tests.spelling import SPELLINGS

from interkommunal.graph.assemble import Assembly
from interkommunal.namespaces import PREFIXES
from interkommunal.release.quads import release_quads
from interkommunal.release.search import FORMAT, search_index

TRIG = (
    "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    + """
p:L019.3 {
    city:muelheim a ik:City ; schema:name "Mülheim an der Ruhr"@de .
}
graph:passages {
    p:L019.3 a ik:Passage ; rdfs:label "Zeile 19"@de, "line 19"@en ; ik:status concept:status-asserted ;
        oa:hasSelector <https://w3id.org/interkommunal/id/passage/grundlagen/L019.3-selector> .
    <https://w3id.org/interkommunal/id/passage/grundlagen/L019.3-selector> a oa:TextQuoteSelector ;
        oa:exact "mit den Erstunterzeichnerinnen Bochum und Mülheim" .
}
graph:editorial {
    city:muelheim rdfs:label "Mülheim"@de, "Mulheim"@en .
    agreement:x a prov:Entity, schema:CreativeWork, ik:Agreement .
}
graph:derived\\/mentioned-in {
    city:muelheim ik:mentionedIn p:L019.3 .
}
graph:ontology {
    ik:City rdfs:label "Stadt"@de, "City"@en .
}
graph:reused {
    schema:CreativeWork rdfs:label "Werk"@de .
}
"""
)

Object = pyoxigraph.NamedNode | pyoxigraph.BlankNode | pyoxigraph.Literal | pyoxigraph.Triple
XSD_STRING = pyoxigraph.NamedNode(f"{PREFIXES['xsd']}string")


def quads() -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(TRIG.encode(), format=pyoxigraph.RdfFormat.TRIG))


@pytest.fixture
def index() -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(":memory:")
    database.deserialize(search_index(quads()))
    yield database
    database.close()


def test_index_is_the_same_bytes_in_whatever_order_the_statements_come() -> None:
    shuffled = quads()
    Random(7).shuffle(shuffled)

    assert search_index(shuffled) == search_index(quads())


def test_index_of_the_shipped_graph_is_the_same_bytes_when_built_twice(assembly: Assembly) -> None:
    statements = release_quads(assembly.dataset)

    assert search_index(statements) == search_index(reversed(statements))


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_index_is_the_same_however_the_texts_of_the_graph_are_spelt(assembly: Assembly, spelling: str) -> None:
    statements = release_quads(assembly.dataset)
    spelt = [
        pyoxigraph.Quad(quad.subject, quad.predicate, respelt(quad.object, spelling), quad.graph_name)
        for quad in statements
    ]

    assert spelt != statements
    assert search_index(spelt) == search_index(statements)


def respelt(term: Object, spelling: str) -> Object:
    if not isinstance(term, pyoxigraph.Literal) or not (term.language or term.datatype == XSD_STRING):
        return term
    text = SPELLINGS[spelling](term.value)
    return pyoxigraph.Literal(text, language=term.language) if term.language else pyoxigraph.Literal(text)


def test_index_says_its_format(index: sqlite3.Connection) -> None:
    assert index.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    assert index.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_everything_of_ours_that_has_a_name_is_an_entry(index: sqlite3.Connection) -> None:
    rows = index.execute("SELECT iri, class, statuses, label_de, label_en, mentions FROM entry ORDER BY id").fetchall()

    base = "https://w3id.org/interkommunal/"
    assert rows == [
        (f"{base}id/city/muelheim", f"{base}ontology#City", "", "Mülheim", "Mulheim", 1),
        (
            f"{base}id/passage/grundlagen/L019.3",
            f"{base}ontology#Passage",
            f"{base}concept/status-asserted",
            "Zeile 19",
            "line 19",
            0,
        ),
        (f"{base}ontology#City", "", "", "Stadt", "City", 0),
    ]


def test_passage_has_the_quote_of_its_selector_and_things_the_sentences_that_name_them(
    index: sqlite3.Connection,
) -> None:
    quote = "mit den Erstunterzeichnerinnen Bochum und Mülheim"

    assert index.execute("SELECT text FROM wording WHERE field = 'quote'").fetchall() == [(quote,)]
    assert index.execute("SELECT entry, passage FROM mention").fetchall() == [(1, 2)]
    found = index.execute("SELECT rowid FROM words WHERE words MATCH 'told : bochum'").fetchall()
    assert found == [(1,)]


def test_word_is_found_in_both_german_spellings_and_by_its_parts(index: sqlite3.Connection) -> None:
    for form in ("mulheim", "muelheim"):
        assert (1,) in index.execute("SELECT rowid FROM words WHERE words MATCH ?", (f"name : {form}",)).fetchall()
    assert (1,) in index.execute("SELECT rowid FROM parts WHERE parts MATCH 'name : ulhei'").fetchall()


def test_vocabulary_knows_how_a_word_is_usually_written(index: sqlite3.Connection) -> None:
    assert index.execute("SELECT spelling FROM word WHERE form = 'muelheim'").fetchone() == ("Mülheim",)


def test_classes_have_their_labels_also_those_of_others(index: sqlite3.Connection) -> None:
    rows = dict(index.execute("SELECT iri, label_de FROM term"))

    assert rows["https://w3id.org/interkommunal/ontology#City"] == "Stadt"
    assert rows["https://w3id.org/interkommunal/ontology#Passage"] == "Passage"
