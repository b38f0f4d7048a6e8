"""The commands for kept releases: list them, remove old ones, make the change table anew."""

from __future__ import annotations

import csv
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from interkommunal.cli.app import Releases, app
from interkommunal.cli.terminal import out
from interkommunal.content import find_content
from interkommunal.errors import ReleaseError
from interkommunal.settings import Settings, load_settings


class ListFormat(StrEnum):
    """Formats of the list."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


releases_app = typer.Typer(
    help="List the kept releases, remove old ones, make the change table anew.",
    epilog="Examples:\n\n"
    "  interkommunal releases                      what is kept, and what was published\n\n"
    "  interkommunal releases remove 0.1.0-ce9f9387e9ff\n\n"
    "  interkommunal releases prune --keep 5       all but the newest five go\n\n"
    "The change table outlives the releases: feeds, dates and old versions of single things stay.",
    no_args_is_help=False,
)
app.add_typer(releases_app, name="releases")

_COLUMNS = ("identifier", "published", "state", "statements", "bytes")


@releases_app.callback(invoke_without_command=True)
def releases_(
    context: typer.Context,
    list_format: Annotated[
        ListFormat, typer.Option("--format", help="For people, spreadsheets or programs.")
    ] = ListFormat.TEXT,
    releases: Releases = None,
) -> None:
    """List the releases, oldest first: when each came into force, whether it is kept, how large it is."""
    if context.invoked_subcommand is not None:
        return
    rows = _rows(_folder(releases))
    if list_format is ListFormat.JSON:
        print(json.dumps(rows, indent=2))
    elif list_format is ListFormat.CSV:
        writer = csv.DictWriter(sys.stdout, _COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    else:
        _print(rows)


@releases_app.command()
def remove(
    names: Annotated[list[str], typer.Argument(metavar="RELEASE...", help="Identifier, version or start of the hash.")],
    releases: Releases = None,
) -> None:
    """Remove kept releases; their changes stay in the change table."""
    from interkommunal.release.versions import remove as remove_

    _told(remove_(_folder(releases), names))


@releases_app.command()
def prune(
    keep: Annotated[int, typer.Option("--keep", min=1, help="How many stay, the one in force among them.")],
    releases: Releases = None,
) -> None:
    """Remove all but the newest releases; their changes stay in the change table."""
    from interkommunal.release.versions import prune as prune_

    _told(prune_(_folder(releases), keep))


@releases_app.command()
def rebuild(releases: Releases = None) -> None:
    """Make the change table anew from the kept releases, if it is lost or damaged.

    The old table is set aside. Changes of releases that are no longer kept, and the times at which they were published,
    are lost; harvesters see a new stream and begin again.
    """
    from interkommunal.cli.building import cataloguer
    from interkommunal.release.output import only_writer
    from interkommunal.release.recording import rebuild as rebuild_

    settings = load_settings(releases=releases)
    folder = _folder(releases, settings)
    with only_writer(folder):
        aside = rebuild_(folder, cataloguer(folder, settings))
    if aside is not None:
        out.print(f"The old table is set aside as {aside.name}.")
    out.print(f"The change table is made anew from the releases in {folder}.")


def _folder(given: Path | None, settings: Settings | None = None) -> Path:
    settings = settings or load_settings(releases=given)
    folder = settings.releases_below(find_content(settings.content).root)
    if not folder.is_dir():
        raise ReleaseError(f"there are no releases in {folder}; make one: interkommunal build")
    return folder


def _told(removed: list[Any]) -> None:
    for release in removed:
        out.print(f"removed {release.identifier}")
    if not removed:
        out.print("There was nothing to remove.")


def _rows(folder: Path) -> list[dict[str, str | int | None]]:
    """One row a publication, and one a kept release that was never published."""
    from interkommunal.release.history import History
    from interkommunal.release.release import CURRENT
    from interkommunal.release.versions import Versions

    kept = {release.identifier: release for release in Versions.read(folder).kept}
    current = folder / CURRENT
    in_force = current.resolve().name if current.exists() else ""
    history = History.open(folder)
    published = [(item.release, item.time) for item in history.publications] if history else []
    known = {identifier for identifier, _ in published}
    found = []
    for identifier, time in [*((name, None) for name in kept if name not in known), *published]:
        release = kept.get(identifier)
        files = release.manifest.files.values() if release else ()
        found.append(
            {
                "identifier": identifier,
                "published": time,
                "state": "in force" if identifier == in_force else "kept" if release else "removed",
                "statements": release.manifest.counts.statements if release else None,
                "bytes": sum(file.bytes for file in files) if release else None,
            }
        )
    return found


def _print(rows: list[dict[str, str | int | None]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in _COLUMNS:
        table.add_column(name, justify="right" if name in ("statements", "bytes") else "left", no_wrap=True)
    for row in rows:
        table.add_row(*("" if row[name] is None else _shown(row[name]) for name in _COLUMNS))
    # A pipe has no width; a row stays a line.
    wide = out if out.is_terminal else Console(file=out.file, width=200)
    wide.print(table)


def _shown(value: str | int | None) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
