"""A server for these pages in a thread: the shipped graph frozen into a release, the real engine, real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import uvicorn

from interkommunal.app.application import create_app
from interkommunal.content import Content
from interkommunal.engine.engine import EngineOptions, open_engine
from interkommunal.release.release import Release
from interkommunal.settings import Settings, load_settings


@contextlib.contextmanager
def served(release: Release, content: Content, public_url: str | None = None) -> Iterator[str]:
    """The pages over ``release``, on a free port; yields the URL of the server."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        settings = load_settings(public_url=public_url or url, content=content.root)
        ready, stop = threading.Event(), threading.Event()
        faults: list[BaseException] = []
        thread = threading.Thread(target=lambda: _run(settings, release, listening, ready, stop, faults), daemon=True)
        thread.start()
        assert ready.wait(60)
        assert not faults
        try:
            yield url
        finally:
            stop.set()
            thread.join(20)


def _run(
    settings: Settings,
    release: Release,
    listening: socket.socket,
    ready: threading.Event,
    stop: threading.Event,
    faults: list[BaseException],
) -> None:
    try:
        asyncio.run(_serve(settings, release, listening, ready, stop))
    except BaseException as error:
        faults.append(error)
        ready.set()


async def _serve(
    settings: Settings,
    release: Release,
    listening: socket.socket,
    ready: threading.Event,
    stop: threading.Event,
) -> None:
    engine = await open_engine(EngineOptions(workers=2), release.quads)
    try:
        app = create_app(settings, engine, release)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        ready.set()
        while not stop.is_set() and not serving.done():
            await asyncio.sleep(0.05)
        server.should_exit = True
        await serving
    finally:
        await engine.close()


def frozen(folder: Path, release: Release, without: str) -> Release:
    """A release like ``release`` that lacks the file ``without``, in ``folder``."""
    files = {name: file for name, file in release.manifest.files.items() if name != without}
    place = folder / release.identifier
    place.mkdir(parents=True)
    for name in files:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).symlink_to(release.folder / name)
    (place / "manifest.json").write_bytes(replace(release.manifest, files=files).to_json())
    return Release.open(place)
