"""The house rules that no tool checks: who may import whom, no drawers, one list of prefixes, one version."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from tests.patience import patient

from interkommunal import __version__
from interkommunal.namespaces import ID_TYPES, PREFIXES

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "api" / "interkommunal"

# From left to right; a room imports from itself, from rooms to its left, and from the ground.
ROOMS = ("graph", "validation", "release", "sparql", "engine", "web", "site", "harvest", "reconcile", "app")
SHARED = {"content", "dates", "errors", "files", "namespaces", "net", "normal", "settings", "texts", "translator"}
# Arrows that climb and have yet to go.
KNOTS: dict[str, set[str]] = {}
# Stand outside the rooms, and call each of them; the doctor asks servers over HTTP and the export asks the
# application in its process, both as any client does.
OUTSIDE = {"cli", "doctor", "export", "linking"}

DRAWERS = {"base", "common", "core", "helper", "helpers", "manager", "misc", "shared", "tools", "util", "utils"}


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, or new and not ignored, that match a pattern."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(path for name in set(listed.split("\0")) - {""} if (path := ROOT / name).is_file())


def imported(path: Path) -> set[str]:
    """First names after ``interkommunal.`` that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: write imports out in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found |= {name.split(".")[1] for name in names if name.startswith("interkommunal.")}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_room_imports_only_from_rooms_to_its_left(room: str) -> None:
    allowed = {*ROOMS[: ROOMS.index(room) + 1], *SHARED, *KNOTS.get(room, set()), "__version__", "__released__"}
    wrong = {
        path.relative_to(PACKAGE).as_posix(): sorted(imported(path) - allowed)
        for path in (PACKAGE / room).rglob("*.py")
        if imported(path) - allowed
    }

    assert wrong == {}


def test_shared_modules_import_only_each_other() -> None:
    wrong = {name: imported(PACKAGE / f"{name}.py") - SHARED - {"__version__"} for name in sorted(SHARED)}

    assert {name: names for name, names in wrong.items() if names} == {}


def test_every_package_is_a_room_or_stands_outside_on_purpose() -> None:
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}

    assert packages - set(ROOMS) - OUTSIDE == set()


def test_what_lies_left_of_web_knows_no_http() -> None:
    servers = re.compile(r"^\s*(?:import|from) (?:fastapi|starlette|uvicorn|h11|httpx|http)\b", re.MULTILINE)
    wrong = [
        path for room in ROOMS[:4] for path in (PACKAGE / room).rglob("*.py") if servers.search(path.read_text("utf-8"))
    ]

    assert wrong == []


def test_what_lies_right_of_release_opens_no_file_of_the_data() -> None:
    wrong = [
        path
        for room in ROOMS[3:]
        for path in (PACKAGE / room).rglob("*.py")
        if re.search(r"content\.(?:data|ontology|shapes)\b", path.read_text("utf-8"))
    ]

    assert wrong == []


def test_no_module_is_a_drawer() -> None:
    assert [path for path in tracked("api/*.py", "tests/*.py") if path.stem.strip("_") in DRAWERS] == []


def test_every_room_has_tests_in_a_folder_of_its_name() -> None:
    lacking = [room for room in ROOMS if not list((ROOT / "tests" / room).glob("test_*.py"))]

    assert lacking == []


DECLARATION = re.compile(r"^\s*(?:@prefix|PREFIX|prefix)\s+([\w-]*):\s*<([^>]*)>", re.MULTILINE)
# Files that others wrote, to be tested against, keep their prefixes.
RDF_FILES = [path for path in tracked("*.ttl", "*.trig", "*.rq", "*.ru") if "conformance" not in path.parts]


def declared(path: Path) -> list[tuple[str, str]]:
    return DECLARATION.findall(path.read_text(encoding="utf-8"))


def test_every_prefix_is_one_of_the_list() -> None:
    wrong = {
        path.relative_to(ROOT).as_posix(): [pair for pair in declared(path) if PREFIXES.get(pair[0]) != pair[1]]
        for path in RDF_FILES
    }

    assert {path: pairs for path, pairs in wrong.items() if pairs} == {}


@pytest.mark.parametrize("folder", ["ontology", "data", "shapes", "queries"])
def test_prefixes_are_sorted_used_and_declared_once(folder: str) -> None:
    wrong = {}
    for path in RDF_FILES:
        if not path.is_relative_to(ROOT / folder):
            continue
        prefixes = [prefix for prefix, _ in declared(path)]
        body = DECLARATION.sub("", path.read_text(encoding="utf-8"))
        unused = [prefix for prefix in prefixes if not re.search(rf"(?<![\w-]){re.escape(prefix)}:", body)]
        if unused or prefixes != sorted(set(prefixes)):
            wrong[path.relative_to(ROOT).as_posix()] = unused or prefixes
    assert wrong == {}


def test_every_type_of_thing_is_its_prefix_too() -> None:
    assert list(ID_TYPES) == sorted(set(ID_TYPES))
    assert {name: PREFIXES[name] for name in ID_TYPES} == {
        name: f"https://w3id.org/interkommunal/id/{name}/" for name in ID_TYPES
    }


def test_versions_are_equal() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    ontology = (ROOT / "ontology" / "interkommunal.ttl").read_text(encoding="utf-8")
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert project == __version__
    assert re.findall(r'owl:versionInfo "([^"]+)"', ontology) == [__version__]
    assert re.findall(r'^version: "?([^"\n]+)"?$', citation, re.MULTILINE) == [__version__]
    assert re.findall(r"^## \[?(\d+\.\d+\.\d+)", changelog, re.MULTILINE)[0] == __version__


def test_no_path_of_a_machine_stands_in_a_tracked_file() -> None:
    # Assembled here, so that this file does not find itself.
    places = [re.escape(str(ROOT)), "/" + r"home/\w", "/" + r"Users/\w", r"C:\\" + r"Users\\\w"]
    machine = re.compile("|".join(places))
    wrong = []
    for path in tracked("*"):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        if machine.search(text):
            wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == []


def test_importing_the_command_line_loads_no_server_and_no_validator() -> None:
    code = (
        "import sys, interkommunal.cli; print(sorted({'uvicorn', 'fastapi', 'pyshacl', 'jinja2'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "api", capture_output=True, text=True, check=True, timeout=patient(60)
    )

    assert done.stdout == "[]\n"


def test_importing_the_server_loads_no_parquet_and_no_validator() -> None:
    code = "import sys, interkommunal.app.server as _; print(sorted({'pyarrow', 'pyld', 'pyshacl'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "api", capture_output=True, text=True, check=True, timeout=patient(60)
    )

    assert done.stdout == "[]\n"
