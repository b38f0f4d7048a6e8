"""The commands for people who write data: passages and format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from interkommunal.cli.app import app
from interkommunal.cli.terminal import from_here, out, progress
from interkommunal.content import Content, find_content
from interkommunal.errors import SourceError
from interkommunal.files import replace_file
from interkommunal.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterator


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal passages data/sources/duesseldorf/text.txt > data/sources/duesseldorf/01-all.trig\n\n"
    "  interkommunal passages protocol.txt --slug protocol-2012 | less\n\n"
    "Then add below each passage what it says, and run: interkommunal check"
)
def passages(
    text: Annotated[Path, typer.Argument(help="The text, UTF-8.", metavar="TEXT", show_default=False)],
    slug: Annotated[
        str | None,
        typer.Option(
            help="Name of the source; else that of the folder of text.txt, or of the file.", show_default=False
        ),
    ] = None,
) -> None:
    """Write the first TriG file for a new text: one passage a line, quotes filled in, facts left to you."""
    from interkommunal.graph.scaffold import scaffold

    chosen = slug or (text.absolute().parent.name if text.name == "text.txt" else text.stem)
    if not re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", chosen):
        raise typer.BadParameter(
            f"{chosen!r} is no slug; use lower-case ASCII letters, digits and hyphens", param_hint="--slug"
        )
    typer.echo(scaffold(_read(text), chosen), nl=False)


@app.command(
    "format",
    epilog="Examples:\n\n"
    "  interkommunal format                     every file that is not in the form\n\n"
    "  interkommunal format data/editorial/labels.trig\n\n"
    "  interkommunal format --check             for a commit hook",
)
def format_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Turtle, TriG and SSSOM files; else all of the ontology, the data and the shapes.", metavar="FILE"
        ),
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if a file would change.")] = False,
) -> None:
    """Bring Turtle, TriG and SSSOM files into the one form, so that a diff shows meaning only."""
    from interkommunal.graph.format import format_file, is_formatted

    chosen = files or list(_authored(find_content(load_settings().content)))
    changed = []
    with progress("Formatting") as tell:
        for done, path in enumerate(chosen):
            tell(path.name, done, len(chosen))
            if not is_formatted(path):
                raise typer.BadParameter(
                    f"{path} is neither Turtle (.ttl) nor TriG (.trig) nor a mapping set (.sssom.tsv)",
                    param_hint="FILE",
                )
            text = _read(path)
            formatted = format_file(text, path)
            if formatted != text:
                changed.append(path)
                if not check:
                    _write(path, formatted)
    for path in changed:
        out.print(f"{'would change' if check else 'changed'}: {from_here(path)}", markup=False)
    if check and changed:
        raise typer.Exit(1)


def _authored(content: Content) -> Iterator[Path]:
    from interkommunal.graph.format import is_formatted

    for folder in (content.ontology, content.data, content.shapes):
        yield from sorted(path for path in folder.rglob("*") if is_formatted(path))


def _read(path: Path) -> str:
    try:
        # As it is on disk: line ends count.
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise SourceError(f"the file is not UTF-8 at byte {error.start}; save it as UTF-8", path) from error
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", path) from error


def _write(path: Path, text: str) -> None:
    try:
        replace_file(path, text.encode())
    except OSError as error:
        raise SourceError(f"cannot be written: {error.strerror}", path) from error
