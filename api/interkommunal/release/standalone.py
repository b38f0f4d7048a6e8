"""The entities of a catalogue, each described so that it can be understood alone, as DCAT-AP Feeds asks for.

In go the triples of a catalogue, out come its catalogue, datasets, distributions, services and agents. What is none of
these (a region, a checksum, a term of a vocabulary) is described again with each entity that needs it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Triple

from interkommunal.graph.terms import named
from interkommunal.release.formats import ntriples
from interkommunal.release.quads import RDF_TYPE

_CLASSES: Final = frozenset(
    map(named, ("dcat:Catalog", "dcat:Dataset", "dcat:Distribution", "dcat:DataService", "foaf:Agent", "vcard:Kind"))
)


def standalone(triples: Iterable[Triple]) -> dict[str, bytes]:
    """The entities of a catalogue by IRI, each as canonical N-Triples."""
    about: dict[NamedNode, list[Triple]] = {}
    entities = set()
    for triple in triples:
        assert isinstance(triple.subject, NamedNode), "a catalogue has no blank nodes"
        about.setdefault(triple.subject, []).append(triple)
        if triple.predicate == RDF_TYPE and triple.object in _CLASSES:
            entities.add(triple.subject)
    return {entity.value: ntriples(_with_parts(entity, about, entities)) for entity in entities}


def _with_parts(
    entity: NamedNode, about: dict[NamedNode, list[Triple]], entities: set[NamedNode]
) -> list[pyoxigraph.Triple]:
    found, waiting, seen = [], [entity], {entity}
    while waiting:
        for triple in about.get(waiting.pop(), ()):
            found.append(triple)
            part = triple.object
            if isinstance(part, NamedNode) and part not in seen and part not in entities:
                seen.add(part)
                waiting.append(part)
    return found
