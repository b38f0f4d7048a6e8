"""The query library as RDF, in the convention of SIB's sparql-examples: each question a ``sh:SPARQLExecutable``.

In go the questions, out come statements about them and the prefixes they use. The graph carries them in a named graph
of their own, so that editors that know the convention fill themselves by asking. Subjects are canonical; prefixes are
declared with IRIs instead of blank nodes. https://github.com/sib-swiss/sparql-examples
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.graph.library import LibraryQuery
from interkommunal.graph.terms import RDF_TYPE, RDFS_COMMENT, named
from interkommunal.namespaces import EXAMPLES, PREFIXES

NAMESPACE: Final = f"{EXAMPLES}/"
# The convention has one node for all prefixes; a question cannot be called so, because it is not in the library then.
PREFIXES_NODE: Final = f"{EXAMPLES}#prefixes"

_KEYWORDS: Final = named("schema:keywords")
_IDENTIFIER: Final = named("dcterms:identifier")
_ANY_URI: Final = named("xsd:anyURI")


def example_iri(name: str) -> str:
    """The IRI of the question with this name."""
    return f"{NAMESPACE}{name}"


def examples(queries: Iterable[LibraryQuery]) -> Iterator[Triple]:
    """The statements about questions, and about the prefixes that they use.

    Which endpoint to ask (``schema:target``) is not among them: in the graph, it is the one that was asked.
    """
    used: set[str] = set()
    for query in queries:
        used |= {prefix for prefix in PREFIXES if f"PREFIX {prefix}: " in query.text}
        yield from _example(query)
    if used:
        yield from _prefixes(sorted(used))


def _example(query: LibraryQuery) -> Iterator[Triple]:
    subject = NamedNode(example_iri(query.name))
    for name in ("SPARQLExecutable", "SPARQLSelectExecutable"):
        yield Triple(subject, RDF_TYPE, named(f"sh:{name}"))
    for language, summary in sorted(query.summary.items()):
        yield Triple(subject, RDFS_COMMENT, Literal(summary, language=language))
    yield Triple(subject, _IDENTIFIER, Literal(query.name))
    yield Triple(subject, named("sh:prefixes"), NamedNode(PREFIXES_NODE))
    yield Triple(subject, named("sh:select"), Literal(query.text.strip()))
    for tag in query.tags:
        yield Triple(subject, _KEYWORDS, Literal(tag))


def _prefixes(used: Iterable[str]) -> Iterator[Triple]:
    subject = NamedNode(PREFIXES_NODE)
    yield Triple(subject, RDF_TYPE, named("owl:Ontology"))
    for prefix in used:
        declaration = NamedNode(f"{EXAMPLES}#prefix-{prefix}")
        yield Triple(subject, named("sh:declare"), declaration)
        yield Triple(declaration, named("sh:prefix"), Literal(prefix))
        yield Triple(declaration, named("sh:namespace"), Literal(PREFIXES[prefix], datatype=_ANY_URI))
