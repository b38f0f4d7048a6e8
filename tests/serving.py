"""A server of our own in a process of its own, on a free port of 127.0.0.1, over a release of a few statements."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import pyoxigraph
from tests.patience import patient

from interkommunal.release.manifest import Counts, File, Manifest
from interkommunal.release.quads import RDF_TYPE, graph_kind
from interkommunal.release.release import Release

#: What :func:`served` serves.
QUADS = b"""\
<http://a.example/bochum> <http://a.example/name> "Bochum"@de <http://a.example/g1> .
<http://a.example/bochum> <http://a.example/motto> "a, \\"b\\"\\nc" <http://a.example/g1> .
<http://a.example/essen> <http://a.example/name> "Essen"@de <http://a.example/g2> .
""" + b"".join(
    b'<http://a.example/item/%d> <http://a.example/text> "a text that is long enough to fill a line, number %d" '
    b"<http://a.example/many> .\n" % (number, number)
    for number in range(20_000)
)
CHECKOUT = Path(__file__).resolve().parents[1]
CALL = "serve(load_settings())"
MAIN = f"from interkommunal.app.server import serve; from interkommunal.settings import load_settings; {CALL}"


def write_release(releases: Path, quads: bytes, version: str = "1.0.0") -> Release:
    """A release that holds these N-Quads, in force in the folder ``releases``."""
    digest = sha256(quads).hexdigest()
    counts = _count(list(pyoxigraph.parse(quads, format=pyoxigraph.RdfFormat.N_QUADS)))
    manifest = Manifest(version, digest, counts, {"graph.nq": File("application/n-quads", len(quads), digest, "graph")})
    folder = releases / manifest.identifier
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "graph.nq").write_bytes(quads)
    (folder / "manifest.json").write_bytes(manifest.to_json())
    link = releases / ".next"
    link.symlink_to(folder.name)
    link.replace(releases / "current")
    return Release.open(folder)


def _count(quads: list[pyoxigraph.Quad]) -> Counts:
    graphs = Counter(graph_kind(name) for name in {quad.graph_name for quad in quads})
    typed = {(quad.subject, quad.object) for quad in quads if quad.predicate == RDF_TYPE}
    classes = Counter(kind.value for _, kind in typed if isinstance(kind, pyoxigraph.NamedNode))
    return Counts(len(quads), len({quad.triple for quad in quads}), graphs, classes)


@dataclass(frozen=True)
class Reply:
    """What came back. Names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, object]:
        loaded = json.loads(self.body)
        assert isinstance(loaded, dict)
        return loaded


@dataclass
class Serving:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    releases: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(
        self,
        target: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = patient(20.0),
    ) -> Reply:
        """One request on a connection of its own; no header field is added but Host and Content-Length."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()

    def lines(self, event: str | None = None) -> list[dict[str, object]]:
        """Log lines so far, of one event or all."""
        found = [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]
        return [line for line in found if event is None or line["event"] == event]

    def wait_for(self, event: str, number: int = 1, seconds: float = 10.0, **fields: object) -> list[dict[str, object]]:
        """The log lines of an event with these fields, once there are so many."""
        end = time.monotonic() + patient(seconds)
        while time.monotonic() < end:
            found = [line for line in self.lines(event) if all(line.get(k) == v for k, v in fields.items())]
            if len(found) >= number:
                return found
            time.sleep(0.02)
        raise AssertionError(f"no {event} with {fields}; log:\n{self.log.read_text()}")


@contextlib.contextmanager
def serving(releases: Path, folder: Path, **settings: object) -> Iterator[Serving]:
    """Serve ``releases``; ``settings`` are settings by name. ``folder`` takes the log."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("INTERKOMMUNAL_")}
    given = {"releases": releases, "content": CHECKOUT, "port": 0, "log_format": "json", "workers": 3, **settings}
    environment |= {f"INTERKOMMUNAL_{name.upper()}": str(value) for name, value in given.items()}
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, [str(CHECKOUT / "api"), os.environ.get("PYTHONPATH")]))
    log = folder / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen([sys.executable, "-c", MAIN], stderr=stream, env=environment, cwd=folder)
    served = Serving(process, 0, log, releases, environment)
    try:
        _await_ready(served)
        yield served
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def _await_ready(served: Serving) -> None:
    end = time.monotonic() + patient(90)
    while time.monotonic() < end:
        if served.process.poll() is not None:
            raise AssertionError(f"the server ended: {served.log.read_text()}")
        if ready := served.lines("ready"):
            served.port = int(str(ready[0]["port"]))
            return
        time.sleep(0.02)
    raise AssertionError(f"the server is not ready: {served.log.read_text()}")
