"""What a catalogue says, as pages show it: datasets with their files and services, in one language.

In go the triples of the catalogue, out come values for templates and for search engines. Nothing is said on a page that
the catalogue does not say, so people and portals read the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

import pyoxigraph

from interkommunal.namespaces import CONTRIBUTORS, expand
from interkommunal.release.datasets import DATASETS
from interkommunal.texts import Language

LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
_UNITS: Final = ("kB", "MB", "GB", "TB")
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")

# A dataset, a service or a file, by the names that :class:`Listing` says.
Listed = dict[str, Any]
Term = pyoxigraph.NamedNode | pyoxigraph.Literal


class Listing:
    """A catalogue to be shown in one language.

    Args:
        triples: of the catalogue.
        language: of the page.
        order: names of files, those first that people look for first.
    """

    def __init__(self, triples: Iterable[pyoxigraph.Triple], language: Language, order: Iterable[str] = ()) -> None:
        self._language = language
        self._order = {name: place for place, name in enumerate(order)}
        self._said: dict[tuple[str, str], list[Term]] = defaultdict(list)
        for subject, predicate, value in triples:
            assert isinstance(subject, pyoxigraph.NamedNode), "a catalogue has no blank nodes"
            assert isinstance(value, Term), "a catalogue has no quoted triples"
            self._said[subject.value, predicate.value].append(value)

    @property
    def datasets(self) -> list[Listed]:
        """The datasets, in the order in which they are described.

        ``slug``: last part of its address. ``iri``: canonical. ``title``, ``description``, ``keywords``, ``themes``:
        in the language of the page. ``issued``, ``modified``: days. ``version``: of the release. ``years``: first and
        last, if it has any. ``region``: name of the region, if it has one; ``box``: south, west, north, east.
        ``publisher``, ``creator``: names. ``contact``: address to write to or to look at. ``sources``: IRIs of what it
        was read from. ``related``: IRIs of the other datasets. ``downloads``: its files.
        """
        described = {subject for subject, _ in self._said}
        return [self._dataset(item.slug, item.iri) for item in DATASETS if item.iri in described]

    @property
    def services(self) -> list[Listed]:
        """The services: ``title``, ``description``, ``url``, and the ``standard`` that it conforms to by name."""
        service = expand("dcat:service")
        return [
            {
                "title": self._text(term.value, "dcterms:title"),
                "description": self._text(term.value, "dcterms:description"),
                "url": self._one(term.value, "dcat:endpointURL"),
                "standard": self._text(self._one(term.value, "dcterms:conformsTo"), "dcterms:title"),
            }
            for (_, name), terms in list(self._said.items())
            for term in (terms if name == service else ())
        ]

    def _dataset(self, slug: str, iri: str) -> Listed:
        period, region = self._one(iri, "dcterms:temporal"), self._one(iri, "dcterms:spatial")
        contact = self._one(iri, "dcat:contactPoint")
        years = self._one(period, "dcat:startDate"), self._one(period, "dcat:endDate")
        corners = _NUMBER.findall(self._one(region, "dcat:bbox"))
        downloads = sorted(map(self._download, self._all(iri, "dcat:distribution")), key=self._place)
        return {
            "slug": slug,
            "iri": iri,
            "title": self._text(iri, "dcterms:title"),
            "description": self._text(iri, "dcterms:description"),
            "keywords": self._texts(iri, "dcat:keyword"),
            "themes": [self._text(theme, "skos:prefLabel") for theme in self._all(iri, "dcat:theme")],
            "issued": self._one(iri, "dcterms:issued"),
            "modified": self._one(iri, "dcterms:modified"),
            "version": self._one(iri, "dcat:version"),
            "years": years if all(years) else None,
            "region": self._text(region, "skos:prefLabel"),
            # A polygon names longitude before latitude, and its first and third corner lie across.
            "box": (corners[1], corners[0], corners[5], corners[4]) if len(corners) == 10 else (),
            "publisher": self._text(self._one(iri, "dcterms:publisher"), "foaf:name"),
            "creator": self._text(self._one(iri, "dcterms:creator"), "foaf:name"),
            "contact": self._one(contact, "vcard:hasEmail") or self._one(contact, "vcard:hasURL"),
            "sources": self._all(iri, "prov:wasDerivedFrom"),
            "related": self._all(iri, "dcterms:relation"),
            "downloads": downloads,
        }

    def _place(self, file: Listed) -> tuple[int, str]:
        return self._order.get(file["name"], len(self._order)), file["name"]

    def _download(self, iri: str) -> Listed:
        """A file: ``name``, ``title``, ``form`` by name, ``url``, ``bytes``, ``sha256`` in hex, ``media_type``."""
        packed = self._one(iri, "dcat:packageFormat") or self._one(iri, "dcat:compressFormat")
        media_type = packed or self._one(iri, "dcat:mediaType")
        return {
            "name": self._one(iri, "dcterms:title"),
            "title": self._text(iri, "dcterms:description"),
            "form": self._text(self._one(iri, "dcterms:format"), "skos:prefLabel"),
            "url": self._one(iri, "dcat:downloadURL"),
            "bytes": int(self._one(iri, "dcat:byteSize")),
            "sha256": self._one(self._one(iri, "spdx:checksum"), "spdx:checksumValue"),
            "media_type": media_type.partition("/media-types/")[2],
        }

    def _all(self, iri: str, name: str) -> list[str]:
        return [term.value for term in self._said.get((iri, expand(name)), ())]

    def _one(self, iri: str, name: str) -> str:
        return next(iter(self._all(iri, name)), "")

    def _texts(self, iri: str, name: str) -> list[str]:
        """The texts in the language of the page and those in none; where there are none, all."""
        terms = [term for term in self._said.get((iri, expand(name)), ()) if isinstance(term, pyoxigraph.Literal)]
        fitting = [term.value for term in terms if term.language in (self._language, None)]
        return fitting or [term.value for term in terms]

    def _text(self, iri: str, name: str) -> str:
        return next(iter(self._texts(iri, name)), "")


def size_words(size: int, decimal: str) -> str:
    """A size as people read it, in steps of a thousand; ``decimal`` is the mark before decimals."""
    if size < 1000:
        return f"{size} B"
    power = next((power for power in range(1, len(_UNITS)) if size < 999.5 * 1000**power), len(_UNITS))
    value, unit = size / 1000**power, _UNITS[power - 1]
    figures = f"{value:.1f}" if value < 9.95 else f"{value:.0f}"
    return f"{figures.replace('.', decimal)} {unit}"


def schema_org(dataset: Listed, page: str, catalogue: str) -> dict[str, Any]:
    """The dataset for search engines that list datasets.

    Args:
        dataset: to be described.
        page: URL of its page.
        catalogue: URL of the page of the catalogue.
    """
    geo = {"@type": "GeoShape", "box": " ".join(dataset["box"])}
    place = {"@type": "Place", "name": dataset["region"], "geo": geo}
    optional = {
        "datePublished": dataset["issued"],
        "dateModified": dataset["modified"],
        "temporalCoverage": "/".join(dataset["years"] or ()),
        "spatialCoverage": dataset["region"] and place,
    }
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": dataset["iri"],
        "name": dataset["title"],
        "description": dataset["description"],
        "url": page,
        "sameAs": dataset["iri"],
        "identifier": dataset["iri"],
        "license": LICENCE,
        "isAccessibleForFree": True,
        "inLanguage": ["de", "en"],
        "keywords": dataset["keywords"],
        "version": dataset["version"],
        "creator": {"@type": "Organization", "@id": CONTRIBUTORS, "name": dataset["creator"]},
        "publisher": {"@type": "Organization", "name": dataset["publisher"]},
        "isBasedOn": dataset["sources"],
        "isRelatedTo": [{"@type": "Dataset", "@id": iri} for iri in dataset["related"]],
        "includedInDataCatalog": {"@type": "DataCatalog", "url": catalogue, "name": "interkommunal"},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": item["name"],
                "description": item["title"],
                "contentUrl": item["url"],
                "encodingFormat": item["media_type"] or item["form"],
                "contentSize": f"{item['bytes']} B",
                "sha256": item["sha256"],
            }
            for item in dataset["downloads"]
        ],
        **{name: value for name, value in optional.items() if value},
    }
