"""The handlers of the search: a page with results, and suggestions as one types."""

from __future__ import annotations

import asyncio
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.errors import EngineUnavailable
from interkommunal.site.answers import data_headers, sent
from interkommunal.site.edition import Edition
from interkommunal.site.overviews.classes import class_slug
from interkommunal.site.overviews.desk import Desk
from interkommunal.site.overviews.finder import LONGEST, Finder, Found, Group
from interkommunal.site.visit import Visit
from interkommunal.web.representation import Representation

_FEW: Final = 4
_MANY: Final = 25
_NOTHING: Final = Found(0, ())


class SearchPage:
    """``/search?q=``; ``kind`` limits it to one class, ``page`` goes on."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            QueryError: the search takes too long, or the vocabulary cannot be asked.
        """
        visit = self.desk.visit(request, ("q", "kind", "page"))
        edition = await self.desk.editions.current()
        meaning = (edition.identifier, visit.path, visit.language, visit.parameters)
        return await self.desk.kept.answer(visit, meaning, lambda: self._page(visit, edition), self.desk.site.prefix)

    async def _page(self, visit: Visit, edition: Edition) -> Representation:
        finder = self.desk.shelf.finder(edition.release)
        typed = visit.parameter("q") or ""
        kind = visit.parameter("kind")
        found: Found = _NOTHING
        chosen: Group | None = None
        if finder is not None and typed:
            found, chosen = await asyncio.to_thread(_found, finder, typed, visit, kind)
        total = chosen.total if chosen else 0
        return self.desk.page(
            "search.html",
            self.desk.frame(visit, edition, "/search"),
            typed=typed[:LONGEST],
            found=found,
            chosen=chosen,
            searchable=finder is not None,
            class_slug=class_slug,
            page=visit.page,
            pages=max(1, -(-total // _MANY)),
            longest=LONGEST,
        )


def _found(finder: Finder, typed: str, visit: Visit, kind: str | None) -> tuple[Found, Group | None]:
    """The result, and the group that it is limited to."""
    if kind is None:
        return finder.find(typed, visit.language, most=_FEW), None
    first = (visit.page - 1) * _MANY
    found = finder.find(typed, visit.language, lambda class_: class_slug(class_) == kind, first, _MANY)
    return found, found.groups[0] if found.groups else None


class Suggestions:
    """``/search/suggest?q=``: names that go on like this, as JSON."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            QueryError: the search takes too long, or this release has no index.
        """
        desk = self.desk
        visit = desk.visit(request, ("q",))
        edition = await desk.editions.current()
        finder = desk.shelf.finder(edition.release)
        if finder is None:
            raise EngineUnavailable("this release has no search index; build it again: interkommunal build", 60)
        typed = visit.parameter("q") or ""
        found = await asyncio.to_thread(finder.suggest, typed, visit.language)
        body = orjson.dumps(
            {
                "query": typed[:LONGEST],
                "suggestions": [
                    {"label": item.label, "kind": item.kind, "iri": item.iri, "href": desk.site.page(item.iri)}
                    for item in found
                ],
            }
        )
        headers = data_headers("application/json", desk.cache_control)
        return await sent(Representation(body, headers), visit, desk.site.prefix)
