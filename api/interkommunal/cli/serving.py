"""The command that publishes a release: serve."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from interkommunal.cli.app import Releases, app
from interkommunal.cli.terminal import err
from interkommunal.content import find_content
from interkommunal.settings import load_settings


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal serve\n\n"
    "  interkommunal serve --port 8123\n\n"
    "  interkommunal serve --host 0.0.0.0 --releases /srv/interkommunal\n\n"
    "  INTERKOMMUNAL_PUBLIC_URL=https://data.example.org interkommunal serve\n\n"
    "A new release is picked up while the server runs. Ctrl-C stops it."
)
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; else 127.0.0.1.", show_default=False)] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 takes a free one; else 8000.", show_default=False)] = None,
    releases: Releases = None,
) -> None:
    """Answer SPARQL over the release in force, on http://127.0.0.1:8000/sparql.

    Where there is no release yet, one is built from the data that came with this installation.
    """
    settings = load_settings(host=host, port=port, releases=releases)
    if settings.engine != "remote":
        _build_first(settings.releases_below(find_content(settings.content).root))
    from interkommunal.app.server import serve as run

    run(settings)


def _build_first(folder: Path) -> None:
    """Builds a release if there is none in ``folder``.

    A release that is there but damaged is not built over: its owner hears of it when it is opened. A process of its own
    builds, so that the server and all it starts do not carry along what the build has loaded.
    """
    from interkommunal.release.release import CURRENT

    current = folder / CURRENT
    if current.is_symlink() or current.exists():
        return
    err.print(f"There is no release in {folder} yet; building one.")
    built = subprocess.run([sys.executable, "-m", "interkommunal", "build", "--releases", folder], check=False)
    if built.returncode:
        raise typer.Exit(built.returncode)
