"""Real SPARQL servers on the loopback interface, and one that misbehaves on purpose."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.patience import patient


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60.0) -> None:
    """Wait until a server answers, whatever it answers."""
    deadline = time.monotonic() + patient(seconds)
    while process.poll() is None and time.monotonic() < deadline:
        try:
            urllib.request.urlopen(url, timeout=patient(5)).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"no server at {url}")


@contextmanager
def oxigraph(quads: Path, folder: Path) -> Iterator[str]:
    """``oxigraph serve`` over a file of N-Quads, its default graph the union; gives the IRI of the endpoint."""
    binary = shutil.which("oxigraph", path=sysconfig.get_path("scripts"))
    if binary is None:
        pytest.skip("oxigraph, the server, is not installed beside this Python")
    subprocess.run([binary, "load", "--location", folder, "--file", quads], check=True, capture_output=True)
    address = f"127.0.0.1:{free_port()}"
    command = [binary, "serve-read-only", "--location", str(folder), "--bind", address, "--union-default-graph"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://{address}/", process)
        yield f"http://{address}/query"
    finally:
        process.kill()
        process.wait()


_VIRTUOSO = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = {folder}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
[SPARQL]
ResultSetMaxRows = 1000
"""


@contextmanager
def virtuoso(quads: Path, folder: Path) -> Iterator[str]:
    """Virtuoso with a file of N-Quads loaded, which cuts answers after 1000 rows; gives the IRI of the endpoint."""
    server, client = shutil.which("virtuoso-t"), shutil.which("isql-vt")
    if server is None or client is None:
        pytest.skip("Virtuoso is not installed (Debian: virtuoso-opensource-7-bin)")
    folder.mkdir()
    shutil.copy(quads, folder / "graph.nq")
    port, sql_port = free_port(), free_port()
    configuration = folder / "virtuoso.ini"
    configuration.write_text(_VIRTUOSO.format(folder=folder, port=port, sql_port=sql_port), encoding="ascii")
    process = subprocess.Popen(
        [server, "+foreground", "+configfile", configuration],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/sparql", process)
        load = f"DB.DBA.TTLP(file_to_string_output('{folder}/graph.nq'), '', 'http://example.org/', 512)"
        command = [client, f"127.0.0.1:{sql_port}", "dba", "dba", f"exec={load}"]
        subprocess.run(command, check=True, capture_output=True)
        yield f"http://127.0.0.1:{port}/sparql"
    finally:
        process.kill()
        process.wait()


Reply = tuple[int, dict[str, str], bytes]


class Scripted:
    """An endpoint that gives one reply to all requests, and notes what it was asked."""

    def __init__(self) -> None:
        self.reply: Reply = (200, {}, b"")
        self.seconds = 0.0
        self.declared_length: int | None = None
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.iri = ""


@contextmanager
def scripted() -> Iterator[Scripted]:
    """An endpoint that does what a test says."""
    script = Scripted()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            headers = {name.lower(): value for name, value in self.headers.items()}
            script.asked.append((self.path, headers, self.rfile.read(length)))
            time.sleep(script.seconds)
            status, fields, body = script.reply
            try:
                self.send_response(status)
                for name, value in fields.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(script.declared_length or len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    script.iri = f"http://127.0.0.1:{server.server_address[1]}/sparql"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
