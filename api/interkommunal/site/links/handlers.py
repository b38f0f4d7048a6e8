"""The handlers of links: the page of all sets, a set, its file, exports for Wikidata, redirects from identifiers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.graph.authorities import AUTHORITIES, authority
from interkommunal.graph.mapping_set import ACCEPTED, CLOSE, EXACT, REJECTED, SUFFIX
from interkommunal.release import mixnmatch, quickstatements
from interkommunal.site.errors import Missing
from interkommunal.site.links.federation import Checker, FederationPage
from interkommunal.site.links.sets import Sets, file
from interkommunal.site.overviews.context import OverviewContext
from interkommunal.site.page_request import PageRequest
from interkommunal.site.release_view import ReleaseView
from interkommunal.texts import Language, Text
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.responder import redirect
from interkommunal.web.routing import Route, route

_TSV: Final = "text/tab-separated-values; charset=utf-8"
_WORDS: Final = {
    "semapv:BackgroundKnowledgeBasedMatching": Text("read in public data"),
    "semapv:LexicalMatching": Text("same key or name"),
    "semapv:CompositeMatching": Text("name, kind and place agree"),
    "semapv:MappingChaining": Text("by way of an item of Wikidata"),
    "semapv:ManualMappingCuration": Text("looked up by a person"),
    "semapv:MappingReview": Text("reviewed by a person"),
    EXACT: Text("the same"),
    CLOSE: Text("nearly the same"),
    "verified": Text("verified: several sources"),
    "seen once": Text("seen once"),
}
Make = Callable[[PageRequest, ReleaseView], Awaitable[Representation]]


def words(term: str, language: Language) -> str:
    """A term of a mapping set in words."""
    return _WORDS[term].in_(language) if term in _WORDS else term


class LinksPage:
    """``/links`` and ``/links/{name}``: pages, mapping sets as files, exports."""

    def __init__(self, overview_context: OverviewContext, sets: Sets) -> None:
        self._overview_context = overview_context
        self._sets = sets
        self._exports: dict[str, Make] = {
            mixnmatch.NAME: self._mixnmatch,
            quickstatements.NAME: self._quickstatements,
            mixnmatch.PROPERTIES_NAME: self._property,
        }

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such set or file.
            QueryError: the graph cannot be asked.
        """
        page_request = self._overview_context.page_request(request)
        release_view = await self._overview_context.editions.current()
        name = str(request.path_params.get("name", ""))
        # Files are the same in every language.
        language = "" if "." in name else page_request.language
        key = (release_view.identifier, page_request.path, language)
        return await self._overview_context.kept(
            page_request, key, lambda: self._make(name, page_request, release_view)
        )

    async def _make(self, name: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        if name in self._exports:
            return await self._exports[name](page_request, release_view)
        if not name:
            return self._overview(page_request, release_view)
        of = authority(name.removesuffix(SUFFIX))
        found = self._sets.of(release_view.release).get(of.slug) if of else None
        if of is None or found is None:
            raise Missing(page_request.path)
        if name.endswith(SUFFIX):
            assert release_view.release is not None
            return self._file(release_view.release.path(file(of)).read_bytes(), name)
        rows = sorted(found.rows, key=lambda row: (row.review_state, row.subject_id, row.predicate_id, row.object_id))
        return self._overview_context.page(
            "mapping_set.html",
            self._overview_context.frame(page_request, release_view, page_request.path),
            of=of,
            rows=rows,
            words=lambda term: words(term, page_request.language),
            page_of=self._overview_context.site.page,
        )

    def _overview(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        sets = []
        for of in AUTHORITIES:
            if found := self._sets.of(release_view.release).get(of.slug):
                accepted = found.of_state(ACCEPTED)
                exact = sum(row.predicate_id == EXACT for row in accepted)
                sets.append((of, exact, len(accepted) - exact, len(found.of_state(REJECTED))))
        return self._overview_context.page(
            "links.html",
            self._overview_context.frame(page_request, release_view, page_request.path),
            sets=sets,
            suffix=SUFFIX,
            properties=mixnmatch.PROPERTY,
        )

    async def _mixnmatch(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        rows = await self._overview_context.client.rows(mixnmatch.QUERY)
        return self._file(mixnmatch.mixnmatch(rows).encode(), mixnmatch.NAME)

    async def _quickstatements(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        rows = await self._overview_context.client.rows(quickstatements.QUERY)
        return self._file(quickstatements.quickstatements(rows).encode(), quickstatements.NAME)

    async def _property(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        return self._file(mixnmatch.property_table().encode(), mixnmatch.PROPERTIES_NAME)

    def _file(self, body: bytes, name: str) -> Representation:
        disposition = (b"content-disposition", f'inline; filename="{name}"'.encode())
        return Representation(body, data_headers(_TSV, self._overview_context.cache_control, disposition))


class FromElsewhere:
    """``/wikidata/Q2066`` and the like: to our thing.

    Args:
        overview_context: what handlers share. sets: the mapping sets. slug: of the authority.
    """

    def __init__(self, overview_context: OverviewContext, sets: Sets, slug: str) -> None:
        self._overview_context = overview_context
        self._sets = sets
        self._slug = slug

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            RequestProblem: 404 with near matches; none of our things is linked to this entry.
        """
        identifier = str(request.path_params["identifier"])
        release_view = await self._overview_context.editions.current()
        iri = self._sets.thing(release_view.release, self._slug, identifier)
        if iri is not None:
            page = self._overview_context.site.page(iri)
            assert page is not None
            return redirect(page)
        near = self._sets.near(release_view.release, self._slug, identifier)
        shown = identifier[:100]
        names = ", ".join(f"{close} ({row.subject_label})" for row, close in near)
        raise RequestProblem(
            Problem(
                "not-found",
                Text("Nothing of ours is linked to {shown}. Much like it: {names}.", shown=shown, names=names)
                if near
                else Text("Nothing of ours is linked to {shown}.", shown=shown),
                {"near": [{"iri": row.subject, "label": row.subject_label, "link": row.object} for row, _ in near]}
                if near
                else {},
            )
        )


def links_routes(overview_context: OverviewContext, services: tuple[str, ...]) -> list[Route]:
    """The routes of this room.

    Args:
        overview_context: what handlers share.
        services: endpoints that SERVICE may ask.
    """
    overview_context.design.add(Path(__file__).parent)
    sets = Sets()
    page = LinksPage(overview_context, sets)
    return [
        route("/links", page.__call__),
        route("/links/{name}", page.__call__),
        route("/federation", FederationPage(overview_context, Checker(services)).__call__),
        *(
            route(f"/{of.slug}/{{identifier:path}}", FromElsewhere(overview_context, sets, of.slug).__call__)
            for of in AUTHORITIES
        ),
    ]
