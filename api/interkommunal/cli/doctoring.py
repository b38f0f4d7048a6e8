"""The command that examines a catalogue as portals would: doctor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interkommunal.cli.app import Lang, app
from interkommunal.cli.terminal import err, language, progress
from interkommunal.errors import UnreachableError

if TYPE_CHECKING:
    from interkommunal.doctor.diagnosis import Diagnosis, Options


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal doctor http://127.0.0.1:8000/catalog\n\n"
    "  interkommunal doctor https://data.example.org/catalog.rdf --lang de\n\n"
    "  interkommunal doctor https://data.example.org/catalog --save visit.json      remember this visit\n\n"
    "  interkommunal doctor https://data.example.org/catalog --since visit.json     what would be deleted now?\n\n"
    "  interkommunal doctor https://data.example.org/catalog --json | jq '.findings[].code'\n\n"
    "Exit status: 0 no error was found, 1 an error was found, 2 the catalogue could not be asked. Warnings and notes "
    "leave it at 0."
)
def doctor(
    url: Annotated[str, typer.Argument(help="Address of a DCAT catalogue, ours or another's.", show_default=False)],
    lang: Lang = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: everything as one JSON object.")] = False,
    links: Annotated[
        bool,
        typer.Option(
            "--links/--no-links",
            help="Ask what the catalogue leads to: files, pages of datasets, robots.txt.",
        ),
    ] = True,
    shapes: Annotated[
        bool,
        typer.Option("--shapes/--no-shapes", help="Hold it against the official shapes of DCAT-AP(.de)."),
    ] = True,
    since: Annotated[
        Path | None,
        typer.Option(help="A visit remembered with --save: what changed, what would be deleted?", show_default=False),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Remember this visit in a file, for --since.", show_default=False)
    ] = None,
    requests: Annotated[int, typer.Option(min=3, help="At most so many requests.")] = 400,
    pages: Annotated[int, typer.Option(min=1, help="At most so many pages of the catalogue.")] = 100,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may keep silent.")] = 20.0,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Each finding, not three a rule.")] = False,
) -> None:
    """Harvest a catalogue as open-data portals do, and say what each would make of it and stumble over.

    CKAN, GovData, data.europa.eu, udata and Google Dataset Search are replayed: what they would create, change, delete
    and pass over. Each finding says what is wrong, how to mend it, whom it concerns and where that stands. Nothing is
    changed anywhere.
    """
    from interkommunal.cli.doctor_report import print_diagnosis
    from interkommunal.doctor.diagnosis import Options
    from interkommunal.doctor.state import save_state

    chosen = language(lang)
    try:
        diagnosis = _examine(url, Options(links, shapes, requests, pages, timeout), since)
    except UnreachableError as error:
        err.print(f"interkommunal: {' '.join(str(error).split())}", markup=False)
        raise typer.Exit(2) from None
    if as_json:
        print(json.dumps(diagnosis.as_json("de" if chosen == "de" else "en"), ensure_ascii=False, indent=2))
    else:
        print_diagnosis(diagnosis, "de" if chosen == "de" else "en", everything=verbose)
    if save is not None:
        if diagnosis.complete:
            save_state(save, url, diagnosis.records)
        else:
            err.print(
                "interkommunal: the visit was not remembered, because no portal would take it for the whole catalogue"
            )
    if not diagnosis.clean:
        raise typer.Exit(1)


def _examine(url: str, options: Options, since: Path | None) -> Diagnosis:
    from interkommunal.doctor.diagnosis import examine
    from interkommunal.doctor.state import load_state

    before = None if since is None else load_state(since)
    with progress("Examining") as tell:
        return examine(url, options, before, tell=lambda step, done, total: tell(step[-60:], done, total))
