"""Where a walk begins: what the application and the release name by themselves."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urlsplit

import pyoxigraph
from starlette.routing import BaseRoute, Mount

from interkommunal.app.application import Application
from interkommunal.export.asking import ask
from interkommunal.namespaces import BASE
from interkommunal.release.release import Release
from interkommunal.site.site import path_of


async def seeds(app: Application, release: Release) -> list[str]:
    """Paths to begin with: routes without parameters, every IRI of the release, and every dump."""
    listing = await ask(app, "/dumps", "", app.settings.language)
    dumps = [unquote(urlsplit(item["url"]).path) for item in json.loads(listing.body)["files"]]
    prefix = urlsplit(app.settings.address).path.rstrip("/")
    # Routers that FastAPI includes show their routes in the description of the interface only.
    with warnings.catch_warnings():
        # Routes that answer GET and HEAD have the same name twice.
        warnings.simplefilter("ignore", UserWarning)
        described = [path for path in app.routes.openapi()["paths"] if "{" not in path]
    routes = [*described, *_routes(app.routes.routes)]
    return ["/", *routes, *sorted(_described(release)), *(path[len(prefix) :] for path in dumps)]


def _routes(routes: Iterable[BaseRoute], above: str = "") -> Iterator[str]:
    for route in routes:
        path = above + str(getattr(route, "path", ""))
        if isinstance(route, Mount):
            yield from _routes(route.routes, path)
        elif path and "{" not in path:
            yield path


def _described(release: Release) -> set[str]:
    """Paths of the pages of all IRIs of ours that the release names."""
    named = set()
    with release.quads.open("rb") as lines:
        for quad in pyoxigraph.parse(lines, format=pyoxigraph.RdfFormat.N_QUADS):
            for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
                if isinstance(term, pyoxigraph.NamedNode) and term.value.startswith(BASE):
                    named.add(term.value)
    paths = (path_of(iri) for iri in named)
    return {unquote(path.partition("#")[0]) for path in paths if path}
