"""A copy of a small site, served by the web server of Python's standard library."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.graph.small import make_content
from tests.harvest.conftest import CITY, FRENCH
from tests.release.frozen import QUADS, assembly_of
from tests.serving import CHECKOUT

from interkommunal.cli import main
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release


@dataclass(frozen=True)
class Copied:
    """A copy: its folder, the address where it is served, the release that it is of."""

    folder: Path
    url: str
    release: Release


def run(*arguments: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Run ``interkommunal export``; gives its exit status."""
    monkeypatch.setattr("sys.argv", ["interkommunal", "export", *arguments])
    with pytest.raises(SystemExit) as end:
        main()
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The newer of two releases of a handful of statements."""
    folder = tmp_path_factory.mktemp("small")
    content = make_content(folder / "content")
    for quads in ((*QUADS, CITY), (*QUADS, CITY, FRENCH)):
        freeze(assembly_of(*quads), content, folder / "releases")
    return Release.open(folder / "releases")


@pytest.fixture(scope="session")
def copied(small: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copied]:
    """A copy, made by the command and served by ``http.server``."""
    above = tmp_path_factory.mktemp("copied")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(above))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    # Below a prefix, so that a link from the root of the host would be dead.
    url = f"http://127.0.0.1:{server.server_address[1]}/ruhr"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INTERKOMMUNAL_RELEASES", str(small.folder.parent))
        patch.setenv("INTERKOMMUNAL_CONTENT", str(CHECKOUT))
        assert run(str(above / "ruhr"), "--url", url, monkeypatch=patch) == 0
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield Copied(above / "ruhr", url, small)
    server.shutdown()
    server.server_close()
    thread.join()
