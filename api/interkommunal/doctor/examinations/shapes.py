"""What the official shapes of DCAT-AP and DCAT-AP.de find, with pySHACL.

In go the triples of the catalogue and the profiles that are known; a result comes out unless a rule here has said the
same in plainer words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib import Graph, Namespace
from rdflib import Literal as RdflibLiteral
from rdflib.namespace import RDF

from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.doctor.terms import PREFIXES, short
from interkommunal.http.language import Text

SH: Final = Namespace("http://www.w3.org/ns/shacl#")
# pySHACL takes about five seconds for half of it.
MOST_TRIPLES: Final = 200_000
_ILLEGAL: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]")
_CODES: Final = {str(SH.Violation): "shape-violated", str(SH.Warning): "shape-warns"}


@dataclass(frozen=True)
class Profile:
    """A set of official shapes. ``load`` gives them, without references that lead nowhere."""

    name: str
    load: Callable[[], Graph]


def examine_shapes(
    harvest: Harvest, profiles: Sequence[Profile], said: Collection[tuple[str, str]]
) -> Iterator[Finding]:
    """What ``profiles`` find, but for what is ``said`` already: pairs of node and property."""
    triples = harvest.catalogue.triples
    if not profiles or not triples:
        return
    if len(triples) > MOST_TRIPLES:
        yield finding("shapes-not-run", harvest.address, triples=len(triples))
        return
    data = _graph(triples)
    told: set[tuple[str, str, str]] = set()
    for profile in profiles:
        for item in _results(data, profile):
            key = (item.subject, str(item.details["path"]), item.rule.code)
            if key not in told and key[:2] not in said:
                told.add(key)
                yield item


def _graph(triples: Sequence[pyoxigraph.Triple]) -> Graph:
    """The triples for rdflib; those with illegal IRIs, which have been told of, stay out."""
    usable = [triple for triple in triples if not any(_ILLEGAL.search(term.value) for term in _terms(triple))]
    lines = pyoxigraph.serialize(usable, format=pyoxigraph.RdfFormat.N_TRIPLES)
    return Graph().parse(data=lines, format="nt")


def _terms(triple: pyoxigraph.Triple) -> Iterator[NamedNode]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            yield term
        elif isinstance(term, Literal):
            yield term.datatype
        else:
            assert isinstance(term, BlankNode)


def _results(data: Graph, profile: Profile) -> list[Finding]:
    import pyshacl

    _, report, _ = pyshacl.validate(data, shacl_graph=profile.load(), inference="none", do_owl_imports=False)
    assert isinstance(report, Graph)
    found = []
    for result in report.subjects(RDF.type, SH.ValidationResult):
        code = _CODES.get(str(report.value(result, SH.resultSeverity)))
        focus, path = report.value(result, SH.focusNode), report.value(result, SH.resultPath)
        if code is not None:
            messages = list(report.objects(result, SH.resultMessage))
            found.append(
                finding(
                    code,
                    "" if focus is None else str(focus),
                    profile=profile.name,
                    path=short(str(path or "")),
                    message=_message(messages),
                )
            )
    return sorted(found, key=lambda item: (item.rule.code, item.subject, str(item.details["path"])))


def _message(messages: Sequence[object]) -> Text:
    by_language = {
        (message.language or "").partition("-")[0]: " ".join(str(message).split())
        for message in messages
        if isinstance(message, RdflibLiteral)
    }
    some = next(iter(by_language.values()), "")
    return Text(*(_short(by_language.get(language, by_language.get("en", some))) for language in ("de", "en")))


def _short(message: str) -> str:
    for prefix, namespace in PREFIXES.items():
        message = message.replace(f"<{namespace}", f"<{prefix}:").replace(namespace, f"{prefix}:")
    return message[:300]
