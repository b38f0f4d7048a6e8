"""Catalogues with one fault each: the finding it gives, whether the command fails, and who stops harvesting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from tests.doctor.catalogues import FILE, LANDING, Answer, Portal, catalogue, dataset

from interkommunal.doctor.diagnosis import Diagnosis, Options, examine
from interkommunal.doctor.finding import finding, rules


@dataclass(frozen=True)
class Fault:
    """A fault: how it is made, the codes of the findings that it gives, and the portals whose harvest it ends."""

    make: Callable[[Portal], None]
    codes: frozenset[str]
    stops: frozenset[str] = frozenset()


HARVESTERS = frozenset({"ckan", "govdata", "piveau", "udata"})
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


def fault(make: Callable[[Portal], None], *codes: str, stops: frozenset[str] = frozenset()) -> Fault:
    return Fault(make, frozenset(codes), stops)


def replaced(old: str, new: str, **other: object) -> Callable[[Portal], None]:
    """The catalogue without fault, but for one text."""

    def make(served: Portal) -> None:
        text = catalogue(served.root)
        assert old in text, f"{old!r} is not in the catalogue"
        served.serve(text.replace(old, new), **other)

    return make


def served_as(**other: object) -> Callable[[Portal], None]:
    """The catalogue without fault, served in another way."""
    return lambda served: served.serve(catalogue(served.root), **other)


def body(data: bytes, media_type: str | None) -> Callable[[Portal], None]:
    def make(served: Portal) -> None:
        served.pages["/catalog"] = Answer(data, media_type)

    return make


def page(path: str, answer: Answer) -> Callable[[Portal], None]:
    def make(served: Portal) -> None:
        served.pages[path] = answer

    return make


def pages(*following: str, more: str = "", names: tuple[str, ...] = ("baeume", "parks")) -> Callable[[Portal], None]:
    """A catalogue of as many pages as there are ``following``: what each names as next, or nothing."""

    def make(served: Portal) -> None:
        for number, following_path in enumerate(following):
            path = "/catalog" if number == 0 else f"/catalog?page={number + 1}"
            following_page = f"hydra:next <{served.root}{following_path}> ;" if following_path else ""
            view = (
                f"<{served.root}{path}> a hydra:PartialCollectionView ; {following_page} {more} hydra:totalItems 2 .\n"
            )
            text = catalogue(served.root, dataset(served.root, names[number]), names=("baeume", "parks"))
            served.pages[path] = Answer((text + view).encode())

    return make


def two(**second: object) -> Callable[[Portal], None]:
    """Two datasets, the second of them as stated."""

    def make(served: Portal) -> None:
        other = dataset(served.root, "parks", **second)
        served.serve(catalogue(served.root, dataset(served.root), other, names=("baeume", "parks")))

    return make


def repeated(served: Portal) -> None:
    pages("/catalog?page=2")(served)
    served.pages["/catalog?page=2"] = served.pages["/catalog"]


def two_next(served: Portal) -> None:
    pages("/catalog?page=2", "")(served)
    first = served.pages["/catalog"]
    assert isinstance(first, Answer)
    first.body += f"<{served.root}/catalog> hydra:nextPage <{served.root}/catalog?page=3> .".encode()


def shaky(served: Portal) -> None:
    """Each answer has the time in it."""
    text = catalogue(served.root)
    served.pages["/catalog"] = lambda number: Answer(f"{text}# {number}\n".encode())


def vanishing(served: Portal) -> None:
    """From the second time on a dataset is missing."""
    both = catalogue(served.root, dataset(served.root), dataset(served.root, "parks"), names=("baeume", "parks"))
    one = catalogue(served.root, dataset(served.root), names=("baeume",))
    served.pages["/catalog"] = lambda number: Answer((both if number <= 1 else one).encode())


def without_tag(served: Portal) -> None:
    served_as(tag=False)(served)


def stubborn(served: Portal) -> None:
    """A tag that is sent and not heeded."""
    served_as(tag=False, headers={"ETag": '"always"'})(served)


def blank(served: Portal) -> None:
    text = catalogue(served.root)
    served.serve(text.replace("<https://stadt.example/dataset/baeume>", "_:baeume"))


def private(served: Portal) -> None:
    """What must not be asked is not asked here either: the address has no host at all."""
    replaced(f"dcat:accessURL <{served.root}/file.csv>", "dcat:accessURL <http://[nonsense/file.csv>")(served)


FAULTS: dict[str, Fault] = {
    # How it is served.
    "HEAD is answered 405": fault(served_as(head_status=405), "head-fallback"),
    "HEAD is answered 400": fault(served_as(head_status=400), "head-fallback"),
    "HEAD is answered 500": fault(served_as(head_status=500), "head-fails"),
    "GET is answered 404": fault(page("/catalog", Answer(b"", None, 404)), "get-fails", stops=HARVESTERS),
    "GET is answered 503": fault(page("/catalog", Answer(b"", None, 503)), "get-fails", stops=HARVESTERS),
    "it redirects": fault(
        page("/catalog", Answer(b"", None, 302, {"Location": "/elsewhere"})), "get-fails", stops=HARVESTERS
    ),
    "it redirects to itself": fault(
        page("/catalog", Answer(b"", None, 302, {"Location": "/catalog"})), "get-fails", stops=HARVESTERS
    ),
    "it redirects to a file": fault(
        page("/catalog", Answer(b"", None, 302, {"Location": "file:///etc/passwd"})), "get-fails", stops=HARVESTERS
    ),
    "a web page by default": fault(body(LANDING, "text/html"), "html-by-default", stops=HARVESTERS),
    "a web page that calls itself Turtle": fault(body(LANDING, "text/turtle"), "html-by-default", stops=HARVESTERS),
    "no media type": fault(served_as(media_type=None), "content-type-missing", stops=frozenset({"piveau", "udata"})),
    "a media type that is none of RDF": fault(
        served_as(media_type="text/plain"), "content-type-unknown", stops=HARVESTERS
    ),
    "a media type of another syntax": fault(
        served_as(media_type="application/rdf+xml"), "content-type-wrong", stops=HARVESTERS
    ),
    "no RDF at all": fault(body(b"no <rdf", "text/turtle"), "not-parsed", stops=HARVESTERS),
    "RDF that breaks off": fault(
        body(b"<http://a.example/> a <http://b.example/>", "text/turtle"), "not-parsed", stops=HARVESTERS
    ),
    "Latin-1": fault(
        body('<http://a.example/> <http://b.example/> "\u00e4" .'.encode("latin-1"), "text/turtle"),
        "not-utf8",
        "not-parsed",
        stops=HARVESTERS,
    ),
    "a space in an IRI": fault(
        replaced("https://stadt.example/#zeit", "https://stadt.example/#die zeit"),
        "iri-illegal",
        stops=frozenset({"piveau"}),
    ),
    "braces in an IRI": fault(
        replaced("https://stadt.example/#zeit", "https://stadt.example/{zeit}"),
        "iri-illegal",
        stops=frozenset({"piveau"}),
    ),
    "entities in RDF/XML": fault(
        body(
            b'<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&b;</rdf:RDF>',
            "application/rdf+xml",
        ),
        "xml-entities",
    ),
    "a file as an entity of RDF/XML": fault(
        body(
            b'<?xml version="1.0"?><!DOCTYPE rdf:RDF [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
            b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">&a;</rdf:RDF>',
            "application/rdf+xml",
        ),
        "xml-entities",
    ),
    "a context that is not there": fault(
        body(b'{"@context": "/context", "@id": "http://a.example/", "name": "a"}', "application/ld+json"),
        "context-unreadable",
        stops=HARVESTERS,
    ),
    "a file as a context": fault(
        body(b'{"@context": "file:///etc/passwd", "@id": "http://a.example/", "name": "a"}', "application/ld+json"),
        "context-unreadable",
        stops=HARVESTERS,
    ),
    "no tag": fault(without_tag, "no-etag"),
    "a tag that is not heeded": fault(stubborn, "not-304"),
    "the time of the request in the answer": fault(shaky, "unstable"),
    # Pages.
    "pages in a circle": fault(pages("/catalog?page=2", "/catalog"), "paging-cycle", stops=HARVESTERS),
    "a last page that names itself": fault(
        pages("/catalog?page=2", "/catalog?page=2"), "paging-cycle", stops=HARVESTERS
    ),
    "a second page that is the first": fault(
        repeated, "paging-repeats-first", "dataset-missing", stops=frozenset({"piveau", "udata"})
    ),
    "a second page that is not there": fault(pages("/catalog?page=2"), "get-fails", stops=HARVESTERS),
    "two next pages": fault(two_next, "paging-several-next"),
    "a dataset on two pages": fault(
        pages("/catalog?page=2", "", names=("baeume", "baeume")),
        "dataset-on-two-pages",
        "dataset-missing",
        "paging-total-differs",
    ),
    "datasets that vanish": fault(vanishing, "datasets-vanish", "unstable"),
    # Identity.
    "no dataset": fault(
        replaced("> a dcat:Dataset, dcat:Resource ;", "> a dct:Collection ;"), "no-datasets", "dataset-missing"
    ),
    "no catalogue": fault(replaced("a dcat:Catalog ;", "a dct:Collection ;"), "no-catalog"),
    "a dataset without IRI": fault(blank, "dataset-blank"),
    "a dataset that no catalogue names": fault(
        lambda served: served.serve(
            catalogue(served.root, dataset(served.root), dataset(served.root, "parks"), names=("baeume",))
        ),
        "dataset-unlinked",
    ),
    "a dataset that is named and not described": fault(
        lambda served: served.serve(catalogue(served.root, names=("baeume", "parks"))), "dataset-missing"
    ),
    "no identifier": fault(
        replaced('dct:identifier "https://stadt.example/dataset/baeume" ;', ""), "identifier-missing"
    ),
    "two identifiers": fault(
        replaced('dct:identifier "https://stadt.example/dataset/baeume" ;', 'dct:identifier "a", "b" ;'),
        "identifier-several",
    ),
    "one identifier for two datasets": fault(
        two(identifier="https://stadt.example/dataset/baeume", modified="2025-02-04"), "identifier-not-unique"
    ),
    "one identifier and one day for two datasets": fault(
        two(identifier="https://stadt.example/dataset/baeume"), "identifier-not-unique", "duplicate"
    ),
    "an adms:identifier without IRI": fault(
        replaced('dcat:keyword "Stadt"@de ;', 'dcat:keyword "Stadt"@de ; adms:identifier [ a adms:Identifier ] ;'),
        "adms-identifier-blank",
    ),
    "no day of change": fault(
        lambda served: served.serve(
            catalogue(served.root, dataset(served.root).replace('    dct:modified "2025-02-03"^^xsd:date ;\n', ""))
        ),
        "modified-missing",
    ),
    "a day of change to come": fault(
        lambda served: served.serve(catalogue(served.root, dataset(served.root, modified=TOMORROW))),
        "modified-in-future",
    ),
    "a day of change that is none": fault(
        lambda served: served.serve(catalogue(served.root, dataset(served.root, modified="3.2.2025"))),
        "modified-no-date",
    ),
    # Properties.
    "no description": fault(replaced('dct:description "Alles über Baeume."@de ;', ""), "property-mandatory"),
    "no publisher of the catalogue": fault(
        replaced(
            'dct:publisher <https://stadt.example/#wir> ;\n    dct:issued "2024-01-01"^^xsd:date ; dct:mod', "dct:mod"
        ),
        "property-mandatory",
        "property-recommended",
    ),
    "no address of a distribution": fault(
        lambda served: replaced(f"dcat:accessURL <{served.root}/file.csv> ;", "")(served), "property-mandatory"
    ),
    "no keyword": fault(replaced('dcat:keyword "Stadt"@de ;', ""), "property-recommended"),
    "no title": fault(replaced('dct:title "Baeume"@de ;', ""), "title-missing", stops=frozenset({"ckan", "govdata"})),
    "a title without language": fault(replaced('"Baeume"@de', '"Baeume"'), "title-without-language"),
    "two titles in one language": fault(replaced('"Baeume"@de', '"Baeume"@de, "Die Baeume"@de'), "title-twice"),
    "a title that is not German": fault(replaced('"Baeume"@de', '"Trees"@en'), "title-not-german"),
    "two publishers": fault(
        replaced(
            'dct:identifier "https://stadt.example/dataset/baeume" ;',
            'dct:identifier "https://stadt.example/dataset/baeume" ; dct:publisher <https://stadt.example/#kontakt> ;',
        ),
        "too-many-values",
    ),
    "two places": fault(
        replaced(
            "dct:spatial <https://stadt.example/#gebiet> ; dct:temporal",
            "dct:spatial <https://stadt.example/#gebiet>, <https://stadt.example/#land> ; dct:temporal",
        ),
        "spatial-several",
    ),
    "no distribution": fault(
        replaced(
            "dcat:distribution <https://stadt.example/dataset/baeume#csv> .", "dct:type <https://stadt.example/t> ."
        ),
        "distribution-none",
    ),
    "a distribution that is not described": fault(
        replaced("dcat:distribution <", "dcat:distribution <https://stadt.example/none>, <"), "distribution-missing"
    ),
    "no licence": fault(
        replaced("dct:license <http://dcat-ap.de/def/licenses/cc-zero> ;\n    dct:format", "dct:format"),
        "licence-missing",
    ),
    "a licence that is not in the list": fault(
        replaced(
            "dct:license <http://dcat-ap.de/def/licenses/cc-zero> ;\n    dct:format",
            "dct:license <https://creativecommons.org/publicdomain/zero/1.0/> ;\n    dct:format",
        ),
        "licence-not-listed",
    ),
    "no contributor": fault(
        replaced("dcatde:contributorID <http://dcat-ap.de/def/contributors/openNRW> ;", ""), "contributor-missing"
    ),
    "two contributors": fault(
        replaced("contributors/openNRW> ;", "contributors/openNRW>, <http://dcat-ap.de/def/contributors/govdata> ;"),
        "contributor-several",
    ),
    "a contributor that is not in the list": fault(
        replaced("http://dcat-ap.de/def/contributors/openNRW", "https://stadt.example/"), "contributor-not-listed"
    ),
    "a theme of another vocabulary": fault(
        replaced(
            "dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI>",
            "dcat:theme <https://stadt.example/umwelt>",
        ),
        "term-foreign",
    ),
    "a format as text": fault(
        replaced("dct:format <http://publications.europa.eu/resource/authority/file-type/CSV>", 'dct:format "CSV"'),
        "term-foreign",
    ),
    "a term that is not described": fault(
        replaced(
            "<http://publications.europa.eu/resource/authority/data-theme/ENVI> a skos:Concept",
            "<urn:x> a skos:Concept",
        ),
        "term-not-typed",
    ),
    # Where it leads.
    "a file that is not there": fault(page("/file.csv", Answer(b"", None, 404)), "link-dead"),
    "an address that is none": fault(private, "link-dead"),
    "a file without HEAD": fault(page("/file.csv", Answer(FILE, "text/csv", head_status=405)), "link-without-head"),
    "a file of another size": fault(
        lambda served: served.serve(catalogue(served.root, dataset(served.root, size=17))), "size-differs"
    ),
    "a file of another content": fault(
        page("/file.csv", Answer(FILE.replace(b"1", b"2"), "text/csv")), "checksum-differs"
    ),
    "a file of another type": fault(page("/file.csv", Answer(FILE, "application/json")), "media-type-differs"),
    # Search engines.
    "robots.txt forbids the page": fault(
        page("/robots.txt", Answer(b"User-agent: *\nDisallow: /landing\n", "text/plain")),
        "robots-forbid",
        "sitemap-missing",
    ),
    "no robots.txt": fault(page("/robots.txt", Answer(b"", None, 404)), "robots-missing", "sitemap-missing"),
    "a site map that is none": fault(page("/map.xml", Answer(b"hello", "text/plain")), "sitemap-unreadable"),
    "a site map without the page": fault(
        page("/map.xml", Answer(b"<urlset></urlset>", "application/xml")), "sitemap-without-page"
    ),
    "no page of the dataset": fault(
        lambda served: replaced(f"dcat:landingPage <{served.root}/landing> ;", "")(served), "landing-missing"
    ),
    "a page that is not there": fault(page("/landing", Answer(b"", None, 404)), "landing-dead"),
    "a page that is none": fault(page("/landing", Answer(b"{}", "application/json")), "landing-not-html"),
    "a page without description": fault(
        page("/landing", Answer(b"<!doctype html><title>a</title>", "text/html")), "structured-data-missing"
    ),
    "a description that is no JSON": fault(
        page("/landing", Answer(LANDING.replace(b'"@type": "Dataset"', b'"@type": Dataset'), "text/html")),
        "structured-data-unreadable",
        "structured-data-missing",
    ),
    "a description without name": fault(
        page("/landing", Answer(LANDING.replace(b'"Dataset", "name"', b'"Dataset", "label"'), "text/html")),
        "structured-data-incomplete",
    ),
    "a description that is too short": fault(
        page(
            "/landing",
            Answer(LANDING.replace(b" mit Art und Standort, einmal im Jahr erhoben", b""), "text/html"),
        ),
        "structured-data-length",
    ),
    "a description without licence": fault(
        page("/landing", Answer(LANDING.replace(b'"license"', b'"licence"'), "text/html")),
        "structured-data-recommended",
    ),
}


def diagnosed(served: Portal) -> Diagnosis:
    return examine(served.address, Options(seconds=5, shapes=False))


def test_catalogue_without_fault_gives_no_finding_and_all_points(served: Portal) -> None:
    diagnosis = examine(served.address)

    assert diagnosis.findings == ()
    assert diagnosis.clean
    assert [(verdict.portal.key, verdict.reads, verdict.count("create")) for verdict in diagnosis.verdicts] == [
        ("ckan", True, 1),
        ("govdata", True, 1),
        ("piveau", True, 1),
        ("udata", True, 1),
        ("google", True, 1),
    ]
    assert sum(item.won for item in diagnosis.points) == 405


@pytest.mark.parametrize("name", FAULTS)
def test_fault_gives_its_finding_and_no_other(name: str, served: Portal) -> None:
    expected = FAULTS[name]
    expected.make(served)

    diagnosis = diagnosed(served)

    assert {item.rule.code for item in diagnosis.findings} == expected.codes
    assert diagnosis.clean == all(rules()[code].severity != "error" for code in expected.codes)
    stopped = {
        verdict.portal.key for verdict in diagnosis.verdicts if not verdict.reads and verdict.portal.key != "google"
    }
    assert stopped == expected.stops
    for item in diagnosis.findings:
        assert "{" not in item.says("de").replace("{zeit}", "") + item.mend("de") + item.mend("en")


def test_every_rule_is_broken_by_a_fault_or_tested_elsewhere() -> None:
    elsewhere = {
        # test_return_visit.py
        "modified-moved", "modified-stuck", "dataset-gone", "most-datasets-gone", "iri-changed",
        # test_limits.py
        "too-large", "nearly-too-large", "requests-used-up", "paging-most", "link-private", "redirected",
        "head-differs", "context-remote", "paging-untyped", "paging-next-text", "paging-total-missing",
        # test_official_shapes.py
        "shape-violated", "shape-warns", "shapes-not-run",
    }  # fmt: skip
    broken = {code for item in FAULTS.values() for code in item.codes}

    assert set(rules()) == broken | elsewhere
    assert not broken & elsewhere


def test_every_rule_speaks_both_languages_and_names_who_is_concerned() -> None:
    for rule in rules().values():
        assert rule.says.in_("de") != rule.says.in_("en") or "{profile}" in rule.says.in_("de"), rule.code
        assert "" != rule.mend.in_("de") != rule.mend.in_("en") != "", rule.code
        assert set(rule.stops) <= set(rule.portals) != set(), rule.code
        assert rule.severity in ("error", "warning", "note"), rule.code


def test_rule_that_does_not_exist_cannot_be_broken() -> None:
    with pytest.raises(KeyError):
        finding("no-such-rule")
