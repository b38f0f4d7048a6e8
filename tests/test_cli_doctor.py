"""The command ``doctor``: what it prints, in which language, and with which exit status."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.doctor.catalogues import Portal, catalogue, dataset, portal
from tests.graph.small import make_content
from tests.harvest.conftest import CITY, FRENCH
from tests.release.frozen import QUADS, assembly_of
from tests.serving import serving

from interkommunal.cli import main
from interkommunal.release.freeze import freeze

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def served() -> Iterator[Portal]:
    with portal() as running:
        yield running


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in an English locale; gives status, output and errors."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def runner(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["interkommunal", "doctor", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, captured.out, captured.err

    return runner


def test_catalogue_without_fault_ends_with_0(run: Run, served: Portal) -> None:
    status, out, err = run(served.address)

    assert (status, err) == (0, "")
    assert "✓ CKAN (ckanext-dcat): 1 created" in out
    assert "Points at data.europa.eu: 405 / 405 (excellent)" in out
    assert out.endswith("No error.\n")


def test_error_ends_with_1_and_says_who_stops_and_how_to_mend_it(run: Run, served: Portal) -> None:
    served.serve(catalogue(served.root), media_type="text/plain")
    status, out, _ = run(served.address)

    assert status == 1
    assert "✗ CKAN (ckanext-dcat): harvests nothing (because of content-type-unknown)" in out
    assert "Content-Type “text/plain” stands for no syntax of RDF." in out
    assert "→ Send text/turtle, application/rdf+xml or application/ld+json, whichever it is." in out


def test_warning_ends_with_0(run: Run, served: Portal) -> None:
    served.serve(catalogue(served.root).replace('"Baeume"@de', '"Baeume"'))
    status, out, _ = run(served.address)

    assert status == 0
    assert out.endswith("No error. 1 warning\n")


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/catalog", "file:///etc/passwd", "catalog.ttl"])
def test_catalogue_that_cannot_be_asked_ends_with_2_and_one_line(address: str, run: Run) -> None:
    status, out, err = run(address)

    assert (status, out) == (2, "")
    assert err.startswith(f"interkommunal: {address} ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("option", ["--lang", "--language"])
def test_german_is_spoken_when_asked_for(option: str, run: Run, served: Portal) -> None:
    _, out, _ = run(served.address, option, "de")

    assert "Was Portale daraus machen" in out
    assert "✓ CKAN (ckanext-dcat): 1 neu" in out
    assert out.endswith("Kein Fehler.\n")


def test_german_is_spoken_in_a_german_locale(run: Run, served: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    assert "Kein Fehler." in run(served.address)[1]


def test_json_has_everything(run: Run, served: Portal) -> None:
    served.serve(catalogue(served.root, names=("baeume", "parks")))
    status, out, _ = run(served.address, "--json", "--no-shapes")
    found = json.loads(out)

    assert status == 1
    assert (found["clean"], found["datasets"], found["points"]["won"]) == (False, 1, 405)
    assert found["findings"] == [
        {
            "code": "dataset-missing",
            "severity": "error",
            "subject": "https://stadt.example/dataset/parks",
            "message": "The catalogue names this dataset but describes it on no page as dcat:Dataset; "
            "portals delete it.",
            "mend": "Describe it, or take it out of dcat:dataset.",
            "portals": ["ckan", "govdata", "piveau", "udata"],
            "source": "ckanext-dcat, harvesters/rdf.py, _mark_datasets_for_deletion",
        }
    ]
    assert [item["portal"] for item in found["portals"]] == ["ckan", "govdata", "piveau", "udata", "google"]
    assert found["portals"][0]["datasets"] == [
        {"action": "create", "guid": "https://stadt.example/dataset/baeume", "title": "Baeume"}
    ]


def test_visit_is_remembered_and_compared(run: Run, served: Portal, tmp_path: Path) -> None:
    page_request = tmp_path / "visit.json"
    both = (dataset(served.root), dataset(served.root, "parks"))
    served.serve(catalogue(served.root, *both, names=("baeume", "parks")))
    assert run(served.address, "--save", str(page_request))[0] == 0

    served.serve(catalogue(served.root))
    status, out, _ = run(served.address, "--since", str(page_request))

    assert status == 0
    assert "✓ CKAN (ckanext-dcat): 1 updated, 1 deleted" in out
    assert "  deleted: Parks\n" in out


def test_visit_that_no_portal_would_finish_is_not_remembered(run: Run, served: Portal, tmp_path: Path) -> None:
    page_request = tmp_path / "visit.json"
    served.serve("no turtle")
    status, _, err = run(served.address, "--save", str(page_request))

    assert status == 1
    assert "was not remembered" in err
    assert not page_request.exists()


def test_visit_that_is_not_there_ends_with_1_and_one_line(run: Run, served: Portal, tmp_path: Path) -> None:
    status, _, err = run(served.address, "--since", str(tmp_path / "none.json"))

    assert status == 1
    assert "No such file or directory" in err


def test_what_a_catalogue_says_is_no_markup(run: Run, served: Portal) -> None:
    served.serve(catalogue(served.root).replace('"Baeume"@de', '"[red]Baeume[/] [/nothing]"'))

    assert run(served.address)[0] == 0


def test_every_finding_is_listed_when_asked_for(run: Run, served: Portal) -> None:
    names = ("baeume", "parks", "wege", "seen", "felder")
    text = catalogue(served.root, *(dataset(served.root, name) for name in names), names=names)
    served.serve(text.replace("dcatde:contributorID <http://dcat-ap.de/def/contributors/openNRW> ;", ""))

    assert "… and 2 more (all with -v)" in run(served.address)[1]
    assert "more" not in run(served.address, "-v")[1]


def test_catalogue_of_our_own_server_is_clean(run: Run, tmp_path: Path) -> None:
    content = make_content(tmp_path / "content")
    freeze(assembly_of(*QUADS, CITY, FRENCH), content, tmp_path / "releases")
    with serving(tmp_path / "releases", tmp_path) as running:
        status, out, _ = run(f"{running.url}/catalog", "--json")

    found = json.loads(out)
    assert (status, found["clean"], found["datasets"]) == (0, True, 3)
    # Each dataset has a page of its own, with the description that search engines look for.
    assert {item["portal"]: item["create"] for item in found["portals"]} == {
        "google": 3,
        "ckan": 3,
        "govdata": 3,
        "piveau": 3,
        "udata": 3,
    }
