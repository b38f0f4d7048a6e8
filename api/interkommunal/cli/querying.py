"""The command that asks the release in force: query."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import pyoxigraph
import typer

from interkommunal.cli.app import Lang, Releases, app
from interkommunal.cli.explaining import explain_in_terminal, missing_prefixes
from interkommunal.cli.table import print_table
from interkommunal.cli.terminal import err, language, out
from interkommunal.content import find_content
from interkommunal.engine.sources import LocalStore
from interkommunal.errors import QuerySyntaxError, SourceError, UnknownFunction
from interkommunal.namespaces import PREFIXES, prologue
from interkommunal.release.formats import turtle
from interkommunal.release.quads import in_reading_order
from interkommunal.release.release import Release
from interkommunal.settings import load_settings
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import (
    CSV,
    FORMATS,
    JSON_LD,
    N_QUADS,
    N_TRIPLES,
    RDF_XML,
    RESULTS_JSON,
    RESULTS_XML,
    TRIG,
    TSV,
    TURTLE,
    Form,
    QueryRequest,
)
from interkommunal.sparql.tokens import normal_query


class AnswerFormat(StrEnum):
    """Formats of answers; ``table`` is for people and means Turtle where the answer is a graph."""

    TABLE = "table"
    CSV = "csv"
    TSV = "tsv"
    JSON = "json"
    XML = "xml"
    TURTLE = "turtle"
    NTRIPLES = "ntriples"
    NQUADS = "nquads"
    TRIG = "trig"
    RDFXML = "rdfxml"
    JSONLD = "jsonld"


_MEDIA_TYPES = {
    AnswerFormat.CSV: CSV,
    AnswerFormat.TSV: TSV,
    AnswerFormat.JSON: RESULTS_JSON,
    AnswerFormat.XML: RESULTS_XML,
    AnswerFormat.TURTLE: TURTLE,
    AnswerFormat.NTRIPLES: N_TRIPLES,
    AnswerFormat.NQUADS: N_QUADS,
    AnswerFormat.TRIG: TRIG,
    AnswerFormat.RDFXML: RDF_XML,
    AnswerFormat.JSONLD: JSON_LD,
}


@app.command(
    epilog="Examples:\n\n"
    "  interkommunal query 'SELECT ?city WHERE { ?city a ik:City } ORDER BY ?city'\n\n"
    "  interkommunal query queries/library/accessions-to-the-contract.rq --format csv\n\n"
    "  echo 'DESCRIBE city:essen' | interkommunal query\n\n"
    "  interkommunal query --explain 'SELECT ?city WHERE { ?city a ik:Citty }'    why does it find nothing?\n\n"
    "  interkommunal query --prefixes    to copy into other clients\n\n"
    "The prefixes of the project need no declaration. The default graph is the union of all graphs; "
    "GRAPH ?passage { … } tells where a statement was read."
)
def query(
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="QUERY", help="SPARQL, or a file that holds it; else the standard input.", show_default=False
        ),
    ] = None,
    answer_format: Annotated[AnswerFormat, typer.Option("--format", help="Form of the answer.")] = AnswerFormat.TABLE,
    releases: Releases = None,
    prefixes: Annotated[
        bool, typer.Option("--prefixes", help="Print the prefixes of the project, to copy them into other clients.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say what is wrong with the query, or why it finds nothing.")
    ] = False,
    lang: Lang = None,
) -> None:
    """Ask the release in force; no server is needed.

    With --explain, say in words what is wrong with a query or why it finds nothing; exit 1 if it does not run.
    """
    if prefixes:
        sys.stdout.write(prologue(sorted(PREFIXES)))
        return
    settings = load_settings(releases=releases)
    text = normal_query(_text(query))
    if explain:
        explain_in_terminal(text, settings, answer_format is AnswerFormat.JSON, language(lang))
        return
    guard = Guard(services=settings.services, max_chars=settings.query_limit)
    form = guard.judge(text).inspection.form
    media_type = _media_type(form, answer_format)
    head = prologue(missing_prefixes(text)).replace("\n", " ")
    is_shown = answer_format is AnswerFormat.TABLE
    blocks: list[bytes] = []
    store = LocalStore.open(Release.open(settings.releases_below(find_content(settings.content).root)).quads, guard)
    try:
        with _interruptible():
            outcome = store.write(
                QueryRequest(head + text, media_type), blocks.append if is_shown else sys.stdout.buffer.write
            )
    except (QuerySyntaxError, UnknownFunction) as error:
        raise _as_written(error, len(head)) from None
    if is_shown:
        _show(b"".join(blocks), form)
        if form is not Form.ASK:
            err.print(f"{outcome.rows:,} {'row' if form is Form.SELECT else 'triple'}{'s' * (outcome.rows != 1)}")


def _show(answer: bytes, form: Form) -> None:
    """Prints an answer for people: a table, a truth value, or Turtle with the prefixes of the project."""
    if form is Form.SELECT:
        print_table(answer, out)
    elif form is Form.ASK:
        out.print("true" if json.loads(answer)["boolean"] else "false")
    else:
        triples = [quad.triple for quad in pyoxigraph.parse(answer, format=pyoxigraph.RdfFormat.N_TRIPLES)]
        sys.stdout.write(turtle(in_reading_order(triples)).decode())


def _text(given: str | None) -> str:
    """The query: the argument itself, the file it names, or the standard input."""
    if given in (None, "-"):
        if sys.stdin.isatty():
            raise typer.BadParameter("give a query, a file, or pipe a query in", param_hint="QUERY")
        return sys.stdin.read()
    assert given is not None
    # No query is the name of a file; a path that ends so but is missing is meant as one.
    path = Path(given)
    if given.endswith((".rq", ".sparql")) or (len(given) < 4096 and "\n" not in given and path.is_file()):
        try:
            return path.read_text(encoding="utf-8")
        except OSError as error:
            raise SourceError(f"cannot be read: {error.strerror}", path) from error
        except UnicodeDecodeError as error:
            raise SourceError(f"the file is not UTF-8 at byte {error.start}; save it as UTF-8", path) from error
    return given


def _media_type(form: Form, wanted: AnswerFormat) -> str:
    possible = FORMATS[form]
    if wanted is AnswerFormat.TABLE:
        return N_TRIPLES if form.yields_graph else RESULTS_JSON
    if _MEDIA_TYPES[wanted] in possible:
        return _MEDIA_TYPES[wanted]
    names = [name.value for name, media_type in _MEDIA_TYPES.items() if media_type in possible]
    raise typer.BadParameter(
        f"the answer to {form.name} has no form {wanted.value}; take one of table, {', '.join(names)}",
        param_hint="--format",
    )


def _as_written(error: QuerySyntaxError | UnknownFunction, added: int) -> QuerySyntaxError | UnknownFunction:
    """``error`` with the column that it has in the text as the person wrote it, ``added`` characters less."""
    if error.line != 1 or error.column is None or not added:
        return error
    error.column = max(1, error.column - added)
    return error


@contextmanager
def _interruptible() -> Iterator[None]:
    """Lets Ctrl-C end the process at once: a query that runs in pyoxigraph does not return to Python before its end."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
