"""The authorities that things are linked to: whose identifiers they are, and how IRIs are made of them.

One mapping set in ``data/links`` belongs to each. Everything that names an authority, from the reader of the sets to
the pages, takes it from here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from interkommunal.namespaces import GRAPH_LINKS, LINKS, PREFIXES


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
