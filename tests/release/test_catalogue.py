"""The catalogue passes the official shapes, says only what is so, and moves only when content does."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import Literal, Quad
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, PROV, RDF, SKOS, Namespace
from tests.release import official
from tests.release.frozen import EDITORIAL, ESSEN, LABEL, QUADS, assembly_of
from tests.serving import write_release

from interkommunal.content import Content
from interkommunal.namespaces import CATALOGUE_PREFIXES, SOURCE
from interkommunal.release import formats, freeze
from interkommunal.release.catalogue import Operator, catalogue
from interkommunal.release.manifest import Manifest
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions

ADDRESS = "https://daten.example.org/ruhr"
CITY = Operator(
    "Stadt Essen", "https://www.essen.de/", "daten@essen.example", "http://dcat-ap.de/def/contributors/openNRW"
)
GRAPH = URIRef("https://w3id.org/interkommunal/dataset/graph")
ONTOLOGY = URIRef("https://w3id.org/interkommunal/dataset/ontology")
DCATDE = Namespace("http://dcat-ap.de/def/dcatde/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")


def listed(release: Release, operator: Operator = CITY) -> Graph:
    triples = catalogue(release, Versions.read(release.folder.parent), ADDRESS, operator)
    return Graph().parse(data=formats.turtle(triples, CATALOGUE_PREFIXES), format="turtle")


@pytest.mark.parametrize("operator", [CITY, Operator()], ids=["a city", "nobody said who"])
@pytest.mark.parametrize("terms", [True, False], ids=["with the vocabularies", "on its own"])
def test_catalogue_violates_no_german_shape(operator: Operator, terms: bool, shipped: Release) -> None:
    data = listed(shipped, operator)
    if terms:
        data.parse(official.CONFORMANCE / official.TERMS)

    assert official.results(data, official.DE) == []


@pytest.mark.parametrize("operator", [CITY, Operator()], ids=["a city", "nobody said who"])
def test_catalogue_violates_no_european_shape(operator: Operator, shipped: Release) -> None:
    # Of creator and publisher nobody has said the type.
    assert official.results(listed(shipped, operator), official.EU) == [
        ("Warning", "contributors", "type"),
        ("Warning", "publisher", "type"),
    ]


@pytest.mark.parametrize(
    ("subject", "predicate", "finding"),
    [
        (f"{ADDRESS}/catalog", DCTERMS.title, ("Violation", "catalog", "title")),
        (f"{ADDRESS}/catalog", DCTERMS.publisher, ("Violation", "catalog", "publisher")),
        (GRAPH, DCTERMS.description, ("Violation", "graph", "description")),
        (f"{ADDRESS}/catalog#graph.nq", DCAT.accessURL, ("Violation", "graph.nq", "accessURL")),
        (f"{ADDRESS}/catalog#sparql", DCAT.endpointURL, ("Violation", "sparql", "endpointURL")),
        (f"{ADDRESS}/catalog#publisher", FOAF.name, ("Violation", "publisher", "name")),
    ],
)
def test_catalogue_that_lacks_something_mandatory_fails(
    subject: str, predicate: URIRef, finding: tuple[str, str, str], shipped: Release
) -> None:
    data = listed(shipped)
    data.remove((URIRef(subject), predicate, None))

    assert finding in official.results(data, official.EU)


@pytest.mark.parametrize(
    ("subject", "predicate", "finding"),
    [
        (GRAPH, DCTERMS.publisher, ("Violation", "graph", "publisher")),
        (f"{ADDRESS}/catalog#graph.nq", DCTERMS.license, ("Violation", "graph.nq", "license")),
    ],
)
def test_catalogue_that_lacks_what_germany_asks_for_fails(
    subject: str, predicate: URIRef, finding: tuple[str, str, str], shipped: Release
) -> None:
    data = listed(shipped)
    data.remove((URIRef(subject), predicate, None))

    assert finding in official.results(data, official.DE)


def test_catalogue_with_a_term_outside_its_vocabulary_fails(shipped: Release) -> None:
    data = listed(shipped)
    data.set((URIRef(f"{ADDRESS}/catalog#graph.nq"), DCTERMS.format, URIRef("http://a.example/n-quads")))

    assert ("Violation", "n-quads", "inScheme") in official.results(data, official.DE)


def test_only_three_things_are_datasets_because_a_portal_takes_every_typed_one(shipped: Release) -> None:
    assert {str(item).rpartition("/")[2] for item in listed(shipped).subjects(RDF.type, DCAT.Dataset)} == {
        "graph",
        "ontology",
        "tables",
    }


def test_endpoint_is_a_service_and_no_distribution(shipped: Release) -> None:
    data = listed(shipped)
    service = URIRef(f"{ADDRESS}/catalog#sparql")

    assert list(data.objects(service, DCAT.endpointURL)) == [URIRef(f"{ADDRESS}/sparql")]
    assert list(data.objects(service, DCAT.servesDataset)) == [GRAPH]
    assert not [url for url in data.objects(None, DCAT.downloadURL) if "/dumps/" not in str(url)]


def test_distributions_have_size_and_checksum_of_their_files(shipped: Release) -> None:
    data = listed(shipped)
    distributions = list(data.subjects(RDF.type, DCAT.Distribution))

    assert len(distributions) > 40
    for distribution in distributions:
        name = str(data.value(distribution, DCAT.downloadURL)).removeprefix(f"{ADDRESS}/dumps/")
        content = shipped.path(name).read_bytes()
        checksum = data.value(distribution, SPDX.checksum)
        assert str(data.value(distribution, DCAT.byteSize)) == str(len(content))
        assert data.value(checksum, SPDX.checksumValue, any=False).lower() == hashlib.sha256(content).hexdigest()  # type: ignore[union-attr]


def test_compressed_distribution_tells_what_it_holds_and_how_it_is_packed(shipped: Release) -> None:
    data = listed(shipped)
    packed = URIRef(f"{ADDRESS}/catalog#graph.nq.gz")

    assert str(data.value(packed, DCAT.mediaType)).endswith("/media-types/application/n-quads")
    assert str(data.value(packed, DCAT.compressFormat)).endswith("/media-types/application/gzip")


def test_period_is_that_of_the_dated_things(shipped: Release) -> None:
    data = listed(shipped)
    period = data.value(GRAPH, DCTERMS.temporal)

    assert (str(data.value(period, DCAT.startDate)), str(data.value(period, DCAT.endDate))) == ("2003", "2016")


def test_region_is_the_rectangle_around_the_boundaries(shipped: Release) -> None:
    data = listed(shipped)
    (place,) = data.objects(GRAPH, DCTERMS.spatial)

    box = str(data.value(place, DCAT.bbox))
    longitudes, latitudes = zip(*(map(float, pair.split()) for pair in box[9:-2].split(", ")), strict=True)
    assert (min(longitudes) < 6.5, max(longitudes) > 7.8) == (True, True)
    assert (51.2 < min(latitudes) < 51.4, 51.6 < max(latitudes) < 51.9) == (True, True)


def test_region_has_one_label_so_that_no_harvester_takes_the_wrong_one(shipped: Release) -> None:
    data = listed(shipped)
    (place,) = data.subjects(RDF.type, DCTERMS.Location)

    assert [(str(label), getattr(label, "language", "")) for label in data.objects(place, SKOS.prefLabel)] == [
        ("Metropole Ruhr", "de")
    ]


def test_dataset_names_its_creator_its_sources_and_the_other_datasets(shipped: Release) -> None:
    data = listed(shipped)
    datasets = set(data.subjects(RDF.type, DCAT.Dataset))

    for dataset in datasets:
        (creator,) = data.objects(dataset, DCTERMS.creator)
        assert [str(name) for name in data.objects(creator, FOAF.name)] == ["interkommunal contributors"]
        assert set(data.objects(dataset, DCTERMS.relation)) == datasets - {dataset}
        assert list(data.objects(dataset, PROV.wasDerivedFrom)) == [URIRef(f"{SOURCE}grundlagen")]
    assert len(datasets) == 3


def test_titles_and_descriptions_are_german_and_english(shipped: Release) -> None:
    data = listed(shipped)
    for dataset in data.subjects(RDF.type, DCAT.Dataset):
        for property_ in (DCTERMS.title, DCTERMS.description):
            assert sorted(getattr(text, "language", "") for text in data.objects(dataset, property_)) == ["de", "en"]


def test_who_has_not_said_who_they_are_is_called_unofficial(shipped: Release) -> None:
    data = listed(shipped, Operator())

    assert {str(name) for name in data.objects(URIRef(f"{ADDRESS}/catalog#publisher"), FOAF.name)} == {
        "Betreiber nicht angegeben (inoffizielles Angebot)",
        "operator not stated (unofficial service)",
    }
    assert list(data.objects(None, DCATDE.contributorID)) == []
    assert list(data.objects(None, VCARD.hasEmail)) == []


def test_operator_is_publisher_contact_and_contributor(shipped: Release) -> None:
    data = listed(shipped)

    assert [str(name) for name in data.objects(URIRef(f"{ADDRESS}/catalog#publisher"), FOAF.name)] == ["Stadt Essen"]
    assert list(data.objects(None, VCARD.hasEmail)) == [URIRef("mailto:daten@essen.example")]
    assert list(data.objects(GRAPH, DCATDE.contributorID)) == [URIRef("http://dcat-ap.de/def/contributors/openNRW")]


def test_terms_of_vocabularies_come_with_label_and_scheme(shipped: Release) -> None:
    data = listed(shipped)
    used = {term for name in ("theme",) for term in data.objects(None, DCAT[name])}
    used |= {term for name in ("language", "license", "format") for term in data.objects(None, DCTERMS[name])}

    assert len(used) > 10
    for term in used:
        assert len(list(data.objects(term, SKOS.prefLabel))) == 2
        assert len(list(data.objects(term, SKOS.inScheme))) == 1


def test_catalogue_has_no_blank_nodes_and_the_same_bytes_each_time(shipped: Release) -> None:
    versions = Versions.read(shipped.folder.parent)
    first, second = (formats.turtle(catalogue(shipped, versions, ADDRESS, CITY), CATALOGUE_PREFIXES) for _ in range(2))

    assert first == second
    assert b"_:" not in first
    assert b"[" not in first


@pytest.mark.parametrize(
    ("write", "syntax"),
    [
        (lambda triples: formats.rdf_xml(triples, CATALOGUE_PREFIXES), pyoxigraph.RdfFormat.RDF_XML),
        (formats.ntriples, pyoxigraph.RdfFormat.N_TRIPLES),
        (formats.json_ld_nodes, pyoxigraph.RdfFormat.JSON_LD),
        (lambda triples: formats.turtle(triples, CATALOGUE_PREFIXES), pyoxigraph.RdfFormat.TURTLE),
    ],
)
def test_catalogue_is_the_same_in_each_format(write: object, syntax: pyoxigraph.RdfFormat, shipped: Release) -> None:
    assert callable(write)
    triples = catalogue(shipped, Versions.read(shipped.folder.parent), ADDRESS, CITY)

    assert {quad.triple for quad in pyoxigraph.parse(write(triples), format=syntax)} == set(triples)


def as_of(version: str, day: str, releases: Path, content: Content, *quads: Quad) -> Release:
    """These statements as a version of that day in ``releases``."""
    frozen = freeze.freeze(assembly_of(*quads), content, releases.with_name(version))
    old = frozen.manifest
    manifest = Manifest(version, old.content_hash, old.counts, old.files, day)
    folder = releases / manifest.identifier
    shutil.copytree(frozen.folder, folder)
    (folder / "manifest.json").write_bytes(manifest.to_json())
    return Release.open(folder)


def days(release: Release) -> tuple[str, str]:
    data = listed(release)
    return str(data.value(GRAPH, DCTERMS.modified)), str(data.value(ONTOLOGY, DCTERMS.modified))


def test_day_of_modification_stays_when_a_version_brings_no_content(releases: Path, small_content: Content) -> None:
    first = as_of("1.0.0", "2027-01-01", releases, small_content)
    again = as_of("1.1.0", "2027-02-02", releases, small_content)

    assert days(first) == ("2027-01-01", "2027-01-01")
    assert days(again) == ("2027-01-01", "2027-01-01")


def test_day_of_modification_moves_for_the_datasets_that_an_edit_changes(
    releases: Path, small_content: Content
) -> None:
    edit = Quad(ESSEN, LABEL, Literal("Essen", language="fr"), EDITORIAL)
    as_of("1.0.0", "2027-01-01", releases, small_content)
    edited = as_of("1.1.0", "2027-02-02", releases, small_content, *QUADS, edit)

    # The edit is in the editorial graph; the vocabulary stayed as it was.
    assert days(edited) == ("2027-02-02", "2027-01-01")


def test_release_without_dumps_lists_what_it_has(tmp_path: Path) -> None:
    data = listed(
        write_release(
            tmp_path, b"<http://a.example/a> <http://a.example/p> <http://a.example/b> <http://a.example/g> .\n"
        )
    )

    assert list(data.subjects(RDF.type, DCAT.Dataset)) == [GRAPH]
    assert [str(item) for item in data.objects(GRAPH, DCAT.distribution)] == [f"{ADDRESS}/catalog#graph.nq"]
    assert official.results(data, official.DE) == []
