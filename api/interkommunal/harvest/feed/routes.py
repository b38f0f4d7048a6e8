"""Which address leads to which part of the feeds and releases."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from interkommunal.harvest.documents import Documents
from interkommunal.harvest.feed.desk import PATHS, Desk
from interkommunal.harvest.feed.handlers import Atom, Home, Node, Root, Shape
from interkommunal.harvest.feed.releases import Difference, OneRelease, Releases
from interkommunal.harvest.feed.versions import OldVersion
from interkommunal.site.guarded import Handler, guarded_routes
from interkommunal.site.house import House
from interkommunal.site.site import ONTOLOGY_PATH
from interkommunal.web.publication import Publication

# How often it is worth to come back: releases are made by people.
POLLING: Final = 3600


def feed_routes(house: House, publication: Publication, max_age: int) -> list[Route]:
    """The routes of the feeds and of kept releases.

    Args:
        house: what all pages share.
        publication: the release in force.
        max_age: seconds for which a client need not ask again for what goes on.
    """
    house.design.add(Path(__file__).parent)
    documents = Documents(publication, max_age)
    releases = Desk(house, documents, "graph", max(POLLING, max_age))
    handlers: list[tuple[str, Handler]] = [
        ("/release", Releases(releases)),
        ("/release.{suffix}", Releases(releases)),
        ("/release/{name}", OneRelease(releases)),
        ("/release/{name}/since/{older}", Difference(releases)),
        ("/release/{name}/doc/{rest:path}", OldVersion(releases)),
        ("/release/{name}/ontology{rest:path}", OldVersion(releases, ONTOLOGY_PATH)),
    ]
    for view, path in PATHS.items():
        desk = Desk(house, documents, view, max(POLLING, max_age))
        if view == "graph":
            handlers += [("/feed/shape", Shape(desk)), ("/feed.atom", Atom(desk))]
        root, node = Root(desk), Node(desk)
        handlers += [
            (path, root),
            (f"{path}.{{suffix}}", root),
            (f"{path}/{{stream}}", Home(desk)),
            (f"{path}/{{stream}}/{{kind}}/{{number}}", _Split(node)),
            (f"{path}/{{stream}}/{{kind}}/{{number}}/{{suffix}}", node),
        ]
    return guarded_routes(house, handlers)


class _Split:
    """Takes the suffix off a number: ``12.trig``."""

    def __init__(self, handler: Node) -> None:
        self._handler = handler

    async def __call__(self, request: Request) -> Response:
        number, _, suffix = str(request.path_params["number"]).partition(".")
        request.scope["path_params"] = {**request.path_params, "number": number, "suffix": suffix}
        return await self._handler(request)
