"""The command that writes the site as plain files: export."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interkommunal.cli.app import Releases, app
from interkommunal.cli.terminal import err, out, progress
from interkommunal.content import find_content
from interkommunal.errors import SettingsError
from interkommunal.settings import Settings, load_settings

if TYPE_CHECKING:
    from interkommunal.export.static_site import Result


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal export site --url https://data.example.org\n\n"
    "  interkommunal export site && python3 -m http.server --directory site     a look at it\n\n"
    "  (cd site && sha256sum --check --quiet SHA256SUMS)                         is it whole?\n\n"
    "The same release gives the same files, byte for byte. Search, filters and SPARQL need the server; a page says so. "
    "How web servers deliver the copy stands in docs/export.md."
)
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the copy goes.", show_default=False)],
    url: Annotated[
        str | None,
        typer.Option(
            help="Where the copy will be published; else INTERKOMMUNAL_PUBLIC_URL, else http://127.0.0.1:8000.",
            show_default=False,
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a folder that holds other things.")] = False,
    releases: Releases = None,
) -> None:
    """Write the whole site as plain files that any web server or archive can serve.

    Pages in both languages, data in all formats, dumps, catalogue, feed and site map of the release in force. Links
    between pages are relative, so the copy can be read from a disk too. An older copy in DIR is replaced when the new
    one is complete; a manifest and the checksum of each file lie in it.
    """
    settings = load_settings(public_url=url, releases=releases)
    if settings.engine == "remote":
        raise SettingsError("a remote endpoint has no release to write down; export where the release is built")
    start = time.monotonic()
    result = _export(settings, folder, force)
    for path, status, source in result.missing:
        err.print(f"{source}: the link to {path} leads nowhere ({status})", markup=False)
    if settings.public_url is None:
        err.print(f"Catalogue and site map say {settings.address}; give --url to publish the copy elsewhere.")
    seconds = time.monotonic() - start
    out.print(f"{result.files:,} files, {result.pages:,} pages in both languages, in {seconds:.0f} s:")
    out.print(str(folder), markup=False)


def _export(settings: Settings, folder: Path, force: bool) -> Result:
    from interkommunal.export.static_site import export as write_site
    from interkommunal.release.release import Release
    from interkommunal.web import logs

    # A copy is made quietly: each page asks the graph many times.
    quiet = settings.model_copy(update={"log_level": "error", "workers": 2, "metrics": False})
    logs.configure(quiet)
    content = find_content(settings.content)
    release = Release.open(settings.releases_below(content.root))
    with progress("Writing") as tell:
        return write_site(
            quiet, release, folder, force=force, tell=lambda step, done, total: tell(step[-60:], done, total)
        )
