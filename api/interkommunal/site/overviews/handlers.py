"""The handlers of start page, overviews, lists and search: a request comes in, a page or a file goes out.

The start page tells what this is, shows one sentence of the source with what was read from it, and ways in.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from interkommunal.content import Content
from interkommunal.errors import EngineUnavailable
from interkommunal.namespaces import BASE, IK, expand
from interkommunal.site.context import PageMaker, PageRequest, SiteContext
from interkommunal.site.errors import Missing
from interkommunal.site.figures.figure import Picture, write_csv
from interkommunal.site.figures.timeline import draw_timeline
from interkommunal.site.metadata import LICENCE
from interkommunal.site.overviews import doubts, lists
from interkommunal.site.overviews.classes import class_slug
from interkommunal.site.overviews.outlines import OUTLINES, REGION, lanes
from interkommunal.site.overviews.overview import (
    Questions,
    Values,
    View,
    lines_of,
    named_lines,
    policy,
    read_overview,
    slug,
    standalone,
)
from interkommunal.site.overviews.search import LONGEST, SearchResult
from interkommunal.site.query_page import examples_of
from interkommunal.site.release_view import ReleaseView
from interkommunal.texts import Language, Text
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.routing import Route, route

# What the small timeline shows: what people agree on, not every forum.
_TEASED: Final = (f"{IK}Agreement", f"{IK}Cooperation", f"{IK}JointProject", expand("foaf:Document"))
_MOST_STATEMENTS: Final = 6
_NAME: Final = Text("interkommunal: how cities work together")
_DESCRIPTION: Final = Text(
    "An open knowledge graph of how cities in the Ruhr area work together. Every statement shows the "
    "sentence of its source."
)
_MOST_DOUBTS: Final = 3
_TYPE: Final = expand("rdf:type")
# Hits of a class: among those of all classes, and alone.
_FEW: Final = 4
_MANY: Final = 25
_CSV: Final = "text/csv; charset=utf-8; header=present"
_SVG: Final = "image/svg+xml"
_PER_PAGE: Final = 25
# The overviews in the order in which they are offered, with their title and what they show.
OVERVIEWS: Final = (
    *((outline.key, outline.title, outline.hint) for outline in OUTLINES),
    (doubts.KEY, doubts.TITLE, doubts.HINT),
)


def sentence_of(rows: Sequence[Values], view: View) -> dict[str, Any] | None:
    """The first sentence in the rows of ``basis.rq``, with the statements read from it; ``None`` without rows.

    A statement is name and address of its subject, the word of its property, name and address of its value, and whether
    that is a literal.
    """
    if not rows:
        return None
    page = view.site.page
    rows = [row for row in rows if row["passage"] == rows[0]["passage"]]
    statements = []
    for row in rows:
        value, is_iri = row["value"], row["value"].startswith(("http://", "https://"))
        if row["property"] != _TYPE and row["property_label"]:
            shown = row["value_label"] or (slug(value) if is_iri else value), page(value) if is_iri else None
            subject = row["subject_label"], page(row["subject"])
            statements.append((subject, row["property_label"], shown, not is_iri))
    last = rows[-1]
    return {
        "quote": last["quote"],
        "href": page(last["passage"]),
        "lines": named_lines(lines_of(rows), view.language),
        "voice": last["voice_label"],
        "status": (slug(last["status"]), last["status_label"]),
        "statements": list(dict.fromkeys(statements))[:_MOST_STATEMENTS],
    }


def dataset(url: str, language: Language, release_view: ReleaseView) -> str:
    """What this is, for search engines: schema.org as a JSON-LD data block, safe inside a ``script`` element."""
    described = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": f"{BASE}dataset/graph",
        "url": url,
        "name": _NAME.in_(language),
        "description": _DESCRIPTION.in_(language),
        "inLanguage": language,
        "license": LICENCE,
        "isAccessibleForFree": True,
        **({"version": release_view.identifier} if release_view.release else {}),
    }
    return orjson.dumps(described).decode().replace("<", "\\u003c")


class Overviews:
    """Makes the answer of each address; what goes wrong on the way is raised: ``Missing`` or a ``QueryError``.

    Args:
        site_context: what all pages share.
        content: has the questions that overviews ask.

    Raises:
        SourceError: one of these is no question.
    """

    def __init__(self, site_context: SiteContext, content: Content) -> None:
        site_context.design.add(Path(__file__).parent)
        self._site_context = site_context
        self._questions = Questions(site_context.client, content.queries / "overviews")

    def _view(self, page_request: PageRequest, release_view: ReleaseView) -> View:
        sort = page_request.parameter("sort")
        return View(self._site_context.site, page_request.language, release_view.boundaries, sort)

    def _page(
        self, template: str, page_request: PageRequest, release_view: ReleaseView, **values: object
    ) -> Representation:
        frame = self._site_context.frame(page_request, release_view)
        return self._site_context.page(template, frame, (), **values)

    def _file(self, body: bytes, content_type: str, name: str, *further: tuple[bytes, bytes]) -> Representation:
        disposition = (b"content-disposition", f'inline; filename="{name}"'.encode())
        return Representation(body, data_headers(content_type, self._site_context.cache_control, disposition, *further))

    async def start(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/``."""
        view, questions = self._view(page_request, release_view), self._questions
        basis, dates, region, every = await asyncio.gather(
            questions.ask("basis", view.language),
            questions.ask("dates", view.language),
            read_overview(REGION, questions, view),
            doubts.read_doubts(questions, view),
        )
        few = ([item for item in every if "kind-contradiction" in item.kinds] or every)[:_MOST_DOUBTS]
        drawn = lanes(dates, view.site, _TEASED)
        frame = self._site_context.frame(page_request, release_view)
        return self._site_context.page(
            "start.html",
            frame,
            structured=dataset(frame.url(), view.language, release_view),
            sentence=sentence_of(basis, view),
            region=region,
            timeline=Picture.of(lambda size: draw_timeline(drawn, view.language, size, "teaser")) if drawn else None,
            doubts=few,
            doubt_count=len(every),
            examples=examples_of(release_view.questions)[:3],
            searchable=release_view.search_index is not None,
        )

    async def overviews(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/overviews``: all overviews, with what each shows."""
        return self._page("overviews.html", page_request, release_view, overviews=OVERVIEWS)

    async def overview(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/overviews/{name}``, also with ``.csv`` and ``.svg``."""
        name = page_request.path.rpartition("/")[2]
        key, _, suffix = name.partition(".")
        outline = next((item for item in OUTLINES if item.key == key), None)
        if outline is None or suffix not in ("", "csv", "svg"):
            raise Missing(page_request.path)
        overview = await read_overview(outline, self._questions, self._view(page_request, release_view))
        if suffix == "csv":
            return self._file(write_csv(overview.columns, overview.rows).encode(), _CSV, name)
        if suffix == "svg":
            if not overview.picture.wide:
                raise Missing(page_request.path)
            style = self._site_context.design.files["figures.css"].decode()
            body = standalone(overview.picture.wide, style, self._site_context.site)
            return self._file(body, _SVG, name, (b"content-security-policy", policy(style)))
        columns = [(name.in_(page_request.language), key) for name, key in outline.columns]
        values = {"overview": overview, "columns": columns, "overviews": OVERVIEWS}
        return self._page("overview.html", page_request, release_view, **values)

    async def discrepancies(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/overviews/discrepancies``, also with ``.csv``: those of a kind, or all."""
        view, questions = self._view(page_request, release_view), self._questions
        every, kind = await doubts.read_doubts(questions, view), page_request.parameter("kind")
        chosen = [item for item in every if kind is None or kind in item.kinds]
        if page_request.path.endswith(".csv"):
            passages = await doubts.read_passages(questions, view, chosen)
            return self._file(doubts.doubts_csv(chosen, passages).encode(), _CSV, "discrepancies.csv")
        pages = page_request.pages(len(chosen), _PER_PAGE)
        shown = chosen[(page_request.page - 1) * _PER_PAGE : page_request.page * _PER_PAGE]
        return self._page(
            "discrepancies.html",
            page_request,
            release_view,
            total=len(every),
            kinds=doubts.kinds_of(every),
            shown=shown,
            kind=kind,
            passages=await doubts.read_passages(questions, view, shown),
            readings=await doubts.read_readings(questions, view, shown),
            query=questions.query("discrepancies", view.language),
            page=page_request.page,
            pages=pages,
            lead=doubts.LEAD.in_(view.language),
            title=doubts.TITLE.in_(view.language),
            overviews=OVERVIEWS,
        )

    async def lists(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/lists``: all lists, with how much stands in each."""
        classes = await lists.read_classes(self._site_context.client, page_request.language)
        return self._page("lists.html", page_request, release_view, classes=classes, all_slug=lists.ALL)

    async def list(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/lists/{name}``, also with ``.csv``: one page of a list, or the whole of it as CSV."""
        client, language = self._site_context.client, page_request.language
        slug, _, suffix = page_request.path.rpartition("/")[2].partition(".")
        classes = await lists.read_classes(client, language)
        of = next((item for item in classes if item.slug == slug), None)
        if (of is None and slug != lists.ALL) or suffix not in ("", "csv"):
            raise Missing(page_request.path)
        asked = lists.ListQuery(
            client, language, of, lists.choice(dict(page_request.parameters)), page_request.parameter("sort")
        )
        if suffix == "csv":
            return self._file((await asked.csv()).encode(), _CSV, f"{slug}.csv")
        (total, items), offers = await asyncio.gather(asked.read(page_request.page), asked.offers())
        return self._page(
            "list.html",
            page_request,
            release_view,
            listing=asked,
            total=total,
            items=items,
            offers=offers,
            page=page_request.page,
            pages=page_request.pages(total, lists.PER_PAGE),
            of=of,
            sorts=lists.SORTS,
            label_of=lambda iri: release_view.lexicon.name(iri, language).text,
        )

    async def search(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/search?q=``; ``kind`` limits it to one class, ``page`` goes on."""
        index, language = release_view.search_index, page_request.language
        typed, kind = page_request.parameter("q") or "", page_request.parameter("kind")
        found = SearchResult(0, ())
        if index is not None and typed and kind is None:
            found = await asyncio.to_thread(index.find, typed, language, most=_FEW)
        elif index is not None and typed:
            first = (page_request.page - 1) * _MANY
            found = await asyncio.to_thread(
                index.find, typed, language, lambda class_: class_slug(class_) == kind, first, _MANY
            )
        chosen = found.groups[0] if kind is not None and found.groups else None
        return self._site_context.page(
            "search.html",
            self._site_context.frame(page_request, release_view),
            typed=typed[:LONGEST],
            found=found,
            chosen=chosen,
            searchable=index is not None,
            class_slug=class_slug,
            page=page_request.page,
            pages=page_request.pages(chosen.total if chosen else 0, _MANY),
        )

    async def suggest(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        """``/search/suggest?q=``: names that go on like this, as JSON."""
        if release_view.search_index is None:
            raise EngineUnavailable("this release has no search index; build it again: interkommunal build", 60)
        typed = page_request.parameter("q") or ""
        found = await asyncio.to_thread(release_view.search_index.suggest, typed, page_request.language)
        suggestions = [{**item._asdict(), "href": self._site_context.site.page(item.iri)} for item in found]
        body = orjson.dumps({"query": typed[:LONGEST], "suggestions": suggestions})
        return Representation(body, data_headers("application/json", self._site_context.cache_control))


def overviews_routes(site_context: SiteContext, content: Content) -> list[Route]:
    """The routes of start page, overviews, lists and search; ``content`` has the questions that overviews ask.

    Raises:
        SourceError: one of these is no question.
    """
    pages = Overviews(site_context, content)
    kind = ("kind", "page")
    facets = tuple(facet.key for facet in lists.FACETS)
    made: tuple[tuple[str, PageMaker, tuple[str, ...]], ...] = (
        ("/", pages.start, ()),
        ("/overviews", pages.overviews, ()),
        ("/overviews/discrepancies", pages.discrepancies, kind),
        ("/overviews/discrepancies.csv", pages.discrepancies, kind),
        ("/overviews/{name}", pages.overview, ("sort",)),
        ("/lists", pages.lists, ()),
        ("/lists/{name}", pages.list, ("page", "sort", *facets)),
        ("/search", pages.search, ("q", *kind)),
        ("/search/suggest", pages.suggest, ("q",)),
    )
    return [route(path, site_context.handler(make, known)) for path, make, known in made]
