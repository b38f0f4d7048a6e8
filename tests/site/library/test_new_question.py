"""A new question is there everywhere by being in the release, also while the server runs."""

from __future__ import annotations

import json
import time
from pathlib import Path

from tests.patience import patient
from tests.release.frozen import QUADS, assembly_of
from tests.release.test_library import QUESTION
from tests.serving import Serving, serving

from interkommunal.content import Content
from interkommunal.release.freeze import freeze


def names(served: Serving) -> list[str]:
    listed = served.ask("/queries.json").json["queries"]
    assert isinstance(listed, list)
    return [item["name"] for item in listed]


def editor(served: Serving) -> str:
    return served.ask("/sparql?lang=en", headers={"Accept": "text/html"}).text


def test_new_question_appears_in_list_page_openapi_editor_and_rdf(tmp_path: Path, small_content: Content) -> None:
    library = small_content.queries / "library"
    library.mkdir()
    (library / "forums.rq").write_text(QUESTION, "utf-8")
    freeze(assembly_of(), small_content, tmp_path / "releases")
    with serving(tmp_path / "releases", tmp_path, release_poll=0.1) as served:
        assert names(served) == ["forums"]
        assert "Which more Forums" not in editor(served)

        (library / "more-forums.rq").write_text(QUESTION.replace("Which Forums", "Which more Forums"), "utf-8")
        freeze(assembly_of(*QUADS[:5]), small_content, tmp_path / "releases")
        end = time.monotonic() + patient(10)
        while names(served) == ["forums"] and time.monotonic() < end:
            time.sleep(0.05)

        assert names(served) == ["forums", "more-forums"]
        assert "Which more Forums" in served.ask("/queries?lang=en", headers={"Accept": "text/html"}).text
        assert served.ask("/queries/more-forums.csv?city=city:herne").status == 200
        assert "/queries/more-forums" in json.loads(served.ask("/openapi.json").body)["paths"]
        assert "sparql-examples/more-forums> " in served.ask("/.well-known/sparql-examples.nt").text
        assert "Which more Forums" in editor(served)


def test_release_without_a_library_has_an_empty_list(tmp_path: Path, small_content: Content) -> None:
    freeze(assembly_of(), small_content, tmp_path / "releases")
    with serving(tmp_path / "releases", tmp_path) as served:
        assert names(served) == []
        assert served.ask("/queries", headers={"Accept": "text/html"}).status == 200
        assert served.ask("/queries/forums").status == 404
