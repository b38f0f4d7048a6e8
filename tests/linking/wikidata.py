"""A small slice in the shape in which Wikidata publishes RDF: truthy and full statements, labels, redirects, traps.

Keys, classes, points and names of the cities are those of Wikidata; the items with numbers from 900000001 on are made
up, as traps or as counterparts of things that have no item.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from interkommunal.namespaces import PREFIXES

WD, WDT = PREFIXES["wd"], PREFIXES["wdt"]
P, PS, WDS = "http://www.wikidata.org/prop/", "http://www.wikidata.org/prop/statement/", f"{WD}statement/"
WIKIBASE = "http://wikiba.se/ontology#"
OWL, RDF, RDFS, SKOS, XSD = (PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos", "xsd"))
SCHEMA = "http://schema.org/"
WKT = f"{PREFIXES['geo']}wktLiteral"


@dataclass
class Entry:
    """An item: labels by language, aliases, statements by property; values are items, points, years or strings."""

    name: str
    de: str = ""
    en: str = ""
    aliases: tuple[str, ...] = ()
    claims: dict[str, tuple[str, ...]] = field(default_factory=dict)
    into: str = ""


CITY = ("Q85635630", "Q42744322", "Q1549591")
# City: item, district key, GND, longitude and latitude, government region.
CITIES = {
    "bochum": ("Q2103", "Bochum", "05911", "4007328-2", "Point(7.216666666 51.483333333)", "Q7924"),
    "bottrop": ("Q3069", "Bottrop", "05512", "4007862-0", "Point(6.925269444 51.52325)", "Q7920"),
    "dortmund": ("Q1295", "Dortmund", "05913", "4012814-3", "Point(7.465277777 51.513888888)", "Q7924"),
    "duisburg": ("Q2100", "Duisburg", "05112", "4013284-5", "Point(6.761111111 51.432222222)", "Q7926"),
    "essen": ("Q2066", "Essen", "05113", "4015557-2", "Point(7.013055555 51.450833333)", "Q7926"),
    "gelsenkirchen": ("Q2765", "Gelsenkirchen", "05513", "4019947-2", "Point(7.1 51.516666666)", "Q7920"),
    "herne": ("Q2904", "Herne", "05916", "4024544-5", "Point(7.21897 51.54258)", "Q7924"),
    "muelheim": ("Q2899", "Mülheim an der Ruhr", "05117", "4040475-4", "Point(6.8825 51.4275)", "Q7926"),
    "oberhausen": ("Q2838", "Oberhausen", "05119", "4042927-1", "Point(6.8514 51.4699)", "Q7926"),
}
EXPECTED = {f"city:{slug}": city[0] for slug, city in CITIES.items()} | {
    "organisation:mais": "Q900000002",
    "organisation:regionalverband-ruhr": "Q49849",
    "place:nordrhein-westfalen": "Q1198",
    "place:rathaus-herne": "Q900000003",
    "place:wissenschaftspark-gelsenkirchen": "Q900000004",
    "agreement:staedteregion-ruhr": "Q900000005",
    "event:forum-2012": "Q900000006",
    "initiative:welcome-ruhr": "Q900000007",
    "work:vielfalt-schafft-zukunft": "Q900000008",
}


def entries() -> list[Entry]:
    """All items of the slice."""
    cities = [
        Entry(
            item,
            name,
            {"Q2899": "Mülheim"}.get(item, name),
            (f"Stadt {name}",),
            {
                "P31": CITY,
                "P440": (key,),
                "P1388": (f"{key}0000000",),
                "P227": (gnd,),
                "P625": (point,),
                "P131": (region,),
                "P17": ("Q183",),
                "P1082": ("591032",) if item == "Q2066" else (),
            },
        )
        for item, name, key, gnd, point, region in CITIES.values()
    ]
    regions = [
        Entry(name, de, claims={"P31": ("Q22721",), "P131": ("Q1198",)})
        for name, de in (
            ("Q7924", "Regierungsbezirk Arnsberg"),
            ("Q7926", "Regierungsbezirk Düsseldorf"),
            ("Q7920", "Regierungsbezirk Münster"),
        )
    ]
    return [
        *cities,
        *regions,
        Entry("Q183", "Deutschland", "Germany"),
        Entry(
            "Q1198",
            "Nordrhein-Westfalen",
            "North Rhine-Westphalia",
            claims={"P31": ("Q1221156",), "P227": ("4042570-8",), "P131": ("Q183",), "P625": ("Point(7.55 51.4667)",)},
        ),
        Entry(
            "Q49849",
            "Regionalverband Ruhr",
            "Regionalverband Ruhr",
            ("RVR",),
            {"P31": ("Q15911314",), "P131": ("Q2066",)},
        ),
        Entry("Q900000002", "Arbeitsministerium NRW", claims={"P31": ("Q327333",), "P227": ("16082567-2",)}),
        Entry("Q900000003", "Rathaus Herne", claims={"P31": ("Q41176",), "P131": ("Q2904",)}),
        Entry(
            "Q900000004",
            "Wissenschaftspark Gelsenkirchen",
            claims={"P31": ("Q41176",), "P131": ("Q2765",), "P625": ("Point(7.09 51.50)",)},
        ),
        Entry(
            "Q900000005",
            "Interkulturelle Städteregion Ruhr",
            claims={"P31": ("Q321839",), "P571": ("2010-05-28T00:00:00Z",)},
        ),
        Entry(
            "Q900000006",
            "Willkommen in der Metropole",
            claims={"P31": ("Q1656682",), "P585": ("2012-01-01T00:00:00Z",)},
        ),
        Entry("Q900000007", "welcome.ruhr", claims={"P31": ("Q170584",), "P131": ("Q2066",)}),
        Entry("Q900000008", "Vielfalt schafft Zukunft", claims={"P31": ("Q732577",)}),
        # Classes.
        Entry("Q85635630", "kreisfreie Stadt in Nordrhein-Westfalen", claims={"P279": ("Q22865",)}),
        Entry("Q42744322", "Stadt in Deutschland", claims={"P279": ("Q262166",)}),
        Entry("Q15911314", "Verband", claims={"P279": ("Q43229",)}),
        Entry("Q327333", "Behörde", claims={"P279": ("Q43229",)}),
        # Traps: places, families and a ship with the same name; a library with nearly the same; an old item.
        Entry(
            "Q2009801",
            "Oberhausen",
            "Oberhausen",
            claims={"P31": ("Q262166",), "P439": ("09185149",), "P131": ("Q980",), "P625": ("Point(11.1 48.8)",)},
        ),
        Entry("Q980", "Bayern", "Bavaria", claims={"P131": ("Q183",)}),
        Entry(
            "Q571423",
            "Essen",
            "Essen",
            ("Essen (Oldenburg)",),
            {"P31": ("Q262166",), "P439": ("03453007",), "P131": ("Q1197",), "P625": ("Point(7.95 52.7)",)},
        ),
        Entry("Q1197", "Niedersachsen", "Lower Saxony", claims={"P131": ("Q183",)}),
        Entry("Q900000021", "Herne", "Herne", claims={"P31": ("Q493522",), "P625": ("Point(4.03 50.72)",)}),
        Entry("Q900000022", "Bochum", "Bochum", claims={"P31": ("Q101352",)}),
        Entry("Q900000023", "Dortmund", "Dortmund", claims={"P31": ("Q11446",)}),
        Entry("Q900000024", "Willkommen in der Metropole", claims={"P31": ("Q11424",)}),
        Entry("Q28739263", "Regionalverband Ruhr, Bibliothek", claims={"P31": ("Q7075",), "P131": ("Q2066",)}),
        Entry("Q900000010", into="Q2103"),
    ]


def quads(items: list[Entry]) -> Iterator[Quad]:
    """The statements about these items, as Wikidata has them."""
    for item in items:
        node = NamedNode(WD + item.name)
        if item.into:
            yield Quad(node, NamedNode(f"{OWL}sameAs"), NamedNode(WD + item.into))
            continue
        yield Quad(node, NamedNode(f"{RDF}type"), NamedNode(f"{WIKIBASE}Item"))
        for language, label in (("de", item.de), ("en", item.en)):
            if label:
                for property_ in (f"{RDFS}label", f"{SKOS}prefLabel", f"{SCHEMA}name"):
                    yield Quad(node, NamedNode(property_), Literal(label, language=language))
        for alias in item.aliases:
            yield Quad(node, NamedNode(f"{SKOS}altLabel"), Literal(alias, language="de"))
        for property_, values in item.claims.items():
            for number, value in enumerate(values):
                term = _term(property_, value)
                statement = NamedNode(f"{WDS}{item.name}-{property_}-{number}")
                yield Quad(node, NamedNode(WDT + property_), term)
                yield Quad(node, NamedNode(P + property_), statement)
                yield Quad(statement, NamedNode(PS + property_), term)
                yield Quad(statement, NamedNode(f"{WIKIBASE}rank"), NamedNode(f"{WIKIBASE}NormalRank"))


def write(path: Path, items: list[Entry] | None = None) -> None:
    """Writes the slice as N-Triples into ``path``."""
    triples = [quad.triple for quad in quads(entries() if items is None else items)]
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert written is not None
    path.write_bytes(written)


def _term(property_: str, value: str) -> NamedNode | Literal:
    if property_ in ("P31", "P279", "P131", "P17"):
        return NamedNode(WD + value)
    if property_ == "P625":
        return Literal(value, datatype=NamedNode(WKT))
    if property_ in ("P571", "P585"):
        return Literal(value, datatype=NamedNode(f"{XSD}dateTime"))
    if property_ == "P1082":
        return Literal(value, datatype=NamedNode(f"{XSD}decimal"))
    return Literal(value)
