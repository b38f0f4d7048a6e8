"""Pages are made before anybody asks: all of them, in both languages, without holding up the start."""

from __future__ import annotations

import asyncio
import time

import pytest
from starlette.types import Receive, Scope, Send
from tests.patience import patient

from interkommunal.app import application
from interkommunal.app.application import Warming
from interkommunal.site.frame import Design


class Pages:
    """An application that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.hold = asyncio.Event()
        self.hold.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.hold.wait()
        self.asked.append((scope["path"], dict(scope["headers"])[b"accept-language"].decode()))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        if scope["path"] == "/broken":
            raise RuntimeError("a fault")


async def test_each_page_is_made_in_each_language_even_after_a_fault() -> None:
    pages = Pages()
    await Warming(pages, Design(), ("/", "/broken", "/lists")).begin()

    assert pages.asked == [
        ("/", "de"),
        ("/", "en"),
        ("/broken", "de"),
        ("/broken", "en"),
        ("/lists", "de"),
        ("/lists", "en"),
    ]


async def test_a_slow_store_does_not_hold_up_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "PATIENCE", 0.05)
    pages = Pages()
    pages.hold.clear()
    made = Warming(pages, Design(), ("/",))
    started = time.monotonic()
    await made.begin()

    assert time.monotonic() - started < patient(5)
    assert pages.asked == []
    pages.hold.set()
    while len(pages.asked) < 2:
        await asyncio.sleep(0.01)


async def test_another_release_begins_again() -> None:
    pages = Pages()
    pages.hold.clear()
    made = Warming(pages, Design(), ("/",))
    made.again()
    await asyncio.sleep(0)
    made.again()
    pages.hold.set()
    while len(pages.asked) < 2:
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)

    assert pages.asked == [("/", "de"), ("/", "en")]


async def test_templates_are_compiled() -> None:
    design = Design()
    await Warming(Pages(), design, ()).begin()

    assert {key[1] for key in design._templates.cache} >= {"base.html", "thing.html", "term.html"}  # type: ignore[union-attr]
