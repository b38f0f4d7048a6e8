"""The datasets that portals list: what they are called, what they hold, and which files of a release they are.

Words for people, German and English; :mod:`interkommunal.release.catalogue` makes a catalogue of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple

from interkommunal.namespaces import BASE
from interkommunal.release.database import NAME as DATABASE
from interkommunal.release.dumps import MEDIA_TYPES
from interkommunal.release.packages import package_name
from interkommunal.release.release import Release
from interkommunal.release.tables import DESCRIPTION, FOLDER, FORMATS


class Words(NamedTuple):
    """The same in German and in English."""

    de: str
    en: str


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
    title: Words
    description: Words
    keywords: tuple[Words, ...]
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


_QUOTES: Final = Words(
    " Zitierte Sätze sind Wortlaut ihrer Verfasserinnen und Verfasser; die Lizenz gilt für alles Übrige.",
    " Quoted sentences are the wording of their authors; the licence holds for everything else.",
)
_COOPERATION: Final = Words("interkommunale Zusammenarbeit", "intermunicipal cooperation")
_RUHR: Final = Words("Ruhrgebiet", "Ruhr area")
_INTEGRATION: Final = Words("Integration", "integration")
_LINKED_DATA: Final = Words("Linked Open Data", "linked open data")

DATASETS: Final = (
    Dataset(
        "graph",
        Words(
            "Wissensgraph der Städtekooperation Integration.Interkommunal",
            "Knowledge graph of the city cooperation Integration.Interkommunal",
        ),
        Words(
            "Wie Städte des Ruhrgebiets bei der Integration zusammenarbeiten: Vereinbarungen, Beitritte, "
            "Veranstaltungen, Ziele und Ergebnisse, Satz für Satz aus einem Text in einen RDF-Graphen gelesen. Jede "
            "Aussage nennt die Stelle, an der sie steht; Widersprüche und Lücken der Quelle sind als solche "
            "verzeichnet." + _QUOTES.de,
            "How cities of the Ruhr area work together on integration: agreements, accessions, events, goals and "
            "results, read sentence by sentence from a text into an RDF graph. Each statement names the passage it "
            "stands in; contradictions and gaps of the source are recorded as such." + _QUOTES.en,
        ),
        (
            _COOPERATION,
            _RUHR,
            _INTEGRATION,
            Words("Städtekooperation", "city cooperation"),
            Words("Vielfalt", "diversity"),
            Words("Wissensgraph", "knowledge graph"),
            _LINKED_DATA,
        ),
        ("GOVE", "SOCI"),
        ("graph", "facts"),
    ),
    Dataset(
        "ontology",
        Words("Ontologie der interkommunalen Zusammenarbeit", "Intermunicipal Cooperation Ontology"),
        Words(
            "Begriffe und Codelisten für Vereinbarungen zwischen Städten und für die Textstellen, die davon berichten, "
            "auf Deutsch und Englisch, mit den SHACL-Regeln, die Daten in diesen Begriffen einhalten.",
            "Terms and code lists for agreements between cities and for the passages that report them, in German and "
            "English, with the SHACL shapes that data in these terms keep to.",
        ),
        (
            _COOPERATION,
            Words("Ontologie", "ontology"),
            Words("Vokabular", "vocabulary"),
            Words("Codeliste", "code list"),
            _LINKED_DATA,
        ),
        ("GOVE",),
        ("vocabulary",),
    ),
    Dataset(
        "tables",
        Words(
            "Städtekooperation Integration.Interkommunal als Tabellen",
            "The city cooperation Integration.Interkommunal as tables",
        ),
        Words(
            "Der Wissensgraph als flache Tabellen, eine für jede Klasse von Dingen: Städte, Vereinbarungen, "
            "Beteiligungen, Veranstaltungen, Ziele, Veröffentlichungen, Belegstellen und andere. "
            "Als CSV mit einer Beschreibung nach CSVW, JSON Lines, Parquet und in einer SQLite-Datei." + _QUOTES.de,
            "The knowledge graph as flat tables, one for each class of things: cities, agreements, participations, "
            "events, goals, publications, passages and others. As CSV with a description by CSVW, JSON Lines, "
            "Parquet and in one SQLite file." + _QUOTES.en,
        ),
        (_COOPERATION, _RUHR, _INTEGRATION, Words("Tabellen", "tables")),
        ("GOVE", "SOCI"),
        (FOLDER,),
    ),
)


def listed(release: Release) -> Iterable[tuple[Dataset, list[str]]]:
    """The datasets that ``release`` has files of, with these files."""
    for dataset in DATASETS:
        if files := dataset.files(release):
            yield dataset, files
