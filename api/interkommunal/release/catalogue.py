"""The catalogue of a release for open-data portals, by DCAT-AP 3.0.1 and DCAT-AP.de 3.0.

In go a release, the versions beside it, the address of the server and what the operator says of themselves; out come
triples without blank nodes. Datasets have canonical IRIs, everything that is the operator's has one below the address.
No clock is read: what was modified, and when, is told by comparing releases, so that a harvest finds nothing new until
there is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyoxigraph

from interkommunal.namespaces import IK, PREFIXES
from interkommunal.release import portal_terms as terms
from interkommunal.release.datasets import DATASETS, Dataset, Words, listed
from interkommunal.release.descriptions import CATALOGUE_PREFIXES, Value, described, node, number
from interkommunal.release.dumps import PACKED
from interkommunal.release.quads import in_reading_order
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions

PROTOCOL: Final = "http://www.w3.org/TR/sparql11-protocol/"
PROFILE: Final = "https://www.dcat-ap.de/def/dcatde/3.0/spec/"

TITLE: Final = Words("Katalog des interkommunalen Wissensgraphen", "Catalogue of the intermunicipal knowledge graph")
DESCRIPTION: Final = Words(
    "Datensätze des Projekts interkommunal: wie Städte zusammenarbeiten, mit dem Beleg zu jeder Aussage.",
    "Datasets of the project interkommunal: how cities work together, with the evidence for each statement.",
)
# Who has not said who they are is not passed off as an authority.
UNOFFICIAL: Final = Words(
    "Betreiber nicht angegeben (inoffizielles Angebot)", "operator not stated (unofficial service)"
)

_YEAR: Final = re.compile(rb"<%s> \"(-?\d{4})\"" % f"{IK}year".encode())


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


def catalogue(release: Release, versions: Versions, address: str, operator: Operator) -> list[pyoxigraph.Triple]:
    """The triples of the catalogue, in reading order.

    Args:
        release: what is being served.
        versions: the releases beside it, by which days of changes are found.
        address: public URL of the server, without a slash at the end.
        operator: who publishes it.

    Raises:
        OSError: a file of the release cannot be read.
    """
    return in_reading_order(_Catalogue(release, versions, address, operator).triples())


class _Catalogue:
    def __init__(self, release: Release, versions: Versions, address: str, operator: Operator) -> None:
        self._release = release
        self._versions = versions
        self._address = address
        self._operator = operator
        self._iri = f"{address}/catalog"
        self._box = _box(release)
        self._years = _years(release)

    def triples(self) -> set[pyoxigraph.Triple]:
        offered = list(listed(self._release))
        parts: list[Iterator[pyoxigraph.Triple]] = [
            self._catalogue([dataset for dataset, _ in offered]),
            self._agent(),
            self._contact(),
            self._region(),
            self._period(),
            self._service([dataset for dataset, _ in offered]),
        ]
        for dataset, files in offered:
            parts.append(self._dataset(dataset, files))
            parts += [self._distribution(name) for name in files]
        found = {triple for part in parts for triple in part}
        return found | set(_used_terms(found))

    def _catalogue(self, datasets: Sequence[Dataset]) -> Iterator[pyoxigraph.Triple]:
        days = [day for dataset in datasets for day in self._days(dataset.files(self._release))]
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
                "dcterms:modified": [_date(max(days))] if days else [],
                "dcat:themeTaxonomy": [node(terms.THEMES)],
                "foaf:homepage": [node(f"{self._address}/")],
                "dcat:dataset": [node(dataset.iri) for dataset in datasets],
                "dcat:service": [self._node("sparql")],
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
                "vcard:fn": [operator.name or UNOFFICIAL.de],
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
                    "skos:prefLabel": [Words("Metropole Ruhr", "Ruhr Metropolis")],
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

    def _service(self, datasets: Sequence[Dataset]) -> Iterator[pyoxigraph.Triple]:
        yield from described(
            self._node("sparql").value,
            ["dcat:DataService"],
            {
                "dcterms:title": [Words("SPARQL-Endpunkt", "SPARQL endpoint")],
                "dcterms:description": [
                    Words(
                        "Beantwortet Fragen an den Wissensgraphen nach SPARQL 1.1.",
                        "Answers questions to the knowledge graph by SPARQL 1.1.",
                    )
                ],
                "dcterms:publisher": [self._node("publisher")],
                "dcterms:license": [node(terms.LICENCE)],
                "dcterms:accessRights": [node(terms.PUBLIC)],
                "dcterms:conformsTo": [node(PROTOCOL)],
                "dcat:endpointURL": [node(f"{self._address}/sparql")],
                "dcat:endpointDescription": [node(f"{self._address}/sparql")],
                "dcat:servesDataset": [node(dataset.iri) for dataset in datasets if "graph" in dataset.parts],
                "dcat:contactPoint": [self._node("contact")],
                "dcat:theme": [node(f"{terms.THEMES}/{code}") for code in DATASETS[0].themes],
                "dcat:keyword": [*DATASETS[0].keywords, "SPARQL"],
                "dcatap:availability": [node(terms.STABLE)],
            },
        )
        yield from described(PROTOCOL, ["dcterms:Standard"], {"dcterms:title": ["SPARQL 1.1 Protocol"]})

    def _dataset(self, dataset: Dataset, files: Sequence[str]) -> Iterator[pyoxigraph.Triple]:
        days = self._days(files)
        places = "ontology" not in dataset.slug
        contributor = self._operator.contributor
        yield from described(
            dataset.iri,
            ["dcat:Dataset", "dcat:Resource"],
            {
                "dcterms:title": [dataset.title],
                "dcterms:description": [dataset.description],
                "dcterms:identifier": [dataset.iri],
                "dcterms:publisher": [self._node("publisher")],
                "dcterms:language": [node(iri) for iri in terms.LANGUAGES],
                "dcterms:accessRights": [node(terms.PUBLIC)],
                "dcterms:accrualPeriodicity": [node(terms.IRREGULAR)],
                "dcterms:issued": self._issued(),
                "dcterms:modified": [_date(max(days))] if days else [],
                "dcterms:spatial": [self._node("region")] if places and self._box else [],
                "dcterms:temporal": [self._node("period")] if places and self._years else [],
                "dcat:contactPoint": [self._node("contact")],
                "dcat:keyword": [*dataset.keywords],
                "dcat:landingPage": [node(f"{self._address}/")],
                "dcat:theme": [node(f"{terms.THEMES}/{code}") for code in dataset.themes],
                "dcat:version": [self._release.identifier],
                "dcat:distribution": [self._node(name) for name in files],
                "dcatde:contributorID": [node(contributor)] if contributor else [],
                "dcatde:politicalGeocodingLevelURI": [node(terms.MUNICIPALITY)] if places else [],
            },
        )

    def _distribution(self, name: str) -> Iterator[pyoxigraph.Triple]:
        file = self._release.manifest.files[name]
        url, checksum = node(f"{self._address}/dumps/{name}"), self._node(f"checksum-{name}")
        plain, packing = _unpacked(name)
        suffix = plain.rpartition(".")[2]
        day = self._day(name)
        yield from described(
            self._node(name).value,
            ["dcat:Distribution"],
            {
                "dcterms:title": [name],
                "dcterms:description": [_what(name)],
                "dcterms:license": [node(terms.LICENCE)],
                "dcterms:format": [node(f"{terms.FILE_TYPES}/{terms.FILE_TYPE_CODES[suffix]}")],
                "dcterms:language": [node(iri) for iri in terms.LANGUAGES],
                "dcterms:rights": [self._node("rights")],
                "dcterms:issued": self._issued(),
                "dcterms:modified": [_date(day)] if day else [],
                "dcat:accessURL": [url],
                "dcat:downloadURL": [url],
                "dcat:mediaType": [node(terms.IANA + _media_type(self._release, plain))],
                "dcat:compressFormat": [node(terms.IANA + PACKED[packing])] if packing else [],
                "dcat:byteSize": [number(file.bytes)],
                "spdx:checksum": [checksum],
                "adms:status": [node(terms.COMPLETED)],
                "dcatap:availability": [node(terms.STABLE)],
            },
        )
        algorithm = f"{CATALOGUE_PREFIXES['spdx']}checksumAlgorithm_sha256"
        value = pyoxigraph.Literal(file.sha256, datatype=node(f"{PREFIXES['xsd']}hexBinary"))
        yield from described(
            checksum.value, ["spdx:Checksum"], {"spdx:algorithm": [node(algorithm)], "spdx:checksumValue": [value]}
        )
        yield from described(algorithm, ["spdx:ChecksumAlgorithm"], {})
        yield from described(
            self._node("rights").value,
            ["dcterms:RightsStatement"],
            {
                "rdfs:label": [
                    Words(
                        "CC0 1.0 für Aussagen, Begriffe und Beschreibungen; zitierte Sätze bleiben Wortlaut ihrer "
                        "Verfasserinnen und Verfasser.",
                        "CC0 1.0 for statements, terms and descriptions; quoted sentences stay the wording of their "
                        "authors.",
                    )
                ]
            },
        )

    def _node(self, fragment: str) -> pyoxigraph.NamedNode:
        return node(f"{self._iri}#{fragment}")

    def _day(self, name: str) -> str:
        return self._versions.unchanged_since(self._release, name).manifest.released

    def _days(self, files: Iterable[str]) -> list[str]:
        return [day for day in map(self._day, files) if day]

    def _issued(self) -> list[Value]:
        """The day of the oldest version that is kept."""
        days = [item.manifest.released for item in (*self._versions.kept, self._release) if item.manifest.released]
        return [_date(min(days))] if days else []


def _used_terms(triples: Iterable[pyoxigraph.Triple]) -> Iterator[pyoxigraph.Triple]:
    """What the catalogue brings along of the vocabularies of portals, of the terms it uses."""
    used = {triple.object.value for triple in triples if isinstance(triple.object, pyoxigraph.NamedNode)}
    for iri in (used | {terms.PUBLIC_DOMAIN}) & set(terms.TERMS):
        term = terms.TERMS[iri]
        labels = Words(term.de, term.en)
        yield from described(iri, [term.class_], {"skos:prefLabel": [labels], "skos:inScheme": [node(term.scheme)]})
    if terms.LICENCE in used:
        yield from described(terms.LICENCE, [], {"dcterms:type": [node(terms.PUBLIC_DOMAIN)]})
    for iri in used & set(terms.SCHEMES):
        yield from described(iri, ["skos:ConceptScheme"], {"dcterms:title": [Words(*terms.SCHEMES[iri])]})
    for iri in used:
        if iri.startswith(terms.IANA):
            yield from described(iri, ["dcterms:MediaType"], {})
        if iri.startswith(f"{terms.CONTRIBUTORS}/"):
            yield from described(iri, [], {"skos:inScheme": [node(terms.CONTRIBUTORS)]})


def _what(name: str) -> Words:
    """What a file is, for people."""
    plain, packing = _unpacked(name)
    stem, _, suffix = plain.rpartition(".")
    packed = Words(f", komprimiert ({packing})", f", compressed ({packing})") if packing else Words("", "")
    known = _CONTENTS.get(stem, Words(f"Tabelle {stem}", f"Table {stem}"))
    form = terms.TERMS[f"{terms.FILE_TYPES}/{terms.FILE_TYPE_CODES[suffix]}"].en
    return Words(f"{known.de} als {form}{packed.de}", f"{known.en} as {form}{packed.en}")


_CONTENTS: Final = {
    "graph": Words("Der ganze Graph", "The whole graph"),
    "facts": Words(
        "Was über die Städte und ihre Zusammenarbeit gesagt ist, ohne Textstellen und Begriffe,",
        "What is said of the cities and their cooperation, without passages and terms,",
    ),
    "vocabulary": Words("Begriffe, Codelisten und Regeln", "Terms, code lists and shapes"),
    "tables/csv-metadata": Words("Beschreibung aller Tabellen nach CSVW", "Description of all tables by CSVW"),
}


def _unpacked(name: str) -> tuple[str, str]:
    """The name without the suffix of its compression, and that suffix or nothing."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffix) if suffix in PACKED else (name, "")


def _media_type(release: Release, plain: str) -> str:
    return release.manifest.files[plain].media_type.partition(";")[0]


def _years(release: Release) -> set[int]:
    """The years of which the graph tells."""
    with release.quads.open("rb") as lines:
        return {int(match[1]) for line in lines if (match := _YEAR.search(line))}


def _box(release: Release) -> tuple[float, float, float, float] | None:
    """The region of the maps as a rectangle: west, south, east, north in degrees."""
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


def _wkt(text: str) -> pyoxigraph.Literal:
    # Without a reference system it is CRS84: longitude before latitude (GeoSPARQL 1.1, section 8.5.1).
    return pyoxigraph.Literal(text, datatype=node(f"{PREFIXES['geo']}wktLiteral"))


def _position(point: tuple[float, float]) -> str:
    return f"{point[0]:.4f} {point[1]:.4f}"


def _date(day: str) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(day, datatype=node(f"{PREFIXES['xsd']}date"))


def _year(year: int) -> pyoxigraph.Literal:
    return pyoxigraph.Literal(f"{year:04d}", datatype=node(f"{PREFIXES['xsd']}gYear"))
