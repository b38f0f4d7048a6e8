"""How far the doctor goes: sizes, requests, pages, private networks; and pages that are as they should be."""

from __future__ import annotations

import json
import socket
from typing import Any

import pytest
from tests.doctor.catalogues import Answer, Portal, catalogue, dataset

from interkommunal.doctor import client as clients
from interkommunal.doctor.client import USER_AGENT, Client
from interkommunal.doctor.diagnosis import Diagnosis, Options, examine
from interkommunal.doctor.examinations import transport
from interkommunal.errors import UnreachableError

# What the official shapes say is tested by itself.
RULES = Options(shapes=False)


def codes(diagnosis: Diagnosis) -> set[str]:
    return {item.rule.code for item in diagnosis.findings}


def paged(served: Portal, *, total: bool = True, kind: str = "hydra:PartialCollectionView", text: bool = False) -> None:
    """Two datasets on two pages."""
    for number, name in enumerate(("baeume", "parks")):
        path = "/catalog" if number == 0 else "/catalog?page=2"
        target = f"{served.root}/catalog?page=2"
        following = (f'hydra:next "{target}" ;' if text else f"hydra:next <{target}> ;") if number == 0 else ""
        totals = "hydra:totalItems 2 ;" if total else ""
        view = f"<{served.root}{path}> a {kind} ; {following} {totals} hydra:first <{served.root}/catalog> .\n"
        page = catalogue(served.root, dataset(served.root, name), names=("baeume", "parks"))
        served.pages[path] = Answer((page + view).encode())


def test_pages_are_one_catalogue(served: Portal) -> None:
    paged(served)
    diagnosis = examine(served.address, RULES)

    assert diagnosis.findings == ()
    assert (diagnosis.pages, diagnosis.datasets) == (2, 2)


def test_pages_by_the_older_class_are_followed(served: Portal) -> None:
    paged(served, kind="hydra:PagedCollection")

    assert examine(served.address, RULES).pages == 2


def test_pages_without_total_are_found(served: Portal) -> None:
    paged(served, total=False)

    assert codes(examine(served.address, RULES)) == {"paging-total-missing"}


def test_next_page_as_text_is_found_and_followed(served: Portal) -> None:
    paged(served, text=True)
    diagnosis = examine(served.address, RULES)

    assert codes(diagnosis) == {"paging-next-text"}
    assert diagnosis.pages == 2


def test_next_page_at_a_node_without_class_is_followed_by_nobody(served: Portal) -> None:
    paged(served, kind="hydra:Collection")
    diagnosis = examine(served.address, RULES)

    assert codes(diagnosis) == {"paging-untyped", "dataset-missing"}
    assert diagnosis.pages == 1


def test_no_more_pages_than_allowed_are_fetched(served: Portal) -> None:
    paged(served)
    diagnosis = examine(served.address, Options(pages=1, shapes=False))

    assert codes(diagnosis) == {"paging-most"}
    assert "/catalog?page=2" not in [path for _, path, _ in served.asked]


def test_no_more_requests_than_allowed_are_made(served: Portal) -> None:
    diagnosis = examine(served.address, Options(requests=5, shapes=False))

    assert codes(diagnosis) == {"requests-used-up"}
    assert (len(served.asked), diagnosis.requests) == (5, 5)


def test_without_links_only_the_catalogue_is_asked(served: Portal) -> None:
    diagnosis = examine(served.address, Options(links=False, shapes=False))

    assert {path for _, path, _ in served.asked} == {"/catalog"}
    assert [verdict.portal.key for verdict in diagnosis.verdicts] == ["ckan", "govdata", "piveau", "udata"]


def test_every_request_says_who_asks(served: Portal) -> None:
    examine(served.address, RULES)

    assert {fields["user-agent"] for _, _, fields in served.asked} == {USER_AGENT}
    assert "interkommunal-doctor/" in USER_AGENT


def test_catalogue_is_asked_as_ckan_does(served: Portal) -> None:
    examine(served.address, RULES)

    assert [(method, path) for method, path, _ in served.asked[:2]] == [("HEAD", "/catalog"), ("GET", "/catalog")]
    assert served.asked[1][2]["accept"] == "*/*"


def test_page_that_is_too_large_is_not_read(served: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    for function in (Client.get, Client.ask):
        monkeypatch.setattr(function, "__defaults__", (*(function.__defaults__ or ())[:-1], 1000))

    diagnosis = examine(served.address, RULES)

    assert codes(diagnosis) == {"too-large"}
    assert {verdict.portal.key: verdict.reads for verdict in diagnosis.verdicts}["ckan"] is False


def test_page_that_will_be_too_large_soon_is_found(served: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "_NEARLY", 1000)

    assert codes(examine(served.address, RULES)) == {"nearly-too-large"}


def test_redirect_is_followed_and_told(served: Portal) -> None:
    served.pages["/old"] = Answer(b"", None, 301, {"Location": "/catalog"})

    assert codes(examine(f"{served.root}/old", RULES)) == {"redirected"}


def test_head_that_differs_is_found(served: Portal) -> None:
    text = catalogue(served.root).encode()
    answers = iter([Answer(text, "application/rdf+xml")])
    served.pages["/catalog"] = lambda number: next(answers, Answer(text)) if number == 0 else Answer(text)

    assert codes(examine(served.address, RULES)) == {"head-differs"}


def test_context_from_elsewhere_is_fetched_and_put_in_its_place(served: Portal) -> None:
    context = {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}
    served.pages["/context"] = Answer(json.dumps({"@context": context}).encode(), "application/ld+json")
    document: Any = {
        "@context": ["/context"],
        "@id": "https://stadt.example/dataset/baeume",
        "@type": "dcat:Dataset",
        "dct:title": [{"@value": "Bäume", "@language": "de"}],
    }
    served.pages["/catalog"] = Answer(json.dumps(document).encode(), "application/ld+json")

    diagnosis = examine(served.address, Options(links=False, shapes=False))

    assert "context-remote" in codes(diagnosis)
    assert [record.title for record in diagnosis.records] == ["Bäume"]


def test_private_network_named_by_a_public_catalogue_is_not_asked(
    served: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalogue plays to lie on the open net, so what it names on the loopback must be left alone."""
    monkeypatch.setattr(clients, "is_public", lambda address: address == "127.0.0.1")
    text = catalogue(served.root).replace(
        f"<{served.root}/file.csv>", f"<http://127.0.0.2:{served.root[-5:]}/file.csv>"
    )
    served.serve(text)

    diagnosis = examine(served.address, RULES)

    assert codes(diagnosis) == {"link-private"}
    assert "/file.csv" not in [path for _, path, _ in served.asked]


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://a.example/", "catalog", "", "http://", "data:text/turtle,a", "javascript:1"],
)
def test_what_is_no_address_of_the_web_is_refused(address: str) -> None:
    with pytest.raises(UnreachableError, match="no address of the web"):
        examine(address)


def test_nobody_there_is_told_apart_from_a_fault() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/catalog"

        with pytest.raises(UnreachableError, match="Connection refused"):
            examine(address)


def test_server_that_keeps_silent_is_given_up() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()

        with pytest.raises(UnreachableError, match="timed out"):
            examine(f"http://127.0.0.1:{silent.getsockname()[1]}/", Options(seconds=0.2))
