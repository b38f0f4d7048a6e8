"""The query library as RDF, in the convention of SIB's sparql-examples: each question a ``sh:SPARQLExecutable``.

In go the questions, out come statements about them and the prefixes they use. The graph carries them in a named graph
of their own, so that editors that know the convention fill themselves by asking. Subjects are canonical; prefixes are
declared with IRIs instead of blank nodes. https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from interkommunal.graph.library import LibraryQuery
from interkommunal.graph.terms import about, named
from interkommunal.namespaces import EXAMPLES, PREFIXES

# The convention has one node for all prefixes; a question cannot be called so, because it is not in the library then.
PREFIXES_NODE: Final = f"{EXAMPLES}#prefixes"


def example_iri(name: str) -> str:
    """The IRI of the question with this name."""
    return f"{EXAMPLES}/{name}"


def examples(queries: Iterable[LibraryQuery]) -> Iterator[Quad]:
    """The statements about questions, and about the prefixes that they use.

    Which endpoint to ask (``schema:target``) is not among them: in the graph, it is the one that was asked.
    """
    used: set[str] = set()
    for query in queries:
        used |= {prefix for prefix in PREFIXES if f"PREFIX {prefix}: " in query.text}
        yield from about(
            example_iri(query.name),
            EXAMPLES,
            ("rdf:type", named("sh:SPARQLExecutable")),
            ("rdf:type", named("sh:SPARQLSelectExecutable")),
            ("rdfs:comment", query.summary),
            ("dcterms:identifier", Literal(query.name)),
            ("sh:prefixes", NamedNode(PREFIXES_NODE)),
            ("sh:select", Literal(query.text.strip())),
            *(("schema:keywords", Literal(tag)) for tag in query.tags),
        )
    if used:
        yield from about(PREFIXES_NODE, EXAMPLES, ("rdf:type", named("owl:Ontology")))
    for prefix in sorted(used):
        declaration = f"{EXAMPLES}#prefix-{prefix}"
        namespace = Literal(PREFIXES[prefix], datatype=named("xsd:anyURI"))
        yield from about(PREFIXES_NODE, EXAMPLES, ("sh:declare", NamedNode(declaration)))
        yield from about(declaration, EXAMPLES, ("sh:prefix", Literal(prefix)), ("sh:namespace", namespace))
