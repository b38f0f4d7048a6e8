"""Runs the application on a port: opens release and engine, listens, and stops without cutting off a request.

The server is uvicorn with httptools, as it comes, inside our own event loop: one thread does everything, so that no
request waits for another thread or for the interpreter lock. What a server on the open network has to refuse besides
(slow heads, idle connections, heads without end) is left to a reverse proxy; ``docs/endpoint.md`` has the list.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import gc
import ipaddress
import signal
import socket
import sys
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any, Final

import structlog
from uvicorn import Config, Server

from interkommunal.app.application import create_app
from interkommunal.content import find_content
from interkommunal.engine.engine import Engine, EngineOptions, open_engine
from interkommunal.errors import ServerError
from interkommunal.namespaces import BASE
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.sparql.query import Limits
from interkommunal.web import logs
from interkommunal.web.publication import engine_source

_BACKLOG: Final = 2048
# Connections at once; beyond it new requests get 503. And how long one stays open with nobody asking.
_CONNECTIONS: Final = 4096
_KEEP_ALIVE_SECONDS: Final = 75
_PROXY: Final = "Others can reach this address: put a reverse proxy such as nginx in front (docs/endpoint.md)."


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
        config = Config(
            app,
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            backlog=_BACKLOG,
            limit_concurrency=_CONNECTIONS,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        _calm_collector()
        with _listen(settings) as listener:
            await _until_stopped(_Server(config), listener, settings, engine, app.publication.identifier)
    finally:
        await engine.close()


class _Server(Server):
    """uvicorn that leaves signals to :func:`_until_stopped`, which knows the engine."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _listen(settings: Settings) -> socket.socket:
    """The listening socket.

    Each connection inherits that the kernel ends it if nothing of what was sent is read for twice ``stall`` seconds
    (``TCP_USER_TIMEOUT``): no server library looks after a client that stopped reading once its answer is in the
    buffers. Twice, because a stream says by itself, and in the log, that its client stalls.

    Raises:
        ServerError: somebody took the port since :func:`take_port`.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise ServerError(_no_port(error, f"{settings.host}:{settings.port}")) from None
    if sys.platform == "linux":
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(2000 * settings.stall))
    return listener


def _calm_collector() -> None:
    """Collect cyclic garbage less often: requests leave hardly any, and what is here by now stays."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


async def _until_stopped(
    server: Server, listener: socket.socket, settings: Settings, engine: Engine, identifier: str
) -> None:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    serving = asyncio.create_task(server.serve([listener]))
    announcing = asyncio.create_task(_announce(server, settings, identifier))
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


async def _announce(server: Server, settings: Settings, identifier: str) -> None:
    """Say where the server is, once it takes connections, and what an address that others reach needs besides."""
    while not server.started:
        await asyncio.sleep(0.01)
    if sys.stderr.isatty():
        print(f"{identifier} is being served on {settings.address} (Ctrl-C stops it)", file=sys.stderr, flush=True)
        for _, advice in _advice(settings):
            print(advice, file=sys.stderr, flush=True)
        return
    log = structlog.get_logger()
    log.info("ready", url=settings.address, port=settings.port, release=identifier)
    for event, advice in _advice(settings):
        log.warning(event, host=settings.host, advice=advice)


def _advice(settings: Settings) -> Iterator[tuple[str, str]]:
    """What an operator may still have to do: a name for the log and one line."""
    if not ipaddress.ip_address(settings.host).is_loopback:
        yield "exposed", _PROXY
    wanted = {
        "CONTRIBUTOR": settings.contributor,
        "OPERATOR_NAME": settings.operator_name,
        "OPERATOR_URL": settings.operator_url,
        "OPERATOR_EMAIL": settings.operator_email,
    }
    if missing := [f"INTERKOMMUNAL_{name}" for name, value in wanted.items() if not value]:
        yield "govdata", f"To deliver the catalogue to GovData, set {', '.join(missing)} (docs/harvesting.md)."
