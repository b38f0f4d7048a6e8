"""What people read on the pages of things: facts with their sources, doubt where it stands."""

import httpx
from lxml import html
from tests.site.reading import doc, page, section, words


def rows(group: html.HtmlElement) -> list[list[str]]:
    """The rows of the tables of a group, without their small print."""
    found = []
    for row in group.iterfind(".//tbody/tr"):
        if row.get("class") == "doubt-row":
            continue
        cells = []
        for cell in row:
            value = cell.find_class("value")
            cells.append(words(value[0]) if value else words(cell))
        found.append(cells)
    return found


def test_a_contract_says_what_it_is_in_one_sentence(client: httpx.Client) -> None:
    document = page(client.get(doc("agreement/staedteregion-ruhr")))
    assert words(document.find(".//h1")) == "Kontrakt „Interkulturelle Städteregion Ruhr“ (2010)"
    assert words(document.find_class("lead")[0]) == (
        "Dies ist ein Kontrakt aus dem Jahr 2010 mit neun Beteiligten: sechs Erstunterzeichnerinnen und drei "
        "Beigetretene."
    )
    english = page(client.get(f"{doc('agreement/staedteregion-ruhr')}?lang=en"))
    assert words(english.find_class("lead")[0]) == (
        "This is a contract of 2010 with nine parties: six first signatories and three that joined later."
    )


def test_a_contract_lists_its_parties_beside_the_sentences_that_name_them(client: httpx.Client) -> None:
    parties = section(page(client.get(doc("agreement/staedteregion-ruhr"))), "parties")
    first, later = parties.find_class("cluster")
    assert [row[:2] for row in rows(first)] == [
        [city, "Erstunterzeichnerin"]
        for city in ("Bochum", "Duisburg", "Dortmund", "Essen", "Mülheim an der Ruhr", "Oberhausen")
    ]
    assert words(first.find_class("quote")[0].find(".//mark")) == (
        "mit den Erstunterzeichnerinnen Bochum, Duisburg, Dortmund, Essen, Mülheim an der Ruhr und Oberhausen"
    )
    assert words(first.find_class("standing")[0]) == "Zeile 19 Seitentext Stand: 2016 oder später Behauptet"
    assert [row[:2] for row in rows(later)] == [
        [city, "Beigetretene"] for city in ("Gelsenkirchen", "Herne", "Bottrop")
    ]


def test_an_inferred_bound_says_that_the_editors_give_it(client: httpx.Client) -> None:
    parties = section(page(client.get(doc("agreement/staedteregion-ruhr"))), "parties")
    bound = parties.find_class("cluster")[1].find(".//tbody/tr/td[2]")
    assert words(bound) == "28. Mai 2010 oder später Redaktion"


def test_what_is_contested_says_so_in_words_and_shape_where_it_stands(client: httpx.Client) -> None:
    parties = section(page(client.get(doc("agreement/staedteregion-ruhr"))), "parties")
    first, later = parties.find_class("cluster")
    assert "is-doubtful" not in first.get("class")
    assert "is-doubtful" in later.get("class")
    assert words(later.find_class("evidence")[0].find_class("mark-conflict")[0]) == "Im Widerspruch"
    bottrop = later.get_element_by_id("parties-ruhr-bottrop")
    assert words(bottrop.getnext().find_class("doubt")[0]) == (
        "Widerspricht Unterschriftseintrag für Bottrop (Kontrakt 2010)"
    )


def test_a_discrepancy_is_explained_where_it_comes_first_and_named_after_that(client: httpx.Client) -> None:
    document = page(client.get(doc("agreement/staedteregion-ruhr")))
    explained = document.find_class("finding")
    anchors = [item.get("id") for item in explained]
    assert len(anchors) == len(set(anchors))
    note = document.get_element_by_id("finding-sechs-oder-neun")
    assert "der Unterschriftenblock desselben Kontrakts zeigt neun Städte" in words(note)
    assert "So gehen wir damit um: Drei getrennte Beziehungen" in words(note)
    later = section(document, "parties").find_class("cluster")[1]
    assert "Oben erklärt: Sechs Kommunen oder neun Unterschriften" in words(later.find_class("known")[0])
    contents = document.find_class("doubts")[0]
    assert {f"#{anchor}" for anchor in anchors} == {item.get("href") for item in contents.iterfind(".//li/a")}


def test_the_signature_block_stands_as_printed(client: httpx.Client) -> None:
    block = section(page(client.get(doc("agreement/staedteregion-ruhr"))), "signatures")
    entries = block.find_class("signature")
    lines = [[words(line) for line in entry.find_class("printed")] for entry in entries]
    assert lines[0] == ["Scholz", "Dr. Ulrike Scholz", "Oberbürgermeisterin Stadt Bochum"]
    assert lines[3] == ["Frank", "Frank Frank", "Oberbürgermeister Stadt Essen"]
    assert lines[8] == ["Reinhold", "Reinhold", "Oberbürgermeister Stadt Bottrop"]
    marks = [words(mark) for mark in entries[3].find_class("mark-garbled")]
    assert marks == ["Beschädigt", "Beschädigt"]
    assert "is-doubtful" in entries[4].get("class")
    assert "Namen im Unterschriftenblock sind unzuverlässig" in words(block)


def test_goals_are_shown_as_goals_with_their_parts(client: httpx.Client) -> None:
    goals = section(page(client.get(doc("agreement/ein-zeichen-fuer-vielfalt-und-talente"))), "goals")
    assert "Ziele sind Absichten." in words(goals.find_class("intro")[0])
    depths = [item.get("class").split()[0] for item in goals.find_class("wordings")[0].iterfind("li")]
    assert set(depths) <= {"depth-0", "depth-1"}
    texts = [words(item) for item in goals.iterfind(".//li[@class='depth-1']")]
    assert texts[0] == "Talente in die Region holen und binden"
    assert {words(mark) for mark in goals.find_class("evidence")[0].find_class("mark")} == {"Als Ziel genannt"}


def test_a_city_shows_its_agreements_forums_offices_and_links(client: httpx.Client) -> None:
    document = page(client.get(doc("city/essen")))
    assert words(document.find_class("lead")[0]) == (
        "Essen ist eine Stadt, die an zwei Vereinbarungen beteiligt ist und zu „Städtekooperation "
        "Integration. Interkommunal“ gehört; zwei Foren fanden hier statt."
    )
    agreements = [row[:2] for row in rows(section(document, "agreements"))]
    assert ["Kontrakt „Interkulturelle Städteregion Ruhr“ (2010)", "Erstunterzeichnerin"] in agreements
    assert ["Städtekooperationsvertrag (2003)", "Vertragspartei"] in agreements
    assert [row[1] for row in rows(section(document, "events"))] == ["2009", "2011"]
    assert "Geschäftsbüro" in words(section(document, "hosts"))
    identifiers = section(document, "identifiers")
    links = {item.get("href") for item in identifiers.find_class("external")}
    assert "http://www.wikidata.org/entity/Q2066" in links
    assert "05113000" in words(identifiers)
    assert "Geprüft" in words(identifiers)


def test_a_publication_shows_its_parts_in_order(client: httpx.Client) -> None:
    parts = rows(section(page(client.get(doc("work/vielfalt-schafft-zukunft"))), "parts"))
    assert [row[0] for row in parts] == ["1", "2", "3", "4", "5", "6"]
    assert parts[0][1:] == ["Einführung und Rahmenbedingungen", "Heft"]


def test_a_forum_shows_place_year_and_neighbours(client: httpx.Client) -> None:
    document = page(client.get(doc("event/forum-2012")))
    assert words(document.find_class("lead")[0]) == "Dieses Forum fand 2012 in Bochum statt."
    neighbours = section(document, "neighbours")
    pairs = [(words(item.find("dt")), words(item.find("dd"))) for item in neighbours.iterfind(".//dl/div")]
    assert pairs == [
        ("davor", "Interkommunales Forum Integration 2011"),
        ("danach", "Interkommunales Forum Integration 2014"),
    ]


def test_two_things_that_may_be_one_say_so(client: httpx.Client) -> None:
    document = page(client.get(doc("list/veroeffentlichungen")))
    doubts = [words(item) for item in document.find_class("doubt")]
    assert any(item.startswith("Möglicherweise dasselbe wie") for item in doubts)


def test_a_goal_whose_owner_is_open_says_between_what(client: httpx.Client) -> None:
    undecided = section(page(client.get(doc("goal/mehr-migranten-im-oeffentlichen-dienst"))), "open")
    assert words(undecided.find(".//dt")) == "unentschieden zwischen"
    assert [words(item) for item in undecided.iterfind(".//dd")] == [
        "Landesinitiative „Vielfalt verbindet. Interkulturelle Öffnung als Erfolgsfaktor“",
        "Film „Deine Zukunft findet STADT“",
    ]
    assert "is-doubtful" in undecided.find_class("cluster")[0].get("class")


def test_an_inference_is_shown_with_its_basis_and_as_no_statement_of_the_source(client: httpx.Client) -> None:
    document = page(client.get(doc("work/diversity-regionale-uebersicht")))
    inferences = section(document, "inferences")
    assert "Sie gelten nicht als Aussage der Quelle." in words(inferences)
    assert "Begründung Ähnlicher Wortlaut" in words(inferences)


def test_a_discrepancy_shows_its_passages_readings_and_treatment(client: httpx.Client) -> None:
    document = page(client.get(doc("discrepancy/fassung-und-spaetere-beitritte")))
    assert words(document.find_class("lead")[0]) == (
        "Dies ist eine Unstimmigkeit der Art „Widerspruch“; sie betrifft sechs Textstellen."
    )
    assert "Datiert ist die Datumszeile des Dokuments" in words(document.find_class("prose")[0])
    targets = section(document, "targets")
    assert len(targets.find_class("quote")) == 6
    readings = section(document, "readings")
    assert "Der Block wurde später um die beigetretenen Städte ergänzt" in words(readings)


def test_a_passage_shows_its_quote_and_what_was_read_from_it(client: httpx.Client) -> None:
    document = page(client.get(doc("passage/grundlagen/L128")))
    assert words(document.find_class("hero")[0].find(".//mark")) == (
        "2009 in Essen „Demografie—Personalentwicklung—kulturelle Vielfalt“"
    )
    read = rows(section(document, "read"))
    assert ["Interkommunales Forum Integration 2009", "Veranstaltungsort", "Essen"] in read


def test_every_row_of_facts_has_a_source(client: httpx.Client) -> None:
    for thing in ("city/essen", "agreement/staedteregion-ruhr", "cooperation/integration-interkommunal"):
        document = page(client.get(doc(thing)))
        for cluster in document.find_class("cluster"):
            assert cluster.find_class("evidence"), words(cluster)[:200]


def test_every_quote_leads_to_its_line_in_the_text(client: httpx.Client) -> None:
    document = page(client.get(doc("event/forum-2012")))
    place = document.find_class("hero")[0].find_class("place")[0]
    assert (words(place), place.get("href")) == ("Zeile 134", "/sources/grundlagen?passage=L134#L134")


def test_a_page_offers_its_data_a_citation_and_its_query(client: httpx.Client, url: str) -> None:
    document = page(client.get(doc("city/essen")))
    data = section(document, "data")
    labels = [words(item) for item in data.find_class("button")]
    assert labels[:6] == ["Turtle", "JSON-LD", "N-Triples", "RDF/XML", "TriG", "CSV"]
    assert labels[6:9] == ["BibTeX", "CSL-JSON", "RIS"]
    assert [words(item) for item in data.iterfind(".//summary")] == ["curl", "Python", "R", "JavaScript"]
    query = data.find(".//pre/code").text
    answer = client.get("/sparql", params={"query": query})
    assert answer.status_code in (200, 404)  # the endpoint is another room, tested there
    assert f"{url}/sparql" in words(data)
