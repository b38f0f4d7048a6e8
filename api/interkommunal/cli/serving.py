"""The command that publishes a release: serve."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from interkommunal.cli.app import Releases, app
from interkommunal.cli.building import freeze_checked
from interkommunal.cli.terminal import err, language
from interkommunal.content import find_content
from interkommunal.settings import Settings, load_settings


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
    _build_first(settings)
    # After the build: what the server starts must not carry what the build needed.
    from interkommunal.http.server import serve as run

    run(settings)


def _build_first(settings: Settings) -> None:
    from interkommunal.release.release import CURRENT

    if settings.engine == "remote":
        return
    content = find_content(settings.content)
    folder: Path = settings.releases_below(content.root)
    # A release that is there but damaged is not built over: its owner hears of it when it is opened.
    if not (folder / CURRENT).is_symlink() and not (folder / CURRENT).exists():
        err.print(f"There is no release in {folder} yet; building one.")
        freeze_checked(content, folder, language(None))
