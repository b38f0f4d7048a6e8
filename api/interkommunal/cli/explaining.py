"""Explains a query in the terminal: findings as text or JSON, without a server."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from itertools import pairwise
from typing import Literal, cast

import typer

from interkommunal.content import find_content
from interkommunal.engine.sources import LocalStore
from interkommunal.errors import QuerySyntaxError
from interkommunal.namespaces import PREFIXES, prologue
from interkommunal.release.release import Release
from interkommunal.settings import Settings
from interkommunal.sparql.guard import Guard
from interkommunal.sparql.query import QueryRequest
from interkommunal.sparql.tokens import Kind, tokens


def explain_in_terminal(text: str, settings: Settings, as_json: bool, language: str) -> None:
    """Prints what is to be said about ``text``; ends with status 1 if the query does not run."""
    # Loaded only when somebody asks for it.
    from interkommunal.sparql.emptiness import Probe
    from interkommunal.sparql.explanation import explain_query
    from interkommunal.sparql.findings import Explanation, Finding, as_text
    from interkommunal.sparql.model import Place

    quads = Release.open(settings.releases_below(find_content(settings.content).root)).quads
    local = LocalStore.open(quads, Guard(services=settings.services, max_chars=settings.query_limit))

    async def ask(request: QueryRequest) -> bytes:
        return local.answer(request)

    # The prefixes of the project need no declaration here; they go before the first line, which they move.
    head = prologue(missing_prefixes(text)).replace("\n", " ")

    def as_written(finding: Finding) -> Finding:
        place = finding.place
        if place is None or place.line > 1:
            return finding
        return replace(finding, place=Place(1, max(1, place.column - len(head))))

    found = asyncio.run(explain_query(head + text, local.inspect, Probe(ask)))
    explanation = Explanation(tuple(map(as_written, found.findings)), found.steps)
    chosen = cast("Literal['de', 'en']", language)
    if as_json:
        print(json.dumps(explanation.told(chosen), ensure_ascii=False, indent=2))
    else:
        sys.stdout.write(as_text(explanation, chosen))
    if any(finding.severity == "error" for finding in explanation.findings):
        raise typer.Exit(1)


def missing_prefixes(text: str) -> list[str]:
    """Prefixes of the project that ``text`` uses without declaring them; none if it is no SPARQL."""
    try:
        found = tokens(text)
    except QuerySyntaxError:
        return []
    declared = {name.text.rstrip(":") for word, name in pairwise(found) if word.keyword == "PREFIX"}
    used = {token.text.partition(":")[0] for token in found if token.kind is Kind.PREFIXED_NAME}
    return sorted(prefix for prefix in used - declared if prefix in PREFIXES)
