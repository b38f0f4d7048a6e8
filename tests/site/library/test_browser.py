"""Pictures and the explanation in a real browser: no words lie over each other or outside, and the editor explains."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page
from tests.chromium import window
from tests.serving import serving

from interkommunal.content import Content
from interkommunal.graph.assemble import Assembly
from interkommunal.release.freeze import freeze

ROOT = Path(__file__).resolve().parents[3]
EDITOR = ROOT / "api/interkommunal/site/static/yasgui/yasgui.min.js"
PICTURES = [
    path.stem
    for path in sorted((ROOT / "queries" / "library").glob("*.rq"))
    if not re.search(r"^#\+ result: table$", path.read_text("utf-8"), re.MULTILINE)
]
# Words of a picture that lie over each other by more than the slack between lines, or stand outside.
COLLISIONS = """() => {
    const found = [];
    for (const svg of document.querySelectorAll("main svg")) {
        const frame = svg.getBoundingClientRect();
        const words = [...svg.querySelectorAll("text")].map((item) => [item.textContent, item.getBoundingClientRect()]);
        if (!frame.width) continue;
        words.filter(([, box]) => box.width).forEach(([word, box], index, shown) => {
            if (box.left < frame.left - 1 || box.right > frame.right + 1) found.push(`outside: ${word}`);
            for (const [other, next] of shown.slice(index + 1)) {
                const wide = Math.min(box.right, next.right) - Math.max(box.left, next.left);
                const high = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
                if (wide > 2 && high > 3) found.push(`${word} over ${other}`);
            }
        });
    }
    return [document.querySelectorAll("main svg text").length > 0, found];
}"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, assembly: Assembly, content: Content) -> Iterator[str]:
    """Address of a server over the shipped graph, without a prefix."""
    folder = tmp_path_factory.mktemp("browser")
    freeze(assembly, content, folder / "releases")
    with serving(folder / "releases", folder) as running:
        yield running.url


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("width", [390, 1100])
def test_no_words_of_a_picture_lie_over_each_other(width: int, language: str, browser: Browser, url: str) -> None:
    wrong = {}
    with window(browser, url, width=width) as opened:
        for name in PICTURES:
            opened.page.goto(f"/queries/{name}?lang={language}")
            is_drawn, found = opened.page.evaluate(COLLISIONS)
            assert is_drawn, name
            if found:
                wrong[name] = found

    assert len(PICTURES) > 20
    assert wrong == {}


@pytest.mark.skipif(not EDITOR.exists(), reason="the editor is not installed (make serve does it, with Node)")
def test_editor_explains_an_empty_answer_and_any_query_by_button(page: Page) -> None:
    empty = "PREFIX ik: <https://w3id.org/interkommunal/ontology#> SELECT ?c { ?c a ik:Citty }"
    page.goto("/sparql?lang=en")
    page.goto(f"/sparql?lang=en&query={quote(empty)}")
    page.click(".yasqe_queryButton")
    page.wait_for_selector("#explanation:not([hidden]) >> text=ik:Citty does not occur in the graph.")
    assert "Is ik:City meant?" in page.inner_text("#explanation")

    page.goto(f"/sparql?lang=en&query={quote('SELECT * { ?s ?p')}")
    page.click("button:has-text('Explain query'):visible")
    page.wait_for_selector("#explanation:not([hidden]) >> text=This is not SPARQL: this { is never closed")
