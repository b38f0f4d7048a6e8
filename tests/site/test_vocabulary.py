import httpx
from tests.site.reading import page, words

from interkommunal.namespaces import IK


def test_the_ontology_shows_every_own_term_with_definition_and_use(client: httpx.Client) -> None:
    document = page(client.get("/ontology"))
    city = document.get_element_by_id("City")
    assert words(city.find("dt")) == "Stadt ik:City"
    assert "Eine Kommune, die als Gebietskörperschaft" in words(city)
    assert words(city.find_class("hint")[-1]) == "9-mal verwendet"
    party = document.get_element_by_id("party")
    assert words(party.find("dt")) == "hat Vertragspartei ik:party"


def test_the_address_of_a_hash_iri_leads_to_its_term(client: httpx.Client) -> None:
    document = page(client.get("/ontology"))
    turtle = client.get("/ontology.nt").text
    terms = {line.split(">")[0].removeprefix(f"<{IK}") for line in turtle.splitlines() if line.startswith(f"<{IK}")}
    anchors = {item.get("id") for item in document.iterfind(".//*[@id]")}
    assert len(terms) > 80
    assert terms <= anchors


def test_code_lists_are_shown_with_their_concepts(client: httpx.Client) -> None:
    document = page(client.get("/ontology"))
    concepts = document.get_element_by_id("concepts")
    assert "Rollen bei Vereinbarungen und Initiativen" in words(concepts)
    link = next(item for item in concepts.iterfind(".//a") if words(item) == "Erstunterzeichnerin")
    assert link.get("href") == "/doc/concept/role-first-signatory"


def test_reused_terms_lead_to_their_own_vocabulary(client: httpx.Client) -> None:
    name = page(client.get("/ontology")).get_element_by_id("schema-name")
    assert name.find("a").get("href") == "https://schema.org/name"
    assert "verwendet" in words(name)


def test_the_diagram_is_drawn_and_written(client: httpx.Client) -> None:
    document = page(client.get("/ontology"))
    drawing = document.find_class("diagram")[0]
    assert len(drawing.findall(".//a")) == 17
    written = [words(item) for item in document.find_class("as-text")[0].iterfind(".//li")]
    assert "Stadt – ist Mitglied von – Kooperation (9)" in written
    assert len(written) == len(drawing.findall("line"))


def test_a_class_shows_examples_properties_and_shapes(client: httpx.Client) -> None:
    document = page(client.get("/ontology/Agreement"))
    text = words(document)
    assert "Kontrakt „Interkulturelle Städteregion Ruhr“ (2010)" in text
    assert "Prüfregeln dazu Vereinbarung" in text
    assert "Eine Vereinbarung braucht ihren Namen ohne Anführungszeichen" in text
    assert "Andere Benennungen" in text


def test_a_property_shows_statements_that_use_it(client: httpx.Client) -> None:
    document = page(client.get("/ontology/hostedBy"))
    rows = [[words(cell) for cell in row] for row in document.iterfind(".//tbody/tr")]
    assert ["Geschäftsbüro der Städtekooperation", "ist angebunden bei", "Essen"] in rows


def test_a_concept_shows_its_scheme_and_where_it_is_used(client: httpx.Client) -> None:
    text = words(page(client.get("/doc/concept/role-acceding-party")))
    assert "Rollen bei Vereinbarungen und Initiativen" in text
    assert "Bottrop: dem Kontrakt „Interkulturelle Städteregion Ruhr“ beigetreten" in text


def test_a_shape_shows_what_it_demands(client: httpx.Client) -> None:
    text = words(page(client.get("/doc/shape/Agreement-name")))
    assert "Name laut Quelle" in text
    assert "Mindestens" in text
    assert "Eine Vereinbarung braucht ihren Namen ohne Anführungszeichen" in text


def test_a_graph_leads_to_its_statements(client: httpx.Client) -> None:
    document = page(client.get("/doc/graph/derived/member"))
    assert "Mitglieder einer Kooperation" in words(document)
    content = page(client.get("/doc/graph/derived/member?list=in"))
    rows = [[words(cell) for cell in row] for row in content.iterfind(".//tbody/tr")]
    assert len(rows) == 9
    assert rows[0][1:3] == ["ist Mitglied von", "Städtekooperation Integration. Interkommunal"]


def test_a_class_leads_to_the_ready_questions_that_use_it(client: httpx.Client) -> None:
    document = page(client.get("/ontology/Forum"))
    links = document.xpath("//section[@aria-labelledby='questions-heading']//a")
    asked = {item.get("href"): words(item) for item in links}

    assert asked["/queries/forums-by-year-and-city"] == (
        "In welchem Jahr und in welcher Stadt fanden die Interkommunalen Foren Integration statt, und unter welchem "
        "Titel?"
    )
    assert {href: client.get(href).status_code for href in asked} == dict.fromkeys(asked, 200)


def test_a_concept_leads_to_the_ready_questions_that_use_it(client: httpx.Client) -> None:
    document = page(client.get("/doc/concept/role-first-signatory"))

    assert "/queries/first-signatories-of-the-contract" in document.xpath(
        "//section[@aria-labelledby='questions-heading']//a/@href"
    )


def test_how_bad_a_violation_is_stands_in_the_language_of_the_page(client: httpx.Client) -> None:
    german, english = page(client.get("/ontology/Forum?lang=de")), page(client.get("/ontology/Forum?lang=en"))
    severities = "//section[@aria-labelledby='shapes-heading']//span[@class='hint']"

    assert {words(item) for item in german.xpath(severities)} == {"Verstoß", "Warnung"}
    assert {words(item) for item in english.xpath(severities)} == {"violation", "warning"}


def test_what_is_derived_stands_last_and_says_so(client: httpx.Client) -> None:
    facts = page(client.get("/doc/city/essen")).get_element_by_id("facts")
    sources = [words(item) for item in facts.xpath(".//div[contains(@class, 'cluster')]")]

    assert sources[0].startswith("Klasse Stadt Name laut Quelle Essen Die Städte Bochum")
    assert "Nach einer Regel abgeleitet" in sources[-1]
    assert "Abgeleitet: weitere Klassen" not in words(facts)
