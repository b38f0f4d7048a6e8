"""What search engines find: robots.txt, site maps, the pages of datasets and their schema.org descriptions.

How the pages lead to each other, and whether all of them together are the catalogue.

What changed since a visit before: what moved without reason, what did not move with one, what is gone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

from pyoxigraph import Literal, NamedNode

from interkommunal.doctor.catalogue import Catalogue, Node, Record, iri, name_of
from interkommunal.doctor.client import Client, Reply
from interkommunal.doctor.examinations.transport import why
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest, Page
from interkommunal.doctor.state import State


def examine_return(harvest: Harvest, before: State | None) -> Iterator[Finding]:
    """What a portal that comes back would notice."""
    if before is None or harvest.end not in ("end", "repeats-first"):
        return
    now = {_key(record): record for record in harvest.catalogue.records}
    by_identifier = {record.identifier: record for record in harvest.catalogue.records if record.identifier}
    gone = []
    for record in before.records:
        same = now.get(_key(record))
        if same is not None:
            yield from _compared(record, same)
            continue
        renamed = by_identifier.get(record.identifier) if record.identifier else None
        if renamed is not None and renamed.iri != record.iri:
            yield finding("iri-changed", renamed.iri, identifier=record.identifier, before=record.iri or "[]")
        else:
            gone.append(record)
            yield finding("dataset-gone", record.iri or record.title)
    if len(gone) * 2 > len(before.records):
        yield finding("most-datasets-gone", harvest.address, gone=len(gone), before=len(before.records))


def _compared(before: Record, now: Record) -> Iterator[Finding]:
    name = now.iri or now.title
    if before.content == now.content and before.modified != now.modified:
        yield finding("modified-moved", name, before=before.modified or "–", after=now.modified or "–")
    elif before.content != now.content and before.modified == now.modified and now.modified:
        yield finding("modified-stuck", name, modified=now.modified)


def _key(record: Record) -> str:
    return record.iri or f"\n{record.identifier or record.title}"


def examine_paging(harvest: Harvest) -> Iterator[Finding]:
    """What is wrong with the pages."""
    last = harvest.pages[-1]
    if harvest.end == "cycle":
        yield finding("paging-cycle", last.address, page=last.address, target=last.following or "")
    elif harvest.end == "repeats-first":
        yield finding("paging-repeats-first", last.address, page=last.address)
    elif harvest.end == "most":
        yield finding("paging-most", harvest.address, pages=len(harvest.pages))
    for page in harvest.pages:
        yield from _view(page)
    yield from _totals(harvest)
    yield from _twice(harvest)
    yield from _vanishing(harvest)


def _view(page: Page) -> Iterator[Finding]:
    if len(page.nexts) > 1:
        yield finding("paging-several-next", page.address, count=len(page.nexts))
    if page.nexts and isinstance(page.nexts[0], Literal):
        yield finding("paging-next-text", page.address)
    nexts = (iri("hydra:next"), iri("hydra:nextPage"))
    if not page.nexts and any(triple.predicate.value in nexts for triple in page.document.triples):
        yield finding("paging-untyped", page.address)


def _totals(harvest: Harvest) -> Iterator[Finding]:
    paged = [page for page in harvest.pages if page.views]
    if not paged or harvest.end != "end":
        return
    if not all(page.totals for page in paged):
        yield finding("paging-total-missing", harvest.address)
    found = len(harvest.catalogue.datasets)
    for stated in sorted({total for page in paged for total in page.totals} - {found}):
        yield finding("paging-total-differs", harvest.address, stated=stated, found=found)


def _twice(harvest: Harvest) -> Iterator[Finding]:
    if harvest.end in ("cycle", "repeats-first"):
        return
    pages = Counter(
        dataset
        for page in harvest.pages
        for dataset in page.catalogue.datasets
        if isinstance(dataset, NamedNode) and page.catalogue.values(dataset, "dct:title")
    )
    for dataset, count in pages.items():
        if count > 1:
            yield finding("dataset-on-two-pages", name_of(harvest.catalogue, dataset))


def _vanishing(harvest: Harvest) -> Iterator[Finding]:
    second = harvest.second
    if second is None or second.document.syntax is None:
        return
    before = {node for node in harvest.first.catalogue.datasets if isinstance(node, NamedNode)}
    gone = before - set(second.catalogue.datasets)
    if gone:
        yield finding("datasets-vanish", harvest.address, count=len(gone))


# As many pages of datasets are looked at, and as many site maps.
MOST_PAGES: Final = 10
MOST_MAPS: Final = 5
_LARGEST: Final = 5 * 1024 * 1024
_BROWSER: Final = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"}
_ROBOT: Final = "Googlebot"
_LOC: Final = re.compile(r"<loc>\s*([^<]+?)\s*</loc>")
_REQUIRED: Final = ("name", "description")
_RECOMMENDED: Final = (
    "creator",
    "license",
    "url",
    "distribution",
    "keywords",
    "identifier",
    "temporalCoverage",
    "spatialCoverage",
    "includedInDataCatalog",
    "isAccessibleForFree",
)
_SHORTEST, _LONGEST = 50, 5000


@dataclass
class Seen:
    """What a search engine would list: name of the description by the address of the page."""

    listed: dict[str, str] = field(default_factory=dict)


def examine_crawling(harvest: Harvest, client: Client, seen: Seen) -> Iterator[Finding]:
    """What a search engine would stumble over; fills in ``seen``."""
    catalogue = harvest.catalogue
    landing: dict[str, list[Node]] = {}
    for dataset in catalogue.datasets:
        pages = catalogue.addresses(dataset, "dcat:landingPage")
        if not pages:
            yield finding("landing-missing", name_of(catalogue, dataset))
        for page in pages:
            landing.setdefault(page, []).append(dataset)
    pages = list(landing)[:MOST_PAGES]
    maps: list[str] = []
    roots = dict.fromkeys(_root(address) for address in (harvest.first.reply.final, *pages))
    robots: dict[str, RobotFileParser] = {}
    for root in roots:
        reply = client.get(f"{root}/robots.txt", most=_LARGEST)
        if reply.ok and reply.media_type in ("text/plain", ""):
            robots[root] = RobotFileParser()
            robots[root].parse(reply.body.decode("utf-8", "replace").splitlines())
            maps += [urljoin(root, item) for item in robots[root].site_maps() or []]
        elif reply.kind not in ("private", "budget"):
            yield finding("robots-missing", f"{root}/robots.txt", why=why(reply))
    for address in dict.fromkeys([harvest.address, *pages]):
        rules = robots.get(_root(address))
        if rules is not None and not rules.can_fetch(_ROBOT, address):
            yield finding("robots-forbid", address)
    yield from _site_maps(client, maps, next(iter(roots)), pages)
    for page in pages:
        yield from _page(client, page, catalogue, landing[page], seen)


def _root(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _site_maps(client: Client, named: list[str], root: str, pages: list[str]) -> Iterator[Finding]:
    waiting = list(dict.fromkeys(named)) or [f"{root}/sitemap.xml"]
    asked: set[str] = set()
    listed: set[str] = set()
    found = False
    while waiting and len(asked) < MOST_MAPS:
        address = waiting.pop(0)
        if address in asked:
            continue
        asked.add(address)
        reply = client.get(address, {"Accept": "application/xml, */*;q=0.5"}, most=_LARGEST)
        if reply.kind in ("private", "budget"):
            return
        if not reply.ok:
            if named:
                yield finding("sitemap-unreadable", address, why=why(reply))
            continue
        text = reply.body.decode("utf-8", "replace")
        # Read as text: a site map is flat, and nothing in it is worth an XML parser that expands entities.
        places = [unescape(item) for item in _LOC.findall(text)]
        if "<sitemapindex" in text:
            waiting += places
        elif "<urlset" in text:
            listed |= set(places)
        else:
            yield finding("sitemap-unreadable", address, why="no urlset")
            continue
        found = True
    if not found and not named:
        yield finding("sitemap-missing", f"{root}/sitemap.xml")
    elif found and not waiting:
        for page in pages:
            if page not in listed:
                yield finding("sitemap-without-page", page)


def _page(client: Client, page: str, catalogue: Catalogue, datasets: list[Node], seen: Seen) -> Iterator[Finding]:
    reply = client.get(page, _BROWSER, most=_LARGEST)
    if reply.kind in ("private", "budget"):
        return
    if not reply.ok:
        yield finding("landing-dead", page, why=why(reply))
        return
    if reply.media_type not in ("text/html", "application/xhtml+xml"):
        yield finding("landing-not-html", page, media_type=reply.media_type or "–")
        return
    described = []
    for block in _blocks(reply):
        try:
            described += list(_datasets(json.loads(block)))
        except (ValueError, RecursionError) as error:
            yield finding("structured-data-unreadable", page, why=" ".join(str(error).split()))
    if not described:
        yield finding("structured-data-missing", page)
    for item in described:
        yield from _description(page, item, seen)


def _description(page: str, item: dict[str, Any], seen: Seen) -> Iterator[Finding]:
    complete = True
    for name in _REQUIRED:
        if not _text(item.get(name)):
            complete = False
            yield finding("structured-data-incomplete", page, property=name)
    text = _text(item.get("description"))
    if text and not _SHORTEST <= len(text) <= _LONGEST:
        complete = False
        yield finding("structured-data-length", page, length=len(text))
    missing = [name for name in _RECOMMENDED if not item.get(name)]
    if missing:
        yield finding("structured-data-recommended", page, properties=", ".join(missing))
    if complete:
        seen.listed[page] = _text(item.get("name"))


def _text(value: Any) -> str:
    """The text of a value of JSON-LD: plain, with a language, or the first of several."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(value.get("@value"))
    return value.strip() if isinstance(value, str) else ""


def _datasets(value: Any) -> Iterator[dict[str, Any]]:
    """The descriptions of data sets at the top of a document, or in its graph, or what a page is about."""
    if isinstance(value, list):
        for item in value:
            yield from _datasets(item)
    elif isinstance(value, dict):
        types = value.get("@type")
        names = {
            str(name).rpartition("/")[2].rpartition(":")[2] for name in (types if isinstance(types, list) else [types])
        }
        if "Dataset" in names:
            yield value
        for name in ("@graph", "mainEntity", "dataset", "about"):
            yield from _datasets(value.get(name))


def _blocks(reply: Reply) -> list[str]:
    finder = _Finder()
    finder.feed(reply.body.decode("utf-8", "replace"))
    finder.close()
    return finder.blocks


class _Finder(HTMLParser):
    """Collects the blocks of JSON-LD in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").partition(";")[0].strip().lower()
        self._inside = tag == "script" and kind == "application/ld+json"
        if self._inside:
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.blocks[-1] += data
