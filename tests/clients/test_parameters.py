"""Repeated and empty parameters, at every endpoint alike."""

from __future__ import annotations

import pytest
from tests.serving import Serving

from interkommunal.web.formats import OFFERS

SELECT = "query=SELECT%20*%20%7B%20%3Fs%20a%20%3Contology%23City%3E%20%7D"
CONSTRUCT = "query=CONSTRUCT%20WHERE%20%7B%20%3Fs%20a%20%3Contology%23City%3E%20%7D"


def kind(served: Serving, target: str, accept: str = "*/*") -> str:
    reply = served.ask(target, headers={"accept": accept})
    return reply.headers["content-type"].partition(";")[0] if reply.status == 200 else str(reply.status)


@pytest.mark.parametrize("query", [SELECT, CONSTRUCT])
def test_all_names_of_one_format_are_no_conflict(library: Serving, query: str) -> None:
    offers = OFFERS[next(form for form in OFFERS if form.value == ("select" if query is SELECT else "construct"))]
    for offer in offers:
        names = [item for item in offer.answers_to if next(o for o in offers if item in o.answers_to) is offer]
        repeated = "&".join(f"format={name.replace('+', '%2B')}" for name in (*names, ""))
        assert kind(library, f"/sparql?{query}&{repeated}") == offer.media_type
        assert kind(library, f"/sparql?{query}&format={','.join(names).replace('+', '%2B')}") == offer.media_type


@pytest.mark.parametrize(
    ("wishes", "accept", "expected"),
    [
        ("format=csv&format=json", "*/*", "400"),
        ("format=csv&format=json", "text/turtle", "400"),
        ("format=csv&format=json", "text/csv, application/json", "400"),
        ("format=csv&format=json", "text/csv, application/json;q=0.5", "text/csv"),
        ("format=csv&format=json", "application/sparql-results+json", "application/sparql-results+json"),
        ("format=csv,json", "text/csv", "text/csv"),
        ("format=csv&format=turtle", "*/*", "text/csv"),
        ("format=nonsense&format=csv", "*/*", "text/csv"),
        ("format=turtle&format=nonsense", "*/*", "406"),
        ("format=&format=", "text/csv", "text/csv"),
        ("output=csv&results=csv", "*/*", "application/sparql-results+json"),
    ],
)
def test_accept_decides_a_conflict_of_formats_if_it_helps(
    library: Serving, wishes: str, accept: str, expected: str
) -> None:
    assert kind(library, f"/sparql?{SELECT}&{wishes}", accept) == expected


EMPTY = "&default-graph-uri=&named-graph-uri=&format=&timeout=&partial=&lang=&output=&update="


@pytest.mark.parametrize(
    ("target", "empty"),
    [
        (f"/sparql?{SELECT}", EMPTY),
        ("/sparql?", f"query={EMPTY}"),
        (f"/sparql/explain?{SELECT}", EMPTY),
        ("/queries?", "tag=&lang="),
        ("/queries/forums-by-year-and-city.csv?city=essen", "&year=&limit=&offset=&raw=&lang=&nonsense="),
        ("/search?q=Essen", "&kind=&page=&lang="),
        ("/search/suggest?q=Esse", "&lang="),
        ("/lists/city?", "page=&sort=&lang="),
        ("/doc/city/essen?", "list=&page=&lang="),
        ("/catalog.ttl?", "page="),
        ("/feed?", "page=&lang="),
        ("/reconcile?", "queries=&extend=&query=&lang="),
        ("/reconcile/suggest/entity?prefix=Esse", "&cursor=&lang="),
    ],
)
def test_an_empty_parameter_is_absent(library: Serving, target: str, empty: str) -> None:
    without, given = library.ask(target), library.ask(target + empty)
    assert without.status == given.status == 200
    assert without.body == given.body


@pytest.mark.parametrize(
    ("target", "repeated", "conflict"),
    [
        (f"/sparql?{SELECT}", f"&{SELECT}&timeout=5&timeout=5.0&lang=de&lang=de", "&timeout=5&timeout=6"),
        (f"/sparql/explain?{SELECT}", "&lang=de&lang=de&partial=1&partial=true", "&partial=1&partial=0"),
        ("/queries/forums-by-year-and-city.csv?city=essen", "&city=essen", "&city=herne"),
        ("/search?q=Essen", "&q=Essen", "&q=Herne"),
        ("/lists/city?page=1", "&page=1", "&page=2"),
        ("/catalog.ttl?page=1", "&page=1", "&page=2"),
        ("/reconcile/suggest/entity?prefix=Esse", "&prefix=Esse", "&prefix=Herne"),
    ],
)
def test_a_repeated_parameter_is_one_if_it_means_the_same_and_else_400(
    library: Serving, target: str, repeated: str, conflict: str
) -> None:
    headers = {"accept-language": "de"}
    once, twice = (library.ask(address, headers=headers) for address in (target, target + repeated))
    assert once.status == twice.status == 200
    assert once.body == twice.body
    assert library.ask(target + conflict, headers=headers).status == 400
