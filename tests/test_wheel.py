"""The wheel carries all it needs: installed into an empty environment, it builds the shipped graph and serves it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
from pathlib import Path

import pytest
from tests.patience import patient

from interkommunal import __version__
from interkommunal.graph.assemble import Assembly
from interkommunal.release.formats import nquads
from interkommunal.release.quads import release_quads
from interkommunal.release.release import Release

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with nothing but the wheel; the dependencies are lent by the environment of the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, timeout=patient(120))
    (wheel,) = folder.glob("*.whl")
    place = folder / "environment"
    venv.create(place, with_pip=False)
    (site,) = place.glob("lib/python*/site-packages")
    # A line in a .pth file lends the packages, but not what other .pth files there add, such as this checkout.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = [sys.executable, "-m", "pip", "--python", str(place / "bin" / "python")]
    install = [*pip, "install", "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)]
    subprocess.run(install, check=True, capture_output=True, timeout=patient(120))
    return place


def environment(home: Path) -> dict[str, str]:
    return {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "PATH": os.environ["PATH"]}


def test_installed_program_builds_the_shipped_graph(installed: Path, tmp_path: Path, assembly: Assembly) -> None:
    done = subprocess.run(
        [installed / "bin" / "interkommunal", "build"],
        cwd=tmp_path,
        env=environment(tmp_path),
        check=False,
        capture_output=True,
        text=True,
        timeout=patient(120),
    )

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    release = Release.open(tmp_path / "data" / "interkommunal" / "releases")
    assert release.version == __version__
    assert release.quads.read_bytes() == nquads(release_quads(assembly.dataset))


def test_installed_program_serves_the_shipped_graph_at_the_first_start(installed: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = subprocess.Popen(
        [installed / "bin" / "interkommunal", "serve", "--port", str(port)],
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_until_ready(program, f"http://127.0.0.1:{port}/health/ready")
        query = "SELECT (COUNT(?city) AS ?cities) WHERE { ?city a <https://w3id.org/interkommunal/ontology#City> }"
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/sparql?{urllib.parse.urlencode({'query': query})}",
            headers={"Accept": "application/sparql-results+json"},
        )
        with urllib.request.urlopen(asked, timeout=patient(30)) as answer:
            rows = json.load(answer)["results"]["bindings"]
    finally:
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=patient(60))

    assert [row["cities"]["value"] for row in rows] == ["9"]
    assert program.returncode == 0, err
    assert "Traceback" not in out + err


def wait_until_ready(program: subprocess.Popen[str], url: str) -> None:
    for _ in range(600):
        assert program.poll() is None, program.communicate()
        try:
            with urllib.request.urlopen(url, timeout=patient(5)):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"{url} did not answer")
