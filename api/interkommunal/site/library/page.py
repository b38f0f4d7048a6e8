"""An answer as people read it: a table with links, a picture if the head of the question promises one, and code.

The table leads to the pages of things and to the passages in the source reader. The code gets the same rows elsewhere:
curl, Python (SPARQLWrapper and pandas), R, JavaScript; the query is a literal of its language in it, so that no value
can end it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Final
from urllib.parse import quote

from markupsafe import Markup
from pyoxigraph import NamedNode

from interkommunal.graph.edtf import read_bounds
from interkommunal.namespaces import PASSAGE, prefixed_name
from interkommunal.site.figures.figure import Bar, Picture, Size, TableCell, draw_chart
from interkommunal.site.figures.map import Boundaries, Member, draw_map
from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_network, draw_two_sides, has_two_sides
from interkommunal.site.figures.timeline import Lane, TimelineMark, draw_timeline
from interkommunal.site.library.questions import AnsweredQuestion, AskedQuestion
from interkommunal.site.overviews.overview import Term, Values, grouped, text
from interkommunal.site.query_page import r_sample
from interkommunal.site.site import Site
from interkommunal.texts import Language, Text

_PASSAGE: Final = re.compile(rf"{re.escape(PASSAGE)}([\w-]+)/(L(\d+)(?:-L(\d+))?(?:\.(\d+))?)")
# The source is German, whatever the language of the page.
_PRINTED: Final = ("quote", "wording", "as_printed", "designation", "title")
# A picture of more than this cannot be read; the table has it all.
_MOST: Final = 80
_PARTY: Final = "role-party"
_NAMED: Final = Text("named")
_TIES: Final = Text("Ties")
_CHART: Final = Text("Bar chart")
# What an edge says where the rows have no word for it.
_LINKED: Final = Text("linked to")


def table_of(answered: AnsweredQuestion, site: Site) -> tuple[list[tuple[str, str]], list[list[TableCell]]]:
    """Name for people and name of each column, and the rows; a thing and its label share a column."""
    language, columns = answered.asked.language, answered.columns
    shown = [name for name in columns if not (name.endswith("_label") and name.removesuffix("_label") in columns)]
    rows = []
    for row in answered.rows:
        values = dict(zip(columns, row, strict=True))
        rows.append([_cell(name, values, site, language) for name in shown])
    return [(heading(name, language), name) for name in shown], rows


def _cell(name: str, values: Mapping[str, Term], site: Site, language: Language) -> TableCell:
    term, content = values[name], text(values[name])
    if isinstance(term, NamedNode):
        label = text(values.get(f"{name}_label"))
        passage = _PASSAGE.fullmatch(content)
        if passage is None or label:
            return TableCell(label or prefixed_name(content), _link(content, site))
        source, place, first, last, number = passage.groups()
        lines = Text("Lines {first}–{last}", first=int(first), last=int(last or 0))
        words = (lines if last else Text("Line {first}", first=int(first))).in_(language)
        if number:
            words += Text(", passage {number}", number=number).in_(language)
        return TableCell(words, site.address(f"/sources/{quote(source)}?passage={quote(place)}#L{first}"))
    if content and name.rpartition("_")[2] == "quote":
        return TableCell(f"„{content}“", language="de")
    return TableCell(content, language="de" if name in _PRINTED and language != "de" else None)


def heading(column: str, language: Language) -> str:
    """The heading of a column; ``city_label`` is headed as ``city``."""
    words = Text.named("column", column.removesuffix("_label")).in_(language).replace("_", " ")
    return words[:1].upper() + words[1:]


def topic(tag: str, language: Language) -> str:
    """A tag in words."""
    return Text.named("tag", tag).in_(language).replace("-", " ")


def _link(iri: str, site: Site) -> str | None:
    """Where an IRI leads: to a page of ours, to the web, or nowhere."""
    return site.page(iri) or (iri if iri.startswith(("https://", "http://")) else None)


def picture_of(
    answered: AnsweredQuestion, site: Site, boundaries: Boundaries | None, roles: Mapping[str, str]
) -> Picture | None:
    """The picture of an answer, or ``None`` where there is nothing to draw.

    Args:
        answered: the rows.
        site: for links.
        boundaries: of the release, for maps.
        roles: slugs of roles by their label, for maps.
    """
    language, query, columns = answered.asked.language, answered.asked.query, answered.columns
    title = query.summary.in_(language)
    rows = [dict(zip(columns, map(text, row), strict=True)) for row in answered.rows]
    draw: Callable[[Size], Markup] | None = None
    match query.result:
        case "timeline":
            if lanes := _lanes(rows, columns, site):
                draw = partial(draw_timeline, lanes, language)
        case "map":
            if boundaries and (members := _members(rows, site, boundaries, language, roles)):
                draw = partial(draw_map, boundaries, members, language)
        case "network":
            nodes, edges = _network(rows, site, language)
            if nodes and len(nodes) <= _MOST:
                draw = partial(draw_network, nodes, edges, title)
                if has_two_sides(edges):
                    sides = draw_two_sides(nodes, edges, f"{_TIES.in_(language)}: {title}")
                    return Picture(sides, draw(Size.NARROW))
        case "chart":
            if bars := _bars(rows, columns, site):
                draw = partial(draw_chart, bars, f"{_CHART.in_(language)}: {title}")
    return Picture.of(draw) if draw else None


def _named(values: Values, column: str) -> str:
    return values.get(f"{column}_label") or prefixed_name(values.get(column, ""))


def _lanes(rows: Sequence[Values], columns: Sequence[str], site: Site) -> list[Lane]:
    """One lane for each thing: the first column that has a label."""
    thing = next((name.removesuffix("_label") for name in columns if name.endswith("_label")), "")
    dated = (row for row in rows if row.get(thing) and read_bounds(row["date"]))
    lanes = []
    for (iri,), found in grouped(dated, thing).items():
        times = sorted({row["date"] for row in found})
        marks = tuple(TimelineMark(dating) for time in times if (dating := read_bounds(time)))
        lanes.append(Lane(_named(found[0], thing), _link(iri, site), marks))
    return sorted(lanes, key=lambda lane: min(mark.dating.order for mark in lane.marks))[:_MOST]


def _members(
    rows: Sequence[Values], site: Site, boundaries: Boundaries, language: Language, roles: Mapping[str, str]
) -> list[Member]:
    """The units that hold a point of a row, each once; the number of a row follows its name."""
    members: dict[str, Member] = {}
    for values in rows:
        try:
            unit = boundaries.around(float(values.get("long", "")), float(values.get("lat", "")))
        except ValueError:
            continue
        if unit and unit.key not in members:
            role, name = values.get("role_label", ""), _named(values, "city") or unit.name
            members[unit.key] = Member(
                unit.key,
                f"{name}: {values['count']}" if values.get("count") else name,
                _link(values.get("city", ""), site),
                roles.get(role, _PARTY),
                role or _NAMED.in_(language),
            )
    return list(members.values())


def _network(rows: Sequence[Values], site: Site, language: Language) -> tuple[list[NetworkNode], list[NetworkEdge]]:
    nodes: dict[str, NetworkNode] = {}
    edges: dict[NetworkEdge, None] = {}
    for values in rows:
        if not values["from"] or not values["to"]:
            continue
        for end in ("from", "to"):
            iri = values[end]
            shape = "city" if "/id/city/" in iri else "cooperation" if "/id/cooperation/" in iri else "other"
            nodes.setdefault(iri, NetworkNode(iri, _named(values, end), "", shape, _link(iri, site)))
        word = next((values[name] for name in ("link_label", "role_label", "basis_label") if values.get(name)), "")
        edges[NetworkEdge(values["from"], values["to"], word or _LINKED.in_(language))] = None
    return list(nodes.values()), list(edges)


def _bars(rows: Sequence[Values], columns: Sequence[str], site: Site) -> list[Bar]:
    """A bar a row, named by the labels of the row, the first of which leads to its page."""
    first, *further = columns
    labels = [name for name in further if name.endswith("_label") and name.removesuffix("_label") in columns]
    bars = []
    for values in rows[:_MOST]:
        try:
            value = float(values["count"])
        except ValueError:
            continue
        words = dict.fromkeys((_named(values, first), *(values[name] for name in labels if name != f"{first}_label")))
        bars.append(Bar(", ".join(filter(None, words)), value, values["count"], _link(values[first], site)))
    return bars


def samples(asked: AskedQuestion, site: Site) -> dict[str, str]:
    """The code for a question with its values, by language."""
    address, endpoint = site.absolute(f"/queries/{asked.query.name}"), site.absolute("/sparql")
    csv = f"{address}.csv?{asked.parameters(raw='true', limit=None, offset=None)}"
    rows = f"{address}.json?{asked.parameters(raw=None, limit=None, offset=None)}"
    quoted = asked.text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    fence = "---"
    while f"){fence}" in asked.text:
        fence += "-"
    return {
        "curl": f"curl --fail --output {asked.query.name}.csv \\\n    '{csv}'",
        "Python (pandas)": f'import pandas as pd\n\ntable = pd.read_csv("{csv}")\nprint(table)',
        "Python (SPARQLWrapper)": f'''import pandas as pd
from SPARQLWrapper import JSON, SPARQLWrapper

query = """{quoted}"""

endpoint = SPARQLWrapper("{endpoint}", returnFormat=JSON)
endpoint.setQuery(query)
answer = endpoint.queryAndConvert()
rows = [{{name: term["value"] for name, term in row.items()}} for row in answer["results"]["bindings"]]
table = pd.DataFrame(rows, columns=answer["head"]["vars"])
print(table)''',
        "R": f'table <- read.csv("{csv}", encoding = "UTF-8")\nprint(table)',
        "R (SPARQL)": r_sample(f'r"{fence}({asked.text}){fence}"', endpoint),
        "JavaScript": f"""const answer = await fetch({json.dumps(rows)});
if (!answer.ok) throw new Error(await answer.text());
const {{ release, rows }} = await answer.json();
console.log(release);
console.table(rows);""",
    }
