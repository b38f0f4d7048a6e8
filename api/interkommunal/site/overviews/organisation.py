"""The network of bodies and posts: who steers, who works, who is tied to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup
from pyoxigraph import Literal

from interkommunal.namespaces import IK, expand
from interkommunal.site.description.graph_client import GraphClient, Row
from interkommunal.site.figures.figure import Cell, Size, Table
from interkommunal.site.figures.network import Edge, Node, draw_network
from interkommunal.site.overviews.overview import Overview, merged, quote_cell, source_cell, texts
from interkommunal.site.overviews.questions import question
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

KEY: Final = "organisation"
TITLE: Final = Text("Wie die Kooperation organisiert ist", "How the cooperation is organised")
_FIGURE: Final = Text("Gremien und Ämter", "Bodies and posts")
_LEAD: Final = Text(
    "Gremien, Ämter und Funktionen, wie der Text sie nennt. Er nennt Ämter, keine Personen; welche Funktion in welcher "
    "Stadt besteht, lässt er offen.",
    "Bodies, posts and roles as the text names them. It names posts, no persons; which role exists in which city it "
    "leaves open.",
)
_COLUMNS: Final = (
    (Text("Wer", "Who"), "source_label"),
    (Text("Beziehung", "Relation"), "property_label"),
    (Text("Womit", "To whom"), "target_label"),
    (Text("Beleg", "Source"), "line"),
    (Text("Satz der Quelle", "Sentence of the source"), "quote"),
)
_DATA: Final = (
    "source", "source_label", "source_class", "source_kind", "property", "property_label", "target", "target_label",
    "target_class", "target_kind", "passage", "line", "quote",
)  # fmt: skip
# What a thing is decides how its box looks; the word in the box is the label of its class.
_SHAPES: Final = {
    f"{IK}Cooperation": "cooperation",
    expand("org:OrganizationalUnit"): "unit",
    expand("org:Post"): "post",
    expand("org:Role"): "role",
    f"{IK}City": "city",
}


async def read_organisation(client: GraphClient, site: Site, language: Language) -> Overview:
    """The overview of bodies and posts."""
    query = question("bodies", lang=Literal(language))
    rows = await client.rows(query)
    nodes, edges = network(rows, site)
    pictures = {size: draw_network(nodes, edges, _FIGURE.in_(language), size) if nodes else Markup("") for size in Size}
    cells: dict[tuple[str, str, str, str], tuple[Cell, ...]] = {}
    for values, lines in merged(rows, 11):
        source, label, _, _, property_, property_label, target, target_label, _, _, passage, _, quote = values
        cells.setdefault(
            (source, property_, target, passage),
            (
                Cell(label, site.page(source)),
                Cell(property_label),
                Cell(target_label, site.page(target)),
                source_cell(passage, lines, site, language),
                quote_cell(quote),
            ),
        )
    return Overview(
        key=KEY,
        title=TITLE.in_(language),
        lead=_LEAD.in_(language),
        wide=pictures[Size.WIDE],
        narrow=pictures[Size.NARROW],
        caption=Text("Jede Beziehung mit ihrem Beleg", "Each relation with its source").in_(language),
        table=Table(tuple((name.in_(language), key) for name, key in _COLUMNS), tuple(cells.values())),
        columns=_DATA,
        rows=tuple(tuple(texts(row)) for row in rows),
        queries=(query,),
    )


def network(rows: Sequence[Row], site: Site) -> tuple[list[Node], list[Edge]]:
    """Nodes in the order in which the text speaks of them, and edges, each once; ``rows`` are of ``bodies.rq``."""
    nodes: dict[str, Node] = {}
    edges: dict[Edge, None] = {}
    for row in rows:
        source, source_label, class_, kind, _, word, target, target_label, target_class, target_kind, *_ = texts(row)
        for iri, label, its_class, its_kind in (
            (source, source_label, class_, kind),
            (target, target_label, target_class, target_kind),
        ):
            shape = _SHAPES.get(its_class, "other")
            if iri not in nodes or nodes[iri].shape == "other":
                nodes[iri] = Node(iri, label, its_kind, shape, site.page(iri))
        edges[Edge(source, target, word)] = None
    return list(nodes.values()), list(edges)
