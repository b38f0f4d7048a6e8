from __future__ import annotations

from tests.site.figures.drawings import classed, links, texts

from interkommunal.site.figures.figure import Size
from interkommunal.site.figures.shelf import Work, arrange, draw_shelf

WORKS = [
    Work("a", "Übersicht", "Übersicht", "/doc/a", position=1),
    Work("b", "Vielfalt in der Metropole Ruhr—", "Veröffentlichung", "/doc/b", position=2, twin="c"),
    Work("c", "Zukunftsbilder.Zukunftschancen", "Veröffentlichung", "/doc/c", position=3, twin="b"),
    Work("d", "Vielfalt schafft Zukunft", "Handlungsbuch", "/doc/d", position=5),
    Work("d1", "Einführung", "Heft", "/doc/d1", position=1, whole="d"),
    Work("d2", "Qualitätsmerkmal", "Heft", "/doc/d2", position=2, whole="d"),
    Work("f", "Deine Zukunft findet Stadt", "Social-Media-Auftritt", "/doc/f", written=False, position=6),
]


def test_parts_stand_with_their_whole_and_twins_together() -> None:
    groups = arrange(WORKS)

    assert [[work.key for work in group.works] for group in groups] == [["a"], ["b", "c"], ["d"], ["f"]]
    assert [[work.key for work in group.parts] for group in groups] == [[], [], ["d1", "d2"], []]
    assert [group.doubt for group in groups] == [False, True, False, False]


def test_what_may_be_one_title_is_hatched_and_bracketed() -> None:
    for size in Size:
        drawn = draw_shelf(WORKS, "de", size, "/doc/doubt")

        assert texts(drawn, "shelf-note") == ["ein Titel oder zwei?"]
        assert links(drawn)["ein Titel oder zwei?"] == "/doc/doubt"
        hatched = [
            item for work in classed(drawn, "shelf-work") for item in work if (item.get("fill") or "").startswith("url")
        ]
        assert len(hatched) == 2


def test_booklets_have_their_numbers() -> None:
    assert texts(draw_shelf(WORKS, "de", Size.WIDE), "shelf-number") == ["1", "2"]
    assert texts(draw_shelf(WORKS, "de", Size.NARROW), "shelf-number") == ["1", "2"]


def test_what_is_nothing_written_is_no_spine() -> None:
    for size in Size:
        drawn = draw_shelf(WORKS, "de", size)

        assert len(classed(drawn, "shelf-spine")) == 6
        assert texts(drawn, "shelf-kind") == ["Social-Media-Auftritt"]
        assert texts(drawn, "shelf-words") == ["Deine Zukunft findet Stadt"]


def test_every_work_leads_to_its_page_and_says_what_it_is() -> None:
    assert links(draw_shelf(WORKS, "de", Size.WIDE, "/doc/doubt")) == {
        "Übersicht, Übersicht": "/doc/a",
        "Vielfalt in der Metropole Ruhr—, Veröffentlichung": "/doc/b",
        "Zukunftsbilder.Zukunftschancen, Veröffentlichung": "/doc/c",
        "ein Titel oder zwei?": "/doc/doubt",
        "Vielfalt schafft Zukunft, Handlungsbuch": "/doc/d",
        "1 Einführung, Heft": "/doc/d1",
        "2 Qualitätsmerkmal, Heft": "/doc/d2",
        "Social-Media-Auftritt Deine Zukunft findet Stadt": "/doc/f",
    }


def test_titles_are_whole() -> None:
    long = Work("x", "Interkommunale Zusammenarbeit auf dem Ausbildungs- und Fachkräftemarkt", "Heft", None, position=4)

    for size in Size:
        assert texts(draw_shelf([long], "de", size), "shelf-title") == [long.name]
