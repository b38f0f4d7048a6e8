"""Links that no longer hold are found, each with its mend; sound ones are left in peace."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from tests.engine.servers import oxigraph
from tests.linking import wikidata
from tests.linking.conftest import WIKIDATA, asking
from tests.linking.wikidata import Entry

from interkommunal.content import Content
from interkommunal.graph.mapping_set import MappingSet
from interkommunal.linking.checking import LinkFinding, check_links
from interkommunal.linking.endpoint import Endpoint
from interkommunal.linking.journal import open_set
from interkommunal.linking.things import Thing

Served = Callable[[list[Entry]], Endpoint]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Starts an endpoint over these items."""
    with ExitStack() as stack:

        def start(items: list[Entry]) -> Endpoint:
            wikidata.write(tmp_path / "slice.nt", items)
            return asking(stack.enter_context(oxigraph(tmp_path / "slice.nt", tmp_path / "store")))

        yield start


@pytest.fixture
def linked(content: Content) -> MappingSet:
    return open_set(content, WIKIDATA)


def changed(name: str, **fields: object) -> list[Entry]:
    """The slice with one item changed."""
    return [replace(item, **fields) if item.name == name else item for item in wikidata.entries()]  # type: ignore[arg-type]


def claims(name: str, **values: tuple[str, ...]) -> list[Entry]:
    (item,) = (item for item in wikidata.entries() if item.name == name)
    return changed(name, claims={**item.claims, **values})


def region(items: list[Entry]) -> list[Entry]:
    """With the region, to which a link of the shipped set goes."""
    return [*items, Entry("Q151993", "Ruhrgebiet", "Ruhr", claims={"P31": ("Q82794",)})]


def told(found: list[LinkFinding]) -> list[tuple[str, str, str, str]]:
    return [(item.problem, item.object_id, item.message, item.mend) for item in found]


def test_sound_links_are_left_in_peace(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    assert check_links(ours, linked, served(region(wikidata.entries()))) == []


def test_merged_item(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    items = region(changed("Q2066", into="Q571423"))
    (finding,) = check_links(ours, linked, served(items))

    assert told([finding]) == [
        ("merged", "wd:Q2066", "wd:Q2066 was merged into wd:Q571423", "write wd:Q571423 into object_id")
    ]
    assert finding.place.startswith("data/links/wikidata.sssom.tsv:")


def test_deleted_item(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    items = region([item for item in wikidata.entries() if item.name != "Q2904"])
    (finding,) = check_links(ours, linked, served(items))

    assert (finding.problem, finding.subject_id, finding.object_id) == ("deleted", "city:herne", "wd:Q2904")


def test_retyped_item(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    (finding,) = check_links(ours, linked, served(region(claims("Q2838", P31=("Q101352",)))))

    assert told([finding]) == [
        (
            "retyped",
            "wd:Q2838",
            "the item is none of the classes for cities; P31 is Q101352",
            "look at the item; if it fits only nearly, use skos:closeMatch",
        )
    ]


def test_renamed_item(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    (finding,) = check_links(ours, linked, served(region(changed("Q3069", de="Bottrop-Stadt", en="", aliases=()))))

    assert told([finding]) == [
        (
            "drifted",
            "wd:Q3069",
            "the item was called “Bottrop” and is now “Bottrop-Stadt”",
            "look whether it is still the same thing, then write 'Bottrop-Stadt' into object_label",
        )
    ]


@pytest.mark.parametrize(("latitude", "problems"), [("51.25", 1), ("51.35", 0)])
def test_item_more_than_20_km_away(
    latitude: str, problems: int, ours: list[Thing], linked: MappingSet, served: Served
) -> None:
    found = check_links(ours, linked, served(region(claims("Q2066", P625=(f"Point(7.01 {latitude})",)))))

    assert [item.problem for item in found] == ["moved"] * problems
    assert [item.message for item in found] == ["the item lies 22 km from our point"] * problems


def test_two_items_with_one_key(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    twin = Entry("Q900000099", "Stadt Herne", claims={"P31": ("Q22865",), "P440": ("05916",)})
    (finding,) = check_links(ours, linked, served(region([*wikidata.entries(), twin])))

    assert told([finding]) == [
        (
            "duplicate",
            "wd:Q2904",
            "wd:Q900000099 has the district key 05916 as well",
            "merge the items there, or reject wd:Q900000099 in the set",
        )
    ]


def test_two_things_with_one_item(ours: list[Thing], linked: MappingSet, served: Served) -> None:
    (row,) = (row for row in linked.rows if row.object_id == "wd:Q151993")
    second = replace(row, subject_id="organisation:regionalverband-ruhr")
    found = check_links(ours, linked.with_rows([second]), served(region(wikidata.entries())))

    assert [(item.problem, item.subject_id, item.message) for item in found] == [
        (
            "duplicate",
            "organisation:regionalverband-ruhr",
            "place:metropole-ruhr is linked to wd:Q151993 as well",
        )
    ]
