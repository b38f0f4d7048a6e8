"""Links to other authorities for people and programs: the page of all sets, a set, its file, exports for Wikidata.

Identifiers of others redirect to our things. The sets of a release are read once. The page of the federation tells
which endpoints a query may ask through SERVICE and whether they can be reached; a visit never asks one by itself but
shows what the last check found and, if that is old, starts one in the background, at most one in a quarter of an hour.
"""

from __future__ import annotations

import asyncio
import datetime
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rapidfuzz import fuzz
from starlette.requests import Request
from starlette.responses import Response

from interkommunal.engine.federation import Probed, probe
from interkommunal.errors import InterkommunalError
from interkommunal.graph.mapping_set import (
    ACCEPTED,
    CLOSE,
    EXACT,
    REJECTED,
    SUFFIX,
    MappingRow,
    MappingSet,
    file_name,
    parse_mapping_set,
)
from interkommunal.graph.reference import AUTHORITIES, Authority, authority
from interkommunal.release import mixnmatch, quickstatements
from interkommunal.release.library import LibraryQuery, open_federated
from interkommunal.release.release import Release
from interkommunal.site.context import PageRequest, SiteContext, page_headers
from interkommunal.site.description.statements import Row
from interkommunal.site.errors import Missing
from interkommunal.site.release_view import ReleaseView
from interkommunal.texts import Language, Text
from interkommunal.web.problems import Problem, RequestProblem
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.responder import NO_STORE, redirect
from interkommunal.web.routing import Route, route

FOLDER: Final = "links"
_LIKE_ENOUGH: Final = 80.0
_MOST: Final = 5


class Sets:
    """The mapping sets of the release in force; another release is read when it is asked for."""

    def __init__(self) -> None:
        self._release: Release | None = None
        self._sets: dict[str, MappingSet] = {}

    def of(self, release: Release | None) -> dict[str, MappingSet]:
        """The sets by slug of their authority; none if the release carries none."""
        if release is not self._release:
            self._release, self._sets = release, {}
            for authority in AUTHORITIES if release is not None else ():
                assert release is not None
                if file(authority) in release.manifest.files:
                    self._sets[authority.slug] = _read(release.path(file(authority)), authority)
        return self._sets

    def thing(self, release: Release | None, slug: str, identifier: str) -> str | None:
        """The IRI of our thing that is this entry of the authority: matched exactly, else closely."""
        found = [row for row in self._accepted(release, slug) if _identifier(row) == identifier]
        found.sort(key=lambda row: row.predicate_id != EXACT)
        return found[0].subject if found else None

    def near(self, release: Release | None, slug: str, identifier: str) -> list[tuple[MappingRow, str]]:
        """Rows whose identifier is much like one that leads nowhere, best first, with their identifier."""
        scored = [
            (fuzz.ratio(_bare(identifier), _bare(_identifier(row))), row) for row in self._accepted(release, slug)
        ]
        close = sorted((item for item in scored if item[0] >= _LIKE_ENOUGH), key=lambda item: (-item[0], item[1].pair))
        return [(row, _identifier(row)) for _, row in close[:_MOST]]

    def _accepted(self, release: Release | None, slug: str) -> tuple[MappingRow, ...]:
        found = self.of(release).get(slug)
        return found.of_state(ACCEPTED) if found else ()


def file(authority: Authority) -> str:
    """The name of the file of a set in a release."""
    return f"{FOLDER}/{file_name(authority)}"


def _read(path: Path, authority: Authority) -> MappingSet:
    try:
        return parse_mapping_set(path.read_text("utf-8"), path, authority)
    except (OSError, InterkommunalError):
        # The release was verified when it was opened; a set of another form is not shown.
        return MappingSet(authority, ())


def _identifier(row: MappingRow) -> str:
    return next(of.identifier(row.object) or "" for of in AUTHORITIES if row.object.startswith(of.namespace))


def _bare(identifier: str) -> str:
    return identifier.replace("-", "").replace("/", "").casefold()


#: Seconds for which what a check found is shown.
LASTS: Final = 900.0
#: Seconds that an endpoint may take to say that it is there.
PATIENCE: Final = 5.0
Probe = Callable[[str, float], Awaitable[Probed]]


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """What is known of an endpoint: ``probed`` at ``at``, or nothing yet."""

    service: str
    probed: Probed | None = None
    at: datetime.datetime | None = None


class Checker:
    """Checks endpoints, all at once, never more often than :data:`LASTS`.

    Args:
        services: their IRIs. probe: asks one. clock: seconds that only grow.
    """

    def __init__(
        self, services: tuple[str, ...], probe: Probe = probe, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._probe = probe
        self._clock = clock
        self._checked: float | None = None
        self._running: asyncio.Task[None] | None = None
        self.found = tuple(EndpointStatus(service) for service in services)

    @property
    def is_running(self) -> bool:
        """Whether a check is under way."""
        return self._running is not None and not self._running.done()

    def look(self) -> tuple[EndpointStatus, ...]:
        """What the last check found; starts another one if that is long ago. Called in the event loop."""
        is_old = self._checked is None or self._clock() - self._checked > LASTS
        if is_old and not self.is_running and self.found:
            self._running = asyncio.get_running_loop().create_task(self._check())
        return self.found

    async def done(self) -> None:
        """Waits until no check is under way."""
        if self._running is not None:
            await self._running

    async def _check(self) -> None:
        services = [status.service for status in self.found]
        answers = await asyncio.gather(*(self._probe(service, PATIENCE) for service in services))
        now = datetime.datetime.now(datetime.UTC)
        self.found = tuple(EndpointStatus(*pair, now) for pair in zip(services, answers, strict=True))
        self._checked = self._clock()


class FederationPage:
    """``/federation``."""

    def __init__(self, site_context: SiteContext, checker: Checker) -> None:
        self._site_context = site_context
        self._checker = checker

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD."""
        page_request = self._site_context.page_request(request)
        release_view = await self._site_context.editions.current()
        found = self._checker.look()
        known = [status for status in found if status.probed is not None]
        queries: tuple[LibraryQuery, ...] = open_federated(release_view.release) if release_view.release else ()
        body = self._site_context.design.render(
            "federation.html",
            self._site_context.frame(page_request, release_view, page_request.path),
            site=self._site_context,
            found=found,
            offline=bool(known) and not any(status.probed and status.probed.reached for status in known),
            running=self._checker.is_running,
            queries=queries,
            minutes=int(LASTS // 60),
            language=page_request.language,
        )
        page = Representation(body, page_headers(page_request.language, NO_STORE))
        return await self._site_context.sent(page_request, page)


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
# Exports by name: the query that they need, and what writes its rows.
_EXPORTS: Final[dict[str, tuple[str, Callable[[list[Row]], str]]]] = {
    mixnmatch.NAME: (mixnmatch.QUERY, mixnmatch.mixnmatch),
    quickstatements.NAME: (quickstatements.QUERY, quickstatements.quickstatements),
}


def words(term: str, language: Language) -> str:
    """A term of a mapping set in words."""
    return _WORDS[term].in_(language) if term in _WORDS else term


class LinksPage:
    """``/links`` and ``/links/{name}``: pages, mapping sets as files, exports."""

    def __init__(self, site_context: SiteContext, sets: Sets) -> None:
        self._site_context = site_context
        self._sets = sets

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            Missing: there is no such set or file.
            QueryError: the graph cannot be asked.
        """
        page_request = self._site_context.page_request(request)
        release_view = await self._site_context.editions.current()
        name = str(request.path_params.get("name", ""))
        # Files are the same in every language.
        language = "" if "." in name else page_request.language
        key = (release_view.identifier, page_request.path, language)
        return await self._site_context.kept(page_request, key, lambda: self._make(name, page_request, release_view))

    async def _make(self, name: str, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        if name in _EXPORTS:
            query, write = _EXPORTS[name]
            return self._file(write(await self._site_context.client.rows(query)).encode(), name)
        if name == mixnmatch.PROPERTIES_NAME:
            return self._file(mixnmatch.property_table().encode(), name)
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
        return self._site_context.page(
            "mapping_set.html",
            self._site_context.frame(page_request, release_view, page_request.path),
            of=of,
            rows=rows,
            words=lambda term: words(term, page_request.language),
            page_of=self._site_context.site.page,
        )

    def _overview(self, page_request: PageRequest, release_view: ReleaseView) -> Representation:
        sets = []
        for of in AUTHORITIES:
            if found := self._sets.of(release_view.release).get(of.slug):
                accepted = found.of_state(ACCEPTED)
                exact = sum(row.predicate_id == EXACT for row in accepted)
                sets.append((of, exact, len(accepted) - exact, len(found.of_state(REJECTED))))
        return self._site_context.page(
            "links.html",
            self._site_context.frame(page_request, release_view, page_request.path),
            sets=sets,
            suffix=SUFFIX,
            properties=mixnmatch.PROPERTY,
        )

    def _file(self, body: bytes, name: str) -> Representation:
        disposition = (b"content-disposition", f'inline; filename="{name}"'.encode())
        return Representation(body, data_headers(_TSV, self._site_context.cache_control, disposition))


class FromElsewhere:
    """``/wikidata/Q2066`` and the like: to our thing.

    Args:
        site_context: what handlers share. sets: the mapping sets. slug: of the authority.
    """

    def __init__(self, site_context: SiteContext, sets: Sets, slug: str) -> None:
        self._site_context = site_context
        self._sets = sets
        self._slug = slug

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD.

        Raises:
            RequestProblem: 404 with near matches; none of our things is linked to this entry.
        """
        identifier = str(request.path_params["identifier"])
        release_view = await self._site_context.editions.current()
        iri = self._sets.thing(release_view.release, self._slug, identifier)
        if iri is not None:
            page = self._site_context.site.page(iri)
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


def links_routes(site_context: SiteContext, services: tuple[str, ...]) -> list[Route]:
    """The routes of this room.

    Args:
        site_context: what handlers share.
        services: endpoints that SERVICE may ask.
    """
    sets = Sets()
    page = LinksPage(site_context, sets)
    return [
        route("/links", page.__call__),
        route("/links/{name}", page.__call__),
        route("/federation", FederationPage(site_context, Checker(services)).__call__),
        *(
            route(f"/{of.slug}/{{identifier:path}}", FromElsewhere(site_context, sets, of.slug).__call__)
            for of in AUTHORITIES
        ),
    ]
