"""A third language is one more catalogue: a copy of the package with ``nl.po`` serves every page in it.

The catalogue is made from the messages: each of their letters becomes its full-width form, so that a text which is
said past the catalogue keeps plain letters and is found. What remains plain must be data of the release.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import babel
import pyoxigraph
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from lxml import html
from tests.patience import patient

import interkommunal
from interkommunal.content import Content
from interkommunal.release.library import open_federated, open_library
from interkommunal.release.release import Release
from interkommunal.texts import read_catalogue

CHECKOUT: Final = Path(__file__).resolve().parents[2]
PATHS: Final = (
    "/",
    "/sources/",
    "/sources/grundlagen?passage=L019.1",
    "/overviews",
    "/overviews/timeline",
    "/overviews/organisation",
    "/overviews/discrepancies",
    "/lists",
    "/lists/city",
    "/search?q=Essen",
    "/ontology",
    "/doc/city/essen",
    "/doc/agreement/staedteregion-ruhr",
    "/doc/event/forum-2012",
    "/doc/passage/grundlagen/L019.1",
    "/doc/graph/editorial",
    "/ontology/City",
    "/concept/role-party",
    "/queries",
    "/queries/first-signatories-of-the-contract",
    "/queries/contradictions",
    "/sparql",
    "/links",
    "/links/wikidata",
    "/federation",
    "/catalog",
    "/feed",
    "/imprint",
    "/privacy",
)
MAIN: Final = """
import json, sys
from pathlib import Path
import httpx
from tests.site.overviews.house import served
from interkommunal.content import Content
from interkommunal.release.release import Release
with served(Release.open(Path(sys.argv[1])), Content(Path(sys.argv[2]))) as url:
    with httpx.Client(base_url=url, headers={"accept": "text/html"}, timeout=120, follow_redirects=True) as client:
        found = {}
        for path in json.loads(sys.argv[3]):
            answer = client.get(path + ("&" if "?" in path else "?") + "lang=nl")
            found[path] = answer.status_code, answer.text
Path(sys.argv[4]).write_text(json.dumps(found))
"""
_NT: Final = pyoxigraph.RdfFormat.N_TRIPLES
# Proper names: the same in every language.
_NAMES: Final = (
    "Atom|BibTeX|CSL-JSON|CSV|Excel|JSON|JavaScript|Mix|Parquet|Python|QuickStatements|RIS|SPARQL|SSSOM|TSV|TriG|Turtle|VoID"
    "|curl|pandas|SPARQLWrapper|Wikidata Q|NUTS DEA|DCAT-AP.de districtKey|DCAT-AP.de municipalityKey"
)
_PLACES: Final = re.compile(r"(%[ds]|\{[^{}]*\}|<[^<>]*>|&\w+;|https?://\S+)")
_WIDE: Final = {ord(letter): ord(letter) + 0xFEE0 for letter in map(chr, (*range(65, 91), *range(97, 123)))}
_WORDS: Final = re.compile(r"(?<![\w.@/:#-])[A-Za-zÄÖÜäöüß]{3}[A-Za-zÄÖÜäöüß.-]*(?![\w@/#])(?: [A-Za-zÄÖÜäöüß.-]+)*")


def marked(text: str) -> str:
    """A message with its letters in full width; its places stay."""
    return "".join(piece if number % 2 else piece.translate(_WIDE) for number, piece in enumerate(_PLACES.split(text)))


def pseudo_catalogue() -> Catalog:
    """Every message of the program, marked."""
    made = Catalog(locale="nl", fuzzy=False)
    for language, contexts in (("en", True), ("de", False)):
        for message in read_catalogue(language):
            if message.id and bool(message.context) == contexts:
                forms = message.string if contexts else message.id
                worded = tuple(map(marked, forms)) if isinstance(forms, list | tuple) else marked(str(forms))
                made.add(message.id, worded, context=message.context)
    return made


@pytest.fixture(scope="module")
def pages(release: Release, content: Content, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """The pages that a copy of the package with the catalogue serves: status and HTML by path."""
    place = tmp_path_factory.mktemp("third")
    shutil.copytree(Path(interkommunal.__file__).parent, place / "interkommunal")
    with (place / "interkommunal" / "locale" / "nl.po").open("wb") as file:
        write_po(file, pseudo_catalogue(), omit_header=True)
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            MAIN,
            str(release.folder),
            str(content.root),
            json.dumps([*PATHS, "/catalog.nt"]),
            str(place / "pages"),
        ],
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(place), str(CHECKOUT)))},
        capture_output=True,
        timeout=patient(300),
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    found: dict[str, tuple[int, str]] = json.loads((place / "pages").read_text())
    return found


@pytest.fixture(scope="module")
def known(release: Release, pages: dict[str, tuple[int, str]]) -> frozenset[str]:
    """What the release says: literals, questions, mapping sets, catalogue; and what Babel and everybody knows."""
    found = set(_NAMES.split("|"))
    for quad in pyoxigraph.parse(path=release.quads, format=pyoxigraph.RdfFormat.N_QUADS):
        found.update(str(getattr(term, "value", "")) for term in quad.triple)
    for query in (*open_library(release), *open_federated(release)):
        found.update((*query.summary.values(), *query.tags, query.question))
    found.update(path.read_text() for path in release.folder.glob("links/*.tsv"))
    maps = [name for name, file in release.manifest.files.items() if file.holds == "map"]
    found.update(release.path(name).read_bytes().decode("utf-8", "replace") for name in maps)
    catalogue = pages["/catalog.nt"][1].encode()
    found.update(str(getattr(triple.object, "value", "")) for triple in pyoxigraph.parse(catalogue, format=_NT))
    found.update(babel.Locale("nl").months["format"]["wide"].values())
    return frozenset(" ".join(text.split()) for text in found)


def is_data(run: str, known: frozenset[str]) -> bool:
    """Whether words are part of something that the release says, or several labels one after the other."""
    if any(run in text for text in known):
        return True
    words = run.split()
    heads = (at for at in range(len(words) - 1, 0, -1) if any(text.endswith(" ".join(words[:at])) for text in known))
    return any(is_data(" ".join(words[at:]), known) for at in heads)


def plain_words(document: html.HtmlElement) -> Iterator[str]:
    """Runs of plain letters in texts that say of no other language and are no code."""
    for text in document.xpath(
        "//text()[not(ancestor::script or ancestor::style or ancestor::code or ancestor::pre or ancestor::textarea"
        " or ancestor::kbd or ancestor::samp or ancestor::svg[@lang])]"
        " | //@title | //@alt | //@aria-label | //@placeholder | //meta[@name='description']/@content"
    ):
        element = text.getparent()
        if next((item.get("lang") for item in (element, *element.iterancestors()) if item.get("lang")), "") == "nl":
            yield from (run.rstrip(".-") for run in _WORDS.findall(" ".join(text.split())))


@pytest.mark.parametrize("path", PATHS)
def test_a_page_says_nothing_past_the_catalogue(
    pages: dict[str, tuple[int, str]], known: frozenset[str], path: str
) -> None:
    status, body = pages[path]
    assert status == 200, body[:500]
    document = html.document_fromstring(body.encode())
    assert document.get("lang") == "nl"
    assert [run for run in plain_words(document) if not is_data(run, known)] == []
    links = {item.get("hreflang") for item in document.iterfind(".//link[@hreflang]")}
    assert links >= {"de", "en", "nl"}
    switches = [(item.get("lang"), item.text) for item in document.find_class("language")]
    assert switches == [("de", "Deutsch"), ("en", "English")]
