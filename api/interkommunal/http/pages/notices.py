"""``/imprint`` and ``/privacy``: what the operator says, and what the server knows of itself."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from interkommunal.http.pages.answers import redirect, sent
from interkommunal.http.pages.entity.model import Crumb
from interkommunal.http.pages.house import House


class Notice:
    """One of the two pages.

    Args:
        house: what handlers share.
        name: ``imprint`` or ``privacy``.
    """

    def __init__(self, house: House, name: str) -> None:
        self._house = house
        self._name = name

    async def __call__(self, request: Request) -> Response:
        """GET or HEAD; leads elsewhere if the operator has such a page already."""
        house, operator = self._house, self._house.operator
        is_imprint = self._name == "imprint"
        elsewhere = operator.imprint_elsewhere if is_imprint else operator.privacy_elsewhere
        if elsewhere is not None:
            return redirect(elsewhere, 302)
        visit = house.visit(request)
        edition = await house.editions.current()
        frame = house.frame(visit, edition)
        say, given = frame.say, operator.imprint if is_imprint else operator.privacy
        paragraphs = [item.strip() for item in (given or "").split("\n\n") if item.strip()]
        own = [say("privacy.text")] if not is_imprint else [] if paragraphs else [say("imprint.missing")]
        title = say(f"{self._name}.title")
        page = house.page(
            "notice.html",
            frame,
            title=title,
            paragraphs=[*own, *paragraphs],
            crumbs=(Crumb(say("nav.start"), frame.address("/")), Crumb(title, None)),
        )
        return await sent(page, visit, house.site.prefix)
