"""The application keeps to its OpenAPI document, whatever is asked: no 5xx, described status codes and media types.

Schemathesis makes the requests, a few for each operation and the same ones each time.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import content_type_conformance, not_a_server_error, status_code_conformance
from tests.serving import Serving

# What a schema says of a value is not all that may be wrong with it, so that 422 is a right answer to a valid request;
# this, and what makes sense only for services that write, is not asked.
CHECKS: list[Any] = [not_a_server_error, status_code_conformance, content_type_conformance]
EXAMPLES = 4


def document_of(library: Serving) -> dict[str, Any]:
    found = json.loads(library.ask("/openapi.json").body)
    assert isinstance(found, dict)
    return found


def operations_of(document: dict[str, Any], library: Serving) -> list[Any]:
    """The operations of a document; each of them must be well described."""
    schema: Any = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=library.url)
    return [result.ok() for result in schema.get_all_operations()]


def faults_of(operation: Any, examples: int) -> list[str]:
    """What an operation does that its description does not say."""
    found: list[str] = []

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        response = case.call()
        try:
            case.validate_response(response, checks=CHECKS)
        except BaseExceptionGroup as faults:
            found.extend(f"{response.status_code} {type(fault).__name__}" for fault in faults.exceptions)

    ask()
    return found


def test_every_operation_is_named_once_and_answers_as_it_is_described(library: Serving) -> None:
    document = document_of(library)
    faults, names = {}, []
    for operation in operations_of(document, library):
        names.append(operation.definition.raw["operationId"])
        if found := faults_of(operation, EXAMPLES):
            faults[operation.label] = found

    assert faults == {}
    assert len(names) > 100
    assert sorted(set(names)) == sorted(names)


def test_every_operation_says_in_words_what_it_is_for(library: Serving) -> None:
    operations = [operation for item in document_of(library)["paths"].values() for operation in item.values()]

    assert [item["operationId"] for item in operations if not item.get("summary", "").count(" ") >= 1] == []


def test_sparql_endpoint_and_explanation_are_described(library: Serving) -> None:
    paths = document_of(library)["paths"]

    assert {method for path in ("/sparql", "/sparql/explain") for method in paths[path]} == {"get", "post"}
    assert set(paths["/sparql"]["post"]["requestBody"]["content"]) == {
        "application/sparql-query",
        "application/x-www-form-urlencoded",
    }
    assert "text/csv" in paths["/sparql"]["get"]["responses"]["200"]["content"]
    assert not any("head" in item for item in paths.values())


@pytest.mark.parametrize("body", [{"description": "All.", "content": {"text/plain": {}}}])
def test_a_false_description_is_noticed(body: dict[str, Any], library: Serving) -> None:
    document = document_of(library)
    document["paths"] = {"/queries": {"get": {**document["paths"]["/queries"]["get"], "responses": {"200": body}}}}
    (operation,) = operations_of(document, library)

    assert "200 UndefinedContentType" in faults_of(operation, EXAMPLES)
