"""Makes the copy: walk, turn links, say what needs the server, seal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from interkommunal.app.server import engine_options
from interkommunal.engine.supervisor import SupervisorProcess
from interkommunal.export.addresses import Site
from interkommunal.export.crawl import Copy, Walk, batches
from interkommunal.export.crew import Crew, crew
from interkommunal.export.folder import check, replacing, seal, write
from interkommunal.export.hand import Hand
from interkommunal.export.web_server import HTACCESS
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.web.publication import engine_source

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
    with replacing(folder) as root, SupervisorProcess.start() as supervisor:
        # All processes share the store that the supervisor holds.
        options = replace(engine_options(settings), supervisor=supervisor.address)
        copy = Copy(Site(settings.address, settings.language))
        with crew(Hand(settings, release, options, source, root)) as hands:
            Walk(hands, copy, tell).run()
            hands.tell("learn", copy)
            _turn(hands, copy, tell)
        write(root, ".htaccess", HTACCESS.encode())
        about = {
            "release": release.identifier,
            "content_hash": release.content_hash,
            "url": settings.address,
            "language": settings.language,
        }
        files = seal(root, about)
    pages = sum(1 for entry in copy.entries.values() if entry.kind == "page")
    missing = tuple(sorted((place.path, status, source) for place, status, source in copy.missing))
    return Result(files, pages, missing)


def _turn(hands: Crew, copy: Copy, tell: Tell) -> None:
    """Turn the links of everything that was written into those of files."""
    done = 0

    def count(turned: int) -> None:
        nonlocal done
        done += turned
        tell("", done, len(copy.drafts))

    hands.work("turn", batches(copy.drafts), count)
