"""The commands for links to other authorities: link, with find, review, page, decide, check, slice and export."""

from __future__ import annotations

import datetime
import hashlib
import json
import sys
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import platformdirs
import typer
from rich.table import Table

from interkommunal.cli.app import Lang, app
from interkommunal.cli.terminal import Language as GivenLanguage
from interkommunal.cli.terminal import err, from_here, out, progress
from interkommunal.cli.terminal import language as language_of
from interkommunal.content import Content, find_content
from interkommunal.settings import WIKIDATA, load_settings

if TYPE_CHECKING:
    from interkommunal.graph.reference import Authority
    from interkommunal.linking.endpoint import Endpoint
    from interkommunal.linking.review import Question
    from interkommunal.linking.things import Thing
    from interkommunal.texts import Language

link = typer.Typer(
    name="link",
    help="Link cities, bodies, agreements, events, initiatives, publications and places to Wikidata and others.",
    epilog="Examples:\n\n"
    "  interkommunal link                        find candidates at Wikidata, then ask about them\n\n"
    "  interkommunal link find --kind cities --endpoint http://localhost:9999/bigdata/sparql\n\n"
    "  interkommunal link review                 a accept, r reject, o open question, s skip, q quit\n\n"
    "  interkommunal link review --lang de       a annehmen, v verwerfen, o offene Frage, s später, b beenden\n\n"
    "  interkommunal link check                  are the items still there, and still the same?\n\n"
    "What people decide stands in data/links/*.sssom.tsv; a rejected candidate is never proposed again.",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(link)

Where = Annotated[str, typer.Option("--endpoint", help="SPARQL endpoint that speaks Wikidata's model.", metavar="IRI")]
Reviewer = Annotated[str, typer.Option("--reviewer", help="Who decides; stands in the set.", metavar="NAME")]
Whose = Annotated[str, typer.Option("--authority", help="Whose mapping set.", metavar="SLUG")]
Kinds = Annotated[
    list[str] | None, typer.Option("--kind", help="Only these kinds: cities, bodies, agreements …", metavar="KIND")
]


class CheckFormat(StrEnum):
    """Formats of findings about links."""

    TEXT = "text"
    JSON = "json"


@link.callback()
def link_all(context: typer.Context, endpoint: Where = WIKIDATA[0], lang: Lang = None) -> None:
    """Find candidates at Wikidata, then ask about them if somebody sits at the terminal."""
    if context.invoked_subcommand is not None:
        return
    find(None, endpoint, lang)
    if sys.stdin.isatty():
        review(authority="wikidata", reviewer="interkommunal", lang=lang)


@link.command(
    epilog="What the endpoint answers is kept until it has reached the mapping set, so that an interrupted search goes "
    "on where it stopped."
)
def find(kinds: Kinds = None, endpoint: Where = WIKIDATA[0], lang: Lang = None) -> None:
    """Find candidates: first by keys (P439, P440, P1388, P227), then by name with kind and place."""
    from interkommunal.linking.finding import COLUMNS, FOUND, NOT_THE_SAME, decimal, reasons_in, to_row
    from interkommunal.linking.finding import find as search
    from interkommunal.linking.journal import open_set, save_rows

    content = find_content(load_settings().content)
    of = _authority("wikidata")
    wanted = _things(content, kinds)
    with progress("Asking") as tell:
        asking = _endpoint(content, endpoint)
        found = search(wanted, open_set(content, of), asking, tell)
    today = _today()
    if found.proposals:
        save_rows(content, of, [to_row(proposal, endpoint, today) for proposal in found.proposals])
    _forget(content, endpoint)
    table = Table(box=None, pad_edge=False)
    language = _language(lang)
    for column in COLUMNS:
        table.add_column(column.in_(language), overflow="fold")
    for proposal in found.proposals:
        label = proposal.item.labels.get("de", "")
        item = f"{proposal.item.name} {label}".strip()
        score = decimal(f"{proposal.score.value:.2f}", language)
        table.add_row(proposal.thing.curie, item, score, reasons_in(proposal.score.explanation, language))
    if found.proposals:
        out.print(table)
    numbers = (len(found.asked), asking.requests, len(found.proposals), len(found.dropped))
    out.print(FOUND.in_(language).format(*numbers))
    for proposal in found.dropped:
        name = NOT_THE_SAME.in_(language).format(proposal.thing.curie, proposal.item.name)
        score = decimal(f"{proposal.score.value:.2f}", language)
        out.print(f"  {name}: {reasons_in(proposal.score.explanation, language)} ({score})", markup=False)


@link.command(epilog="Example:\n\n  interkommunal link chain gnd && interkommunal link review --authority gnd")
def chain(
    slug: Annotated[str, typer.Argument(help="gnd, geonames, openstreetmap or nuts.", metavar="AUTHORITY")],
    endpoint: Where = WIKIDATA[0],
) -> None:
    """Find candidates at another authority by way of the items at Wikidata that our things are."""
    from interkommunal.linking.chaining import CHAINS
    from interkommunal.linking.chaining import chain as search
    from interkommunal.linking.journal import open_set, save_rows

    if slug not in CHAINS:
        raise typer.BadParameter(f"{slug!r} cannot be reached so; use {', '.join(CHAINS)}", param_hint="AUTHORITY")
    content, of = find_content(load_settings().content), _authority(slug)
    with progress("Asking") as tell:
        asking = _endpoint(content, endpoint)
        rows = search(open_set(content, _authority("wikidata")), open_set(content, of), asking, _today(), tell)
    if rows:
        save_rows(content, of, rows)
    _forget(content, endpoint)
    for row in rows:
        out.print(f"{row.subject_id}  {row.object_id}  {row.comment}", markup=False)
    out.print(f"{len(rows)} new candidates in {asking.requests} requests")


@link.command()
def review(
    authority: Whose = "wikidata",
    reviewer: Reviewer = "interkommunal",
    again: Annotated[bool, typer.Option("--again", help="Ask about open questions too.")] = False,
    lang: Lang = None,
) -> None:
    """Decide about candidates, one by one; leave at any time with q (German: b) or Ctrl-C, nothing is lost."""
    from interkommunal.linking.finding import HELP, LEFT, STATES
    from interkommunal.linking.review import review as ask_all

    content, of, language = find_content(load_settings().content), _authority(authority), _language(lang)
    out.print(HELP.in_(language), markup=False)
    counts: dict[str, int] = {}
    try:
        asking = partial(_ask, language)
        counts = ask_all(content, of, asking, reviewer, _today(), again=again, language=language)
    except (EOFError, KeyboardInterrupt):
        out.print(f"\n{LEFT.in_(language)}")
        return
    out.print(", ".join(f"{number} {STATES[state].in_(language)}" for state, number in counts.items()))


@link.command()
def page(
    target: Annotated[Path, typer.Argument(help="The file to write.", metavar="FILE")] = Path("review.html"),
    authority: Whose = "wikidata",
    lang: Lang = None,
) -> None:
    """Write the candidates as a page; it saves decisions that `link decide` takes over."""
    from interkommunal.linking.finding import WRITTEN
    from interkommunal.linking.journal import open_set, write_in_one_step
    from interkommunal.linking.review import review_page

    content, language = find_content(load_settings().content), _language(lang)
    write_in_one_step(target, review_page(open_set(content, _authority(authority)), language))
    out.print(WRITTEN.in_(language).format(from_here(target)), markup=False)


@link.command()
def decide(
    decisions: Annotated[Path, typer.Argument(help="decisions.json of a review page.", metavar="FILE")],
    authority: Whose = "wikidata",
    reviewer: Reviewer = "interkommunal",
    lang: Lang = None,
) -> None:
    """Take over what was decided on a review page."""
    from interkommunal.linking.finding import taken_over
    from interkommunal.linking.review import apply_decisions

    content = find_content(load_settings().content)
    number = apply_decisions(content, _authority(authority), decisions, reviewer, _today())
    out.print(taken_over(number, _language(lang)))


@link.command("check")
def check_links(
    endpoint: Where = WIKIDATA[0],
    report_format: Annotated[CheckFormat, typer.Option("--format", help="For people or for programs.")] = (
        CheckFormat.TEXT
    ),
) -> None:
    """Find links whose items were merged, deleted, retyped, renamed or moved, and duplicates; exit 1 for any."""
    from interkommunal.linking.checking import check_links as findings_of
    from interkommunal.linking.journal import open_set

    content = find_content(load_settings().content)
    known = open_set(content, _authority("wikidata"))
    with progress("Asking") as tell:
        found = findings_of(_things(content, None), known, _endpoint(content, endpoint), tell)
    _forget(content, endpoint)
    if report_format is CheckFormat.JSON:
        print(json.dumps([asdict(finding) for finding in found], ensure_ascii=False, indent=1))
    else:
        for finding in found:
            head = f"{finding.place}: {finding.problem}: {finding.subject_id} – {finding.object_id}"
            out.print(f"{head}: {finding.message}; {finding.mend}", markup=False)
        out.print(f"{len(known.of_state('accepted'))} links checked: {len(found)} findings")
    if found:
        raise typer.Exit(1)


class Export(StrEnum):
    """What goes back to Wikidata."""

    QUICKSTATEMENTS = "quickstatements"
    MIXNMATCH = "mixnmatch"
    PROPERTY = "property"


@link.command(
    "slice",
    epilog="The slice lies in data/reference/wikidata-slice.csv and becomes reference data with the day of retrieval, "
    "so that questions about linked items need no network.",
)
def write_slice(endpoint: Where = WIKIDATA[0]) -> None:
    """Fetch labels, P31, P625 and population of all linked items; replaces the slice that is there."""
    from interkommunal.linking.items import save_slice, slice_rows
    from interkommunal.linking.journal import open_set

    content = find_content(load_settings().content)
    known = open_set(content, _authority("wikidata"))
    with progress("Asking") as tell:
        rows = slice_rows(known, _endpoint(content, endpoint), _today(), tell)
    path = save_slice(content, rows)
    _forget(content, endpoint)
    out.print(f"{len(rows)} statements written: {from_here(path)}", markup=False)


@link.command(
    epilog="Examples:\n\n"
    "  interkommunal link export quickstatements > statements.tsv\n\n"
    "  interkommunal link export mixnmatch > catalogue.tsv\n\n"
    "A server has the same at /links/quickstatements.tsv, /links/mixnmatch.tsv and /links/property.tsv."
)
def export(what: Annotated[Export, typer.Argument(help="What to write.")]) -> None:
    """Write what goes back to Wikidata: QuickStatements, a Mix'n'match catalogue, a proposal for a property."""
    import pyoxigraph

    from interkommunal.graph.assemble import assemble
    from interkommunal.release import mixnmatch, quickstatements
    from interkommunal.validation.store import load_store

    if what is Export.PROPERTY:
        typer.echo(mixnmatch.property_table(), nl=False)
        return
    content = find_content(load_settings().content)
    with progress("Reading") as tell:
        store = load_store(assemble(content, tell).dataset)
    query = quickstatements.QUERY if what is Export.QUICKSTATEMENTS else mixnmatch.QUERY
    solutions = store.query(query, use_default_graph_as_union=True)
    assert isinstance(solutions, pyoxigraph.QuerySolutions)
    rows = [tuple(solution) for solution in solutions]
    text = quickstatements.quickstatements(rows) if what is Export.QUICKSTATEMENTS else mixnmatch.mixnmatch(rows)
    typer.echo(text, nl=False)


def _ask(language: Language, question: Question) -> str:
    from interkommunal.linking.finding import OF, PROMPT, decimal, reasons_in

    row = question.row
    out.rule(OF.in_(language).format(question.number, question.total))
    out.print(f"{row.subject_label}  [{row.subject_id}]", markup=False, style="bold")
    out.print(f"{row.predicate_id} {row.object_label or '?'}  [{row.object_id}]  {row.object}", markup=False)
    score = decimal(f"{row.confidence:.2f}", language)
    out.print(f"{score}: {reasons_in(row.comment, language)}", markup=False)
    return input(PROMPT.in_(language))


def _language(given: GivenLanguage | None) -> Language:
    return "de" if language_of(given) == "de" else "en"


def _authority(slug: str) -> Authority:
    from interkommunal.graph.reference import AUTHORITIES, authority

    found = authority(slug)
    if found is None:
        known = ", ".join(item.slug for item in AUTHORITIES)
        raise typer.BadParameter(f"{slug!r} is no authority; use {known}", param_hint="--authority")
    return found


def _things(content: Content, kinds: list[str] | None) -> list[Thing]:
    from interkommunal.graph.assemble import assemble
    from interkommunal.linking.things import KINDS, things

    known = [kind.slug for kind in KINDS]
    for slug in kinds or ():
        if slug not in known:
            raise typer.BadParameter(f"{slug!r} is no kind; use {', '.join(known)}", param_hint="--kind")
    with progress("Reading") as tell:
        found = things(assemble(content, tell).dataset)
    return [thing for thing in found if not kinds or thing.kind in kinds]


def _endpoint(content: Content, iri: str) -> Endpoint:
    from interkommunal.linking.endpoint import Endpoint
    from interkommunal.linking.journal import Journal

    def tell(line: str) -> None:
        err.print(line, markup=False)

    return Endpoint(iri, Journal(_journal(content, iri)), tell=tell)


def _forget(content: Content, iri: str) -> None:
    _journal(content, iri).unlink(missing_ok=True)


def _journal(content: Content, iri: str) -> Path:
    name = f"link-{hashlib.sha256(iri.encode()).hexdigest()[:12]}.jsonl"
    if (content.root / "pyproject.toml").is_file():
        return content.root / ".cache" / name
    return platformdirs.user_cache_path("interkommunal", appauthor=False) / name


def _today() -> str:
    return datetime.datetime.now(datetime.UTC).date().isoformat()
