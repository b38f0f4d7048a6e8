"""A proxy in front of a real endpoint that misbehaves as told: 429, 503, slow, cut off, nonsense."""

from __future__ import annotations

import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.patience import patient


class Proxy:
    """What the proxy does next, one word a request: ``429``, ``429 7``, ``503``, ``slow``, ``cut``, ``nonsense``,
    ``hang``.

    ``429 7`` names seconds in Retry-After. Requests without a word left are passed on.
    """

    def __init__(self, target: str) -> None:
        self.target = target
        self.script: list[str] = []
        self.passed = 0
        self.agents: list[str] = []
        self.iri = ""
        self.hanging = threading.Event()
        self._released = threading.Event()

    def release(self) -> None:
        """Let go of requests that hang."""
        self._released.set()

    def hang(self) -> None:
        """Keep a request waiting, for at most a minute."""
        self.hanging.set()
        self._released.wait(60)


@contextmanager
def proxy(target: str) -> Iterator[Proxy]:
    """A proxy on the loopback interface."""
    state = Proxy(target)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            state.agents.append(self.headers["User-Agent"])
            word, _, seconds = (state.script.pop(0) if state.script else "").partition(" ")
            if word in ("429", "503"):
                self.send_response(int(word))
                if seconds:
                    self.send_header("Retry-After", seconds)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            if word == "hang":
                state.hang()
                self.close_connection = True
                return
            if word == "slow":
                time.sleep(2.5)
            headers = {"Content-Type": self.headers["Content-Type"], "Accept": self.headers["Accept"]}
            with urllib.request.urlopen(
                urllib.request.Request(state.target, body, headers), timeout=patient(30)
            ) as answer:
                content, kind = answer.read(), answer.headers["Content-Type"]
            if word == "nonsense":
                content = b"<html>busy</html>"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            state.passed += word == ""
            self.wfile.write(content[: len(content) // 2] if word == "cut" else content)
            if word == "cut":
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.iri = f"http://127.0.0.1:{server.server_address[1]}/query"
    try:
        yield state
    finally:
        state.release()
        server.shutdown()
        server.server_close()
        thread.join()
