"""The commands that make a release from what people write: check and build.

The rooms are imported when a command needs them, so that ``--help`` is there at once.
"""

from __future__ import annotations

import time
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interkommunal.cli.app import Lang, Releases, app
from interkommunal.cli.terminal import language, out, progress
from interkommunal.content import Content, find_content
from interkommunal.errors import ValidationFailed
from interkommunal.settings import Settings, load_settings

if TYPE_CHECKING:
    from interkommunal.graph.assemble import Assembly
    from interkommunal.release.history import History
    from interkommunal.release.recording import Cataloguer
    from interkommunal.release.release import Release
    from interkommunal.release.versions import Versions
    from interkommunal.validation.findings import Finding


Anew = Annotated[bool, typer.Option("--anew", help="Build even if nothing has changed since the last time.")]


class ReportFormat(StrEnum):
    """Formats of findings."""

    TEXT = "text"
    JSON = "json"


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal check              every finding with file and line\n\n"
    "  interkommunal check --lang de    in German\n\n"
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

    settings = load_settings()
    content = find_content(settings.content)
    start = time.monotonic()
    assembly, findings = _checked(content, _in_force(settings.releases_below(content.root)))
    if report_format is ReportFormat.JSON:
        report.print_json(findings)
    else:
        chosen = language(lang)
        report.print_findings(findings, content.root, chosen)
        statements = sum(1 for _ in assembly.dataset.quads())
        checked = {
            "de": f"{statements:,} Aussagen geprüft".replace(",", "."),
            "en": f"{statements:,} statements checked",
        }
        seconds = time.monotonic() - start
        out.print(f"{checked[chosen]}: {report.counted(findings, chosen)} ({seconds:.1f} s)")
    if violations(findings):
        raise typer.Exit(1)


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal build    into the usual folder\n\n"
    "  interkommunal build --releases /srv/interkommunal\n\n"
    "The same data gives the same release, byte for byte; building it again changes nothing. If nothing that it reads "
    "has changed since the last time, it does not even begin."
)
def build(
    releases: Releases = None,
    anew: Annotated[
        bool, typer.Option("--anew", help="Build even if nothing has changed since the last time.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Check the data, then freeze it as a release and put that in force.

    A violation stops the build, and the release in force stays. Nothing is ever half written: readers find the old
    release or the new one.
    """
    from interkommunal.release.inputs import fingerprint, remember

    settings = load_settings(releases=releases)
    content = find_content(settings.content)
    folder = settings.releases_below(content.root)
    start = time.monotonic()
    before = _in_force(folder)
    inputs = fingerprint(content, _settings_that_matter(settings))
    if before and not anew and _is_up_to_date(folder, before, inputs):
        release = before
    else:
        release = _freeze(content, folder, language(lang), settings)
        remember(folder, release, inputs)
    seconds = time.monotonic() - start
    counts = release.manifest.counts
    out.print(f"{release.identifier}: {counts.statements:,} statements in {sum(counts.graphs.values())} graphs")
    if before and before.identifier == release.identifier:
        out.print(f"Nothing changed; this release is in force already ({seconds:.1f} s):")
    else:
        out.print(f"Built in {seconds:.1f} s and in force now:")
    out.print(str(release.folder))


def _settings_that_matter(settings: Settings) -> tuple[str, ...]:
    """Settings that a build reads: the catalogue that has to pass the gate, and its changes, name them."""
    operator = (settings.operator_name, settings.operator_url, settings.operator_email, settings.contributor)
    return (settings.address, *(str(value or "") for value in operator))


def _is_up_to_date(folder: Path, release: Release, inputs: str) -> bool:
    """Whether a build from ``inputs`` would give just ``release``, every file of which is as it was."""
    from interkommunal.errors import ReleaseError
    from interkommunal.release.inputs import was_made_from

    if not was_made_from(folder, release, inputs):
        return False
    try:
        release.verify()
    except ReleaseError:
        return False
    return True


def _freeze(content: Content, folder: Path, chosen: str, settings: Settings) -> Release:
    """Checks ``content`` and freezes it into ``folder``, or prints the violations in the language ``chosen``."""
    from interkommunal.cli import report
    from interkommunal.release import gate
    from interkommunal.release.catalogue import Operator, catalogue
    from interkommunal.release.datasets import SERVICES
    from interkommunal.release.freeze import freeze
    from interkommunal.validation.findings import violations

    assembly, findings = _checked(content, _in_force(folder))
    if wrong := violations(findings):
        report.print_findings(wrong, content.root, chosen)
        raise ValidationFailed(
            f"nothing was built, because there are violations ({report.counted(wrong, 'en')}); "
            "mend them and look again: interkommunal check",
            wrong,
        )
    operator = Operator(settings.operator_name, settings.operator_url, settings.operator_email, settings.contributor)

    def admit(release: Release, versions: Versions) -> None:
        gate.admit(catalogue(release, versions, settings.address, operator, SERVICES))

    with progress("Freezing") as tell:
        return freeze(assembly, content, folder, tell, cataloguer(folder, settings), admit)


def cataloguer(folder: Path, settings: Settings) -> Cataloguer:
    """Describes the catalogue for the change table of the releases in ``folder``, for whatever address it is served."""
    from interkommunal.release.catalogue import Operator, catalogue
    from interkommunal.release.datasets import SERVICES
    from interkommunal.release.history import ADDRESS
    from interkommunal.release.release import standalone
    from interkommunal.release.versions import Versions

    operator = Operator(settings.operator_name, settings.operator_url, settings.operator_email, settings.contributor)

    def describe(release: Release, history: History, moment: str) -> dict[str, bytes]:
        versions = replace(Versions.read(folder), history=history, moment=moment)
        return standalone(catalogue(release, versions, ADDRESS, operator, SERVICES))

    return describe


def _checked(content: Content, in_force: Release | None) -> tuple[Assembly, tuple[Finding, ...]]:
    """The graph and its findings. Shapes that the release in force has too were found right when it was built."""
    with progress("Reading") as tell:
        from interkommunal.graph.assemble import assemble

        assembly = assemble(content, tell)
    with progress("Checking") as tell:
        from interkommunal.graph.vocabulary import shapes_document
        from interkommunal.release.vocabulary import has_same_shapes
        from interkommunal.validation.validate import validate

        hold = in_force is not None and has_same_shapes(in_force, shapes_document(content))
        return assembly, validate(assembly, content, tell, shapes_hold=hold)


def _in_force(folder: Path) -> Release | None:
    """The release in force, if there is one and it is whole."""
    from interkommunal.errors import ReleaseError
    from interkommunal.release.release import Release

    try:
        return Release.open(folder)
    except ReleaseError:
        return None
