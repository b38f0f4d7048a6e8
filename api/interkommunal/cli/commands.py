"""The commands. Each reads its arguments, calls the rooms, and prints.

The rooms are imported when a command needs them, so that ``--help`` is there at once.
"""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interkommunal import __version__
from interkommunal.cli.terminal import Language, language, out, progress
from interkommunal.content import Content, find_content
from interkommunal.errors import ValidationFailed
from interkommunal.settings import load_settings

if TYPE_CHECKING:
    from interkommunal.graph.assemble import Assembly
    from interkommunal.release.release import Release
    from interkommunal.validation.findings import Finding

app = typer.Typer(
    help="An open knowledge graph of how cities work together: check it, freeze it, query it, serve it.",
    epilog="First steps:\n\n"
    "  interkommunal build                      checks the data and freezes a release\n\n"
    "  interkommunal serve                      answers SPARQL on http://127.0.0.1:8000/sparql\n\n"
    "  interkommunal query 'SELECT ?city WHERE { ?city a ik:City } ORDER BY ?city'\n\n"
    "Each command shows examples with --help. Settings are read from INTERKOMMUNAL_* in the environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Lang = Annotated[
    Language | None,
    typer.Option("--lang", help="Language of findings; else that of LC_ALL or LANG.", show_default=False),
]
Releases = Annotated[
    Path | None,
    typer.Option(
        "--releases",
        help="Folder of the releases; else INTERKOMMUNAL_RELEASES, else .release in a checkout or your data folder.",
        show_default=False,
    ),
]


class ReportFormat(StrEnum):
    """Formats of findings."""

    TEXT = "text"
    JSON = "json"


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"interkommunal {__version__}")
        raise typer.Exit


@app.callback()
def interkommunal(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """An open knowledge graph of how cities work together: check it, freeze it, query it, serve it."""


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal check                      every finding with file and line\n\n"
    "  interkommunal check --lang de            in German\n\n"
    "  interkommunal check --format json | jq '.[] | select(.severity == \"violation\")'"
)
def check(
    lang: Lang = None,
    report_format: Annotated[ReportFormat, typer.Option("--format", help="For people or for programs.")] = (
        ReportFormat.TEXT
    ),
) -> None:
    """Check the data: parse it, find each quote in its text, validate. Exit 1 if there is a violation.

    Nothing is written. Run it after each edit.
    """
    from interkommunal.cli import report
    from interkommunal.validation.findings import violations

    content = find_content(load_settings().content)
    start = time.monotonic()
    assembly, findings = _checked(content)
    if report_format is ReportFormat.JSON:
        report.print_json(findings)
    else:
        chosen = language(lang)
        report.print_findings(findings, content.root, chosen)
        joint = {"de": "Aussagen geprüft", "en": "statements checked"}[chosen]
        seconds = time.monotonic() - start
        statements = sum(1 for _ in assembly.dataset.quads())
        out.print(f"{statements:,} {joint}: {report.counted(findings, chosen)} ({seconds:.1f} s)")
    if violations(findings):
        raise typer.Exit(1)


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal build                      into the usual folder\n\n"
    "  interkommunal build --releases /srv/interkommunal\n\n"
    "The same data gives the same release, byte for byte; building it again changes nothing."
)
def build(releases: Releases = None, lang: Lang = None) -> None:
    """Check the data, then freeze it as a release and put that in force.

    A violation stops the build, and the release in force stays. Nothing is ever half written: readers find the old
    release or the new one.
    """
    settings = load_settings(releases=releases)
    content = find_content(settings.content)
    folder = settings.releases_below(content.root)
    start = time.monotonic()
    before = _in_force(folder)
    release = _build(content, folder, language(lang))
    seconds = time.monotonic() - start
    counts = release.manifest.counts
    out.print(f"{release.identifier}: {counts.statements:,} statements in {sum(counts.graphs.values())} graphs")
    if before == release.identifier:
        out.print(f"Nothing changed; this release is in force already ({seconds:.1f} s):")
    else:
        out.print(f"Built in {seconds:.1f} s and in force now:")
    out.print(str(release.folder))


def _build(content: Content, folder: Path, chosen: str) -> Release:
    from interkommunal.cli import report
    from interkommunal.release.freeze import freeze
    from interkommunal.validation.findings import violations

    assembly, findings = _checked(content)
    if wrong := violations(findings):
        report.print_findings(wrong, content.root, chosen)
        raise ValidationFailed(
            f"nothing was built, because there are violations ({report.counted(wrong, 'en')}); "
            "mend them and look again: interkommunal check",
            wrong,
        )
    with progress("Freezing") as tell:
        return freeze(assembly, content, folder, tell)


def _checked(content: Content) -> tuple[Assembly, tuple[Finding, ...]]:
    with progress("Reading") as tell:
        from interkommunal.graph.assemble import assemble

        assembly = assemble(content, tell)
    with progress("Checking") as tell:
        from interkommunal.validation.validate import validate

        return assembly, validate(assembly, content, tell)


def _in_force(folder: Path) -> str | None:
    """Identifier of the release in force, if there is one and it is whole."""
    from interkommunal.errors import ReleaseError
    from interkommunal.release.release import Release

    try:
        return Release.open(folder).identifier
    except ReleaseError:
        return None
