"""Health, metrics, pages and problems outside of /sparql."""

from __future__ import annotations

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families
from tests.serving import Serving


def test_live_and_ready(served: Serving) -> None:
    assert served.ask("/health/live").json == {"status": "live"}
    ready = served.ask("/health/ready")
    assert (ready.status, ready.json["status"]) == (200, "ready")
    assert re.fullmatch(r"1\.0\.0-[0-9a-f]{12}", str(ready.json["release"]))


@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready", "/metrics", "/design/any/page.css"])
def test_head_is_get_without_the_body(served: Serving, path: str) -> None:
    got, head = served.ask(path), served.ask(path, "HEAD")
    assert got.status == head.status == 200
    assert head.body == b""
    assert head.headers["content-type"] == got.headers["content-type"]


def test_metrics_can_be_read_by_prometheus(served: Serving) -> None:
    served.ask("/sparql?query=ASK%7B%7D")
    served.ask("/sparql?query=ASK")
    families = {family.name: family for family in text_string_to_metric_families(served.ask("/metrics").text)}
    outcomes = {sample.labels["outcome"] for sample in families["interkommunal_queries"].samples}
    assert {"ok", "query-syntax"} <= outcomes
    assert families["interkommunal_engine_workers"].samples[0].value == 3
    assert families["interkommunal_release"].samples[0].labels["identifier"].startswith("1.0.0-")
    assert "process_open_fds" in families


@pytest.mark.parametrize(
    "path", ["/nothing", "/health", "/design/any/nothing.css", "/design/any/../app.py", "/sparql/x"]
)
def test_nothing_there_is_a_problem(served: Serving, path: str) -> None:
    reply = served.ask(path, headers={"accept-language": "en"})
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json["title"] == "There is nothing here"


def test_a_wrong_method_is_a_problem_with_allow(served: Serving) -> None:
    reply = served.ask("/health/live", "POST", b"")
    assert reply.status == 405
    assert reply.headers["allow"].startswith("GET, HEAD")
    assert reply.headers["content-type"] == "application/problem+json"


def test_a_wrong_parameter_is_a_problem(served: Serving) -> None:
    reply = served.ask("/admin/queries/seven", "DELETE")
    assert reply.status == 422
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("target", "accept_language", "language"),
    [("/", None, "de"), ("/", "en-GB", "en"), ("/?lang=en", "de", "en"), ("/?lang=de", "en", "de"), ("/", "fr", "de")],
)
def test_the_start_page_speaks_the_language_of_the_reader(
    served: Serving, target: str, accept_language: str | None, language: str
) -> None:
    reply = served.ask(target, headers={} if accept_language is None else {"accept-language": accept_language})
    assert reply.headers["content-language"] == language
    assert f'<html lang="{language}">' in reply.text


def test_pages_load_nothing_from_elsewhere(served: Serving) -> None:
    for target in ("/", "/sparql"):
        reply = served.ask(target, headers={"accept": "text/html"})
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        loaded = re.findall(r'(?:src|href)="([^"]*)"', " ".join(re.findall(r"<(?:link|script|img)[^>]*>", reply.text)))
        assert loaded
        own = (f"http://127.0.0.1:{served.port}/", "/", "data:")
        assert all(item.startswith(own) and not item.startswith("//") for item in loaded)
