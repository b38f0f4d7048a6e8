"""The command line: what it prints, where, and with which exit status."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.graph.small import EDITORIAL, FIRST_LINE, PASSAGES, sparql, turtle, write
from tests.patience import patient

from interkommunal import __version__
from interkommunal.cli import main
from interkommunal.content import Content
from interkommunal.errors import ReleaseError
from interkommunal.release.release import Release

PASSAGE_FILE = "data/sources/grundlagen/01-all.trig"
PROGRAM = [sys.executable, "-m", "interkommunal"]

# A shape that the small content violates: its contract has no name.
SHAPE = """\
shape:Agreement
    a sh:NodeShape ;
    sh:targetClass ik:Agreement ;
    sh:property shape:Agreement-name .

shape:Agreement-name
    a sh:PropertyShape ;
    sh:path schema:name ;
    sh:minCount 1 ;
    sh:severity sh:Violation ;
    sh:message
        "Die Vereinbarung hat keinen Namen; ergänzen Sie schema:name."@de,
        "The agreement has no name; add schema:name."@en .
"""


@dataclass(frozen=True)
class Done:
    """What a command left behind."""

    status: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def releases(tmp_path: Path) -> Path:
    return tmp_path / "releases"


@pytest.fixture
def bare(small_content: Content) -> Content:
    """A small content whose shapes ask nothing of it."""
    write(small_content, "shapes/city.ttl", turtle(""))
    return small_content


@pytest.fixture
def run(
    bare: Content, releases: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Run:
    """Runs a command over the small content, in an English locale, in the folder above it."""
    for name in [name for name in os.environ if name.startswith(("INTERKOMMUNAL_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("INTERKOMMUNAL_CONTENT", str(bare.root))
    monkeypatch.setenv("INTERKOMMUNAL_RELEASES", str(releases))
    monkeypatch.chdir(tmp_path)

    def runner(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["interkommunal", *arguments])
        with pytest.raises(SystemExit) as end:
            main()
        captured = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return Done(end.value.code, captured.out, captured.err)

    return runner


def environment(content: Content, releases: Path, **more: str) -> dict[str, str]:
    """An environment for a process of its own."""
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path(__file__).resolve().parent.parent / "api"),
        "INTERKOMMUNAL_CONTENT": str(content.root),
        "INTERKOMMUNAL_RELEASES": str(releases),
        **more,
    }


# check


def test_check_of_right_data_says_so_and_writes_nothing(run: Run, releases: Path) -> None:
    done = run("check")

    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(r"\d+ statements checked: no violations \(\d+\.\d s\)\n", done.out)
    assert not releases.exists()


def test_check_names_file_line_and_rule_of_a_violation(run: Run, bare: Content) -> None:
    write(bare, "shapes/agreement.ttl", turtle(SHAPE))

    done = run("check")

    line = FIRST_LINE + PASSAGES.splitlines().index("    agreement:vertrag")
    assert done.status == 1
    assert done.out.splitlines()[0] == (
        f"{PASSAGE_FILE}:{line}: violation: The agreement has no name; add schema:name. "
        "[agreement:vertrag schema:name; shape:Agreement-name]"
    )
    assert re.fullmatch(r"\d+ statements checked: 1 violation \(\d+\.\d s\)", done.out.splitlines()[1])


@pytest.mark.parametrize("name", ["LC_ALL", "LC_MESSAGES", "LANG"])
def test_findings_are_german_in_a_german_locale(
    name: str, run: Run, bare: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(bare, "shapes/agreement.ttl", turtle(SHAPE))
    monkeypatch.setenv(name, "de_DE.UTF-8")

    done = run("check")

    assert "Verstoß: Die Vereinbarung hat keinen Namen; ergänzen Sie schema:name." in done.out
    assert "Aussagen geprüft: 1 Verstoß (" in done.out


def test_option_beats_the_locale(run: Run, bare: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    write(bare, "shapes/agreement.ttl", turtle(SHAPE))
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")

    assert "violation: The agreement has no name" in run("check", "--lang", "en").out


def test_lc_all_beats_lang(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("LANG", "de_DE.UTF-8")

    assert "no violations" in run("check").out


def test_check_tells_programs_in_json(run: Run, bare: Content) -> None:
    write(bare, "shapes/agreement.ttl", turtle(SHAPE))

    done = run("check", "--format", "json")

    assert done.status == 1
    assert json.loads(done.out) == [
        {
            "severity": "violation",
            "message": {
                "de": "Die Vereinbarung hat keinen Namen; ergänzen Sie schema:name.",
                "en": "The agreement has no name; add schema:name.",
            },
            "focus": "https://w3id.org/interkommunal/id/agreement/vertrag",
            "path": "https://schema.org/name",
            "rule": "https://w3id.org/interkommunal/shape/Agreement-name",
            "file": PASSAGE_FILE,
            "line": FIRST_LINE + PASSAGES.splitlines().index("    agreement:vertrag"),
        }
    ]


def test_warning_does_not_fail_a_check(run: Run, bare: Content) -> None:
    write(bare, "shapes/agreement.ttl", turtle(SHAPE.replace("sh:Violation", "sh:Warning")))

    done = run("check")

    assert done.status == 0
    assert "no violations, 1 warning" in done.out


# build


def test_build_says_what_it_made_and_where(run: Run, releases: Path) -> None:
    done = run("build")

    release = Release.open(releases)
    assert (done.status, done.err) == (0, "")
    assert re.fullmatch(
        rf"{re.escape(release.identifier)}: \d+ statements in \d+ graphs\n"
        rf"Built in \d+\.\d s and in force now:\n{re.escape(str(release.folder))}\n",
        done.out,
    )


def test_build_of_the_same_content_says_that_nothing_changed(run: Run, releases: Path) -> None:
    run("build")

    assert "Nothing changed; this release is in force already" in run("build").out


def test_build_does_not_begin_if_nothing_that_it_reads_has_changed(
    run: Run, bare: Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("build")
    checked: list[bool] = []

    def check(*arguments: object, **further: object) -> None:
        checked.append(True)
        raise ReleaseError("checked again")

    monkeypatch.setattr("interkommunal.validation.validate.validate", check)

    assert "Nothing changed; this release is in force already" in run("build").out
    assert not checked
    assert "checked again" in run("build", "--anew").err
    monkeypatch.setenv("INTERKOMMUNAL_OPERATOR_NAME", "Stadt Bochum")
    assert "checked again" in run("build").err
    monkeypatch.delenv("INTERKOMMUNAL_OPERATOR_NAME")
    write(bare, "queries/library/README.md", "One word more.")
    assert "checked again" in run("build").err


def test_a_release_with_a_damaged_file_is_built_again(run: Run, releases: Path) -> None:
    run("build")
    release = Release.open(releases)
    dump = release.path("graph.ttl")
    sound = dump.read_bytes()
    dump.write_bytes(sound.replace(b"Essen", b"Erlen"))

    assert "Nothing changed" in run("build").out
    assert Release.open(releases).path("graph.ttl").read_bytes() == sound


def test_releases_option_beats_the_environment(run: Run, releases: Path, tmp_path: Path) -> None:
    run("build", "--releases", str(tmp_path / "elsewhere"))

    assert Release.open(tmp_path / "elsewhere").version == __version__
    assert not releases.exists()


def test_shapes_that_the_release_in_force_has_are_not_asked_about_again(run: Run, bare: Content) -> None:
    # The shapes of SHACL forbid a count that is no number; a release in force with this very shape vouches for it.
    write(bare, "shapes/agreement.ttl", turtle('shape:A a sh:PropertyShape ; sh:path schema:name ; sh:order "x" .\n'))
    assert run("check").status == 0
    run("build")
    write(
        bare, "shapes/agreement.ttl", turtle('shape:A a sh:PropertyShape ; sh:path schema:name ; sh:minCount "x" .\n')
    )

    assert run("check").status == 1


# Bad input: one line, file and line, status 1, and the release in force untouched.


def spoil(content: Content, old: str, new: str) -> None:
    """Replaces ``old`` in the passages of the small content."""
    path = content.root / PASSAGE_FILE
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def broken_turtle(content: Content) -> str:
    spoil(content, "        a ik:City .", "        a ik:City , .")
    return f"{PASSAGE_FILE}:{FIRST_LINE + PASSAGES.splitlines().index('        a ik:City .')}: "


def broken_editorial_file(content: Content) -> str:
    write(content, "data/editorial/labels.trig", turtle(EDITORIAL.replace('"Essen"@de', '"Essen@de')))
    return "data/editorial/labels.trig:"


def quote_not_in_the_text(content: Content) -> str:
    spoil(content, "haben 2010 den Vertrag", "haben 2011 den Vertrag")
    return f"{PASSAGE_FILE}:{FIRST_LINE + PASSAGES.splitlines().index('p:L003 {')}"


def unknown_prefix(content: Content) -> str:
    spoil(content, "agreement:vertrag\n        a ik:Agreement", "agreemnt:vertrag\n        a ik:Agreement")
    return PASSAGE_FILE


def broken_check(content: Content) -> str:
    write(content, "queries/checks/bad.rq", "#+ summary: a\n#+ summary-de: b\nSELECT ?focus WHERE {")
    return "queries/checks/bad.rq:3: the query does not parse: "


def unusable_shape(content: Content) -> str:
    write(
        content,
        "shapes/agreement.ttl",
        turtle(
            "shape:A a sh:NodeShape ; sh:targetClass ik:City ; sh:property shape:B .\nshape:B a sh:PropertyShape .\n"
        ),
    )
    return "shapes: a shape cannot be used: "


BAD_FILES = [broken_turtle, broken_editorial_file, quote_not_in_the_text, unknown_prefix, broken_check, unusable_shape]


@pytest.mark.parametrize("command", ["check", "build"])
@pytest.mark.parametrize("make_bad", BAD_FILES)
def test_file_that_is_wrong_is_named_in_one_line_and_stops_the_build(
    make_bad: Callable[[Content], str], command: str, run: Run, bare: Content, releases: Path
) -> None:
    run("build")
    before = Release.open(releases)
    start = make_bad(bare)

    done = run(command)

    assert (done.status, done.out) == (1, "")
    assert done.err.startswith(f"interkommunal: {start}"), done.err
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    assert Release.open(releases) == before


def test_violation_stops_the_build_and_leaves_the_release_in_force(run: Run, bare: Content, releases: Path) -> None:
    run("build")
    before = Release.open(releases)
    write(bare, "shapes/agreement.ttl", turtle(SHAPE))

    done = run("build")

    assert done.status == 1
    assert "violation: The agreement has no name; add schema:name." in done.out
    assert done.err == (
        "interkommunal: nothing was built, because there are violations (1 violation); "
        "mend them and look again: interkommunal check\n"
    )
    assert Release.open(releases) == before
    names = sorted(path.name for path in releases.iterdir())
    assert names == [".inputs", ".lock", before.identifier, "current", "history.sqlite"]


def test_unknown_term_is_found_where_it_is_written(run: Run, bare: Content) -> None:
    write(
        bare,
        "queries/checks/undeclared-property.rq",
        sparql("""\
#+ summary: {?property} is declared nowhere.
#+ summary-de: {?property} ist nirgends erklärt.
SELECT DISTINCT ?focus ?graph ?property
WHERE { GRAPH ?graph { ?focus ?property ?value } FILTER (?property = schema:naem) }
"""),
    )
    spoil(bare, 'schema:name "Essen"@de', 'schema:naem "Essen"@de')

    done = run("check")

    line = FIRST_LINE + len(PASSAGES.splitlines()) - 3
    assert done.status == 1
    assert done.out.startswith(f"{PASSAGE_FILE}:{line}: violation: schema:naem is declared nowhere. [city:essen; ")


def test_folder_that_cannot_be_written_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    done = run("build", "--releases", str(tmp_path / "file"))

    assert (done.status, done.out) == (1, "")
    assert done.err == (
        f"interkommunal: cannot write a release to {tmp_path}/file: File exists; make room or rights there, "
        "or choose another folder with --releases or INTERKOMMUNAL_RELEASES\n"
    )


def test_half_written_release_is_not_served(run: Run, releases: Path) -> None:
    run("build")
    (releases / "current" / "manifest.json").unlink()

    done = run("serve", "--port", "0")

    assert done.status == 1
    assert done.err.count("\n") == 1
    assert "is a half-written release: it has no manifest.json; build it again: interkommunal build" in done.err


def test_build_mends_a_half_written_release(run: Run, releases: Path) -> None:
    run("build")
    (releases / "current" / "manifest.json").unlink()

    assert run("build").status == 0
    Release.open(releases).verify()


def test_port_in_use_is_named(run: Run, releases: Path) -> None:
    run("build")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))

    assert done.status == 1
    assert done.err.startswith(f"interkommunal: 127.0.0.1:{port} is in use already; ")
    assert done.err.count("\n") == 1


def test_setting_that_is_wrong_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERKOMMUNAL_PORT", "many")

    done = run("serve")

    assert done.status == 1
    assert done.err.startswith("interkommunal: INTERKOMMUNAL_PORT='many': ")


# query


@pytest.fixture
def ask(run: Run) -> Run:
    """Asks a release of the small content."""
    run("build")
    return lambda *arguments: run("query", *arguments)


def test_query_shows_a_table_and_needs_no_declaration_of_the_projects_prefixes(ask: Run) -> None:
    done = ask("SELECT ?city ?name WHERE { ?city a ik:City ; schema:name ?name ; rdfs:seeAlso? ?city } ORDER BY ?city")

    assert done == Done(
        0,
        """\
city         name    
─────────────────────
city:essen   Essen@de
""",
        "1 row\n",
    )


def test_query_prints_the_prefixes_for_other_clients(run: Run) -> None:
    done = run("query", "--prefixes")

    assert (done.status, done.err) == (0, "")
    assert "PREFIX ik: <https://w3id.org/interkommunal/ontology#>\n" in done.out


def test_query_answers_in_csv_without_a_word_more(ask: Run) -> None:
    done = ask("SELECT ?city WHERE { ?city a ik:City }", "--format", "csv")

    assert done == Done(0, "city\r\nhttps://w3id.org/interkommunal/id/city/essen\r\n", "")


def test_query_answers_in_json(ask: Run) -> None:
    done = ask("SELECT (COUNT(?city) AS ?cities) WHERE { ?city a ik:City }", "--format", "json")

    assert json.loads(done.out)["results"]["bindings"][0]["cities"]["value"] == "1"


def test_query_is_read_from_a_file(ask: Run, tmp_path: Path) -> None:
    (tmp_path / "cities.rq").write_text("ASK { ?city a ik:City }")

    assert ask("cities.rq") == Done(0, "true\n", "")


def test_query_is_read_from_the_standard_input(ask: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("ASK { ?city a ik:Nothing }"))

    assert ask() == Done(0, "false\n", "")


def test_graph_is_shown_as_turtle_with_the_prefixes_it_needs(ask: Run) -> None:
    done = ask("CONSTRUCT WHERE { ?city a ik:City ; schema:name ?name }")

    assert done == Done(
        0,
        """\
@prefix city: <https://w3id.org/interkommunal/id/city/> .
@prefix ik: <https://w3id.org/interkommunal/ontology#> .
@prefix schema: <https://schema.org/> .

city:essen a ik:City ;
\tschema:name "Essen"@de .
""",
        "2 triples\n",
    )


def test_default_graph_is_the_union_and_graph_names_the_passage(ask: Run) -> None:
    done = ask(
        "SELECT ?g { city:essen schema:name ?name . GRAPH ?g { city:essen schema:name ?name } }", "--format", "tsv"
    )

    assert done.out.splitlines() == ["?g", "<https://w3id.org/interkommunal/id/passage/grundlagen/L004.1>"]


def test_triple_that_two_passages_state_counts_once(run: Run, bare: Content) -> None:
    write(bare, "data/editorial/more.trig", turtle("graph:editorial {\n    city:essen\n        a ik:City .\n}\n"))
    run("build")

    done = run("query", "SELECT (COUNT(?city) AS ?cities) WHERE { ?city a ik:City }", "--format", "csv")

    assert done.out == "cities\r\n1\r\n"


def test_place_of_a_mistake_is_that_in_the_query_as_written(ask: Run) -> None:
    done = ask("SELECT ?x WHERE { ?x a ik:City . ?y a foo:City }")

    assert done == Done(
        1,
        "",
        "interkommunal: the query is malformed at line 1, column 39: the prefix foo: is not declared; "
        "add PREFIX foo: <…> at the top\n",
    )


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("DELETE WHERE { ?s ?p ?o }", "DELETE changes data"),
        ("SELECT ?s { SERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE to <http://localhost/> is not allowed"),
    ],
)
def test_query_that_would_change_data_or_reach_out_is_refused(query: str, word: str, ask: Run) -> None:
    done = ask(query)

    assert (done.status, done.out) == (1, "")
    assert word in done.err
    assert done.err.count("\n") == 1


def test_query_is_explained_with_places_as_it_is_written(ask: Run) -> None:
    done = ask("--explain", "SELECT ?city WHERE { ?city a ik:Citty }", "--lang", "en")

    assert done == Done(
        0,
        "warning 1:22 empty-pattern\n"
        "    This pattern finds nothing even by itself: ?city a ik:Citty .\n"
        "warning 1:30 unknown-term\n"
        "    ik:Citty does not occur in the graph.\n"
        "    Is ik:City meant?\n"
        "\n"
        "Rows after each pattern:\n"
        "     0  ?city a ik:Citty .\n",
        "",
    )


def test_query_that_does_not_run_is_explained_with_status_1(ask: Run) -> None:
    done = ask("--explain", "SELECT ?city WHERE {\n ?city a ik:City", "--lang", "de", "--format", "json")

    (finding,) = json.loads(done.out)["findings"]
    assert (done.status, done.err) == (1, "")
    assert (finding["code"], finding["line"]) == ("syntax", 1)
    assert finding["message"].startswith("Das ist kein SPARQL.")


def test_query_that_may_not_be_asked_is_not_explained(ask: Run) -> None:
    done = ask("--explain", "DELETE WHERE { ?s ?p ?o }")

    assert (done.status, done.out) == (1, "")
    assert "DELETE changes data" in done.err


def test_format_that_the_answer_cannot_have_is_refused(ask: Run) -> None:
    done = ask("ASK { ?s ?p ?o }", "--format", "turtle")

    assert done.status == 2
    assert "take one of table, json, xml" in re.sub(r"[│\s]+", " ", done.err)


def test_query_without_a_release_says_how_to_make_one(run: Run, releases: Path) -> None:
    done = run("query", "ASK { ?s ?p ?o }")

    assert done == Done(1, "", f"interkommunal: there is no release in {releases}; make one: interkommunal build\n")


def test_query_that_never_ends_is_interrupted(ask: Run, bare: Content, releases: Path) -> None:
    cross = " . ".join(f"?a{number} ?b{number} ?c{number}" for number in range(6))
    command = [*PROGRAM, "query", f"SELECT (COUNT(*) AS ?n) WHERE {{ {cross} }}"]
    assert ask("ASK { }").status == 0
    program = subprocess.Popen(command, env=environment(bare, releases), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    with program:
        # Python catches the signal from its start; while the query runs, nobody does.
        wait_until(lambda: catches_interrupt(program.pid))
        wait_until(lambda: not catches_interrupt(program.pid))
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=patient(30))

    assert (program.returncode, out, err) == (-signal.SIGINT, b"", b"")


def catches_interrupt(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    caught = int(re.findall(r"^SigCgt:\s*([0-9a-f]+)$", status, re.MULTILINE)[0], 16)
    return bool(caught & 1 << (signal.SIGINT - 1))


def wait_until(true: Callable[[], bool]) -> None:
    for _ in range(6000):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("waited in vain")


# passages


def test_passages_writes_one_passage_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "protocol-2012.txt").write_text("Eins\n\n  Zwei „drei“\n", encoding="utf-8")

    done = run("passages", "protocol-2012.txt")

    assert (done.status, done.err) == (0, "")
    assert "<https://w3id.org/interkommunal/id/passage/protocol-2012/L001>\n" in done.out
    assert 'oa:exact "Zwei „drei“" ;' in done.out


def test_passages_takes_the_folder_of_text_txt_for_the_name_of_the_source(run: Run, bare: Content) -> None:
    done = run("passages", str(bare.data / "sources/grundlagen/text.txt"))

    assert "p:L001 {" in done.out


def test_passages_refuses_a_name_that_is_no_slug(run: Run, tmp_path: Path) -> None:
    (tmp_path / "Mein Text.txt").write_text("Eins\n", encoding="utf-8")

    done = run("passages", "Mein Text.txt")

    assert done.status == 2
    assert "'Mein Text' is no slug" in re.sub(r"[│\s]+", " ", done.err)


def test_text_that_is_not_utf_8_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "latin.txt").write_bytes("Mülheim".encode("latin-1"))

    done = run("passages", "latin.txt")

    assert (done.status, done.out) == (1, "")
    assert done.err == "interkommunal: latin.txt: the file is not UTF-8 at byte 1; save it as UTF-8\n"


def test_text_that_is_not_there_is_named(run: Run) -> None:
    assert run("passages", "nowhere.txt").err == (
        "interkommunal: nowhere.txt: cannot be read: No such file or directory\n"
    )


# format


def test_format_changes_only_files_that_are_not_in_the_form(run: Run, bare: Content) -> None:
    run("format")
    path = bare.root / PASSAGE_FILE
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace("        a ik:City .", "  a    ik:City."), encoding="utf-8")

    done = run("format")

    assert (done.status, done.out) == (0, f"changed: {PASSAGE_FILE}\n")
    assert path.read_text(encoding="utf-8") == whole


def test_format_check_changes_nothing_and_fails(run: Run, bare: Content) -> None:
    path = bare.root / PASSAGE_FILE
    text = path.read_text(encoding="utf-8").replace("        a ik:City .", "  a    ik:City.")
    path.write_text(text, encoding="utf-8")

    done = run("format", "--check", PASSAGE_FILE)

    assert (done.status, done.out) == (1, f"would change: {PASSAGE_FILE}\n")
    assert path.read_text(encoding="utf-8") == text


def test_format_refuses_a_file_of_another_kind(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("x")

    assert run("format", "notes.md").status == 2


# The program as a whole


def test_version_is_shown(run: Run) -> None:
    assert run("--version") == Done(0, f"interkommunal {__version__}\n", "")


def test_help_lists_the_commands_in_the_order_of_work(run: Run) -> None:
    done = run("--help")

    assert done.status == 0
    assert re.findall(r"^│ (\w+) ", done.out, re.MULTILINE) == COMMANDS


COMMANDS = [
    "check",
    "build",
    "serve",
    "query",
    "passages",
    "format",
    "diff",
    "releases",
    "export",
    "doctor",
    "dictionary",
    "link",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_teaches_by_example(command: str, run: Run) -> None:
    done = run(command, "--help")

    assert done.status == 0
    assert "Examples:" in done.out
    assert f"interkommunal {command}" in done.out.split("Examples:")[1]


@pytest.mark.parametrize(
    "arguments", [["chekc"], ["check", "--lang", "fr"], ["serve", "--port", "many"], ["build", "x"]]
)
def test_command_that_is_not_understood_exits_with_2(arguments: list[str], run: Run) -> None:
    done = run(*arguments)

    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err


def test_interruption_is_quiet(bare: Content, releases: Path, tmp_path: Path) -> None:
    fifo = tmp_path / "text.fifo"
    os.mkfifo(fifo)
    command = [*PROGRAM, "passages", str(fifo), "--slug", "x"]
    program = subprocess.Popen(command, env=environment(bare, releases), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    # Opening returns once the program has opened the other end, so that it is reading now.
    with program, fifo.open("wb"):
        time.sleep(0.1)
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=patient(30))

    assert (program.returncode, out, err) == (130, b"", b"")


def test_reader_that_has_seen_enough_is_no_error(bare: Content, releases: Path, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Zeile\n" * 5000, encoding="utf-8")
    command = f"{shlex.join([*PROGRAM, 'passages', str(tmp_path / 'long.txt')])} | head -1"

    done = subprocess.run(
        command,
        shell=True,
        env=environment(bare, releases),
        capture_output=True,
        text=True,
        timeout=patient(60),
        check=False,
    )

    assert (done.stdout.count("\n"), done.stderr) == (1, "")


def test_release_hangs_on_no_locale_hash_seed_time_zone_user_or_folder(
    bare: Content, tmp_path_factory: pytest.TempPathFactory
) -> None:
    here = tmp_path_factory.mktemp("elsewhere")
    surroundings = [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "HOME": "/"},
        {"PYTHONHASHSEED": "4711", "LC_ALL": "tr_TR.UTF-8", "TZ": "Asia/Kathmandu", "HOME": str(here)},
    ]
    made = []
    for number, surrounding in enumerate(surroundings):
        folder = here / str(number)
        moved = Content(folder / "content")
        shutil.copytree(bare.root, moved.root)
        subprocess.run(
            [*PROGRAM, "build"],
            cwd=folder,
            env=environment(moved, folder / "releases", **surrounding),
            check=True,
            capture_output=True,
            timeout=patient(120),
        )
        release = Release.open(folder / "releases").folder
        made.append({path.relative_to(release): path.read_bytes() for path in release.rglob("*") if path.is_file()})

    assert made[0] == made[1]
    assert len(made[0]) > 8
