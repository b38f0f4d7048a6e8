"""Routes of FastAPI: which address leads to what, and what the OpenAPI document says of it.

FastAPI routes requests, reads their parameters and makes the OpenAPI document of the routes themselves. An operation
that no program calls (a page) is left out of the document. https://spec.openapis.org/oas/v3.1.0
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from inspect import getdoc
from typing import Any, Final

from fastapi import Response
from fastapi.routing import APIRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from interkommunal.web.problems import MEDIA_TYPE, method_not_allowed
from interkommunal.web.request import Parameters
from interkommunal.web.responder import preflight

Handler = Callable[..., Awaitable[Response]]

_PROBLEM: Final = {"content": {MEDIA_TYPE: {"schema": {"type": "object", "required": ["type", "title", "status"]}}}}
_PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    "4XX": {"description": "The request cannot be answered as it is (RFC 9457).", **_PROBLEM},
    "503": {"description": "Too busy, or not there yet; ask again after Retry-After seconds.", **_PROBLEM},
    "504": {"description": "Out of time.", **_PROBLEM},
}


class Route(APIRoute):
    """A route that answers HEAD as it answers GET, OPTIONS by itself, and other methods with 405.

    Attributes:
        knows_methods: whether its application does all that itself.
    """

    knows_methods = False

    def matches(self, scope: Scope) -> Any:
        """Whether it is for a request; see :class:`starlette.routing.Route`."""
        return super().matches({**scope, "method": "GET"} if self._reads(scope) else scope)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            RequestProblem: 405, or 400 if it wants several languages.
        """
        methods = self.methods or set()
        allow = ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
        if self.knows_methods:
            await self.app(scope, receive, send)
        elif self._reads(scope) or scope["method"] in methods:
            # Read here once for all: no handler meets a request that wants two languages.
            if b"lang=" in scope["query_string"]:
                Parameters(scope["query_string"]).one("lang")
            await self.app(scope, receive, send)
        elif scope["method"] == "OPTIONS":
            await preflight(allow).send(send)
        else:
            raise method_not_allowed(scope["method"], allow)

    def _reads(self, scope: Scope) -> bool:
        return bool(scope["type"] == "http" and scope["method"] == "HEAD" and "GET" in (self.methods or ()))


def route(
    path: str,
    handler: Handler,
    media_types: Iterable[str] = (),
    *,
    summary: str = "",
    tag: str = "",
    name: str = "",
    method: str = "GET",
    status: int = 200,
    extra: Mapping[str, Any] | None = None,
) -> Route:
    """One operation.

    Args:
        path: with parameters in braces.
        handler: answers; its further parameters are those of the operation.
        media_types: what it answers in; none for an operation that the OpenAPI document leaves out.
        summary: what it is for; if empty, what its handler says.
        tag: group of operations.
        name: identifier of the operation.
        method: GET also answers HEAD.
        status: of its answer, if nothing is wrong.
        extra: what the document says besides.
    """
    content: dict[str, Any] = {media_type: {} for media_type in media_types}
    answers: dict[int | str, dict[str, Any]] = {status: {"description": "The answer."}, **_PROBLEMS}
    if content and "" not in content:
        answers |= {
            200: {"description": "The answer.", "content": content},
            304: {"description": "Nothing has changed."},
        }
    return Route(
        path,
        handler,
        methods=[method],
        status_code=status,
        response_model=None,
        response_class=Response,
        responses=answers,
        summary=summary or (getdoc(handler) or "").partition("\n")[0].rstrip("."),
        tags=[tag] if tag else None,
        name=name or path,
        operation_id=name or None,
        include_in_schema=bool(content),
        openapi_extra=dict(extra) if extra else None,
    )


async def _never() -> Response:
    raise AssertionError("an application answers")


def documented(
    path: str,
    media_types: Iterable[str],
    application: ASGIApp,
    summary: str,
    tag: str,
    name: str,
    extra: Mapping[str, Any],
    method: str = "GET",
) -> Route:
    """An operation that an ASGI application answers, which knows its methods and parameters; see :func:`route`."""
    found = route(path, _never, media_types, summary=summary, tag=tag, name=name, method=method, extra=extra)
    found.app, found.knows_methods = application, True
    return found
