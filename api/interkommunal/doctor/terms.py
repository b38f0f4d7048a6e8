"""The IRIs that harvesters look at, in the spelling of DCAT-AP 3.0.1 and DCAT-AP.de 3.0."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Final

RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
PREFIXES: Final = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "hydra": "http://www.w3.org/ns/hydra/core#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def iri(name: str) -> str:
    """The IRI of a name such as ``dcat:Dataset``."""
    prefix, _, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}"


def short(term: str) -> str:
    """An IRI as people write it, with a prefix where there is one."""
    for prefix, namespace in PREFIXES.items():
        if term.startswith(namespace) and len(term) > len(namespace):
            return f"{prefix}:{term[len(namespace) :]}"
    return term


_EU: Final = "http://publications.europa.eu/resource/authority/"
_DE: Final = "http://dcat-ap.de/def/"

LICENCES: Final = f"{_DE}licenses/"
CONTRIBUTORS: Final = f"{_DE}contributors/"
FILE_TYPES: Final = f"{_EU}file-type/"
MEDIA_TYPES: Final = "https://www.iana.org/assignments/media-types/"
ACCESS_RIGHTS: Final = f"{_EU}access-right/"

# Which vocabulary DCAT-AP and DCAT-AP.de ask for in which property (chapter "Controlled vocabularies").
VOCABULARIES: Final = {
    "dct:language": f"{_EU}language/",
    "dct:accrualPeriodicity": f"{_EU}frequency/",
    "dcat:theme": f"{_EU}data-theme/",
    "dct:accessRights": ACCESS_RIGHTS,
    "dct:format": FILE_TYPES,
    "dcatap:availability": f"{_EU}planned-availability/",
    "adms:status": f"{_EU}distribution-status/",
    "dcat:mediaType": MEDIA_TYPES,
}
# Media types are classes of their own and stand in no scheme.
SCHEMELESS: Final = frozenset({"dcat:mediaType"})


@cache
def codes(name: str) -> frozenset[str]:
    """One of the lists of codes, for example ``licences``."""
    lists = tomllib.loads((files("interkommunal.doctor") / "lists.toml").read_text(encoding="utf-8"))
    return frozenset(lists[name])
