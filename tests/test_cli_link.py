"""The command line of links: find, decide, check against a real endpoint, as people type it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.linking.conftest import slice_iri as slice_iri
from tests.linking.proxy import proxy
from tests.patience import patient

from interkommunal.content import Content

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def copy(content: Content, tmp_path: Path) -> Content:
    """A copy of the content whose set for Wikidata is missing."""
    for folder in ("ontology", "data", "shapes", "queries"):
        shutil.copytree(content.root / folder, tmp_path / folder)
    (tmp_path / "data" / "links" / "wikidata.sssom.tsv").unlink()
    return Content(tmp_path)


@pytest.fixture
def run(copy: Content) -> Run:
    def running(*arguments: str, typed: str = "", locale: str = "C.UTF-8") -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "INTERKOMMUNAL_CONTENT": str(copy.root),
            "XDG_CACHE_HOME": str(copy.root / "cache"),
            "LC_ALL": locale,
        }
        command = [sys.executable, "-m", "interkommunal", "link", *arguments]
        return subprocess.run(
            command, input=typed, capture_output=True, text=True, env=environment, check=False, timeout=patient(120)
        )

    return running


def test_find_review_and_check_as_people_type_it(run: Run, copy: Content, slice_iri: str) -> None:
    found = run("find", "--kind", "cities", "--endpoint", slice_iri)
    assert found.returncode == 0, found.stderr
    assert "9 things looked for in" in found.stdout
    assert "9 new candidates, 0 namesakes and weak ones left out" in found.stdout

    again = run("find", "--kind", "cities", "--endpoint", slice_iri)
    assert ": 0 new candidates" in again.stdout

    left = run("review", typed="a\na\n")
    assert left.returncode == 0
    assert "Left; what was decided is written." in left.stdout
    assert "1 of 9" in left.stdout
    rest = run("review", "--reviewer", "Stadtarchiv", typed="a\n" * 7)
    assert "1 of 7" in rest.stdout
    assert "7 accepted, 0 rejected, 0 open, 0 skipped" in rest.stdout

    text = (copy.data / "links" / "wikidata.sssom.tsv").read_text(encoding="utf-8")
    assert text.count("\taccepted\n") == 9
    checked = run("check", "--endpoint", slice_iri, "--format", "json")
    assert (checked.returncode, json.loads(checked.stdout)) == (0, [])


@pytest.mark.parametrize("after", [1, 3, 5])
def test_a_search_that_is_killed_goes_on_where_it_stopped(
    after: int, run: Run, copy: Content, slice_iri: str, tmp_path: Path
) -> None:
    """SIGKILL while the endpoint is silent: what was answered is on the disk and is not asked for again."""
    with proxy(slice_iri) as between:
        command = [sys.executable, "-m", "interkommunal", "link", "find", "--endpoint", between.iri]
        own = {"INTERKOMMUNAL_CONTENT": str(copy.root), "XDG_CACHE_HOME": str(copy.root / "cache")}
        between.script = [*([""] * after), "hang"]
        killed = subprocess.Popen(command, env={**os.environ, **own}, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert between.hanging.wait(60)
        killed.kill()
        killed.communicate()
        assert not (copy.data / "links" / "wikidata.sssom.tsv").exists()
        answered = between.passed
        between.release()
        done = run("find", "--endpoint", between.iri)

        assert done.returncode == 0, done.stderr
        assert answered == after
        assert f"in {between.passed - answered} requests: 18 new candidates" in done.stdout
    again = run("find", "--endpoint", slice_iri)
    assert ": 0 new candidates" in again.stdout


def test_a_page_instead_of_the_terminal(run: Run, copy: Content, slice_iri: str, tmp_path: Path) -> None:
    run("find", "--kind", "places", "--endpoint", slice_iri)
    run("page", str(tmp_path / "review.html"))
    assert "Wissenschaftspark Gelsenkirchen" in (tmp_path / "review.html").read_text(encoding="utf-8")
    decisions = {
        "decisions": [{"subject_id": "place:rathaus-herne", "object_id": "wd:Q900000003", "answer": "a", "reason": ""}]
    }
    (tmp_path / "decisions.json").write_text(json.dumps(decisions), encoding="utf-8")

    assert run("decide", str(tmp_path / "decisions.json")).stdout == "1 decision taken over\n"


def test_the_whole_way_in_german(run: Run, copy: Content, slice_iri: str, tmp_path: Path) -> None:
    found = run("find", "--kind", "cities", "--endpoint", slice_iri, "--lang", "de")
    assert found.stdout.splitlines()[0].split() == ["Sache", "Eintrag", "Wert", "Begründung"]
    assert found.stdout.splitlines()[-1].startswith("9 Sachen gesucht, ")
    assert "; neue Vorschläge: 9; weggelassen, weil nur gleichnamig oder zu unsicher: 0" in found.stdout

    left = run("review", typed="a\nr\nv anderer Ort\ns\nb\n", locale="de_DE.UTF-8")
    assert left.returncode == 0, left.stderr
    lines = left.stdout.splitlines()
    assert lines[0] == (
        "a annehmen · v verwerfen · o offene Frage · s später · b beenden; ein Grund darf folgen: v gleicher Name, "
        "anderer Ort"
    )
    assert lines[1].strip("─ ") == "1 von 9"
    assert "0,99: Regionalschlüssel 059110000000 stimmt überein; Kreisschlüssel 05911 stimmt überein; " in left.stdout
    # What goes out into the world stays English.
    assert "; district key 05911 agrees; " in (copy.data / "links" / "wikidata.sssom.tsv").read_text(encoding="utf-8")
    # r is no answer in German, so that nobody rejects what they find right.
    assert re.findall(r"(\d) von 9", left.stdout) == ["1", "2", "2", "3", "4"]
    assert left.stdout.endswith("a/v/o/s/b? 1 angenommen, 1 verworfen, 0 offen, 1 zurückgestellt\n")
    assert "\tanderer Ort\t" in (copy.data / "links" / "wikidata.sssom.tsv").read_text(encoding="utf-8")
    gone = run("review", "--lang", "de", typed="")
    assert gone.stdout.endswith("\nAbgebrochen; was entschieden ist, ist gespeichert.\n")

    written = run("page", str(tmp_path / "review.html"), locale="de_DE.UTF-8")
    assert written.stdout == f"geschrieben: {tmp_path / 'review.html'}\n"
    assert '<html lang="de">' in (tmp_path / "review.html").read_text(encoding="utf-8")
    decisions = [
        {"subject_id": subject, "object_id": object_, "answer": "o"}
        for subject, object_ in (("city:herne", "wd:Q2904"), ("city:oberhausen", "wd:Q2838"))
    ]
    (tmp_path / "decisions.json").write_text(json.dumps({"decisions": decisions}), encoding="utf-8")
    assert run("decide", str(tmp_path / "decisions.json"), "--lang", "de").stdout == "2 Entscheidungen übernommen\n"


def test_a_kind_that_is_none_is_refused_with_those_there_are(run: Run) -> None:
    done = run("find", "--kind", "towns", "--endpoint", "http://127.0.0.1:9/")

    assert done.returncode == 2
    assert "'towns' is no kind; use cities, bodies" in " ".join(done.stderr.replace("│", " ").split())


def test_exports_are_those_of_the_server(run: Run, copy: Content, content: Content) -> None:
    shutil.copy(content.data / "links" / "wikidata.sssom.tsv", copy.data / "links")
    statements, catalogue = run("export", "quickstatements"), run("export", "mixnmatch")

    assert len(statements.stdout.splitlines()) == 105
    assert "\tP1891\tQ2066\tS854\t" in statements.stdout
    assert catalogue.stdout.splitlines()[0] == "id\tname\tdesc\turl\ttype\tq"
    assert len(catalogue.stdout.splitlines()) == 40
    assert "formatter URL\thttps://w3id.org/interkommunal/id/$1\n" in run("export", "property").stdout


def test_slice_is_replaced_by_what_the_endpoint_says(run: Run, copy: Content, content: Content, slice_iri: str) -> None:
    shutil.copy(content.data / "links" / "wikidata.sssom.tsv", copy.data / "links")
    done = run("slice", "--endpoint", slice_iri)

    assert "statements written: " in done.stdout, done.stderr
    assert "population,591032" in (copy.data / "reference" / "wikidata-slice.csv").read_text(encoding="utf-8")


def test_a_wrong_row_is_told_with_file_and_line(copy: Content) -> None:
    path = copy.data / "links" / "gnd.sssom.tsv"
    text = path.read_text(encoding="utf-8").replace("gnd:4015557-2", "wd:Q2066")
    path.write_text(text, encoding="utf-8")
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "wd:Q2066" in row)
    done = subprocess.run(
        [sys.executable, "-m", "interkommunal", "check"],
        capture_output=True,
        text=True,
        env={**os.environ, "INTERKOMMUNAL_CONTENT": str(copy.root)},
        check=False,
        timeout=patient(120),
    )

    assert done.returncode == 1
    assert done.stderr == (
        f"interkommunal: data/links/gnd.sssom.tsv:{line}: 'wd:Q2066' is no thing of GND; write it like gnd:4015557-2\n"
    )


def test_a_chain_by_way_of_wikidata(run: Run, copy: Content, content: Content, slice_iri: str) -> None:
    shutil.copy(content.data / "links" / "wikidata.sssom.tsv", copy.data / "links")
    (copy.data / "links" / "gnd.sssom.tsv").unlink()
    done = run("chain", "gnd", "--endpoint", slice_iri)

    assert "city:essen  gnd:4015557-2  wd:Q2066, which is city:essen, has P227 4015557-2\n" in done.stdout
    assert "10 new candidates in 4 requests" in done.stdout
    assert run("chain", "gnd", "--endpoint", slice_iri).stdout == "0 new candidates in 4 requests\n"
    assert "'wikidata' cannot be reached so" in run("chain", "wikidata").stderr.replace("│", " ")
