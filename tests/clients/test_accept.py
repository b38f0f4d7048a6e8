"""Parameters of media types that every document of ours satisfies are no reason for 406."""

from __future__ import annotations

import pytest
from tests.serving import Serving

SELECT = "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%201"
CONSTRUCT = "/sparql?query=DESCRIBE%20%3Cid%2Fcity%2Fessen%3E"
PATHS = {
    SELECT: "application/sparql-results+json",
    CONSTRUCT: "text/turtle",
    "/doc/city/essen": "text/turtle",
    "/ontology": "text/turtle",
    "/catalog": "text/turtle",
    "/void": "application/rdf+xml",
    "/sparql": "text/turtle",
    "/queries/forums-by-year-and-city": "text/csv",
}


@pytest.mark.parametrize(
    "parameters",
    [
        *("", ";charset=utf-8", '; charset="UTF-8"', ";version=1.2", '; version="1.1"', ";profile=x", ';profile="a b"'),
        *(";q=0.9;charset=utf-8", ";charset=utf-8;version=1.2;profile=y;q=0.5"),
    ],
)
@pytest.mark.parametrize(("path", "media_type"), PATHS.items())
def test_version_profile_and_charset_are_wishes(library: Serving, path: str, media_type: str, parameters: str) -> None:
    reply = library.ask(path, headers={"accept": f"{media_type}{parameters}"})
    assert reply.status == 200, parameters
    assert reply.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize(("path", "media_type"), PATHS.items())
def test_another_charset_or_an_unknown_parameter_is_not_what_we_send(
    library: Serving, path: str, media_type: str
) -> None:
    for parameter in ("charset=utf-16", "level=2"):
        assert library.ask(path, headers={"accept": f"{media_type};{parameter}"}).status == 406
