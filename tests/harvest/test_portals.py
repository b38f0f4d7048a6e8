"""CKAN's own parser reads the catalogue from the running server, in each format, and stores what is meant."""

from __future__ import annotations

import json
import subprocess
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCTERMS
from tests.environments import python_with
from tests.harvest.conftest import ADDRESS
from tests.serving import Serving

CLIENT = Path(__file__).parent / "ckan_client.py"
DATASET = "https://w3id.org/interkommunal/dataset"


@pytest.fixture(scope="session")
def portal() -> Path:
    """Python in the environment of the harvesters."""
    return python_with("harvesters")


def harvest(portal: Path, url: str, profile: str) -> dict[str, Any]:
    done = subprocess.run([portal, CLIENT, url, profile], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert isinstance(found, dict)
    return found


def extras(dataset: dict[str, Any]) -> dict[str, str]:
    return {item["key"]: item["value"] for item in dataset["extras"]}


# That of GovData extends the second.
@pytest.mark.parametrize("profile", ["euro_dcat_ap_3", "euro_dcat_ap_2"])
@pytest.mark.parametrize("target", ["/catalog", "/catalog.rdf", "/catalog.jsonld"])
def test_portal_takes_three_datasets_with_all_their_resources(
    target: str, profile: str, portal: Path, harvested: Serving
) -> None:
    found = harvest(portal, f"{harvested.url}{target}", profile)

    assert found["next_page"] is None
    assert {extras(item)["uri"]: len(item["resources"]) for item in found["datasets"]} == {
        f"{DATASET}/graph": 14,
        f"{DATASET}/ontology": 6,
        f"{DATASET}/tables": 8,
    }


@pytest.mark.parametrize("profile", ["euro_dcat_ap_3", "euro_dcat_ap_2"])
@pytest.mark.parametrize("target", ["/catalog", "/catalog.rdf", "/catalog.jsonld"])
def test_portal_that_goes_from_page_to_page_takes_the_same(
    target: str, profile: str, portal: Path, harvested: Serving
) -> None:
    whole = harvest(portal, f"{harvested.url}{target}", profile)["datasets"]
    following: str | None = f"{harvested.url}{target}?page=1"
    counted, found = [], []
    while following is not None:
        page = harvest(portal, following.replace(ADDRESS, harvested.url), profile)
        counted.append(len(page["datasets"]))
        found += page["datasets"]
        following = page["next_page"]

    assert counted == [1, 1, 1]
    assert sorted(extras(item)["uri"] for item in found) == sorted(extras(item)["uri"] for item in whole)
    assert sorted(len(item["resources"]) for item in found) == sorted(len(item["resources"]) for item in whole)


def test_portal_understands_what_is_said_of_a_dataset(portal: Path, harvested: Serving) -> None:
    found = harvest(portal, f"{harvested.url}/catalog", "euro_dcat_ap_3")
    (graph,) = (item for item in found["datasets"] if extras(item)["uri"] == f"{DATASET}/graph")
    told = extras(graph)

    assert graph["title"] == "Wissensgraph der Städtekooperation Integration.Interkommunal"
    assert {"name": "Ruhrgebiet"} in graph["tags"]
    assert told["identifier"] == f"{DATASET}/graph"
    # The time of the change table: another one is another change to a portal.
    data = Graph().parse(data=harvested.ask("/catalog.ttl").text, format="turtle")
    modified = str(data.value(URIRef(f"{DATASET}/graph"), DCTERMS.modified))
    assert datetime.fromisoformat(told["modified"]) == datetime.fromisoformat(modified)
    assert (told["publisher_name"], told["contact_email"]) == ("Stadt Essen", "daten@essen.example")
    (resource,) = (item for item in graph["resources"] if item["name"] == "graph.nq.gz")
    assert resource["url"] == f"{ADDRESS}/dumps/graph.nq.gz"
    assert resource["license"] == "http://dcat-ap.de/def/licenses/cc-zero"
    assert resource["format"].endswith("/RDF_N_QUADS")
    assert resource["hash_algorithm"] == "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"


def test_portal_that_comes_back_finds_the_same(portal: Path, harvested: Serving) -> None:
    first, second = (harvest(portal, f"{harvested.url}/catalog", "euro_dcat_ap_3") for _ in range(2))

    assert sorted(json.dumps(item["resources"], sort_keys=True) for item in first["datasets"]) == sorted(
        json.dumps(item["resources"], sort_keys=True) for item in second["datasets"]
    )
