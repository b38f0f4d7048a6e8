"""Debian's Chromium, driven by Playwright, as the ``test_browser.py`` of each room uses it; axe-core from npm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_AXE = Path(__file__).resolve().parent.parent / "node_modules/axe-core/axe.min.js"
_OF_COLOUR = ("color-contrast", "link-in-text-block")
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")


@dataclass
class Window:
    """A window on its own, in German, and what happens in it.

    Attributes:
        page: what it shows. asked: addresses that it asked for. failed: those of them that failed.
        complaints: what it said in the console, and errors of scripts.
    """

    page: Page
    asked: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. While it runs, no other event loop can run in this thread."""
    if _CHROMIUM is None:
        _lacking("there is no Chromium on this machine (apt-get install chromium)")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=_CHROMIUM, args=arguments)
        yield browser
        browser.close()


@contextmanager
def window(
    browser: Browser,
    url: str | None = None,
    *,
    width: int = 1440,
    scheme: Literal["light", "dark"] = "light",
    scripts: bool = True,
    bypass_csp: bool = False,
) -> Iterator[Window]:
    """A window with cookies and permissions of its own; paths are opened below ``url``."""
    context = browser.new_context(
        base_url=url,
        locale="de-DE",
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=scripts,
        bypass_csp=bypass_csp,
    )
    opened = Window(context.new_page())
    opened.page.on("request", lambda request: opened.asked.append(request.url))
    opened.page.on("requestfailed", lambda request: opened.failed.append(request.url))
    opened.page.on("console", lambda message: opened.complaints.append(message.text))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    yield opened
    context.close()


def complaints(browser: Browser, url: str, paths: Mapping[str, str], width: int) -> list[str]:
    """What pages say in the console, besides that an address is an error; all must fit and ask nobody else."""
    with window(browser, url, width=width) as opened:
        for name, path in paths.items():
            opened.page.goto(path, wait_until="load")
            # What scripts ask for at once.
            opened.page.wait_for_timeout(100)
            wide = opened.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{name} is wider than {width} pixels"
    assert [address for address in opened.asked if not address.startswith(url)] == []
    return [text for text in opened.complaints if "404" not in text and "400" not in text]


def violations(
    browser: Browser, url: str, paths: Mapping[str, str], width: int, scheme: Literal["light", "dark"], *rules: str
) -> tuple[list[tuple[str, str, str]], int]:
    """What axe finds against WCAG 2.2 AA and further ``rules``, and of how many elements it measured the contrast.

    In the dark scheme only colours differ, so only the rules about them are asked again.
    """
    tags = {"type": "tag", "values": [*_RULES, *rules]}
    wanted = {"type": "rule", "values": list(_OF_COLOUR)} if scheme == "dark" else tags
    if not _AXE.is_file():
        _lacking("axe-core is not installed (npm ci)")
    found, measured = [], 0
    # axe is put into the page from outside, which its policy forbids.
    with window(browser, url, width=width, scheme=scheme, bypass_csp=True) as opened:
        for name, path in paths.items():
            opened.page.goto(path)
            opened.page.evaluate(_AXE.read_text("utf-8"))
            report = opened.page.evaluate("wanted => axe.run({runOnly: wanted})", wanted)
            found += [(name, item["id"], item["nodes"][0]["html"][:200]) for item in report["violations"]]
            measured += sum(len(item["nodes"]) for item in report["passes"] if item["id"] == "color-contrast")
    return found, measured


def _lacking(told: str) -> None:
    """Skip, but fail in CI, where nothing may skip."""
    pytest.fail(told) if os.environ.get("CI") else pytest.skip(told)
