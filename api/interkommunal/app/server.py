"""Runs the application on a port: opens release and engine, listens, and stops without cutting off a request.

The server is uvicorn inside our own event loop, with connections of our own (``http.connection``): one thread does
everything, so that no request waits for another thread or for the interpreter lock.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import signal
import socket
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, Final

import structlog
from uvicorn import Config, Server

from interkommunal.app.application import create_app
from interkommunal.content import find_content
from interkommunal.engine.interface import Engine, EngineOptions
from interkommunal.engine.opening import open_engine
from interkommunal.errors import ServerError
from interkommunal.namespaces import BASE
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.query_page import PATH
from interkommunal.sparql.query import Limits
from interkommunal.web import logs
from interkommunal.web.connection import MOST_HEAD_BYTES, Connections
from interkommunal.web.publication import engine_source

_BACKLOG: Final = 2048
# Connections at once; beyond it new requests get 503. And how long one stays open with nobody asking.
_CONNECTIONS: Final = 4096
_KEEP_ALIVE_SECONDS: Final = 75


def serve(settings: Settings) -> None:
    """Serve the release in force until SIGINT or SIGTERM.

    Raises:
        ReleaseError: there is no usable release.
        ServerError: the port cannot be had, or the server ended unexpectedly.
        SettingsError: content or engine cannot be found as set.
    """
    logs.configure(settings)
    content = find_content(settings.content)
    settings = take_port(settings)
    release = None if settings.engine == "remote" else Release.open(settings.releases_below(content.root))
    _run(_serve(settings, release))


def engine_options(settings: Settings) -> EngineOptions:
    """What the settings say about the engine."""
    return EngineOptions(
        tier=settings.engine,
        workers=settings.workers,
        queue=settings.queue,
        services=settings.services,
        service_seconds=settings.service_deadline,
        query_chars=settings.query_limit,
        base_iri=BASE,
        ceiling=Limits(seconds=settings.deadline, memory_bytes=settings.memory_limit),
        stall_seconds=settings.stall,
        endpoint=settings.remote_endpoint,
    )


def take_port(settings: Settings) -> Settings:
    """The settings with an address that can be listened on: a number for the host, and a free port for port 0.

    Binding before anything is loaded tells at once whether somebody listens there already.

    Raises:
        ServerError: the port is in use or may not be used, or there is no such host.
    """
    place = f"{settings.host}:{settings.port}"
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
            host, port = trial.getsockname()[:2]
    except socket.gaierror as error:
        raise ServerError(f"there is no host {settings.host} to listen on ({error.strerror})") from None
    except OSError as error:
        raise ServerError(_no_port(error, place)) from None
    public = settings.public_url
    if public is None and settings.port:
        public = settings.address  # as it was asked for: localhost stays localhost
    return settings.model_copy(update={"host": host, "port": port, "public_url": public})


def _no_port(error: OSError, place: str) -> str:
    way_out = "choose another port: --port 8123 or INTERKOMMUNAL_PORT=8123"
    if error.errno == errno.EADDRINUSE:
        return f"{place} is in use already; stop the other server, or {way_out}"
    if error.errno == errno.EACCES:
        return f"{place} may not be used by this account; {way_out}"
    return f"{place} cannot be listened on ({error.strerror}); {way_out}"


def _run(main: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop
    except ImportError:  # not on every platform
        asyncio.run(main)
    else:
        uvloop.run(main)


async def _serve(settings: Settings, release: Release | None) -> None:
    # The engine comes first: what it starts must not inherit the threads of the server.
    source = Path() if release is None else engine_source(release, settings.engine)  # a remote engine has its own
    engine = await open_engine(engine_options(settings), source)
    try:
        app = create_app(settings, engine, release)
        connections = Connections(PATH, app.sparql.recall, settings.language)
        config = Config(
            app,
            host=settings.host,
            port=settings.port,
            http=connections,  # type: ignore[arg-type]
            ws="none",
            lifespan="on",
            h11_max_incomplete_event_size=MOST_HEAD_BYTES,
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=_BACKLOG,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        server = Server(config)
        _calm_collector()
        await _until_stopped(server, settings, engine, app.publication.identifier)
    finally:
        await engine.close()


def _calm_collector() -> None:
    """Collect cyclic garbage less often: requests leave hardly any, and what is here by now stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


async def _until_stopped(server: Server, settings: Settings, engine: Engine, identifier: str) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(server._serve())
    announcing = asyncio.create_task(_announce(settings, identifier))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    announcing.cancel()
    if not stop.is_set():
        stopping.cancel()
        raise ServerError(f"the server on {settings.address} ended unexpectedly") from serving.exception()
    structlog.get_logger().info("stopping", grace=settings.grace)
    server.should_exit = True
    await asyncio.wait({serving}, timeout=settings.grace)
    if not serving.done():
        # What is still under way ends now: queries with EngineUnavailable, streams broken.
        await engine.close()
        await asyncio.wait({serving}, timeout=1.0)
    if not serving.done():
        # Clients that neither read nor write are left behind; threads of the server may still report on them.
        loop.set_exception_handler(lambda _loop, _context: None)
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def _announce(settings: Settings, identifier: str) -> None:
    """Say where the server is, once it takes connections."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    while True:
        try:
            _, writer = await asyncio.open_connection(host, settings.port)
        except OSError:
            await asyncio.sleep(0.01)
            continue
        writer.close()
        break
    if sys.stderr.isatty():
        print(f"{identifier} is being served on {settings.address} (Ctrl-C stops it)", file=sys.stderr, flush=True)
    else:
        structlog.get_logger().info("ready", url=settings.address, port=settings.port, release=identifier)
