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

from interkommunal.graph.edtf import Bounds, read_bounds
from interkommunal.namespaces import PASSAGE, prefixed_name
from interkommunal.site.figures.figure import Bar, Picture, Size, TableCell, draw_chart
from interkommunal.site.figures.map import Boundaries, Member, Unit, draw_map
from interkommunal.site.figures.network import NetworkEdge, NetworkNode, draw_network, draw_two_sides, has_two_sides
from interkommunal.site.figures.timeline import Lane, TimelineMark, draw_timeline
from interkommunal.site.library.questions import AnsweredQuestion, AskedQuestion
from interkommunal.site.overviews.overview import Term, Values, text
from interkommunal.site.query_page import Sample
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
_FENCE: Final = "---"


def table_of(answered: AnsweredQuestion, site: Site) -> tuple[list[tuple[str, str]], list[list[TableCell]]]:
    """The rows; a thing and its label share a column."""
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
        if passage and not label:
            path = f"/sources/{quote(passage[1])}?passage={quote(passage[2])}#L{passage[3]}"
            return TableCell(_place(passage, language), site.address(path))
        return TableCell(label or prefixed_name(content), _link(content, site))
    if content and name.rpartition("_")[2] == "quote":
        return TableCell(f"„{content}“", language="de")
    return TableCell(content, language="de" if name in _PRINTED and language != "de" else None)


def _place(passage: re.Match[str], language: Language) -> str:
    """The lines of a passage in words."""
    first, last, number = int(passage[3]), passage[4], passage[5]
    lines = Text("Lines {first}–{last}", first=first, last=int(last)) if last else Text("Line {first}", first=first)
    return lines.in_(language) + (Text(", passage {number}", number=number).in_(language) if number else "")


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
    language, query = answered.asked.language, answered.asked.query
    title = query.summary.in_(language)
    rows = [dict(zip(answered.columns, map(text, row), strict=True)) for row in answered.rows]
    draw: Callable[[Size], Markup] | None = None
    match query.result:
        case "timeline":
            if lanes := _lanes(rows, answered.columns, site):
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
            if bars := _bars(rows, answered.columns, site):
                draw = partial(draw_chart, bars, f"{_CHART.in_(language)}: {title}")
    return Picture.of(draw) if draw else None


def _named(values: Values, column: str) -> str:
    return values.get(f"{column}_label") or prefixed_name(values.get(column, ""))


def _lanes(rows: Sequence[Values], columns: Sequence[str], site: Site) -> list[Lane]:
    """One lane for each thing: the first column that has a label."""
    thing = next((name.removesuffix("_label") for name in columns if name.endswith("_label")), "")
    found: dict[str, tuple[str, dict[str, Bounds]]] = {}
    for values in rows:
        dating = read_bounds(values["date"])
        if dating and values.get(thing):
            _, dates = found.setdefault(values[thing], (_named(values, thing), {}))
            dates.setdefault(values["date"], dating)
    order = sorted(found, key=lambda iri: min(dating.order for dating in found[iri][1].values()))
    lanes = []
    for iri in order[:_MOST]:
        name, dates = found[iri]
        lanes.append(Lane(name, _link(iri, site), tuple(TimelineMark(dates[lexical]) for lexical in sorted(dates))))
    return lanes


def _members(
    rows: Sequence[Values], site: Site, boundaries: Boundaries, language: Language, roles: Mapping[str, str]
) -> list[Member]:
    """The units that hold a point of a row, each once; the number of a row follows its name."""
    members: dict[str, Member] = {}
    for values in rows:
        unit = _unit(values.get("long", ""), values.get("lat", ""), boundaries)
        if unit is None or unit.key in members:
            continue
        role = values.get("role_label", "")
        name = _named(values, "city") or unit.name
        members[unit.key] = Member(
            unit.key,
            f"{name}: {values['count']}" if values.get("count") else name,
            _link(values.get("city", ""), site),
            roles.get(role, _PARTY),
            role or _NAMED.in_(language),
        )
    return list(members.values())


def _unit(longitude: str, latitude: str, boundaries: Boundaries) -> Unit | None:
    """The unit around a point (even-odd rule)."""
    try:
        x, y = float(longitude), float(latitude)
    except ValueError:
        return None
    for unit in boundaries.units:
        inside = False
        for ring in unit.rings:
            for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    inside = not inside
        if inside:
            return unit
    return None


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
    name, *further = columns
    others = [
        column
        for column in further
        if column.endswith("_label") and column.removesuffix("_label") in columns and column != f"{name}_label"
    ]
    bars = []
    for values in rows[:_MOST]:
        try:
            value = float(values["count"])
        except ValueError:
            continue
        words = dict.fromkeys((_named(values, name), *(values[column] for column in others)))
        bars.append(Bar(", ".join(filter(None, words)), value, values["count"], _link(values[name], site)))
    return bars


def samples(asked: AskedQuestion, site: Site) -> tuple[Sample, ...]:
    """The code for a question with its values."""
    address = site.absolute(f"/queries/{asked.query.name}")
    csv = f"{address}.csv?{asked.parameters(raw='true', limit=None, offset=None)}"
    rows = f"{address}.json?{asked.parameters(raw=None, limit=None, offset=None)}"
    endpoint = site.absolute("/sparql")
    return (
        Sample("curl", f"curl --fail --output {asked.query.name}.csv \\\n    '{csv}'"),
        Sample("Python (pandas)", f'import pandas as pd\n\ntable = pd.read_csv("{csv}")\nprint(table)'),
        Sample("Python (SPARQLWrapper)", _wrapper(asked.text, endpoint)),
        Sample("R", f'table <- read.csv("{csv}", encoding = "UTF-8")\nprint(table)'),
        Sample("R (SPARQL)", _r(asked.text, endpoint)),
        Sample("JavaScript", _javascript(rows)),
    )


def _wrapper(query: str, endpoint: str) -> str:
    quoted = query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    return f'''import pandas as pd
from SPARQLWrapper import JSON, SPARQLWrapper

query = """{quoted}"""

endpoint = SPARQLWrapper("{endpoint}", returnFormat=JSON)
endpoint.setQuery(query)
answer = endpoint.queryAndConvert()
rows = [{{name: term["value"] for name, term in row.items()}} for row in answer["results"]["bindings"]]
table = pd.DataFrame(rows, columns=answer["head"]["vars"])
print(table)'''


def _r(query: str, endpoint: str) -> str:
    fence = _FENCE
    while f"){fence}" in query:
        fence += "-"
    return f'''library(httr2)

query <- r"{fence}({query}){fence}"

answer <- request("{endpoint}") |>
  req_url_query(query = query) |>
  req_headers(Accept = "text/csv") |>
  req_perform()
table <- read.csv(text = resp_body_string(answer))
print(table)'''


def _javascript(url: str) -> str:
    return f"""const answer = await fetch({json.dumps(url)});
if (!answer.ok) throw new Error(await answer.text());
const {{ release, rows }} = await answer.json();
console.log(release);
console.table(rows);"""
