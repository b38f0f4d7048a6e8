"""The questions of the library as RDF for editors, with the endpoint of this server (``schema:target``)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import pyoxigraph
from pyoxigraph import NamedNode, Triple

from interkommunal.graph.examples import example_iri, examples
from interkommunal.graph.library import LibraryQuery
from interkommunal.graph.terms import named
from interkommunal.namespaces import PREFIXES
from interkommunal.sparql.query import JSON_LD
from interkommunal.web.formats import Format

PATH: Final = "/.well-known/sparql-examples"
_TARGET: Final = named("schema:target")
_SHOWN: Final = ("dcterms", "owl", "rdf", "rdfs", "schema", "sh", "xsd")


def targeted(queries: Iterable[LibraryQuery], endpoint: str) -> Iterator[Triple]:
    """The statements of the graph about these questions, and where to ask them.

    Args:
        queries: the questions.
        endpoint: URL of the SPARQL endpoint.
    """
    asked = tuple(queries)
    yield from examples(asked)
    for query in asked:
        yield Triple(NamedNode(example_iri(query.name)), _TARGET, NamedNode(endpoint))


def serialised(triples: Iterable[Triple], wanted: Format) -> bytes:
    """The statements in a format of RDF, the same bytes for the same statements."""
    form = pyoxigraph.RdfFormat.from_media_type(wanted.media_type)
    assert form is not None, f"{wanted.media_type} is a format of RDF"
    prefixes = {name: PREFIXES[name] for name in _SHOWN} if wanted.media_type != JSON_LD else {}
    data = pyoxigraph.serialize(triples, format=form, prefixes=prefixes)
    assert data is not None, "without a file the data comes back"
    return data
