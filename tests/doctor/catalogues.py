"""A catalogue without fault, pages to serve, and a server on the loopback that serves them as the test says."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

FILE = b"id,name\n1,Essen\n"
LANDING = b"""<!doctype html><html lang="de"><head><title>B\xc3\xa4ume</title>
<script type="application/ld+json">{"@context": "https://schema.org/", "@type": "Dataset", "name": "B\xc3\xa4ume",
"description": "Alle Stra\xc3\x9fenb\xc3\xa4ume der Stadt mit Art und Standort, einmal im Jahr erhoben.",
"creator": {"@type": "Organization", "name": "Stadt"}, "license": "https://creativecommons.org/publicdomain/zero/1.0/",
"url": "https://stadt.example/baeume", "distribution": [{"@type": "DataDownload"}], "keywords": ["Baum"],
"identifier": "baeume", "temporalCoverage": "2025", "spatialCoverage": "Essen", "isAccessibleForFree": true,
"includedInDataCatalog": {"@type": "DataCatalog", "name": "Daten der Stadt"}}</script></head><body></body></html>"""

PREFIXES = """\
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dcatde: <http://dcat-ap.de/def/dcatde/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eu: <http://publications.europa.eu/resource/authority/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
CATALOG = """
<https://stadt.example/catalog> a dcat:Catalog ;
    dct:title "Daten der Stadt"@de, "Data of the city"@en ;
    dct:description "Offene Daten der Stadt."@de ;
    dct:publisher <https://stadt.example/#wir> ;
    dct:issued "2024-01-01"^^xsd:date ; dct:modified "2025-02-03"^^xsd:date ;
    dct:language <http://publications.europa.eu/resource/authority/language/DEU> ;
    dct:license <http://dcat-ap.de/def/licenses/cc-zero> ;
    dct:spatial <https://stadt.example/#gebiet> ;
    foaf:homepage <https://stadt.example/> ;
    dcat:themeTaxonomy <http://publications.europa.eu/resource/authority/data-theme> ;
    dcat:dataset %(datasets)s .
<https://stadt.example/#wir> a foaf:Agent ; foaf:name "Stadt"@de .
<https://stadt.example/#gebiet> a dct:Location ; skos:prefLabel "Stadt"@de .
<https://stadt.example/#kontakt> a vcard:Kind, vcard:Organization ;
    vcard:fn "Stadt" ; vcard:hasURL <https://stadt.example/> .
<https://stadt.example/#zeit> a dct:PeriodOfTime ; dcat:startDate "2025"^^xsd:gYear .
"""
# What the official shapes want to know of everything that is named.
KNOWN = """
<https://www.iana.org/assignments/media-types/text/csv> a dct:MediaType .
<http://dcat-ap.de/def/licenses/cc-zero> a dct:LicenseDocument ; skos:inScheme <http://dcat-ap.de/def/licenses> ;
    dct:type <http://purl.org/adms/licencetype/PublicDomain> .
<http://purl.org/adms/licencetype/PublicDomain> a skos:Concept ; skos:prefLabel "Public domain"@en ;
    skos:inScheme <http://purl.org/adms/licencetype/1.0> .
<http://dcat-ap.de/def/contributors/openNRW> skos:inScheme <http://dcat-ap.de/def/contributors> .
<http://publications.europa.eu/resource/authority/data-theme> a skos:ConceptScheme ; dct:title "Data theme"@en .
<https://stadt.example/> a foaf:Document .
<https://stadt.example/#rechte> a dct:RightsStatement .
spdx:checksumAlgorithm_sha256 a spdx:ChecksumAlgorithm .
"""
TERMS = (
    "".join(
        f"<http://publications.europa.eu/resource/authority/{scheme}/{code}> a {class_} ; "
        f'skos:prefLabel "{code}"@en ; skos:inScheme <http://publications.europa.eu/resource/authority/{scheme}> .\n'
        for scheme, code, class_ in (
            ("language", "DEU", "dct:LinguisticSystem"),
            ("data-theme", "ENVI", "skos:Concept"),
            ("file-type", "CSV", "dct:MediaTypeOrExtent"),
            ("access-right", "PUBLIC", "dct:RightsStatement"),
            ("frequency", "ANNUAL", "dct:Frequency"),
            ("planned-availability", "STABLE", "skos:Concept"),
        )
    )
    + KNOWN
)
DATASET = """
<https://stadt.example/dataset/%(name)s> a dcat:Dataset, dcat:Resource ;
    dct:title "%(title)s"@de ;
    dct:description "Alles über %(title)s."@de ;
    dct:identifier "%(identifier)s" ;
    dct:publisher <https://stadt.example/#wir> ;
    dct:issued "2024-01-01"^^xsd:date ;
    dct:modified "%(modified)s"^^xsd:date ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/PUBLIC> ;
    dct:accrualPeriodicity <http://publications.europa.eu/resource/authority/frequency/ANNUAL> ;
    dct:language <http://publications.europa.eu/resource/authority/language/DEU> ;
    dct:spatial <https://stadt.example/#gebiet> ; dct:temporal <https://stadt.example/#zeit> ;
    dcat:contactPoint <https://stadt.example/#kontakt> ;
    dcat:keyword "Stadt"@de ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ;
    dcat:landingPage <%(root)s/landing> ;
    dcatde:contributorID <http://dcat-ap.de/def/contributors/openNRW> ;
    dcat:distribution <https://stadt.example/dataset/%(name)s#csv> .
<%(root)s/landing> a foaf:Document .
<https://stadt.example/dataset/%(name)s#csv> a dcat:Distribution ;
    dct:title "%(title)s als CSV"@de ; dct:description "Eine Tabelle."@de ;
    dct:license <http://dcat-ap.de/def/licenses/cc-zero> ;
    dct:format <http://publications.europa.eu/resource/authority/file-type/CSV> ;
    dct:rights <https://stadt.example/#rechte> ;
    dcatap:availability <http://publications.europa.eu/resource/authority/planned-availability/STABLE> ;
    dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> ;
    dcat:accessURL <%(root)s/file.csv> ; dcat:downloadURL <%(root)s/file.csv> ;
    dcat:byteSize "%(size)d"^^xsd:nonNegativeInteger ;
    spdx:checksum <https://stadt.example/dataset/%(name)s#sum> .
<https://stadt.example/dataset/%(name)s#sum> a spdx:Checksum ;
    spdx:algorithm spdx:checksumAlgorithm_sha256 ;
    spdx:checksumValue "%(checksum)s"^^xsd:hexBinary .
"""


def dataset(root: str, name: str = "baeume", **other: object) -> str:
    """A dataset in Turtle; ``other`` replaces parts of it."""
    parts: dict[str, object] = {
        "root": root,
        "name": name,
        "title": name.capitalize(),
        "identifier": f"https://stadt.example/dataset/{name}",
        "modified": "2025-02-03",
        "size": len(FILE),
        "checksum": sha256(FILE).hexdigest(),
    }
    return DATASET % {**parts, **other}


def catalogue(root: str, *datasets: str, names: tuple[str, ...] = ("baeume",)) -> str:
    """A catalogue in Turtle of these datasets; without any, of one without fault. ``names``: those that it links."""
    linked = ", ".join(f"<https://stadt.example/dataset/{name}>" for name in names)
    return PREFIXES + CATALOG % {"datasets": linked} + TERMS + "".join(datasets or (dataset(root),))


@dataclass
class Answer:
    """What the server sends for an address."""

    body: bytes
    media_type: str | None = "text/turtle; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    head_status: int | None = None
    tag: bool = True


Pages = dict[str, Answer | Callable[[int], Answer]]


@dataclass
class Portal:
    """A server of pages by path. ``asked`` has the requests so far, as method and path, with their header fields."""

    root: str
    pages: Pages
    asked: list[tuple[str, str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"{self.root}/catalog"

    def serve(self, text: str, **other: Any) -> None:
        """Serve this as the catalogue."""
        self.pages["/catalog"] = Answer(text.encode(), **other)


@contextlib.contextmanager
def portal() -> Iterator[Portal]:
    """A server with a catalogue without fault, a file, a page, robots.txt and a site map."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(with_body=True)

        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def _answer(self, *, with_body: bool) -> None:
            served.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            page = served.pages.get(self.path)
            if callable(page):
                page = page(sum(1 for method, path, _ in served.asked if (method, path) == ("GET", self.path)))
            page = page or Answer(b"", None, 404)
            tag = f'"{sha256(page.body).hexdigest()[:16]}"'
            status = page.status if with_body or page.head_status is None else page.head_status
            known = page.tag and status == 200 and self.headers.get("If-None-Match") == tag
            self.send_response(304 if known else status)
            if page.media_type and not known:
                self.send_header("Content-Type", page.media_type)
            if page.tag and status == 200:
                self.send_header("ETag", tag)
            if not known:
                self.send_header("Content-Length", str(len(page.body)))
            for name, value in page.headers.items():
                self.send_header(name, value)
            self.end_headers()
            if with_body and not known:
                self.wfile.write(page.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    root = f"http://127.0.0.1:{server.server_address[1]}"
    site_map = f'<?xml version="1.0"?><urlset><url><loc>{root}/landing</loc></url></urlset>'
    served = Portal(
        root,
        {
            "/catalog": Answer(catalogue(root).encode()),
            "/file.csv": Answer(FILE, "text/csv; charset=utf-8"),
            "/landing": Answer(LANDING, "text/html; charset=utf-8"),
            "/robots.txt": Answer(f"User-agent: *\nAllow: /\nSitemap: {root}/map.xml\n".encode(), "text/plain"),
            "/map.xml": Answer(site_map.encode(), "application/xml"),
        },
    )
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
