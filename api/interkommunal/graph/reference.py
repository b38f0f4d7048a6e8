"""Reads reference data: what public registers and catalogues say about the same things.

In: the CSV files of ``data/reference`` (entity, property, value, sources, mark) and ``properties.csv``, which says what
a property becomes in RDF. Out: one graph for each set of sources with the same mark. Only the marks
``verified`` and ``seen once`` are let in: what is remembered, computed or was not found is no reference.

The authorities that things are linked to: whose identifiers they are, and how IRIs are made of them.

One mapping set in ``data/links`` belongs to each. Everything that names an authority, from the reader of the sets to
the pages, takes it from here.

Reads the CSV files that people write: UTF-8, commas, a first line with the names of the columns.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.content import Content
from interkommunal.errors import SourceError, SyntaxProblem, TermError
from interkommunal.graph.dataset import Origins, Place, written_files
from interkommunal.graph.parse import read_utf8
from interkommunal.graph.register import GraphEntry
from interkommunal.graph.terms import about, named
from interkommunal.namespaces import GRAPH_LINKS, GRAPH_REFERENCE, ID, ID_TYPES, LINKS, PREFIXES, expand


def read_table(path: Path, shown: Path, columns: tuple[str, ...]) -> Iterator[tuple[dict[str, str], int]]:
    """The rows of ``path`` by column, cells trimmed, each with the line in which it ends; blank lines are passed over.

    Raises:
        SourceError: if the file cannot be read.
        SyntaxProblem: for other columns, a row with another number of cells, or quotes that do not close.
    """
    # Spreadsheets begin a CSV file in UTF-8 with a byte order mark.
    text = read_utf8(path, shown).removeprefix("\ufeff")
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(reader, ())) != columns:
            raise SyntaxProblem(f"the first line must be {','.join(columns)}", shown, 1)
        for cells in reader:
            if not cells:
                continue
            if len(cells) != len(columns):
                message = f"the row has {len(cells)} cells instead of {len(columns)}; quote cells that hold commas"
                raise SyntaxProblem(message, shown, reader.line_num)
            yield dict(zip(columns, (cell.strip() for cell in cells), strict=True)), reader.line_num
    except csv.Error as error:
        raise SyntaxProblem(f"not a CSV row: {error}", shown, reader.line_num) from None


@dataclass(frozen=True, slots=True)
class Authority:
    """Somebody who gives identifiers to things.

    Attributes:
        slug: its name in file names and addresses.
        prefix: of the IRIs of its things, one of the project's.
        name: for people, the same in German and English.
        home: its home page.
        pattern: what an IRI has after the prefix. example: one of them.
        tail: what an IRI has after the identifier (GeoNames: a slash).
    """

    slug: str
    prefix: str
    name: str
    home: str
    pattern: str
    example: str
    tail: str = ""

    @property
    def namespace(self) -> str:
        """What all its IRIs begin with."""
        return PREFIXES[self.prefix]

    @property
    def graph(self) -> str:
        """The graph that holds the links to it."""
        return f"{GRAPH_LINKS}{self.slug}"

    @property
    def mapping_set(self) -> str:
        """IRI of the mapping set, ``mapping_set_id`` in SSSOM."""
        return f"{LINKS}{self.slug}"

    def iri(self, identifier: str) -> str:
        """The IRI of the thing with this identifier, for example ``Q2066``."""
        return f"{self.namespace}{identifier}{self.tail}"

    def identifier(self, iri: str) -> str | None:
        """The identifier in ``iri``, or ``None`` if it is not one of this authority."""
        if not iri.startswith(self.namespace):
            return None
        local = iri.removeprefix(self.namespace)
        return local.removesuffix(self.tail) if re.fullmatch(self.pattern + re.escape(self.tail), local) else None


AUTHORITIES: Final = (
    Authority("wikidata", "wd", "Wikidata", "https://www.wikidata.org/", "Q[1-9][0-9]*", "Q2066"),
    Authority("gnd", "gnd", "GND", "https://d-nb.info/gnd/", "[0-9]{7}[0-9]*-?[0-9X]", "4015557-2"),
    Authority("geonames", "geonames", "GeoNames", "https://www.geonames.org/", "[1-9][0-9]*", "3231904", "/"),
    Authority("openstreetmap", "osm", "OpenStreetMap", "https://www.openstreetmap.org/", "[1-9][0-9]*", "62713"),
    Authority("nuts", "nuts", "NUTS", "http://data.europa.eu/nuts", "[A-Z]{2}[0-9A-Z]{0,3}", "DEA13"),
    Authority(
        "municipality-keys",
        "geocoding",
        "DCAT-AP.de",
        "https://www.dcat-ap.de/",
        "(?:stateKey/[0-9]{2}|districtKey/[0-9]{5}|municipalityKey/[0-9]{8}|regionalKey/[0-9]{12})",
        "districtKey/05113",
    ),
)


def authority(slug: str) -> Authority | None:
    """The authority with that slug."""
    return next((item for item in AUTHORITIES if item.slug == slug), None)


def authority_of(iri: str) -> Authority | None:
    """The authority that ``iri`` belongs to."""
    return next((item for item in AUTHORITIES if iri.startswith(item.namespace)), None)


# Drawn on the map, not read into the graph; the release takes it along.
BOUNDARIES: Final = "ruhr-boundaries.geojson"

COLUMNS = ("entity", "property", "value", "sources", "mark")
PROPERTY_COLUMNS = ("property", "predicate", "kind", "form", "pattern")
KINDS = ("iri", "string", "text-de", "text-en", "point", "wkt", "integer")
# Mark: slug of the certainty concept, and how labels name it in German and English.
MARKS = {"verified": ("verified", "bestätigt", "verified"), "seen once": ("seen-once", "einmal belegt", "seen once")}
_DATATYPES = {"string": "xsd:string", "wkt": "geo:wktLiteral", "integer": "xsd:integer"}
_SEPARATOR = " ; "
_ENTITY = re.compile(rf"(?:{'|'.join(ID_TYPES)})/[a-z0-9]+(?:-[a-z0-9]+)*")
# What Wikidata says of an item, for the slice of it that we keep.
_ITEM = re.compile(r"wd:Q[1-9][0-9]*")
_POINT = re.compile(r"POINT\((-?\d{1,3}(?:\.\d+)?) (-?\d{1,2}(?:\.\d+)?)\)")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


class Mapping(NamedTuple):
    """What a property becomes: a predicate and a kind of value.

    ``form`` is the IRI with ``{}`` for the value (kind ``iri``) or the place a point is from (kind ``point``).
    """

    predicate: str
    kind: str
    form: str
    pattern: re.Pattern[str] | None


def read_reference(content: Content, origins: Origins) -> list[tuple[GraphEntry, list[Quad]]]:
    """The reference graphs of the content, one for each set of sources with the same mark, by their IRIs: what the
    register says of it, and its statements.

    Raises:
        SourceError: with file and line, for a row that is not as described in the module.
    """
    folder = content.data / "reference"
    files = written_files(folder, content, ".csv", ("properties.csv", BOUNDARIES))
    if (folder / BOUNDARIES).is_file():
        _refuse_broken_map(folder / BOUNDARIES, content)
    if not files:
        return []
    mappings = _read_mappings(folder / "properties.csv", content.shown(folder / "properties.csv"))
    graphs: dict[str, tuple[GraphEntry, list[Quad]]] = {}
    for path in files:
        for row, place in _read_rows(path, content.shown(path)):
            sources = tuple(source.strip() for source in row["sources"].split(_SEPARATOR))
            entity = expand(row["entity"]) if _ITEM.fullmatch(row["entity"]) else f"{ID}{row['entity']}"
            graph = graph_iri(sources, row["mark"])
            origins.add_graph(graph, place)
            origins.add_subject(entity, graph, place)
            _, quads = graphs.setdefault(graph, (_entry(graph, sources, row["mark"]), []))
            quads += _row_quads(entity, row, place, mappings, graph)
    return [graphs[graph] for graph in sorted(graphs)]


def _read_mappings(path: Path, shown: Path) -> dict[str, list[Mapping]]:
    """What each property becomes, from ``properties.csv``.

    Raises:
        SyntaxProblem: for wrong columns, an unknown kind, or a form or pattern that cannot be used.
        TermError: for a predicate with a prefix that is not one of the project's.
    """
    mappings: dict[str, list[Mapping]] = defaultdict(list)
    for row, line in read_table(path, shown, PROPERTY_COLUMNS):
        name, predicate, kind, form, pattern = row.values()
        if kind not in KINDS:
            raise SyntaxProblem(f"unknown kind {kind!r}; use {', '.join(KINDS)}", shown, line)
        if kind == "iri" and "{}" not in form:
            raise SyntaxProblem("the form of an IRI needs {} for the value", shown, line)
        prefix, _, local = predicate.partition(":")
        if prefix not in PREFIXES or not local:
            raise TermError(f"{predicate!r} is no predicate with one of the project's prefixes", shown, line)
        try:
            compiled = re.compile(pattern) if pattern else None
        except re.error as error:
            raise SyntaxProblem(f"{pattern!r} is no regular expression: {error}", shown, line) from None
        mappings[name].append(Mapping(predicate, kind, form, compiled))
    return mappings


def _read_rows(path: Path, shown: Path) -> Iterator[tuple[dict[str, str], Place]]:
    """The rows of a file of reference data.

    Raises:
        SyntaxProblem: for wrong columns, an empty cell, a wrong entity or mark, or a row that stands twice.
    """
    seen: dict[tuple[str, ...], int] = {}
    for row, line in read_table(path, shown, COLUMNS):
        for column, cell in row.items():
            if not cell:
                raise SyntaxProblem(f"the cell {column} is empty; leave the row out if nothing is known", shown, line)
        if not _ITEM.fullmatch(row["entity"]) and not _ENTITY.fullmatch(row["entity"]):
            message = f"{row['entity']!r} is no thing; write type/slug as in its IRI, for example city/essen"
            raise SyntaxProblem(message, shown, line)
        if row["mark"] not in MARKS:
            message = f"the mark is {row['mark']!r}; only rows marked {' or '.join(MARKS)} are reference data"
            raise SyntaxProblem(message, shown, line)
        if (earlier := seen.setdefault(tuple(row.values()), line)) != line:
            raise SyntaxProblem(f"the row stands in line {earlier} already", shown, line)
        yield row, Place(shown, line)


def _row_quads(
    entity: str, row: dict[str, str], place: Place, mappings: dict[str, list[Mapping]], graph: str
) -> Iterator[Quad]:
    """What a row says, as statements in ``graph``.

    Raises:
        TermError: for a property that ``properties.csv`` does not list.
        SyntaxProblem: for a value that is not what the property asks for.
    """
    name, value = row["property"], row["value"]
    if name not in mappings:
        message = f"property {name!r} is not in properties.csv; use {', '.join(mappings)}, or add it there"
        raise TermError(message, *place)
    for predicate, kind, form, pattern in mappings[name]:
        if pattern and not pattern.fullmatch(value):
            raise SyntaxProblem(f"{value!r} is no {name}; it must match {pattern.pattern}", *place)
        if kind == "point":
            point = f"{entity}#{name.replace('_', '-')}"
            yield from about(entity, graph, (predicate, NamedNode(point)))
            yield from _point_quads(point, value, form, place, graph)
        elif kind == "iri":
            iri = form.replace("{}", value)
            if _NOT_IN_IRI.search(iri):
                raise SyntaxProblem(f"{iri!r} is no IRI; escape what may not stand there", *place)
            yield from about(entity, graph, (predicate, NamedNode(iri)))
        elif kind in _DATATYPES:
            yield from about(entity, graph, (predicate, Literal(value, datatype=named(_DATATYPES[kind]))))
        else:
            yield from about(entity, graph, (predicate, {kind.removeprefix("text-"): value}))


def _point_quads(point: str, value: str, form: str, place: Place, graph: str) -> Iterator[Quad]:
    """A point as a node of its own, so that its longitude and latitude stay together beside other points.

    Source: OGC GeoSPARQL 1.1, section 8; a WKT literal without a reference system is CRS84, longitude first.
    """
    match = _POINT.fullmatch(value)
    if not match or abs(float(match[1])) > 180 or abs(float(match[2])) > 90:
        message = f"{value!r} is no point; write POINT(longitude latitude), for example POINT(7.01 51.45)"
        raise SyntaxProblem(message, *place)
    yield from about(
        point,
        graph,
        ("rdf:type", named("geo:Geometry")),
        ("geo:asWKT", Literal(value, datatype=named("geo:wktLiteral"))),
        ("wgs84:long", Literal(match[1], datatype=named("xsd:decimal"))),
        ("wgs84:lat", Literal(match[2], datatype=named("xsd:decimal"))),
        ("rdfs:label", {"de": f"Punkt laut {form}", "en": f"Point according to {form}"}),
    )


def graph_iri(sources: tuple[str, ...], mark: str) -> str:
    """The name of the graph for statements with these sources and this mark; it depends on nothing else."""
    slug = re.sub(r"[^a-z0-9]+", "-", short_name(sources[0]).lower()).strip("-")
    more = f"-and-{len(sources) - 1}-more" if len(sources) > 1 else ""
    digest = hashlib.sha256("\n".join((mark, *sources)).encode()).hexdigest()[:8]
    return f"{GRAPH_REFERENCE}{slug}{more}-{MARKS[mark][0]}-{digest}"


def short_name(source: str) -> str:
    """The name of a source in a few characters: the repository, the package, the host, else its first words."""
    return _named(source) or " ".join(source.split()[:4])


def _named(source: str) -> str | None:
    found = re.match(r"(?:npm|PyPI) ([\w.-]+)|https?://(?:www\.)?([^/:]+)|[\w.-]+/([\w.-]+)[@:]", source)
    return found[found.lastindex or 0] if found else None


def _entry(graph: str, sources: tuple[str, ...], mark: str) -> GraphEntry:
    certainty, german, english = MARKS[mark]
    # The IRI keeps to the first source; people are shown one that has a name, or else the words in full.
    name = next(filter(None, map(_named, sources)), sources[0])
    more = len(sources) - 1
    und, too = "", ""
    if more:
        und = " und eine weitere Quelle" if more == 1 else f" und {more} weitere Quellen"
        too = " and one more source" if more == 1 else f" and {more} more sources"
    labels = {"de": f"Referenzdaten: {name}{und} ({german})", "en": f"Reference data: {name}{too} ({english})"}
    return GraphEntry(graph, "reference", labels, sources=sources, certainty=certainty)


def _refuse_broken_map(path: Path, content: Content) -> None:
    """Refuse a map that is no GeoJSON of named polygons with an attribution (RFC 7946).

    Raises:
        SourceError: it is not; with the line, or the key of the unit, that is wrong.
    """
    file, name = content.shown(path), ""
    try:
        collection = json.loads(read_utf8(path, file))
        said = [collection["attribution"]]
        for feature in collection["features"]:
            name = feature["properties"]["key"]
            said.append(feature["properties"]["name"])
            kind, coordinates = feature["geometry"]["type"], feature["geometry"]["coordinates"]
            if kind not in ("Polygon", "MultiPolygon") or not coordinates:
                raise SourceError(f"the boundary of {name} must be a Polygon or MultiPolygon, not {kind}", file)
    except json.JSONDecodeError as error:
        raise SourceError(
            f"this is not JSON: {error.msg}; save the map as GeoJSON again", file, error.lineno
        ) from error
    except (KeyError, TypeError, IndexError) as error:
        after = f" after {name}" if name else ""
        message = f"a map has attribution and features with key, name and geometry; {error} is missing{after}"
        raise SourceError(message, file) from error
    if not all(isinstance(text, str) and text.strip() for text in said):
        raise SourceError("attribution and names of a map are texts that are not empty", file)
