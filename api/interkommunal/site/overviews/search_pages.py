"""The handlers of the search: a page with results, and suggestions as one types."""

from __future__ import annotations

import asyncio
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.errors import EngineUnavailable
from interkommunal.site.context import PageRequest
from interkommunal.site.overviews.classes import class_slug
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.site.overviews.search import LONGEST, HitGroup, SearchIndex, SearchResult
from interkommunal.site.release_view import ReleaseView
from interkommunal.web.representation import Representation, data_headers

_FEW: Final = 4
_MANY: Final = 25
_NOTHING: Final = SearchResult(0, ())


class SearchPage:
    """``/search?q=``; ``kind`` limits it to one class, ``page`` goes on."""

    def __init__(self, overview_context: OverviewContext) -> None:
        self.overview_context = overview_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            QueryError: the search takes too long, or the vocabulary cannot be asked.
        """
        page_request = self.overview_context.page_request(request, ("q", "kind", "page"))
        release_view = await self.overview_context.editions.current()
        key = (release_view.identifier, page_request.path, page_request.language, page_request.parameters)
        return await self.overview_context.kept(page_request, key, lambda: self._page(page_request, release_view))

    async def _page(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        index = self.overview_context.supplements.search_index(release_view.release)
        typed = page_request.parameter("q") or ""
        kind = page_request.parameter("kind")
        found: SearchResult = _NOTHING
        chosen: HitGroup | None = None
        if index is not None and typed:
            found, chosen = await asyncio.to_thread(_found, index, typed, page_request, kind)
        total = chosen.total if chosen else 0
        return self.overview_context.page(
            "search.html",
            self.overview_context.frame(page_request, release_view, "/search"),
            typed=typed[:LONGEST],
            found=found,
            chosen=chosen,
            searchable=index is not None,
            class_slug=class_slug,
            page=page_request.page,
            pages=page_request.pages(total, _MANY),
            longest=LONGEST,
        )


def _found(
    index: SearchIndex, typed: str, page_request: PageRequest, kind: str | None
) -> tuple[SearchResult, HitGroup | None]:
    """The result, and the group that it is limited to."""
    if kind is None:
        return index.find(typed, page_request.language, most=_FEW), None
    first = (page_request.page - 1) * _MANY
    found = index.find(typed, page_request.language, lambda class_: class_slug(class_) == kind, first, _MANY)
    return found, found.groups[0] if found.groups else None


class Suggestions:
    """``/search/suggest?q=``: names that go on like this, as JSON."""

    def __init__(self, overview_context: OverviewContext) -> None:
        self.overview_context = overview_context

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            QueryError: the search takes too long, or this release has no index.
        """
        overview_context = self.overview_context
        page_request = overview_context.page_request(request, ("q",))
        release_view = await overview_context.editions.current()
        index = overview_context.supplements.search_index(release_view.release)
        if index is None:
            raise EngineUnavailable("this release has no search index; build it again: interkommunal build", 60)
        typed = page_request.parameter("q") or ""

        async def make() -> Representation:
            found = await asyncio.to_thread(index.suggest, typed, page_request.language)
            suggestions = [
                {"label": item.label, "kind": item.kind, "iri": item.iri, "href": overview_context.site.page(item.iri)}
                for item in found
            ]
            body = orjson.dumps({"query": typed[:LONGEST], "suggestions": suggestions})
            return Representation(body, data_headers("application/json", overview_context.cache_control))

        key = (release_view.identifier, page_request.path, page_request.language, page_request.parameters)
        return await overview_context.kept(page_request, key, make)
