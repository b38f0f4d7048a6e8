"""The datasets that portals list: what they are called, what they hold, and which files of a release they are.

Text for people, German and English; :mod:`interkommunal.release.catalogue` makes a catalogue of them.

The services that a catalogue may list beside its datasets: what they are called, where they are, what they keep to.

A server lists those that it has; :mod:`interkommunal.release.catalogue` makes data services of DCAT of them.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import Final

from interkommunal.namespaces import BASE
from interkommunal.release.database import NAME as DATABASE
from interkommunal.release.dumps import MEDIA_TYPES
from interkommunal.release.packages import package_name
from interkommunal.release.release import Release
from interkommunal.release.tables import DESCRIPTION, FOLDER, FORMATS
from interkommunal.texts import Text


@dataclass(frozen=True, slots=True)
class Service:
    """A service.

    Attributes:
        slug: names it in the catalogue. path: where it is, below the address of the server.
        title, description: for people. keywords: beside those of the dataset.
        standard, standard_title: what it conforms to: IRI and name.
    """

    slug: str
    path: str
    title: Text
    description: Text
    keywords: tuple[str, ...]
    standard: str
    standard_title: str


SPARQL: Final = Service(
    "sparql",
    "/sparql",
    Text("SPARQL endpoint"),
    Text("Answers questions to the knowledge graph by SPARQL 1.1."),
    ("SPARQL",),
    "http://www.w3.org/TR/sparql11-protocol/",
    "SPARQL 1.1 Protocol",
)
RECONCILIATION: Final = Service(
    "reconciliation",
    "/reconcile",
    Text("Reconciliation service"),
    Text(
        "Finds the cities, agreements and other things of the graph that names in a table stand for, for "
        "example from within OpenRefine."
    ),
    ("Reconciliation", "OpenRefine"),
    "https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/",
    "Reconciliation Service API 0.2",
)
FEED: Final = Service(
    "feed",
    "/feed",
    Text("Change feed"),
    Text("What is new, changed or gone about which thing of the graph, in order, as a Linked Data Event Stream."),
    ("LDES", "Linked Data Event Streams"),
    "https://w3id.org/ldes/specification",
    "Linked Data Event Streams",
)
SERVICES: Final = (SPARQL, RECONCILIATION, FEED)


def offered(paths: Container[str]) -> tuple[Service, ...]:
    """The services of a server that answers at these paths."""
    return tuple(service for service in SERVICES if service.path in paths)


@dataclass(frozen=True, slots=True)
class Dataset:
    """A dataset.

    Attributes:
        slug: last part of its IRI. title, description: for people.
        keywords: pairs of German and English.
        themes: codes of the EU vocabulary of data themes.
        parts: which dumps it consists of, by part; ``tables`` for the tables.
    """

    slug: str
    title: Text
    description: Text
    keywords: tuple[Text, ...]
    themes: tuple[str, ...]
    parts: tuple[str, ...]

    @property
    def iri(self) -> str:
        """Its canonical IRI, the same on every server: portals know a dataset by it."""
        return f"{BASE}dataset/{self.slug}"

    def files(self, release: Release) -> list[str]:
        """The files of ``release`` that portals list for this dataset; others go along unlisted.

        Those are the plain dumps and, of the whole graph, the compressed N-Quads: the dump that one takes to load the
        graph. Of the tables, the database, each format as one archive, and each table as CSV, which portals show.
        """
        wanted = [f"{part}.{suffix}" for part in self.parts for suffix in MEDIA_TYPES]
        wanted += [name for name in ("graph.nq.gz", "graph.nq.zst") if "graph" in self.parts]
        if FOLDER in self.parts:
            wanted += [DATABASE, f"{DATABASE}.zst", *map(package_name, FORMATS), DESCRIPTION]
            wanted += sorted(
                name for name in release.manifest.files if name.startswith(f"{FOLDER}/") and name.endswith(".csv")
            )
        return [name for name in wanted if name in release.manifest.files]


_QUOTES: Final = Text(" Quoted sentences are the wording of their authors; the licence holds for everything else.")
_COOPERATION: Final = Text("intermunicipal cooperation")
_RUHR: Final = Text("Ruhr area")
_INTEGRATION: Final = Text("integration")
_LINKED_DATA: Final = Text("linked open data")

DATASETS: Final = (
    Dataset(
        "graph",
        Text("Knowledge graph of the city cooperation Integration.Interkommunal"),
        Text(
            "How cities of the Ruhr area work together on integration: agreements, accessions, events, goals and "
            "results, read sentence by sentence from a text into an RDF graph. Each statement names the passage it "
            "stands in; contradictions and gaps of the source are recorded as such."
            "{quotes}",
            quotes=_QUOTES,
        ),
        (
            _COOPERATION,
            _RUHR,
            _INTEGRATION,
            Text("city cooperation"),
            Text("diversity"),
            Text("knowledge graph"),
            _LINKED_DATA,
        ),
        ("GOVE", "SOCI"),
        ("graph", "facts"),
    ),
    Dataset(
        "ontology",
        Text("Intermunicipal Cooperation Ontology"),
        Text(
            "Terms and code lists for agreements between cities and for the passages that report them, in "
            "German and English, with the SHACL shapes that data in these terms keep to."
        ),
        (
            _COOPERATION,
            Text("ontology"),
            Text("vocabulary"),
            Text("code list"),
            _LINKED_DATA,
        ),
        ("GOVE",),
        ("vocabulary",),
    ),
    Dataset(
        "tables",
        Text("The city cooperation Integration.Interkommunal as tables"),
        Text(
            "The knowledge graph as flat tables, one for each class of things: cities, agreements, participations, "
            "events, goals, publications, passages and others. As CSV with a description by CSVW, JSON Lines, "
            "Parquet and in one SQLite file."
            "{quotes}",
            quotes=_QUOTES,
        ),
        (_COOPERATION, _RUHR, _INTEGRATION, Text("tables")),
        ("GOVE", "SOCI"),
        (FOLDER,),
    ),
)


def listed(release: Release) -> Iterable[tuple[Dataset, list[str]]]:
    """The datasets that ``release`` has files of, with these files."""
    for dataset in DATASETS:
        if files := dataset.files(release):
            yield dataset, files
