"""Graphs that nobody planned for: no labels, long values, umlauts, thousands of references."""

from collections.abc import Callable

import httpx
from tests.site.reading import page, section, words

BASE = "https://w3id.org/interkommunal"
GRAPH = f"<{BASE}/graph/editorial>"
LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
Serve = Callable[..., httpx.Client]


def test_a_thing_without_a_label_is_called_by_its_slug(serve_quads: Serve) -> None:
    client = serve_quads(f'<{BASE}/id/city/bad-salzuflen> <https://schema.org/position> "3" {GRAPH} .\n')
    document = page(client.get("/doc/city/bad-salzuflen"))
    assert words(document.find(".//h1")) == "Bad salzuflen"
    assert words(document.find_class("lead")[0]) == "Hierzu ist nur festgehalten, was auf diese Seite verweist."


def test_umlauts_angle_brackets_and_ampersands_come_through(serve_quads: Serve) -> None:
    name = "Ä & Ö <ü> „ß“ 𝔘"
    client = serve_quads(f'<{BASE}/id/city/x> {LABEL} "{name}"@de {GRAPH} .\n')
    document = page(client.get("/doc/city/x"))
    assert words(document.find(".//h1")) == name
    assert name in client.get("/doc/city/x.csv").text


def test_a_script_in_a_value_stays_text(serve_quads: Serve) -> None:
    client = serve_quads(f'<{BASE}/id/city/x> {LABEL} "</script><script>alert(1)</script>"@de {GRAPH} .\n')
    text = client.get("/doc/city/x").text
    assert "<script>alert" not in text
    assert "</script><script>" not in text


def test_a_very_long_value_is_shown_whole(serve_quads: Serve) -> None:
    long = "Wort " * 4000
    client = serve_quads(
        f'<{BASE}/id/goal/x> <https://schema.org/text> "{long}"@de {GRAPH} .\n'
        f'<{BASE}/id/goal/x> {LABEL} "{"x" * 3000}"@de {GRAPH} .\n'
    )
    assert words(page(client.get("/doc/goal/x"))).count("Wort") >= 4000


def test_two_thousand_references_are_looked_at_page_by_page(serve_quads: Serve) -> None:
    hub = f"<{BASE}/id/city/hub>"
    lines = [f'{hub} {LABEL} "Nabe"@de {GRAPH} .']
    for number in range(2000):
        spoke = f"<{BASE}/id/event/e{number:04d}>"
        lines.append(f"{spoke} <http://purl.org/dc/terms/relation> {hub} {GRAPH} .")
        lines.append(f'{spoke} {LABEL} "Speiche {number}"@de {GRAPH} .')
    client = serve_quads("\n".join(lines) + "\n")
    document = page(client.get("/doc/city/hub"))
    group = section(document, "pointing")
    assert len(group.findall(".//dd")) == 40
    more = group.find_class("more")[0].find("a")
    assert (words(more), more.get("href")) == ("Alles, was hierauf verweist", "/doc/city/hub?list=to")
    first = page(client.get("/doc/city/hub?list=to"))
    assert "2000 Aussagen" in words(first.find_class("lead")[0])
    assert len(first.findall(".//tbody/tr")) == 100
    pager = first.find_class("pager")[0]
    assert words(pager) == "Seite 1 von 20 Nächste Seite"
    last = page(client.get("/doc/city/hub?list=to&page=20"))
    assert words(last.findall(".//tbody/tr")[-1]) == "Speiche 1999 Relation Nabe Redaktion"
    assert client.get("/doc/city/hub?list=to&page=21").status_code == 404
    turtle = client.get("/doc/city/hub.nt")
    assert turtle.text.count("/relation>") == 2000


def test_two_thousand_values_of_one_property_are_cut_and_listed(serve_quads: Serve) -> None:
    thing = f"<{BASE}/id/list/x>"
    lines = [f'{thing} <http://purl.org/dc/terms/identifier> "{number:04d}" {GRAPH} .' for number in range(2000)]
    lines += [f'{thing} <http://purl.org/dc/terms/title> "{number:04d}" {GRAPH} .' for number in range(300)]
    client = serve_quads("\n".join(lines) + "\n")
    document = page(client.get("/doc/list/x"))
    assert len(section(document, "facts").findall(".//dd")) == 40
    identifiers = section(document, "identifiers")
    assert len(identifiers.findall(".//dd")) == 40
    assert identifiers.find_class("more")[0].find("a").get("href") == "/doc/list/x?list=from"
    assert "2300 Aussagen" in words(page(client.get("/doc/list/x?list=from")).find_class("lead")[0])


def test_a_cycle_of_parts_ends(serve_quads: Serve) -> None:
    one, two = f"<{BASE}/id/goal/a>", f"<{BASE}/id/goal/b>"
    part, kind = "<http://purl.org/dc/terms/isPartOf>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    client = serve_quads(
        f"{one} {part} {two} {GRAPH} .\n{two} {part} {one} {GRAPH} .\n"
        f"{one} {kind} <{BASE}/ontology#Goal> {GRAPH} .\n{two} {kind} <{BASE}/ontology#Goal> {GRAPH} .\n"
    )
    assert client.get("/doc/goal/a").status_code == 200
    assert client.get("/doc/goal/a.jsonld").status_code == 200


def test_a_source_without_its_text_says_so(serve_quads: Serve) -> None:
    client = serve_quads(
        f"<{BASE}/id/source/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://xmlns.com/foaf/0.1/Document> "
        f"<{BASE}/graph/sources> .\n"
    )
    assert "Der Text dieser Quelle liegt dieser Ausgabe nicht bei." in words(page(client.get("/sources/x")))
    assert client.get("/sources/x.txt").status_code == 404
    assert client.get("/sources/y").status_code == 404
