"""The query behind a page, and the same query in the languages that people use: curl, Python, R, JavaScript."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from interkommunal.site.description.queries import bracketed
from interkommunal.site.site import Site


@dataclass(frozen=True, slots=True)
class Sample:
    """A piece of code."""

    label: str
    code: str


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The query that shows what a page shows.

    Attributes:
        text: the query. href: opens it in the query page. samples: the same elsewhere.
    """

    text: str
    href: str
    samples: tuple[Sample, ...]


def query_of(thing: str, site: Site) -> PageQuery:
    """The query that shows every statement of a thing with the passage that says so."""
    text = f"""PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>

SELECT ?property ?value ?graph ?quote WHERE {{
    GRAPH ?graph {{ {bracketed(thing)} ?property ?value }}
    OPTIONAL {{ ?graph oa:hasSelector/oa:exact ?quote }}
}}
ORDER BY ?property ?value ?graph"""
    return PageQuery(text, f"{site.address('/sparql')}?{urlencode({'query': text})}", samples(text, site))


def samples(query: str, site: Site) -> tuple[Sample, ...]:
    """A query in other languages."""
    endpoint = site.absolute("/sparql")
    return (
        Sample("curl", _curl(query, endpoint)),
        Sample("Python", _python(query, endpoint)),
        Sample("R", _r(query, endpoint)),
        Sample("JavaScript", _javascript(query, endpoint)),
    )


def _curl(query: str, endpoint: str) -> str:
    quoted = query.replace("'", "'\\''")
    return f"curl --get '{endpoint}' \\\n    --header 'Accept: text/csv' \\\n    --data-urlencode 'query={quoted}'"


def _python(query: str, endpoint: str) -> str:
    return f'''import io

import pandas as pd
import requests

query = """
{query}
"""

answer = requests.get("{endpoint}", params={{"query": query}}, headers={{"Accept": "text/csv"}}, timeout=60)
answer.raise_for_status()
table = pd.read_csv(io.StringIO(answer.text))
print(table)'''


def _r(query: str, endpoint: str) -> str:
    return f'''library(httr2)

query <- r"(
{query}
)"

answer <- request("{endpoint}") |>
  req_url_query(query = query) |>
  req_headers(Accept = "text/csv") |>
  req_perform()
table <- read.csv(text = resp_body_string(answer))
print(table)'''


def _javascript(query: str, endpoint: str) -> str:
    return f"""const query = `
{query}
`;

const url = new URL("{endpoint}");
url.searchParams.set("query", query);
const answer = await fetch(url, {{ headers: {{ Accept: "application/sparql-results+json" }} }});
if (!answer.ok) throw new Error(await answer.text());
const {{ results }} = await answer.json();
console.table(results.bindings);"""
