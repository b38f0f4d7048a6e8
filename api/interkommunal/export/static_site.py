"""Makes the copy: render every address, write links as those of files, say what needs the server, seal.

The addresses are those of the routes and of every IRI that the release names, each with its formats and languages;
what a rendered body names besides (pages of lists, versions of things, figures) is rendered in the next round. A
process for each processor renders; each has an application of its own, and all share the store of one supervisor.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pyoxigraph

from interkommunal.app.application import create_app
from interkommunal.app.server import engine_options
from interkommunal.engine.confinement import die_with_parent
from interkommunal.engine.engine import EngineOptions, open_engine
from interkommunal.engine.supervisor import SupervisorProcess
from interkommunal.errors import ExportError
from interkommunal.export.addresses import Place, marked, needs_server
from interkommunal.export.folder import HTACCESS, check, replacing, seal, write
from interkommunal.export.inventory import NOTE, Copy, Draft, Rendered
from interkommunal.export.links import finish
from interkommunal.export.render import Renderer, note_page
from interkommunal.namespaces import BASE
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.site.site import path_of
from interkommunal.web.publication import engine_source
from interkommunal.web.routing import route

# More processes than this would wait for the one that collects what they made.
_MOST: Final = 8
_FILES_AT_ONCE: Final = 64

Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Result:
    """What was written.

    Attributes:
        files: how many. pages: how many addresses of them are pages.
        missing: links of the site that lead nowhere on the server either: path, status, page that leads there.
    """

    files: int
    pages: int
    missing: tuple[tuple[str, int, str], ...]


def export(settings: Settings, release: Release, folder: Path, *, force: bool, tell: Tell) -> Result:
    """Write the site over ``release`` into ``folder``.

    Args:
        settings: of the server; ``public_url`` is where the copy will be published.
        release: what to publish.
        folder: where the copy goes; an older copy there is replaced when the new one is complete.
        force: replace other things too.
        tell: told what is being done, how much is done, and of how much.

    Raises:
        ExportError: the folder holds other things, cannot be written, or a page cannot be made.
    """
    check(folder, force=force)
    source = engine_source(release, settings.engine)
    copy = Copy(settings.address, settings.language)
    with replacing(folder) as root:
        with SupervisorProcess.start() as supervisor:
            options = replace(engine_options(settings), supervisor=supervisor.address)
            with _processes(_open, settings, release, options, source, root) as pool:
                _render_all(pool, release, copy, tell)
        # Forked now, these processes know the copy without being sent it.
        with _processes(_COPY.set, (root, copy)) as pool:
            drafts = list(copy.drafts.values())
            pieces = [drafts[start : start + _FILES_AT_ONCE] for start in range(0, len(drafts), _FILES_AT_ONCE)]
            for done, _ in enumerate(pool.map(_finish, pieces), 1):
                tell("", min(done * _FILES_AT_ONCE, len(drafts)), len(drafts))
        write(root, ".htaccess", HTACCESS.encode())
        about = {
            "release": release.identifier,
            "content_hash": release.content_hash,
            "url": settings.address,
            "language": settings.language,
        }
        files = seal(root, about)
    pages = sum(1 for entry in copy.entries.values() if entry.kind == "page")
    return Result(files, pages, tuple(copy.missing))


@contextmanager
def _processes(begin: Callable[..., object], *given: object) -> Iterator[ProcessPoolExecutor]:
    """A process for each processor, forked from this one, each of which begins with ``begin(*given)``.

    Raises:
        ExportError: one of them has ended by itself.
    """
    pool = ProcessPoolExecutor(
        min(len(os.sched_getaffinity(0)), _MOST), get_context("fork"), _begin, (os.getpid(), begin, given)
    )
    try:
        yield pool
    except BrokenProcessPool as error:
        raise ExportError(
            "a process that makes pages has ended before its time; if memory is short, try again with more of it"
        ) from error
    finally:
        # After an error or Ctrl-C only what is being rendered now is awaited.
        pool.shutdown(cancel_futures=True)


def _begin(parent: int, begin: Callable[..., object], given: Sequence[object]) -> None:
    # A Ctrl-C in the terminal is for the process that started this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    die_with_parent(parent)
    begin(*given)


# Set once in each process, when it begins.
_RENDERER: Final = ContextVar[Renderer]("renderer")
_COPY: Final = ContextVar[tuple[Path, Copy]]("copy")


def _open(settings: Settings, release: Release, options: EngineOptions, source: Path, root: Path) -> None:
    """Open engine and application; the engine ends with the process."""
    runner = asyncio.Runner()
    engine = runner.run(open_engine(options, source))
    shown = settings.model_copy(update={"public_url": marked(settings.address)})
    app, plain = create_app(shown, engine, release), create_app(settings, engine, release)
    app.site_context.client.remember()
    app.routes.router.routes.insert(0, route(NOTE.path, note_page(app, release)))
    _RENDERER.set(Renderer(app, plain, root, runner))


def _known_paths() -> list[str]:
    return _RENDERER.get().known_paths()


def _render(group: dict[Place, str]) -> list[Rendered]:
    return _RENDERER.get().render(group)


def _finish(drafts: Sequence[Draft]) -> None:
    root, copy = _COPY.get()
    for draft in drafts:
        finish(root, copy, draft)


def _render_all(pool: ProcessPoolExecutor, release: Release, copy: Copy, tell: Tell) -> None:
    """Render in rounds until nothing new is named. Places of one stem make a task, for they share what is read."""
    paths = ["/", *pool.submit(_known_paths).result(), *sorted(_described(release))]
    waiting = {Place(path): "" for path in paths if not needs_server(path)}
    done = 0
    while waiting:
        total = done + len(waiting)
        groups: dict[str, dict[Place, str]] = defaultdict(dict)
        for place, query in waiting.items():
            groups[place.stem][place] = query
        waiting = {}
        for found in pool.map(_render, groups.values()):
            for rendered in found:
                copy.add(rendered)
                waiting |= rendered.needed
            done += len(found)
            tell(found[-1].place.path, done, max(done, total))
        waiting = {place: query for place, query in waiting.items() if place not in copy.entries}


def _described(release: Release) -> set[str]:
    """Paths of the pages of all IRIs of ours that the release names."""
    named = set()
    with release.quads.open("rb") as lines:
        for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_QUADS):
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(BASE):
                    named.add(term.value)
    return {unquote(path.partition("#")[0]) for iri in named if (path := path_of(iri))}
