"""The catalogue of a release for open-data portals, by DCAT-AP 3.0.1 and DCAT-AP.de 3.0.

In go a release, the versions beside it, the address of the server and what the operator says of themselves; out come
triples without blank nodes. Datasets have canonical IRIs, everything that is the operator's has one below the address.
No clock is read: what was modified, and when, is told by the change table, so that a harvest finds nothing new until
there is.

The years and the region that a release covers, read from its statements and maps.

What a file of a release is called in a catalogue: its format, how it is packed, and a title for people.

In go names and what the manifest says of them, out come terms of the vocabularies that portals know.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyoxigraph

from interkommunal.graph.terms import named
from interkommunal.namespaces import CONTRIBUTORS, IK, ONTOLOGY, SOURCE, expand
from interkommunal.release import portal_terms as terms
from interkommunal.release.database import NAME as DATABASE
from interkommunal.release.datasets import DATASETS, SPARQL, Dataset, Service, listed
from interkommunal.release.descriptions import Value, described, node, number
from interkommunal.release.dumps import PACKED
from interkommunal.release.manifest import File
from interkommunal.release.packages import MEDIA_TYPE as ZIP
from interkommunal.release.packages import package_name
from interkommunal.release.quads import in_reading_order
from interkommunal.release.release import Release
from interkommunal.release.tables import DESCRIPTION as TABLES_DESCRIPTION
from interkommunal.release.tables import FOLDER, FORMATS
from interkommunal.release.versions import Versions
from interkommunal.texts import Label, Text


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a file.

    Attributes:
        title: what it holds, for people.
        file_type: code in the EU vocabulary of file types, of what is inside.
        media_type: that of what is inside, if it is registered; empty otherwise.
        packaging, compression: media type of the archive and of the compression around it; empty without.
    """

    title: Text
    file_type: str
    media_type: str
    packaging: str = ""
    compression: str = ""


# By suffix of a file without compression: code in the EU vocabulary of file types. For SQLite and JSON Lines it has
# general ones only: SQL, as a database is asked by it, and JSON.
_FILE_TYPES: Final = {
    "nq": "RDF_N_QUADS",
    "trig": "RDF_TRIG",
    "jsonld": "JSON_LD",
    "nt": "RDF_N_TRIPLES",
    "ttl": "RDF_TURTLE",
    "rdf": "RDF_XML",
    "csv": "CSV",
    "json": "JSON",
    "jsonl": "JSON",
    "parquet": "PARQUET",
    "sqlite": "SQL",
}
# What people call a format, where that is not what the vocabulary calls it.
_NAMES: Final = {"jsonl": "JSON Lines", "sqlite": "SQLite", "parquet": "Parquet"}
# In use, and not among the media types of the IANA.
_UNREGISTERED: Final = frozenset({"application/jsonl"})
_PACKAGES: Final = {package_name(suffix): suffix for suffix in FORMATS}
_CONTENTS: Final = {
    "graph": Text("The whole graph"),
    "facts": Text("What is said of the cities and their cooperation, without passages and terms,"),
    "vocabulary": Text("Terms, code lists and shapes"),
    TABLES_DESCRIPTION: Text("Description of all tables by CSVW"),
    DATABASE: Text("All tables and statements in one file"),
}


def form_of(name: str, file: File) -> Form:
    """The form of the file ``name``, of which the manifest says ``file``."""
    if name in _PACKAGES:
        suffix = _PACKAGES[name]
        called = _called(suffix)
        title = Text("All tables as {called} in a ZIP archive", called=called)
        # JSON Lines has no media type of its own; the archive has one.
        return Form(title, _FILE_TYPES[suffix], _registered(FORMATS[suffix]) or ZIP, packaging=ZIP)
    plain, packing = unpacked(name)
    stem, _, suffix = plain.rpartition(".")
    known = _CONTENTS.get(plain) or _CONTENTS.get(stem) or _table(stem)
    called = _called(suffix)
    packed = Text(", compressed ({packing})", packing=packing) if packing else Text("")
    title = Text("{known} as {called}{packed}", known=known, called=called, packed=packed)
    return Form(
        title, _FILE_TYPES[suffix], _registered(file.media_type), compression=PACKED[packing] if packing else ""
    )


def unpacked(name: str) -> tuple[str, str]:
    """The name without the suffix of its compression, and that suffix or nothing."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffix) if suffix in PACKED else (name, "")


def _table(stem: str) -> Text:
    name = stem.removeprefix(f"{FOLDER}/")
    return Text("Table {name}", name=name)


def _called(suffix: str) -> str:
    return _NAMES.get(suffix) or terms.TERMS[f"{terms.FILE_TYPES}/{_FILE_TYPES[suffix]}"].en


def _registered(media_type: str) -> str:
    essence = media_type.partition(";")[0]
    return "" if essence in _UNREGISTERED else essence


# West, south, east, north in degrees.
Box = tuple[float, float, float, float]

_YEAR: Final = re.compile(rb"<%s> \"(-?\d{4})\"" % f"{IK}year".encode())


def years_of(release: Release) -> set[int]:
    """The years of which the graph tells."""
    with release.quads.open("rb") as lines:
        return {int(match[1]) for line in lines if (match := _YEAR.search(line))}


def box_of(release: Release) -> Box | None:
    """The region of the maps as a rectangle; ``None`` without maps."""
    maps = [name for name, file in release.manifest.files.items() if file.holds == "map"]
    points = [point for name in maps for point in _points(json.loads(release.path(name).read_bytes()))]
    if not points:
        return None
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _points(shape: Any) -> Iterator[tuple[float, float]]:
    """The positions of a GeoJSON object (RFC 7946), longitude first."""
    if isinstance(shape, dict):
        for part in (*shape.get("features", ()), shape.get("geometry"), shape.get("coordinates")):
            yield from _points(part)
    elif isinstance(shape, list) and shape:
        if isinstance(shape[0], int | float):
            yield float(shape[0]), float(shape[1])
        else:
            for part in shape:
                yield from _points(part)


PROFILE: Final = "https://www.dcat-ap.de/def/dcatde/3.0/spec/"

TITLE: Final = Text("Catalogue of the intermunicipal knowledge graph")
DESCRIPTION: Final = Text(
    "Datasets of the project interkommunal: how cities work together, with the evidence for each statement."
)
# Who made what the catalogue lists, by CITATION.cff and LICENSE.
CREATOR: Final = "interkommunal contributors"
ONTOLOGY_TITLE: Final = Text("Intermunicipal Cooperation Ontology")
# Who has not said who they are is not passed off as an authority.
UNOFFICIAL: Final = Text("operator not stated (unofficial service)")


@dataclass(frozen=True, slots=True)
class Operator:
    """Who runs the server and answers for the catalogue.

    Attributes:
        name: of the person or body that publishes; ``None``: not stated.
        url: of its own site. email: under which it is reached.
        contributor: IRI of the contributor in the list of DCAT-AP.de, for who delivers to GovData.
    """

    name: str | None = None
    url: str | None = None
    email: str | None = None
    contributor: str | None = None


def catalogue(
    release: Release,
    versions: Versions,
    address: str,
    operator: Operator,
    services: Sequence[Service] = (SPARQL,),
) -> list[pyoxigraph.Triple]:
    """The triples of the catalogue, in reading order.

    Args:
        release: what is being served.
        versions: the releases beside it and their change table, which tells when something changed.
        address: public URL of the server, without a slash at the end.
        operator: who publishes it.
        services: those that the server has.

    Raises:
        OSError: a file of the release cannot be read.
    """
    return in_reading_order(_Catalogue(release, versions, address, operator, services).triples())


class _Catalogue:
    def __init__(
        self, release: Release, versions: Versions, address: str, operator: Operator, services: Sequence[Service]
    ) -> None:
        self._release = release
        self._versions = versions
        self._address = address
        self._operator = operator
        self._services = services
        self._iri = f"{address}/catalog"
        self._modified = versions.modified(release)
        self._box = box_of(release)
        self._years = years_of(release)
        files = sorted(release.manifest.files)
        self._sources = [f"{SOURCE}{Path(name).stem}" for name in files if name.startswith("sources/")]

    def triples(self) -> set[pyoxigraph.Triple]:
        offered = list(listed(self._release))
        parts: list[Iterator[pyoxigraph.Triple]] = [
            self._catalogue([dataset for dataset, _ in offered]),
            self._agent(),
            self._contact(),
            self._region(),
            self._period(),
            *(self._service(service, [dataset for dataset, _ in offered]) for service in self._services),
        ]
        for dataset, files in offered:
            parts.append(self._dataset(dataset, files, [other for other, _ in offered]))
            parts += [self._distribution(name) for name in files]
        found = {triple for part in parts for triple in part}
        return found | set(_used_terms(found))

    def _catalogue(self, datasets: Sequence[Dataset]) -> Iterator[pyoxigraph.Triple]:
        times = [time for dataset in datasets for time in self._times(dataset.files(self._release))]
        yield from described(
            self._iri,
            ["dcat:Catalog"],
            {
                "dcterms:title": [TITLE],
                "dcterms:description": [DESCRIPTION],
                "dcterms:publisher": [self._node("publisher")],
                "dcterms:language": [node(iri) for iri in terms.LANGUAGES],
                "dcterms:license": [node(terms.LICENCE)],
                "dcterms:spatial": [self._node("region")] if self._box else [],
                "dcterms:conformsTo": [node(PROFILE)],
                "dcterms:issued": self._issued(),
                "dcterms:modified": [_time(max(times))] if times else [],
                "dcat:themeTaxonomy": [node(terms.THEMES)],
                "foaf:homepage": [node(f"{self._address}/")],
                "dcat:dataset": [node(dataset.iri) for dataset in datasets],
                "dcat:service": [self._node(service.slug) for service in self._services],
            },
        )
        yield from described(PROFILE, ["dcterms:Standard"], {"dcterms:title": ["DCAT-AP.de 3.0"]})
        yield from described(f"{self._address}/", ["foaf:Document"], {"dcterms:title": [TITLE]})

    def _agent(self) -> Iterator[pyoxigraph.Triple]:
        operator = self._operator
        homepage = [node(operator.url)] if operator.url else []
        name: Value = operator.name or UNOFFICIAL
        yield from described(
            self._node("publisher").value, ["foaf:Agent"], {"foaf:name": [name], "foaf:homepage": homepage}
        )
        if operator.url:
            yield from described(operator.url, ["foaf:Document"], {})

    def _contact(self) -> Iterator[pyoxigraph.Triple]:
        operator = self._operator
        yield from described(
            self._node("contact").value,
            ["vcard:Kind", "vcard:Organization"],
            {
                # vCard allows one formatted name in this place.
                "vcard:fn": [operator.name or UNOFFICIAL.in_("de")],
                "vcard:hasEmail": [node(f"mailto:{operator.email}")] if operator.email else [],
                "vcard:hasURL": [node(operator.url or f"{self._address}/")],
            },
        )

    def _region(self) -> Iterator[pyoxigraph.Triple]:
        if self._box:
            west, south, east, north = self._box
            ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
            yield from described(
                self._node("region").value,
                ["dcterms:Location"],
                {
                    # CKAN takes whichever label it comes upon first, so there is one, in German.
                    "skos:prefLabel": [pyoxigraph.Literal("Metropole Ruhr", language="de")],
                    "dcat:bbox": [_wkt(f"POLYGON(({', '.join(map(_position, ring))}))")],
                    "dcat:centroid": [_wkt(f"POINT({_position(((west + east) / 2, (south + north) / 2))})")],
                },
            )

    def _period(self) -> Iterator[pyoxigraph.Triple]:
        if self._years:
            yield from described(
                self._node("period").value,
                ["dcterms:PeriodOfTime"],
                {"dcat:startDate": [_year(min(self._years))], "dcat:endDate": [_year(max(self._years))]},
            )

    def _service(self, service: Service, datasets: Sequence[Dataset]) -> Iterator[pyoxigraph.Triple]:
        yield from described(
            self._node(service.slug).value,
            ["dcat:DataService"],
            {
                "dcterms:title": [service.title],
                "dcterms:description": [service.description],
                "dcterms:publisher": [self._node("publisher")],
                "dcterms:license": [node(terms.LICENCE)],
                "dcterms:accessRights": [node(terms.PUBLIC)],
                "dcterms:conformsTo": [node(service.standard)],
                "dcat:endpointURL": [node(f"{self._address}{service.path}")],
                "dcat:endpointDescription": [node(f"{self._address}{service.path}")],
                "dcat:servesDataset": [node(dataset.iri) for dataset in datasets if "graph" in dataset.parts],
                "dcat:contactPoint": [self._node("contact")],
                "dcat:theme": [node(f"{terms.THEMES}/{code}") for code in DATASETS[0].themes],
                "dcat:keyword": [*DATASETS[0].keywords, *service.keywords],
                "dcatap:availability": [node(terms.STABLE)],
            },
        )
        yield from described(service.standard, ["dcterms:Standard"], {"dcterms:title": [service.standard_title]})

    def _dataset(
        self, dataset: Dataset, files: Sequence[str], offered: Sequence[Dataset]
    ) -> Iterator[pyoxigraph.Triple]:
        times = self._times(files)
        contributor = self._operator.contributor
        page = f"{self._address}/dataset/{dataset.slug}"
        yield from described(page, ["foaf:Document"], {"dcterms:title": [dataset.title]})
        yield from described(CONTRIBUTORS, ["foaf:Agent"], {"foaf:name": [CREATOR]})
        yield from described(ONTOLOGY, ["dcterms:Standard"], {"dcterms:title": [ONTOLOGY_TITLE]})
        yield from described(
            dataset.iri,
            ["dcat:Dataset", "dcat:Resource"],
            {
                "dcterms:title": [dataset.title],
                "dcterms:description": [dataset.description],
                "dcterms:identifier": [dataset.iri],
                "dcterms:creator": [node(CONTRIBUTORS)],
                "dcterms:publisher": [self._node("publisher")],
                "prov:wasDerivedFrom": [node(iri) for iri in self._sources],
                "dcterms:relation": [node(other.iri) for other in offered if other is not dataset],
                "dcterms:conformsTo": [node(ONTOLOGY)],
                "dcterms:language": [node(iri) for iri in terms.LANGUAGES],
                "dcterms:accessRights": [node(terms.PUBLIC)],
                "dcterms:accrualPeriodicity": [node(terms.IRREGULAR)],
                "dcterms:issued": self._issued(),
                "dcterms:modified": [_time(max(times))] if times else [],
                "dcterms:spatial": [self._node("region")] if self._box else [],
                "dcterms:temporal": [self._node("period")] if self._years else [],
                "dcat:contactPoint": [self._node("contact")],
                "dcat:keyword": [*dataset.keywords],
                "dcat:landingPage": [node(page)],
                "dcat:theme": [node(f"{terms.THEMES}/{code}") for code in dataset.themes],
                "dcat:version": [self._release.identifier],
                "dcat:distribution": [self._node(name) for name in files],
                "dcatde:contributorID": [node(contributor)] if contributor else [],
                "dcatde:politicalGeocodingLevelURI": [node(terms.MUNICIPALITY)],
            },
        )

    def _distribution(self, name: str) -> Iterator[pyoxigraph.Triple]:
        file = self._release.manifest.files[name]
        url, checksum = node(f"{self._address}/dumps/{name}"), self._node(f"checksum-{name}")
        form = form_of(name, self._release.manifest.files[unpacked(name)[0]])
        times = self._times([name])
        yield from described(
            self._node(name).value,
            ["dcat:Distribution"],
            {
                "dcterms:title": [name],
                "dcterms:description": [form.title],
                "dcterms:license": [node(terms.LICENCE)],
                "dcterms:format": [node(f"{terms.FILE_TYPES}/{form.file_type}")],
                "dcterms:language": [node(iri) for iri in terms.LANGUAGES],
                "dcterms:rights": [self._node("rights")],
                "dcterms:issued": self._issued(),
                "dcterms:modified": [_time(time) for time in times],
                "dcat:accessURL": [url],
                "dcat:downloadURL": [url],
                "dcat:mediaType": _media_types(form.media_type),
                "dcat:packageFormat": _media_types(form.packaging),
                "dcat:compressFormat": _media_types(form.compression),
                "dcat:byteSize": [number(file.bytes)],
                "spdx:checksum": [checksum],
                "adms:status": [node(terms.COMPLETED)],
                "dcatap:availability": [node(terms.STABLE)],
            },
        )
        algorithm = expand("spdx:checksumAlgorithm_sha256")
        value = pyoxigraph.Literal(file.sha256, datatype=named("xsd:hexBinary"))
        yield from described(
            checksum.value, ["spdx:Checksum"], {"spdx:algorithm": [node(algorithm)], "spdx:checksumValue": [value]}
        )
        yield from described(algorithm, ["spdx:ChecksumAlgorithm"], {})
        yield from described(
            self._node("rights").value,
            ["dcterms:RightsStatement"],
            {
                "rdfs:label": [
                    Text(
                        "CC0 1.0 for statements, terms and descriptions; quoted sentences stay the wording of their "
                        "authors."
                    )
                ]
            },
        )

    def _node(self, fragment: str) -> pyoxigraph.NamedNode:
        return node(f"{self._iri}#{fragment}")

    def _times(self, files: Iterable[str]) -> list[str]:
        return [self._modified[name] for name in files if name in self._modified]

    def _issued(self) -> list[Value]:
        """When the first version came into force."""
        time = self._versions.issued(self._release)
        return [_time(time)] if time else []


def _used_terms(triples: Iterable[pyoxigraph.Triple]) -> Iterator[pyoxigraph.Triple]:
    """What the catalogue brings along of the vocabularies of portals, of the terms it uses."""
    used = {triple.object.value for triple in triples if isinstance(triple.object, pyoxigraph.NamedNode)}
    for iri in (used | {terms.PUBLIC_DOMAIN}) & set(terms.TERMS):
        term = terms.TERMS[iri]
        labels = Label(de=term.de, en=term.en)
        yield from described(iri, [term.class_], {"skos:prefLabel": [labels], "skos:inScheme": [node(term.scheme)]})
    if terms.LICENCE in used:
        yield from described(terms.LICENCE, [], {"dcterms:type": [node(terms.PUBLIC_DOMAIN)]})
    for iri in used & set(terms.SCHEMES):
        yield from described(
            iri, ["skos:ConceptScheme"], {"dcterms:title": [Label(zip(("de", "en"), terms.SCHEMES[iri], strict=True))]}
        )
    for iri in used:
        if iri.startswith(terms.IANA):
            yield from described(iri, ["dcterms:MediaType"], {})
        if iri.startswith(f"{terms.CONTRIBUTORS}/"):
            yield from described(iri, [], {"skos:inScheme": [node(terms.CONTRIBUTORS)]})


def _media_types(name: str) -> list[Value]:
    return [node(terms.IANA + name)] if name else []


def _wkt(text: str) -> pyoxigraph.Literal:
    # Without a reference system it is CRS84: longitude before latitude (GeoSPARQL 1.1, section 8.5.1).
    return pyoxigraph.Literal(text, datatype=named("geo:wktLiteral"))


def _position(point: tuple[float, float]) -> str:
    return f"{point[0]:.4f} {point[1]:.4f}"


def _time(text: str) -> pyoxigraph.Literal:
    """A moment, or a day where no more is known."""
    kind = "dateTime" if "T" in text else "date"
    return pyoxigraph.Literal(text, datatype=named(f"xsd:{kind}"))


def _year(year: int) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(f"{year:04d}", datatype=named("xsd:gYear"))
