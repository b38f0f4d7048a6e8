"""A server whose releases change under a proxy that writes down what is asked for."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from tests.graph.small import make_content
from tests.patience import patient
from tests.release.frozen import EDITORIAL, ESSEN, GOAL_10, LABEL, QUADS, TYPE, assembly_of
from tests.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.namespaces import IK, PREFIXES
from interkommunal.release.freeze import freeze
from interkommunal.release.history import History
from interkommunal.release.release import Release
from interkommunal.release.versions import Versions

# More than two pages of the feed.
MANY = tuple(
    Quad(NamedNode(f"{PREFIXES['goal']}many-{number}"), TYPE, NamedNode(f"{IK}Goal"), EDITORIAL)
    for number in range(600)
)
FIRST = (*QUADS, *MANY)
RENAMED = Quad(ESSEN, LABEL, Literal("Essen (Ruhr)", language="de"), EDITORIAL)
NEW = Quad(NamedNode(f"{PREFIXES['goal']}new"), TYPE, NamedNode(f"{IK}Goal"), EDITORIAL)
# Essen is called otherwise, one goal is gone, one is new.
SECOND = (*(quad for quad in FIRST if quad.subject != GOAL_10 and quad != QUADS[5]), RENAMED, NEW)


@dataclass
class Proxy:
    """Passes requests on and writes them down; people reach the server through it."""

    url: str
    target: int = 0
    seen: list[tuple[str, int]] = field(default_factory=list)

    def take(self) -> list[tuple[str, int]]:
        """Paths and status codes since it was last asked."""
        taken, self.seen = self.seen, []
        return taken


@dataclass
class Publishing:
    """A running server and what is needed to publish another release on it."""

    server: Serving
    proxy: Proxy
    content: Content
    releases: Path

    def publish(self, *quads: Quad) -> Release:
        """Freeze these statements and wait until the server has them in force."""
        release = freeze(assembly_of(*quads), self.content, self.releases)
        # Not by the log: a release that comes back stands there already.
        end = time.monotonic() + patient(10)
        while self.server.ask("/dumps").json["release"] != release.identifier:
            assert time.monotonic() < end, self.server.log.read_text()
            time.sleep(0.02)
        return release

    @property
    def history(self) -> History:
        found = History.open(self.releases)
        assert found is not None
        return found

    @property
    def kept(self) -> tuple[Release, ...]:
        return Versions.read(self.releases).kept


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            connection = http.client.HTTPConnection("127.0.0.1", found.target, timeout=patient(20))
            headers = {
                name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")
            }
            connection.request("GET", self.path, headers=headers)
            reply = connection.getresponse()
            body = reply.read()
            found.seen.append((self.path, reply.status))
            self.send_response(reply.status)
            for name, value in reply.getheaders():
                if name.lower() not in ("connection", "transfer-encoding", "server", "date"):
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        found = Proxy(f"http://127.0.0.1:{listening.server_address[1]}")
        thread = threading.Thread(target=listening.serve_forever, daemon=True)
        thread.start()
        yield found
        listening.shutdown()


@pytest.fixture
def publishing(tmp_path: Path, proxy: Proxy) -> Iterator[Publishing]:
    """A server over :data:`FIRST`, which people reach through a proxy."""
    content = make_content(tmp_path / "content")
    releases = tmp_path / "releases"
    freeze(assembly_of(*FIRST), content, releases)
    with serving(releases, tmp_path, public_url=proxy.url, release_poll=0.1) as running:
        proxy.target = running.port
        yield Publishing(running, proxy, content, releases)


@pytest.fixture(scope="module")
def fed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publishing]:
    """A server over :data:`SECOND`, after :data:`FIRST`, for tests that only read."""
    folder: Path = tmp_path_factory.mktemp("fed")
    content = make_content(folder / "content")
    for quads in (FIRST, SECOND):
        freeze(assembly_of(*quads), content, folder / "releases")
    with serving(folder / "releases", folder, public_url="https://daten.example.org/ruhr") as running:
        yield Publishing(running, Proxy(""), content, folder / "releases")
