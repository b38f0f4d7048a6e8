"""The application that the commands belong to, and the options that several of them have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
import typer.core

from interkommunal import __version__
from interkommunal.cli.terminal import Language


class InOrder(typer.core.TyperGroup):
    """Lists the commands in the order in which people need them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands (typer calls this)."""
        order = ["check", "build", "serve", "query", "passages", "format", "diff", "releases", "export", "doctor"]
        return [*(name for name in order if name in self.commands), *sorted(set(self.commands) - set(order))]


app = typer.Typer(
    cls=InOrder,
    help="An open knowledge graph of how cities work together: check it, freeze it, query it, serve it.",
    epilog="First steps:\n\n"
    "  interkommunal build    checks the data and freezes a release\n\n"
    "  interkommunal serve    answers SPARQL on http://127.0.0.1:8000/sparql\n\n"
    "  interkommunal query 'SELECT ?city WHERE { ?city a ik:City } ORDER BY ?city'\n\n"
    "Each command shows examples with --help. Settings are read from INTERKOMMUNAL_* in the environment.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

Lang = Annotated[
    Language | None,
    typer.Option("--lang", "--language", help="Language of findings; else that of LC_ALL or LANG.", show_default=False),
]
Releases = Annotated[
    Path | None,
    typer.Option(
        "--releases",
        help="Folder of the releases; else INTERKOMMUNAL_RELEASES, else .release in a checkout or your data folder.",
        show_default=False,
    ),
]


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
