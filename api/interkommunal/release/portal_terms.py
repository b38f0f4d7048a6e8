"""Terms of the vocabularies that portals prescribe, and their labels.

The shapes of DCAT-AP ask for the class and the scheme of each term used, and a portal that checks a catalogue has not
loaded the vocabularies; so the catalogue brings along what it needs of them. Labels are those of the vocabularies.
"""

from __future__ import annotations

from typing import Final, NamedTuple

_EU: Final = "http://publications.europa.eu/resource/authority/"
_DE: Final = "http://dcat-ap.de/def/"
IANA: Final = "https://www.iana.org/assignments/media-types/"

LANGUAGES: Final = (f"{_EU}language/DEU", f"{_EU}language/ENG")
LICENCE: Final = f"{_DE}licenses/cc-zero"
PUBLIC_DOMAIN: Final = "http://purl.org/adms/licencetype/PublicDomain"
PUBLIC: Final = f"{_EU}access-right/PUBLIC"
IRREGULAR: Final = f"{_EU}frequency/IRREG"
STABLE: Final = f"{_EU}planned-availability/STABLE"
COMPLETED: Final = f"{_EU}distribution-status/COMPLETED"
MUNICIPALITY: Final = f"{_DE}politicalGeocoding/Level/municipality"
CONTRIBUTORS: Final = f"{_DE}contributors"
THEMES: Final = f"{_EU}data-theme"
FILE_TYPES: Final = f"{_EU}file-type"


class Term(NamedTuple):
    """A term: the class that DCAT-AP asks for, the scheme it is in, its labels."""

    class_: str
    scheme: str
    de: str
    en: str


TERMS: Final = {
    LANGUAGES[0]: Term("dcterms:LinguisticSystem", f"{_EU}language", "Deutsch", "German"),
    LANGUAGES[1]: Term("dcterms:LinguisticSystem", f"{_EU}language", "Englisch", "English"),
    LICENCE: Term(
        "dcterms:LicenseDocument",
        f"{_DE}licenses",
        "Creative Commons CC Zero License (cc-zero)",
        "Creative Commons CC Zero License (cc-zero)",
    ),
    PUBLIC_DOMAIN: Term("skos:Concept", "http://purl.org/adms/licencetype/1.0", "Gemeinfrei", "Work in public domain"),
    PUBLIC: Term("dcterms:RightsStatement", f"{_EU}access-right", "öffentlich", "public"),
    IRREGULAR: Term("dcterms:Frequency", f"{_EU}frequency", "unregelmäßig", "irregular"),
    STABLE: Term("skos:Concept", f"{_EU}planned-availability", "stabil", "stable"),
    COMPLETED: Term("skos:Concept", f"{_EU}distribution-status", "abgeschlossen", "completed"),
    MUNICIPALITY: Term("skos:Concept", f"{_DE}politicalGeocoding/Level", "Kommune", "municipality"),
    f"{THEMES}/GOVE": Term("skos:Concept", THEMES, "Regierung und öffentlicher Sektor", "Government and public sector"),
    f"{THEMES}/SOCI": Term("skos:Concept", THEMES, "Bevölkerung und Gesellschaft", "Population and society"),
    **{
        f"{FILE_TYPES}/{code}": Term("dcterms:MediaTypeOrExtent", FILE_TYPES, label, label)
        for code, label in {
            "RDF_N_QUADS": "RDF N-Quads",
            "RDF_TRIG": "RDF TriG",
            "JSON_LD": "JSON-LD",
            "RDF_N_TRIPLES": "RDF N-Triples",
            "RDF_TURTLE": "RDF Turtle",
            "RDF_XML": "RDF/XML",
            "CSV": "CSV",
            "JSON": "JSON",
            "PARQUET": "Parquet",
            "SQL": "SQL",
        }.items()
    },
}
# The scheme that a catalogue names as its own must be described.
SCHEMES: Final = {THEMES: ("Datenthemen", "Data theme")}
