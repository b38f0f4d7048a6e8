"""Clients that are not ours: the package reconciler, and what OpenRefine sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pandas as pd
from reconciler import reconcile


def test_reconciler_fills_a_column(url: str) -> None:
    column = pd.Series(["Muelheim", "Gelsenkrichen", "Stadt Essen", "Herne"])

    found = reconcile(column, type_id="City", reconciliation_endpoint=url)

    assert dict(zip(found["input_value"], found["id"], strict=True)) == {
        "Muelheim": "city/muelheim",
        "Gelsenkrichen": "city/gelsenkirchen",
        "Stadt Essen": "city/essen",
        "Herne": "city/herne",
    }
    assert found["match"].tolist() == [True, True, True, True]


def test_reconciler_uses_further_columns(url: str) -> None:
    table = pd.DataFrame({"forum": ["Forum Integration", "Forum Interkommunal"], "jahr": ["2014", "2009"]})

    found = reconcile(
        table["forum"], type_id="Forum", property_mapping={"year": table["jahr"]}, reconciliation_endpoint=url
    )

    assert found["id"].tolist() == ["event/forum-2014", "event/forum-2009"]


def test_what_openrefine_sends_is_understood(client: httpx.Client, valid: Callable[[str, Any], None]) -> None:
    """The way of a column through OpenRefine: add service, guess types, reconcile, preview, add columns."""
    browser = {"origin": "http://127.0.0.1:3333", "accept": "application/json, text/javascript, */*; q=0.01"}
    manifest = client.get("/reconcile", headers=browser).json()
    valid("manifest", manifest)

    def local(address: str) -> str:
        assert address.startswith("https://data.example/ruhr/")
        return address.removeprefix("https://data.example/ruhr")

    # A sample of ten cells without a type, to guess it from the candidates.
    cells = ["Bochum", "Bottrop", "Dortmund", "Duisburg", "Essen", "Gelsenkirchen", "Herne", "Mülheim", "Oberhausen"]
    sample = {f"q{i}": {"query": cell, "limit": 3} for i, cell in enumerate(cells)}
    guessed = client.post("/reconcile", data={"queries": json.dumps(sample)}, headers=browser).json()
    kinds = [item["result"][0]["type"][0]["id"] for item in guessed.values()]
    assert set(kinds) == {"City"}

    # Batches of ten with the type and another column.
    column = {"pid": "municipalityKey", "v": "05117000"}
    query = {"query": "Mülheim", "type": "City", "type_strict": "should", "properties": [column]}
    server = {"user-agent": "OpenRefine/3.9.0", "content-type": "application/x-www-form-urlencoded; charset=UTF-8"}
    body = httpx.QueryParams({"queries": json.dumps({"q0": query})})
    answer = client.post("/reconcile", content=str(body), headers=server).json()
    valid("reconciliation-result-batch", answer)
    assert (answer["q0"]["result"][0]["id"], answer["q0"]["result"][0]["match"]) == ("city/muelheim", True)

    # The suggest widget adds the cursor and the type; the flyout follows the pointer.
    suggest = manifest["suggest"]["entity"]
    address = local(suggest["service_url"] + suggest["service_path"])
    suggested = client.get(address, params={"prefix": "müll", "type": "City", "cursor": 0}, headers=browser).json()
    assert suggested == {"result": []}
    suggested = client.get(address, params={"prefix": "mül", "type": "City"}, headers=browser).json()
    flyout = local(suggest["flyout_service_url"] + suggest["flyout_service_path"])
    card = client.get(flyout.replace("${id}", suggested["result"][0]["id"]), headers=browser).json()
    assert card["id"] == "city/muelheim"

    # The preview in its frame, with the identifier encoded.
    preview = client.get(local(manifest["preview"]["url"]).replace("{{id}}", "city%2Fmuelheim"), headers=browser)
    assert preview.status_code == 200

    # Add columns from reconciled values.
    extend = manifest["extend"]["propose_properties"]
    address = local(extend["service_url"] + extend["service_path"])
    proposed = client.get(address, params={"type": "City", "limit": 500}, headers=browser).json()
    settings = {item["name"]: item.get("default") for item in manifest["extend"]["property_settings"]}
    wish = {
        "ids": [item["result"][0]["id"] for item in guessed.values()],
        "properties": [{"id": item["id"], "settings": settings} for item in proposed["properties"][:15]],
    }
    rows = client.post("/reconcile", data={"extend": json.dumps(wish)}, headers=browser).json()
    valid("data-extension-response", rows)
    assert len(rows["rows"]) == 9
    assert [row["municipalityKey"] for row in rows["rows"].values()][-1] == [{"str": "05119000"}]
