"""The questions that pages ask, as SPARQL. IRIs are bound as terms, never pasted as text.

Each is a plain SPARQL 1.1 SELECT; those that return statements have the columns graph, subject, property, value.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Literal

from pyoxigraph import NamedNode

from interkommunal.namespaces import GRAPH_MAPPINGS, GRAPH_PASSAGES, ID, PASSAGE, with_prologue

# Statements of one thing, and things beside it, that a page looks at.
MOST_STATEMENTS: Final = 2_000
MOST_NEIGHBOURS: Final = 400

# Things that exist only to say something about another one; its description holds theirs.
PARTS: Final = (
    "ik:Participation",
    "cv:Participation",
    "ik:SignatureEntry",
    "schema:Observation",
    "geo:Geometry",
    "oa:TextQuoteSelector",
    "ik:Reading",
)


def bracketed(value: str) -> str:
    """An IRI as a SPARQL term.

    Raises:
        ValueError: it is no absolute IRI.
    """
    return str(NamedNode(value))


def iris(values: Iterable[str]) -> str:
    """Several IRIs for a VALUES block, sorted so that the same question has the same words."""
    return " ".join(sorted(bracketed(value) for value in values))


def select(pattern: str, further: str = "") -> str:
    """A SELECT of statements; ``further`` follows the pattern (order, limit)."""
    return with_prologue(f"SELECT ?graph ?subject ?property ?value WHERE {{\n{pattern}\n}}{further}")


def _of(node: str) -> str:
    return f"GRAPH ?graph {{ {node} ?property ?value }} BIND ({node} AS ?subject)"


def _to(node: str) -> str:
    return f"GRAPH ?graph {{ ?subject ?property {node} }} BIND ({node} AS ?value)"


def _pointing(node: str) -> str:
    further = f" ORDER BY ?property ?subject ?graph LIMIT {MOST_NEIGHBOURS + 1}"
    return f"SELECT ?graph ?subject ?property ?value WHERE {{ {_to(node)} }}{further}"


def own_statements(thing: str) -> str:
    """What is said of a thing, who points to it, and what is said of its parts."""
    node = bracketed(thing)
    return select(f"""    {{ {_of(node)} }}
    UNION {{ {_to(node)} }}
    UNION {{
        {{ {node} ?down ?subject }} UNION {{ ?subject ?up {node} }}
        VALUES ?part {{ {" ".join(PARTS)} }}
        ?subject a ?part .
        GRAPH ?graph {{ ?subject ?property ?value }}
    }}""")


def statements_of(thing: str) -> str:
    """What is said of a thing and of its parts, without who points to it: for terms, concepts and graphs."""
    return select(f"    {_of(bracketed(thing))}")


def statements_in(graph: str) -> str:
    """The statements of one named graph, which is a passage or another graph."""
    node = bracketed(graph)
    return select(f"    GRAPH {node} {{ ?subject ?property ?value }}\n    BIND ({node} AS ?graph)")


def statements_below(namespace: str) -> str:
    """Everything said of the IRIs that begin with ``namespace``, for example of all terms of the ontology."""
    return select(f"""    GRAPH ?graph {{ ?subject ?property ?value }}
    FILTER (STRSTARTS(STR(?subject), "{namespace}"))""")


def neighbourhood(thing: str) -> str:
    """What a page of a thing needs: its statements, who points to it, what is said of those, and one step further where
    a thing is tied to others only through a middle one (a city through a participation to an agreement).
    """
    node = bracketed(thing)
    said = "GRAPH ?graph { ?subject ?property ?value } FILTER (?property != ik:mentionedIn)"
    return select(f"""    {{
        SELECT ?graph ?subject ?property ?value WHERE {{
            {_of(node)}
            FILTER (?property != ik:mentionedIn)
        }} ORDER BY ?property ?value ?graph LIMIT {MOST_STATEMENTS}
    }}
    UNION {{ {_pointing(node)} }}
    UNION {{ {{ {_beside(node, "?subject")} }} {said} }}
    UNION {{
        {{
            SELECT DISTINCT ?subject WHERE {{
                {{ {_beside(node, "?middle")} }}
                ?subject cv:hasParticipation|ik:signatureIn|dcterms:isPartOf|schema:isPartOf|schema:superEvent ?middle
                FILTER (!STRSTARTS(STR(?subject), "{PASSAGE}"))
            }} LIMIT {MOST_NEIGHBOURS}
        }}
        {said}
    }}""")


def mappings_of(thing: str) -> str:
    """What the register of mappings says of the links of a thing."""
    pattern = f"?subject sssom:subject_id {bracketed(thing)} ; ?property ?value ."
    return select(
        f"    VALUES ?graph {{ {bracketed(GRAPH_MAPPINGS)} }}\n    GRAPH ?graph {{ {pattern} }}",
        f" ORDER BY ?subject ?property ?value LIMIT {MOST_STATEMENTS}",
    )


def properties_of(thing: str) -> str:
    """The properties that a thing has."""
    return f"SELECT DISTINCT ?property WHERE {{ {bracketed(thing)} ?property ?value }} ORDER BY ?property"


def some_of_each(thing: str, properties: Iterable[str], limit: int) -> str:
    """At most ``limit`` statements of a thing for each of its properties: for things with thousands of values."""
    branches = [
        f"""{{
        SELECT ?graph ?property ?value WHERE {{
            GRAPH ?graph {{ {bracketed(thing)} {bracketed(item)} ?value }}
            BIND ({bracketed(item)} AS ?property)
        }} ORDER BY ?value ?graph LIMIT {limit}
    }}"""
        for item in properties
    ]
    return select(f"    {' UNION '.join(branches)}\n    BIND ({bracketed(thing)} AS ?subject)")


def around(thing: str) -> str:
    """What a page of a term, concept, shape or graph needs: its statements, and who points to it."""
    node = bracketed(thing)
    return select(f"    {{ {_of(node)} }}\n    UNION {{ {_pointing(node)} }}")


def _beside(node: str, variable: str) -> str:
    return f"""SELECT DISTINCT {variable} WHERE {{
                {{ {node} ?down {variable} }} UNION {{ {variable} ?up {node} }}
                FILTER (STRSTARTS(STR({variable}), "{ID}") && !STRSTARTS(STR({variable}), "{PASSAGE}"))
            }} ORDER BY {variable} LIMIT {MOST_NEIGHBOURS}"""


def names(things: Iterable[str]) -> str:
    """What things are called and what they are."""
    return select(f"""    VALUES ?subject {{ {iris(things)} }}
    GRAPH ?graph {{ ?subject ?property ?value }}
    FILTER (?property IN ( rdf:type, rdfs:label, schema:name, dcterms:title, ik:designation ))""")


def labels(things: Iterable[str]) -> str:
    """The labels of things, for RDF that names them."""
    return select(f"""    VALUES ?subject {{ {iris(things)} }}
    GRAPH ?graph {{ ?subject rdfs:label ?value }}
    BIND ( rdfs:label AS ?property)""")


def passages(graphs: Iterable[str]) -> str:
    """What the register says of passages and their selectors."""
    return select(f"""    VALUES ?passage {{ {iris(graphs)} }}
    {{ GRAPH <{GRAPH_PASSAGES}> {{ ?passage ?property ?value }} BIND (?passage AS ?subject) }}
    UNION {{ GRAPH <{GRAPH_PASSAGES}> {{ ?passage oa:hasSelector ?subject . ?subject ?property ?value }} }}
    BIND (<{GRAPH_PASSAGES}> AS ?graph)""")


def findings(graphs: Iterable[str]) -> str:
    """The discrepancies that target passages, with their readings."""
    return select(f"""    VALUES ?passage {{ {iris(graphs)} }}
    ?finding oa:hasTarget ?passage .
    {{ GRAPH ?graph {{ ?finding ?property ?value }} BIND (?finding AS ?subject) }}
    UNION {{ ?finding ik:hasReading ?subject . GRAPH ?graph {{ ?subject ?property ?value }} }}""")


# Which statements a list holds: those that point to a thing, those made of it, those in a graph.
Direction = Literal["to", "from", "in"]
_PATTERNS: Final = {
    "to": ("?subject ?property {thing}", ("?subject", "?property"), "?value"),
    "from": ("{thing} ?property ?value", ("?property", "?value"), "?subject"),
    "in": ("GRAPH {thing} {{ ?subject ?property ?value }}", ("?subject", "?property", "?value"), "?graph"),
}


def statement_page(thing: str, direction: Direction, *, limit: int, offset: int) -> str:
    """One page of statements, each triple counted once, in a fixed order."""
    pattern, free, bound = _PATTERNS[direction]
    node, wanted = bracketed(thing), " ".join(free)
    distinct = f"SELECT DISTINCT {wanted} WHERE {{ {pattern.format(thing=node)} }}"
    again = "" if direction == "in" else "GRAPH ?graph { ?subject ?property ?value }"
    window = f"ORDER BY {wanted} LIMIT {limit} OFFSET {offset}"
    return select(f"    {{ {distinct} {window} }}\n    BIND ({node} AS {bound})\n    {again}")


def statement_count(thing: str, direction: Direction) -> str:
    """How many statements, each counted once, however many graphs hold it."""
    pattern, free, _ = _PATTERNS[direction]
    return f"""SELECT (COUNT(*) AS ?number) WHERE {{
    {{ SELECT DISTINCT {" ".join(free)} WHERE {{ {pattern.format(thing=bracketed(thing))} }} }}
}}"""
