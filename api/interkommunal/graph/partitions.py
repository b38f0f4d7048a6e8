"""Which classes have which properties, in the graph itself (VoID, section 4.5), for whoever knows only the endpoint.

In go all statements, out come partitions of the things below ``id/`` by class and property, with counts over the union
of all graphs. Editors and planners of federated queries ask for them; they say nothing about the world. What a release
holds altogether, with its links and files, is told at ``/void``. https://www.w3.org/TR/void/
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from interkommunal.graph.terms import RDF_TYPE, integer, named
from interkommunal.namespaces import GRAPH_PARTITIONS, ID, split

_WHOLE: Final = f"{GRAPH_PARTITIONS}#things"


def partitions(quads: Iterable[Quad]) -> Iterator[Triple]:
    """The partitions of the things that ``quads`` are about, by class, then by property."""
    triples = {
        quad.triple for quad in quads if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(ID)
    }
    classes: dict[object, list[str]] = defaultdict(list)
    for triple in triples:
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            classes[triple.subject].append(triple.object.value)
    entities = Counter(class_ for found in classes.values() for class_ in found)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for triple in triples:
        for class_ in classes[triple.subject]:
            counts[class_][triple.predicate.value] += 1
    whole = NamedNode(_WHOLE)
    if counts:
        yield Triple(whole, RDF_TYPE, named("void:Dataset"))
    for class_ in sorted(counts):
        part = NamedNode(f"{GRAPH_PARTITIONS}#{_name(class_)}")
        yield Triple(whole, named("void:classPartition"), part)
        yield Triple(part, named("void:class"), NamedNode(class_))
        yield Triple(part, named("void:entities"), integer(entities[class_]))
        for property_, count in sorted(counts[class_].items()):
            inner = NamedNode(f"{part.value}.{_name(property_)}")
            yield Triple(part, named("void:propertyPartition"), inner)
            yield Triple(inner, named("void:property"), NamedNode(property_))
            yield Triple(inner, named("void:triples"), integer(count))


def _name(iri: str) -> str:
    """``ik-City``: prefix and local name; of a namespace without a prefix the whole IRI, without what ends a name."""
    prefix, local = split(iri)
    return f"{prefix}-{local}" if prefix else "".join(sign if sign.isalnum() else "-" for sign in local)
