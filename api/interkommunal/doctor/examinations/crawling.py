"""What search engines find: robots.txt, site maps, the pages of datasets and their schema.org descriptions."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from interkommunal.doctor.catalogue import name_of
from interkommunal.doctor.client import Client
from interkommunal.doctor.finding import Finding, finding
from interkommunal.doctor.harvest import Harvest

# As many pages of datasets are looked at, and as many site maps.
MOST_PAGES: Final = 10
MOST_MAPS: Final = 5
_LARGEST: Final = 5 * 1024 * 1024
_BROWSER: Final = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"}
_ROBOT: Final = "Googlebot"
_LOC: Final = re.compile(r"<loc>\s*([^<]+?)\s*</loc>")
_REQUIRED: Final = ("name", "description")
_RECOMMENDED: Final = (
    *("creator", "license", "url", "distribution", "keywords", "identifier", "temporalCoverage", "spatialCoverage"),
    *("includedInDataCatalog", "isAccessibleForFree"),
)
_SHORTEST, _LONGEST = 50, 5000


def examine_crawling(harvest: Harvest, client: Client, listed: dict[str, str]) -> Iterator[Finding]:
    """What a search engine would stumble over.

    Args:
        harvest: what was seen.
        client: asks further.
        listed: filled with what it would list: the name of the description by the address of the page.
    """
    catalogue = harvest.catalogue
    landing: list[str] = []
    for dataset in catalogue.datasets:
        addresses = catalogue.addresses(dataset, "dcat:landingPage")
        if not addresses:
            yield finding("landing-missing", name_of(catalogue, dataset))
        landing += addresses
    pages = list(dict.fromkeys(landing))[:MOST_PAGES]
    maps: list[str] = []
    robots: dict[str, RobotFileParser] = {}
    roots = list(dict.fromkeys(urljoin(address, "/") for address in (harvest.first.reply.final, *pages)))
    for root in roots:
        reply = client.get(f"{root}robots.txt", most=_LARGEST)
        if reply.ok and reply.media_type in ("text/plain", ""):
            robots[root] = RobotFileParser()
            robots[root].parse(reply.body.decode("utf-8", "replace").splitlines())
            maps += [urljoin(root, item) for item in robots[root].site_maps() or []]
        elif reply.kind not in ("private", "budget"):
            yield finding("robots-missing", f"{root}robots.txt", why=reply.why)
    for address in dict.fromkeys([harvest.address, *pages]):
        rules = robots.get(urljoin(address, "/"))
        if rules is not None and not rules.can_fetch(_ROBOT, address):
            yield finding("robots-forbid", address)
    yield from _site_maps(client, maps, roots[0], pages)
    for page in pages:
        yield from _page(client, page, listed)


def _site_maps(client: Client, named: list[str], root: str, pages: list[str]) -> Iterator[Finding]:
    waiting = list(dict.fromkeys(named)) or [f"{root}sitemap.xml"]
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
        # Read as text: a site map is flat, and nothing in it is worth an XML parser that expands entities.
        text = reply.body.decode("utf-8", "replace")
        places = [unescape(item) for item in _LOC.findall(text)]
        if not reply.ok:
            if named:
                yield finding("sitemap-unreadable", address, why=reply.why)
        elif "<sitemapindex" in text:
            waiting += places
            found = True
        elif "<urlset" in text:
            listed |= set(places)
            found = True
        else:
            yield finding("sitemap-unreadable", address, why="no urlset")
    if not found and not named:
        yield finding("sitemap-missing", f"{root}sitemap.xml")
    for page in pages if found and not waiting else ():
        if page not in listed:
            yield finding("sitemap-without-page", page)


def _page(client: Client, page: str, listed: dict[str, str]) -> Iterator[Finding]:
    reply = client.get(page, _BROWSER, most=_LARGEST)
    if reply.kind in ("private", "budget"):
        return
    if not reply.ok:
        yield finding("landing-dead", page, why=reply.why)
        return
    if reply.media_type not in ("text/html", "application/xhtml+xml"):
        yield finding("landing-not-html", page, media_type=reply.media_type or "–")
        return
    finder = _Finder()
    finder.feed(reply.body.decode("utf-8", "replace"))
    finder.close()
    described: list[dict[str, Any]] = []
    for block in finder.blocks:
        try:
            described += _datasets(json.loads(block))
        except (ValueError, RecursionError) as error:
            yield finding("structured-data-unreadable", page, why=" ".join(str(error).split()))
    if not described:
        yield finding("structured-data-missing", page)
    for item in described:
        faults = [
            finding("structured-data-incomplete", page, property=name)
            for name in _REQUIRED
            if not _text(item.get(name))
        ]
        text = _text(item.get("description"))
        if text and not _SHORTEST <= len(text) <= _LONGEST:
            faults.append(finding("structured-data-length", page, length=len(text)))
        yield from faults
        if missing := [name for name in _RECOMMENDED if not item.get(name)]:
            yield finding("structured-data-recommended", page, properties=", ".join(missing))
        if not faults:
            listed[page] = _text(item.get("name"))


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
        if any(
            re.fullmatch(r"(.*[/:])?Dataset", str(name)) for name in (types if isinstance(types, list) else [types])
        ):
            yield value
        for name in ("@graph", "mainEntity", "dataset", "about"):
            yield from _datasets(value.get(name))


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
