"""What the official shapes of DCAT-AP 3.0.1 and DCAT-AP.de 3.0 find: those that our own catalogue must pass too.

A result comes out unless a rule here has said the same in plainer words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import pyoxigraph
from pyoxigraph import Literal, NamedNode

from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest
from interkommunal.doctor.terms import short
from interkommunal.release import gate

# pySHACL takes about five seconds for half of it.
MOST_TRIPLES: Final = 200_000
_ILLEGAL: Final = re.compile(r"[\x00-\x20<>\"{}|\\^`\x7f]")
_CODES: Final = {"Violation": "shape-violated", "Warning": "shape-warns"}


def examine_shapes(harvest: Harvest, said: Collection[tuple[str, str]]) -> Iterator[Finding]:
    """What the shapes find, but for what is ``said`` already: pairs of node and property."""
    triples = harvest.catalogue.triples
    if len(triples) > MOST_TRIPLES:
        yield finding("shapes-not-run", harvest.address, triples=len(triples))
        return
    told: set[tuple[str, str, str]] = set()
    for result in gate.findings(_legal(triples)) if triples else ():
        code, path = _CODES.get(result.severity), short(result.property)
        if code is None or (result.thing, path) in said or (result.thing, path, code) in told:
            continue
        told.add((result.thing, path, code))
        value = f" ({short(result.value)})" if result.value and result.value != result.thing else ""
        message = f"{path}: {result.message}{value}" if path else f"{result.message}{value}"
        yield finding(code, result.thing, profile=result.profile, path=path, message=message)


def _legal(triples: Sequence[pyoxigraph.Triple]) -> list[pyoxigraph.Triple]:
    """Without those with illegal IRIs, which have been told of and which rdflib does not read."""
    return [triple for triple in triples if not any(_ILLEGAL.search(iri) for iri in _iris(triple))]


def _iris(triple: pyoxigraph.Triple) -> Iterator[str]:
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal):
            yield term.datatype.value
