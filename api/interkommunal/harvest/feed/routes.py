"""Which address leads to which part of the feeds and releases."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from interkommunal.harvest.documents import Documents
from interkommunal.harvest.feed.context import PATHS, FeedContext
from interkommunal.harvest.feed.handlers import Atom, Home, Node, Root, Shape
from interkommunal.harvest.feed.releases import Difference, OneRelease, Releases
from interkommunal.harvest.feed.versions import OldVersion
from interkommunal.site.context import SiteContext
from interkommunal.site.guarded import Handler, guarded_routes
from interkommunal.site.site import ONTOLOGY_PATH
from interkommunal.web.publication import Publication

# How often it is worth to come back: releases are made by people.
POLLING: Final = 3600


def feed_routes(site_context: SiteContext, publication: Publication, max_age: int) -> list[Route]:
    """The routes of the feeds and of kept releases.

    Args:
        site_context: what all pages share.
        publication: the release in force.
        max_age: seconds for which a client need not ask again for what goes on.
    """
    site_context.design.add(Path(__file__).parent)
    documents = Documents(publication, max_age)
    releases = FeedContext(site_context, documents, "graph", max(POLLING, max_age))
    handlers: list[tuple[str, Handler]] = [
        ("/release", Releases(releases)),
        ("/release.{suffix}", Releases(releases)),
        ("/release/{name}", OneRelease(releases)),
        ("/release/{name}/since/{older}", Difference(releases)),
        ("/release/{name}/doc/{rest:path}", OldVersion(releases)),
        ("/release/{name}/ontology{rest:path}", OldVersion(releases, ONTOLOGY_PATH)),
    ]
    for view, path in PATHS.items():
        feed_context = FeedContext(site_context, documents, view, max(POLLING, max_age))
        if view == "graph":
            handlers += [("/feed/shape", Shape(feed_context)), ("/feed.atom", Atom(feed_context))]
        root, node = Root(feed_context), Node(feed_context)
        handlers += [
            (path, root),
            (f"{path}.{{suffix}}", root),
            (f"{path}/{{stream}}", Home(feed_context)),
            (f"{path}/{{stream}}/{{kind}}/{{number}}", _Split(node)),
            (f"{path}/{{stream}}/{{kind}}/{{number}}/{{suffix}}", node),
        ]
    return guarded_routes(site_context, handlers)


class _Split:
    """Takes the suffix off a number: ``12.trig``."""

    def __init__(self, handler: Node) -> None:
        self._handler = handler

    async def __call__(self, request: Request) -> Response:
        number, _, suffix = str(request.path_params["number"]).partition(".")
        request.scope["path_params"] = {**request.path_params, "number": number, "suffix": suffix}
        return await self._handler(request)
