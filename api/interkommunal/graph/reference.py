"""Reads reference data: what public registers and catalogues say about the same things.

In: the CSV files of ``data/reference`` (entity, property, value, sources, mark) and ``properties.csv``, which says what
a property becomes in RDF. Out: one :class:`ReferenceGraph` for each set of sources with the same mark. Only the marks
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
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.content import Content
from interkommunal.errors import SourceError, SyntaxProblem, TermError
from interkommunal.graph import terms
from interkommunal.graph.dataset import Origins, Place, written_files
from interkommunal.graph.parse import read_utf8
from interkommunal.graph.register import GraphEntry
from interkommunal.graph.terms import named
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
_SEPARATOR = " ; "
_ENTITY = re.compile(r"([a-z]+)/[a-z0-9]+(?:-[a-z0-9]+)*")
# What Wikidata says of an item, for the slice of it that we keep.
_ITEM = re.compile(r"wd:Q[1-9][0-9]*")
_POINT = re.compile(r"POINT\((-?\d{1,3}(?:\.\d+)?) (-?\d{1,2}(?:\.\d+)?)\)")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")


@dataclass(frozen=True)
class Mapping:
    """What a property becomes: a predicate and a kind of value.

    ``form`` is the IRI with ``{}`` for the value (kind ``iri``) or the place a point is from (kind ``point``).
    """

    predicate: NamedNode
    kind: str
    form: str
    pattern: re.Pattern[str] | None


@dataclass(frozen=True)
class Row:
    """One statement as written: about which thing, from which sources, with which mark, and where it is written."""

    entity: str
    property: str
    value: str
    sources: tuple[str, ...]
    mark: str
    place: Place


@dataclass(frozen=True)
class ReferenceGraph:
    """Statements that share their sources and their mark."""

    entry: GraphEntry
    quads: tuple[Quad, ...]


def read_reference(content: Content, origins: Origins) -> tuple[ReferenceGraph, ...]:
    """The reference graphs of the content, in the order of their IRIs.

    Raises:
        SourceError: with file and line, for a row that is not as described in the module.
    """
    folder = content.data / "reference"
    files = written_files(folder, content, ".csv", ("properties.csv", BOUNDARIES))
    if (folder / BOUNDARIES).is_file():
        _refuse_broken_map(folder / BOUNDARIES, content)
    if not files:
        return ()
    mappings = read_mappings(folder / "properties.csv", content.shown(folder / "properties.csv"))
    graphs: dict[tuple[tuple[str, ...], str], dict[Quad, None]] = defaultdict(dict)
    for path in files:
        for row in read_rows(path, content.shown(path)):
            graph = graph_iri(row.sources, row.mark)
            origins.add_graph(graph, row.place)
            origins.add_subject(entity_iri(row.entity), graph, row.place)
            graphs[row.sources, row.mark].update(dict.fromkeys(row_quads(row, mappings, NamedNode(graph))))
    made = [ReferenceGraph(_entry(*key), tuple(quads)) for key, quads in graphs.items()]
    return tuple(sorted(made, key=lambda graph: graph.entry.iri))


def read_mappings(path: Path, shown: Path) -> dict[str, list[Mapping]]:
    """What each property becomes, from ``properties.csv``.

    Raises:
        SyntaxProblem: for wrong columns, an unknown kind, or a form or pattern that cannot be used.
        TermError: for a predicate with a prefix that is not one of the project's.
    """
    mappings: dict[str, list[Mapping]] = defaultdict(list)
    for row, line in read_table(path, shown, PROPERTY_COLUMNS):
        if row["kind"] not in KINDS:
            raise SyntaxProblem(f"unknown kind {row['kind']!r}; use {', '.join(KINDS)}", shown, line)
        if row["kind"] == "iri" and "{}" not in row["form"]:
            raise SyntaxProblem("the form of an IRI needs {} for the value", shown, line)
        prefix, _, local = row["predicate"].partition(":")
        if prefix not in PREFIXES or not local:
            message = f"{row['predicate']!r} is no predicate with one of the project's prefixes"
            raise TermError(message, shown, line)
        try:
            pattern = re.compile(row["pattern"]) if row["pattern"] else None
        except re.error as error:
            raise SyntaxProblem(f"{row['pattern']!r} is no regular expression: {error}", shown, line) from None
        mapping = Mapping(named(row["predicate"]), row["kind"], row["form"], pattern)
        mappings[row["property"]].append(mapping)
    return dict(mappings)


def read_rows(path: Path, shown: Path) -> Iterator[Row]:
    """The rows of a file of reference data.

    Raises:
        SyntaxProblem: for wrong columns, an empty cell, a wrong entity or mark, or a row that stands twice.
    """
    seen: dict[tuple[str, ...], int] = {}
    for row, line in read_table(path, shown, COLUMNS):
        for column in COLUMNS:
            if not row[column]:
                raise SyntaxProblem(f"the cell {column} is empty; leave the row out if nothing is known", shown, line)
        match = _ENTITY.fullmatch(row["entity"])
        if not _ITEM.fullmatch(row["entity"]) and (not match or match[1] not in ID_TYPES):
            message = f"{row['entity']!r} is no thing; write type/slug as in its IRI, for example city/essen"
            raise SyntaxProblem(message, shown, line)
        if row["mark"] not in MARKS:
            message = f"the mark is {row['mark']!r}; only rows marked {' or '.join(MARKS)} are reference data"
            raise SyntaxProblem(message, shown, line)
        key = tuple(row.values())
        if key in seen:
            raise SyntaxProblem(f"the row stands in line {seen[key]} already", shown, line)
        seen[key] = line
        sources = tuple(source.strip() for source in row["sources"].split(_SEPARATOR))
        yield Row(row["entity"], row["property"], row["value"], sources, row["mark"], Place(shown, line))


def entity_iri(entity: str) -> str:
    """The IRI of a thing as the column entity writes it: ``city/essen``, or ``wd:Q2066`` for an item of Wikidata."""
    return expand(entity) if _ITEM.fullmatch(entity) else f"{ID}{entity}"


def row_quads(row: Row, mappings: dict[str, list[Mapping]], graph: NamedNode) -> Iterator[Quad]:
    """What a row says, as statements in ``graph``.

    Raises:
        TermError: for a property that ``properties.csv`` does not list.
        SyntaxProblem: for a value that is not what the property asks for.
    """
    if row.property not in mappings:
        message = f"property {row.property!r} is not in properties.csv; use {', '.join(mappings)}, or add it there"
        raise TermError(message, row.place.file, row.place.line)
    entity = NamedNode(entity_iri(row.entity))
    for mapping in mappings[row.property]:
        if mapping.pattern and not mapping.pattern.fullmatch(row.value):
            message = f"{row.value!r} is no {row.property}; it must match {mapping.pattern.pattern}"
            raise SyntaxProblem(message, row.place.file, row.place.line)
        if mapping.kind == "point":
            yield from _point_quads(row, mapping, entity, graph)
        else:
            yield Quad(entity, mapping.predicate, _value(row, mapping), graph)


def _value(row: Row, mapping: Mapping) -> NamedNode | Literal:
    if mapping.kind == "string":
        return Literal(row.value)
    if mapping.kind == "wkt":
        return Literal(row.value, datatype=named("geo:wktLiteral"))
    if mapping.kind == "integer":
        return Literal(row.value, datatype=named("xsd:integer"))
    if mapping.kind != "iri":
        return Literal(row.value, language=mapping.kind.removeprefix("text-"))
    iri = mapping.form.replace("{}", row.value)
    if _NOT_IN_IRI.search(iri):
        raise SyntaxProblem(f"{iri!r} is no IRI; escape what may not stand there", row.place.file, row.place.line)
    return NamedNode(iri)


def _point_quads(row: Row, mapping: Mapping, entity: NamedNode, graph: NamedNode) -> Iterator[Quad]:
    """A point as a node of its own, so that its longitude and latitude stay together beside other points.

    Source: OGC GeoSPARQL 1.1, section 8; a WKT literal without a reference system is CRS84, longitude first.
    """
    match = _POINT.fullmatch(row.value)
    if not match or abs(float(match[1])) > 180 or abs(float(match[2])) > 90:
        message = f"{row.value!r} is no point; write POINT(longitude latitude), for example POINT(7.01 51.45)"
        raise SyntaxProblem(message, row.place.file, row.place.line)
    point = NamedNode(f"{entity.value}#{row.property.replace('_', '-')}")
    decimal = named("xsd:decimal")
    wkt = Literal(row.value, datatype=named("geo:wktLiteral"))
    yield Quad(entity, mapping.predicate, point, graph)
    yield Quad(point, terms.RDF_TYPE, named("geo:Geometry"), graph)
    yield Quad(point, named("geo:asWKT"), wkt, graph)
    yield Quad(point, named("wgs84:long"), Literal(match[1], datatype=decimal), graph)
    yield Quad(point, named("wgs84:lat"), Literal(match[2], datatype=decimal), graph)
    yield Quad(point, terms.RDFS_LABEL, Literal(f"Punkt laut {mapping.form}", language="de"), graph)
    yield Quad(point, terms.RDFS_LABEL, Literal(f"Point according to {mapping.form}", language="en"), graph)


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
    if repository := re.match(r"[\w.-]+/([\w.-]+)[@:]", source):
        return repository[1]
    if package := re.match(r"(?:npm|PyPI) ([\w.-]+)", source):
        return package[1]
    if host := re.match(r"https?://(?:www\.)?([^/:]+)", source):
        return host[1]
    return None


def _entry(sources: tuple[str, ...], mark: str) -> GraphEntry:
    certainty, german, english = MARKS[mark]
    # The IRI keeps to the first source; people are shown one that has a name, or else the words in full.
    name = next(filter(None, map(_named, sources)), sources[0])
    more = len(sources) - 1
    und, too = "", ""
    if more:
        und = " und eine weitere Quelle" if more == 1 else f" und {more} weitere Quellen"
        too = " and one more source" if more == 1 else f" and {more} more sources"
    labels = {
        "de": f"Referenzdaten: {name}{und} ({german})",
        "en": f"Reference data: {name}{too} ({english})",
    }
    return GraphEntry(graph_iri(sources, mark), "reference", labels, sources=sources, certainty=certainty)


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
