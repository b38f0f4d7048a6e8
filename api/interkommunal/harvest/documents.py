"""Documents about a release: made in a thread, once for all who ask, and kept while nothing that they tell changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from interkommunal.errors import ReleaseError
from interkommunal.release.history import Publication as HistoryPublication
from interkommunal.release.release import Release
from interkommunal.texts import Text
from interkommunal.web.formats import Format
from interkommunal.web.problems import Header, Problem, RequestProblem, not_acceptable
from interkommunal.web.publication import Publication, ReleaseFiles
from interkommunal.web.representation import Representation, data_headers
from interkommunal.web.request import ClientRequest
from interkommunal.web.responder import Responder


@dataclass(frozen=True)
class Documents:
    """The documents about the release in force.

    Attributes:
        publication: the release in force. responder: makes replies, and keeps them.
    """

    publication: Publication
    responder: Responder

    def request(self, request: Request) -> ClientRequest:
        """A request as the responder sees it."""
        return ClientRequest(request.scope, self.responder.language)

    async def answer(
        self,
        request: ClientRequest,
        name: tuple[object, ...],
        make: Callable[[ReleaseFiles], Representation],
        files: ReleaseFiles | None = None,
    ) -> Response:
        """The document ``name``, made by ``make`` in a thread if it was not made before.

        Args:
            request: whose answer it is.
            name: what tells it from every other document of the same release.
            make: makes it of the files of the release.
            files: those, if the caller has looked at them already.

        Raises:
            RequestProblem: there is no release.
        """
        found = files or self.publication.files
        key = ("document", found.stamp, *name)
        return (await self.responder.kept(request, key, lambda: asyncio.to_thread(make, found))).response()

    async def data(
        self,
        request: Request,
        name: str,
        content_type: str,
        make: Callable[[ReleaseFiles], bytes],
        *further: Header,
    ) -> Response:
        """The document ``name`` as data of one media type; ``further`` are header fields."""
        headers = data_headers(content_type, self.responder.cache_control, *further)
        return await self.answer(self.request(request), (name,), lambda files: Representation(make(files), headers))


def chosen(request: ClientRequest, offers: tuple[Format, ...]) -> Format:
    """The offer that a client likes best.

    Raises:
        RequestProblem: 406, it likes none.
    """
    if offer := request.choose(offers):
        return offer
    raise not_acceptable([item.media_type for item in offers], [item.suffix for item in offers])


def publications(files: ReleaseFiles) -> Sequence[HistoryPublication]:
    """The releases that came into force, in order; none if there is no change table."""
    return files.history.publications if files.history else ()


def kept_release(files: ReleaseFiles, name: str) -> Release:
    """The kept release that is called ``name``. Runs in a thread.

    Raises:
        RequestProblem: 404, or 410 if it was published once and is no longer kept; both say what is.
    """
    try:
        return files.find(name)
    except ReleaseError as error:
        kept = [release.identifier for release in files.versions.kept]
        is_gone = any(item.release == name for item in publications(files))
        text = Text(
            "The release {name} is not kept here (any more). Kept are: {kept}.", name=name[:100], kept=", ".join(kept)
        )
        raise RequestProblem(Problem("gone" if is_gone else "not-found", text, {"kept": kept})) from error
