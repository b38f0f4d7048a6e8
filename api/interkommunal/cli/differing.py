"""The command that compares releases: diff."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from interkommunal.cli.app import Lang, Releases, app
from interkommunal.cli.terminal import language
from interkommunal.content import find_content
from interkommunal.errors import ReleaseError
from interkommunal.settings import load_settings


class DiffFormat(StrEnum):
    """Formats of a difference."""

    TEXT = "text"
    PATCH = "patch"
    HTML = "html"


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal diff                       the release in force with the one before it\n\n"
    "  interkommunal diff 0.1.0 current         a version with the release in force\n\n"
    "  interkommunal diff ce9f9387 0f2a4c11 --format patch > changes.rdfp\n\n"
    "  interkommunal diff --format html > changes.html\n\n"
    "A release is called by its identifier, its version, the start of its content hash, or current."
)
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The older release; else the one before B.")] = "",
    new: Annotated[str, typer.Argument(metavar="B", help="The newer release.")] = "current",
    diff_format: Annotated[
        DiffFormat,
        typer.Option("--format", help="text, by entity; RDF Patch of N-Quads, which makes A into B; a page."),
    ] = DiffFormat.TEXT,
    lang: Lang = None,
    releases: Releases = None,
) -> None:
    """Compare two kept releases: the statements that came and went, by entity."""
    from interkommunal.release.comparison import compare
    from interkommunal.release.versions import Versions

    settings = load_settings(releases=releases)
    versions = Versions.read(settings.releases_below(find_content(settings.content).root))
    newer = versions.find(new)
    older = versions.find(old) if old else versions.previous(newer)
    if older is None:
        raise ReleaseError(f"no release before {newer.identifier} is kept in {versions.folder}; say which to compare")
    comparison = compare(older, newer)
    if diff_format is DiffFormat.PATCH:
        sys.stdout.buffer.writelines(comparison.patch())
    elif diff_format is DiffFormat.HTML:
        from interkommunal.harvest.feed.document import document

        sys.stdout.buffer.write(document(comparison, settings.address, "de" if language(lang) == "de" else "en"))
    else:
        for line in comparison.text():
            print(line)
