"""nginx in front of a server of ours, as docs/endpoint.md tells operators to set it up."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.serving import CHECKOUT

_FRAME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{block}
}}
"""


def documented() -> str:
    """The configuration that the guide shows."""
    found = re.search(r"```nginx\n(.*?)```", (CHECKOUT / "docs" / "endpoint.md").read_text(), re.DOTALL)
    assert found
    return found[1]


@contextlib.contextmanager
def nginx(port: int, folder: Path, **seconds: int) -> Iterator[int]:
    """The port of an nginx before the server on ``port``; ``seconds`` shorten time limits by name."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed (Debian package nginx-light)")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        own = free.getsockname()[1]
    block = (
        documented().replace("127.0.0.1:8000", f"127.0.0.1:{port}").replace("listen 80;", f"listen 127.0.0.1:{own};")
    )
    for name, value in seconds.items():
        block, number = re.subn(rf"\b{name} \d+s;", f"{name} {value}s;", block)
        assert number == 1, name
    configuration = folder / "nginx.conf"
    configuration.write_text(_FRAME.format(folder=folder, block=block))
    process = subprocess.Popen([program, "-c", configuration, "-e", folder / "error.log"])
    try:
        _await_port(own, process, folder / "error.log")
        yield own
    finally:
        process.terminate()
        process.wait()


def _await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    while process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.02)
    raise AssertionError(log.read_text())
