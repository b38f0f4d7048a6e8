"""The code that gets the same rows elsewhere: curl, Python (SPARQLWrapper and pandas), R, JavaScript.

The query stands in the code as a literal of its language, so that no value can end it.
"""

from __future__ import annotations

import json
from typing import Final

from interkommunal.site.code_samples import Sample
from interkommunal.site.library.asking import Asked
from interkommunal.site.site import Site

_FENCE: Final = "---"


def samples(asked: Asked, site: Site) -> tuple[Sample, ...]:
    """The code for a question with its values."""
    csv = (
        site.absolute(f"/queries/{asked.query.name}.csv") + f"?{asked.parameters(raw='true', limit=None, offset=None)}"
    )
    rows = (
        site.absolute(f"/queries/{asked.query.name}.json") + f"?{asked.parameters(raw=None, limit=None, offset=None)}"
    )
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
    return f'''import pandas as pd
from SPARQLWrapper import JSON, SPARQLWrapper

query = """{_python(query)}"""

endpoint = SPARQLWrapper("{endpoint}", returnFormat=JSON)
endpoint.setQuery(query)
answer = endpoint.queryAndConvert()
rows = [{{name: term["value"] for name, term in row.items()}} for row in answer["results"]["bindings"]]
table = pd.DataFrame(rows, columns=answer["head"]["vars"])
print(table)'''


def _python(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


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
