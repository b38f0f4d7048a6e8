import httpx
import pytest
from tests.site.reading import page, words


@pytest.mark.parametrize(
    ("accept_language", "language", "label"),
    [("de", "de", "Vereinbarung"), ("en-GB,en;q=0.9", "en", "Agreement"), ("fr", "de", "Vereinbarung")],
)
def test_the_language_follows_accept_language(
    client: httpx.Client, accept_language: str, language: str, label: str
) -> None:
    answer = client.get("/doc/agreement/staedteregion-ruhr", headers={"accept-language": accept_language})
    document = page(answer)
    assert document.get("lang") == language
    assert answer.headers["content-language"] == language
    assert words(document.find_class("kind")[0]).startswith(label)


def test_the_switch_leads_to_the_other_language_and_is_remembered(url: str) -> None:
    with httpx.Client(base_url=url, headers={"accept-language": "de", "accept": "text/html"}) as visitor:
        german = page(visitor.get("/doc/city/essen"))
        switch = german.find_class("language")[0]
        assert (switch.get("href"), switch.get("lang"), words(switch)) == ("/doc/city/essen?lang=en", "en", "English")
        answer = visitor.get(switch.get("href"))
        assert page(answer).get("lang") == "en"
        assert answer.headers["set-cookie"] == "lang=en; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
        assert page(visitor.get("/ontology")).get("lang") == "en"


def test_no_cookie_is_set_without_a_choice(client: httpx.Client) -> None:
    for path in ("/doc/city/essen", "/sources/grundlagen", "/ontology", "/design/x/page.css"):
        assert "set-cookie" not in client.get(path).headers


def test_each_language_names_itself_and_the_other(client: httpx.Client, url: str) -> None:
    document = page(client.get("/doc/city/essen?lang=en"))
    links = {item.get("hreflang"): item.get("href") for item in document.iterfind(".//link[@hreflang]")}
    assert links == {
        "de": f"{url}/doc/city/essen?lang=de",
        "en": f"{url}/doc/city/essen?lang=en",
        "x-default": f"{url}/doc/city/essen",
    }
    assert document.find(".//link[@rel='canonical']").get("href") == f"{url}/doc/city/essen?lang=en"


def test_german_quotes_say_that_they_are_german_on_an_english_page(client: httpx.Client) -> None:
    document = page(client.get("/doc/event/forum-2012?lang=en"))
    assert {item.get("lang") for item in document.iterfind(".//blockquote")} == {"de"}


def test_parameters_survive_the_switch(client: httpx.Client) -> None:
    document = page(client.get("/sources/grundlagen?passage=L019.1"))
    assert document.find_class("language")[0].get("href") == "/sources/grundlagen?passage=L019.1&lang=en"
