"""A server over the shipped graph, its index opened beside it, and the official JSON schemas."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pyoxigraph
import pytest
from tests.patience import patient
from tests.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze
from interkommunal.release.release import Release

SCHEMAS = Path(__file__).resolve().parents[1] / "conformance" / "reconciliation-0.2"


@pytest.fixture(scope="session")
def release(assembly: Assembly, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The shipped graph, frozen once a session."""
    return freeze(assembly, content, tmp_path_factory.mktemp("reconciliation") / "releases")


@pytest.fixture(scope="session")
def served(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """A server over it."""
    with serving(
        release.folder.parent, tmp_path_factory.mktemp("served"), public_url="https://data.example/ruhr"
    ) as it:
        yield it


@pytest.fixture(scope="session")
def url(served: Serving) -> str:
    """Where the service is."""
    return f"{served.url}/reconcile"


@pytest.fixture(scope="session")
def client(served: Serving) -> Iterator[httpx.Client]:
    """A client in German."""
    with httpx.Client(base_url=served.url, headers={"accept-language": "de"}, timeout=patient(30)) as made:
        yield made


@pytest.fixture(scope="session")
def batch(client: httpx.Client) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Sends a batch and gives the answer."""

    def send(queries: dict[str, Any]) -> dict[str, Any]:
        response = client.post("/reconcile", data={"queries": json.dumps(queries)})
        assert response.status_code == 200, response.text
        found = response.json()
        assert isinstance(found, dict)
        return found

    return send


@pytest.fixture(scope="session")
def store(release: Release) -> pyoxigraph.Store:
    """The same release in a store of its own."""
    made = pyoxigraph.Store()
    made.bulk_load(path=release.quads)
    return made


@pytest.fixture(scope="session")
def valid() -> Callable[[str, Any], None]:
    """Checks an instance against one of the official schemas."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SCHEMAS.glob("*.json"))]
    registry = jsonschema_rs.Registry([(item["$id"], item) for item in documents], draft=jsonschema_rs.Draft7)

    def check(name: str, instance: Any) -> None:
        document = json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8"))
        jsonschema_rs.Draft7Validator(document, registry=registry).validate(instance)

    return check
