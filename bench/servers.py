"""Starts the servers that are measured, waits until they answer, and stops them and nothing else.

Every server listens on a free port of 127.0.0.1 with a log file of its own. Ours runs as ``interkommunal serve`` does,
on a release folder; Oxigraph's is the Rust binary of the PyPI package on a store loaded beforehand; rdflib-endpoint
runs from an environment of its own.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psutil

from bench.graphs import Graph
from bench.places import API, LOGS, PEERS, PEERS_REQUIREMENTS, STORES, shown
from bench.processes import idle_after, tree
from bench.releases import make_release
from bench.wire import ask

OURS: Final = "interkommunal"
OURS_ON_DISK: Final = "interkommunal, disk tier"
OXIGRAPH: Final = "oxigraph serve"
ENDPOINT: Final = "rdflib-endpoint"
ENDPOINT_OXIGRAPH: Final = "rdflib-endpoint on Oxigraph"

_HOST: Final = "127.0.0.1"
_PATIENCE: Final = 180.0
_GRACE: Final = 15.0
_SETTLED: Final = 60.0


class ServerFailed(Exception):
    """A server did not start; the message says where its log is."""


@dataclass(frozen=True)
class Server:
    """A server that answers.

    Attributes:
        name: what tables call it.
        port: of 127.0.0.1.
        path: of its SPARQL endpoint.
        process: the one we started.
        ready_seconds: from the start of the process to the first right answer.
    """

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    ready_seconds: float

    @property
    def pid(self) -> int:
        """Root of its processes."""
        return self.process.pid


@contextmanager
def ours(graph: Graph | Path, **settings: object) -> Iterator[Server]:
    """``interkommunal serve`` on a generated graph or a folder of releases, with ``INTERKOMMUNAL_*`` settings."""
    releases = graph if isinstance(graph, Path) else make_release(graph)
    port = _free_port()
    command = [*interkommunal(), "serve", "--port", str(port), "--releases", str(releases)]
    given = {f"INTERKOMMUNAL_{name.upper()}": str(value) for name, value in settings.items()}
    name = OURS_ON_DISK if settings.get("engine") == "disk" else OURS
    with _started(name, command, port, "/sparql", given) as server:
        # After its start it makes the pages that everybody opens.
        idle_after(server.pid, _SETTLED)
        yield server


@contextmanager
def oxigraph(graph: Graph, timeout: float | None = None) -> Iterator[Server]:
    """``oxigraph serve-read-only`` on a store with the generated graph, the default graph being the union as ours is.

    Args:
        graph: what to serve.
        timeout: seconds a query may take; ``None`` for as long as it likes.
    """
    store = load_oxigraph(graph)
    port = _free_port()
    command = [_oxigraph_binary(), "serve-read-only", "--location", str(store), "--bind", f"{_HOST}:{port}"]
    command += ["--union-default-graph", *([] if timeout is None else ["--timeout-s", f"{timeout:g}"])]
    with _started(OXIGRAPH, command, port, "/query") as server:
        yield server


@contextmanager
def endpoint(graph: Graph, *, store: str = "default") -> Iterator[Server]:
    """``rdflib-endpoint serve`` with the generated graph in rdflib's memory store, or in Oxigraph's.

    Args:
        graph: what to serve; 100,000 triples take half a minute.
        store: ``default`` or ``oxigraph``.
    """
    port = _free_port()
    command = [_endpoint_binary(), "serve", "--host", _HOST, "--port", str(port), "--store", store, str(graph.path)]
    with _started(ENDPOINT if store == "default" else ENDPOINT_OXIGRAPH, command, port, "/") as server:
        yield server


def interkommunal() -> list[str]:
    """The command line of ours, from the sources of this checkout."""
    return [sys.executable, "-c", "from interkommunal.cli import main; main()"]


def environment(given: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment that ours runs in: settings of the caller's shell must not change what is measured."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("INTERKOMMUNAL_")}
    return {**kept, "PYTHONPATH": str(API), **(given or {})}


def load_oxigraph(graph: Graph) -> Path:
    """The store of ``oxigraph serve`` for a graph, from the cache if it was loaded before."""
    store = STORES / graph.path.stem
    if not store.exists():
        STORES.mkdir(parents=True, exist_ok=True)
        unfinished = store.with_name(f"{store.name}-unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        LOGS.mkdir(parents=True, exist_ok=True)
        log = LOGS / "oxigraph-load.log"
        command = [_oxigraph_binary(), "load", "--location", str(unfinished), "--file", str(graph.path)]
        with log.open("wb") as out:
            if subprocess.run(command, stdout=out, stderr=out, check=False).returncode:
                raise ServerFailed(f"oxigraph load failed; see {shown(log)}")
        unfinished.rename(store)
    return store


def _oxigraph_binary() -> str:
    beside = Path(sys.executable).with_name("oxigraph")
    found = str(beside) if beside.exists() else shutil.which("oxigraph")
    if found is None:
        raise ServerFailed("there is no oxigraph; install requirements/dev.txt")
    return found


def _endpoint_binary() -> str:
    """rdflib-endpoint in the environment of the peers, which is made here the first time."""
    binary = PEERS / "bin" / "rdflib-endpoint"
    if not binary.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
        pip = [str(PEERS / "bin" / "pip"), "--disable-pip-version-check", "install", "-q", "--require-hashes", "-r"]
        subprocess.run([*pip, str(PEERS_REQUIREMENTS)], check=True)
    return str(binary)


@contextmanager
def _started(
    name: str, command: Sequence[str], port: int, path: str, given: Mapping[str, str] | None = None
) -> Iterator[Server]:
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{'-'.join(re.findall('[a-z]+', name.lower()))}.log"
    begin = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment(given), start_new_session=True
        )
    try:
        _await_answer(name, process, port, path, log)
        yield Server(name, port, path, process, time.perf_counter() - begin)
    finally:
        stop(process)


def _await_answer(name: str, process: subprocess.Popen[bytes], port: int, path: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if process.poll() is not None:
            raise ServerFailed(f"{name} ended at once with status {process.returncode}; see {shown(log)}")
        try:
            if ask(port, path, "ASK { }", patience=5).status == 200:
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise ServerFailed(f"{name} gave no answer within {_PATIENCE:g} seconds; see {shown(log)}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ends a process we started and what it started: politely, and if that does not help, by force."""
    family = tree(process.pid)
    if process.poll() is None:
        process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    _, alive = psutil.wait_procs(family, timeout=1)
    for member in alive:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((_HOST, 0))
        return int(taken.getsockname()[1])
