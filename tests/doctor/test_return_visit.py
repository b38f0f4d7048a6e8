"""A portal that comes back: what it would create, change and delete, and what moved without reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.doctor.catalogues import Portal, catalogue, dataset

from interkommunal.doctor.diagnosis import Diagnosis, Options, examine
from interkommunal.doctor.state import State, load_state, save_state
from interkommunal.errors import StateError

NAMES = ("baeume", "parks", "wege")


def served_with(served: Portal, *names: str, **changed: object) -> str:
    """The datasets of these names; ``changed`` replaces parts of the first."""
    first, *rest = names
    datasets = [dataset(served.root, first, **changed), *(dataset(served.root, name) for name in rest)]
    return catalogue(served.root, *datasets, names=names)


def page_request(served: Portal, text: str, before: State | None = None) -> Diagnosis:
    served.serve(text)
    return examine(served.address, Options(links=False, shapes=False, seconds=5), before)


def remembered(diagnosis: Diagnosis) -> State:
    return State(diagnosis.address, diagnosis.records)


def actions(diagnosis: Diagnosis, portal: str) -> list[tuple[str, str]]:
    (verdict,) = (item for item in diagnosis.verdicts if item.portal.key == portal)
    return [(action.kind, action.guid.rpartition("/")[2]) for action in verdict.actions]


def test_first_visit_creates_everything(served: Portal) -> None:
    first = page_request(served, served_with(served, *NAMES))

    assert actions(first, "ckan") == [("create", "baeume"), ("create", "parks"), ("create", "wege")]


def test_second_visit_without_change_keeps_everything_but_ckan_writes_it_again(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, served_with(served, *NAMES), before)

    assert again.findings == ()
    assert actions(again, "piveau") == [("keep", "baeume"), ("keep", "parks"), ("keep", "wege")]
    assert actions(again, "ckan") == [("update", "baeume"), ("update", "parks"), ("update", "wege")]


def test_change_with_its_day_is_an_update_and_no_finding(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, served_with(served, *NAMES, title="Alle Bäume", modified="2025-03-01"), before)

    assert again.findings == ()
    assert actions(again, "piveau") == [("update", "baeume"), ("keep", "parks"), ("keep", "wege")]


def test_day_that_moves_without_change_is_found(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, served_with(served, *NAMES, modified="2025-03-01"), before)

    assert [item.rule.code for item in again.findings] == ["modified-moved"]
    assert again.findings[0].says("de") == (
        "dct:modified ging von 2025-02-03 nach 2025-03-01, der Inhalt ist derselbe."
    )


def test_change_without_its_day_is_found(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, served_with(served, *NAMES, title="Alle Bäume"), before)

    assert [item.rule.code for item in again.findings] == ["modified-stuck"]


def test_dataset_that_is_gone_is_deleted(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, served_with(served, "baeume", "parks"), before)

    assert [(item.rule.code, item.subject) for item in again.findings] == [
        ("dataset-gone", "https://stadt.example/dataset/wege")
    ]
    assert again.clean
    for portal in ("ckan", "govdata", "piveau", "udata"):
        assert ("delete", "wege") in actions(again, portal)


def test_most_datasets_gone_is_an_error(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, served_with(served, "baeume"), before)

    assert [item.rule.code for item in again.findings] == ["most-datasets-gone", "dataset-gone", "dataset-gone"]
    assert not again.clean


def test_dataset_that_changed_its_iri_is_deleted_and_created_by_ckan_and_kept_by_udata(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    renamed = dataset(served.root, "strassen", identifier="https://stadt.example/dataset/wege")
    text = catalogue(
        served.root, *(dataset(served.root, name) for name in NAMES[:2]), renamed, names=(*NAMES[:2], "strassen")
    )
    again = page_request(served, text, before)

    assert [item.rule.code for item in again.findings] == ["iri-changed"]
    assert {("create", "strassen"), ("delete", "wege")} <= set(actions(again, "ckan"))
    assert ("update", "wege") in actions(again, "udata")


def test_blank_nodes_do_not_make_a_dataset_look_changed(served: Portal) -> None:
    text = served_with(served, *NAMES).replace(
        'dcat:keyword "Stadt"@de ;', 'dct:provenance [ a dct:ProvenanceStatement ; dct:title "alt"@de ] ;'
    )
    before = remembered(page_request(served, text))

    again = page_request(served, f"# another order of lines\n{text}", before)

    assert "modified-stuck" not in {item.rule.code for item in again.findings}
    assert {kind for kind, _ in actions(again, "piveau")} == {"keep"}


def test_catalogue_that_does_not_parse_deletes_nothing(served: Portal) -> None:
    before = remembered(page_request(served, served_with(served, *NAMES)))

    again = page_request(served, "no turtle", before)

    assert [item.rule.code for item in again.findings] == ["not-parsed"]
    assert all(not verdict.actions for verdict in again.verdicts)
    assert not again.complete


def test_state_is_read_as_it_was_written(served: Portal, tmp_path: Path) -> None:
    diagnosis = page_request(served, served_with(served, *NAMES))
    save_state(tmp_path / "visit.json", served.address, diagnosis.records)

    assert load_state(tmp_path / "visit.json") == remembered(diagnosis)


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"form": "interkommunal doctor 0"}', '{"form": "interkommunal doctor 1", "datasets": [1]}'],
)
def test_state_that_is_none_is_refused_with_the_way_out(content: str, tmp_path: Path) -> None:
    path = tmp_path / "visit.json"
    path.write_text(content)

    with pytest.raises(StateError, match="--save"):
        load_state(path)


def test_state_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="No such file"):
        load_state(tmp_path / "visit.json")
