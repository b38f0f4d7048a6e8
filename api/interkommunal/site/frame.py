"""What stands around every page: menu, language, release, links that search engines and other languages need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from interkommunal.release.release import Release
from interkommunal.site.operator import Operator
from interkommunal.site.site import Site
from interkommunal.texts import Language, gettext_noop
from interkommunal.translator import Translator, translator


class Entry(NamedTuple):
    """An entry of the main menu."""

    text: str
    href: str
    is_here: bool


@dataclass(frozen=True)
class Frame:
    """The frame of one page.

    Attributes:
        language: of the page. site: where links lead. operator: who runs the server.
        release: what is shown; ``None`` where another endpoint answers, or when nothing could be shown.
        path: of the page, without language; empty for pages that have no address of their own (errors).
        query: what the address holds besides the language, for example the page number.
        assets: path under which style, script and fonts lie, with their fingerprint.
        served: paths of other rooms that are there.
    """

    language: Language
    site: Site
    release: Release | None
    operator: Operator
    path: str
    query: tuple[tuple[str, str], ...]
    assets: str
    served: frozenset[str] = frozenset()

    @property
    def say(self) -> Translator:
        """The words of the page."""
        return translator(self.language)

    def address(self, path: str) -> str:
        """What a link to ``path`` holds."""
        return self.site.address(path)

    def asset(self, name: str) -> str:
        """What a link to a file of the design holds."""
        return self.site.address(f"{self.assets}/{name}")

    def url(self, language: Language | None = None) -> str:
        """The whole URL of the page, in a language or in whatever the visitor prefers."""
        pairs = [*self.query, *([("lang", language)] if language else [])]
        return self.site.absolute(self.path) + (f"?{urlencode(pairs)}" if pairs else "")

    @property
    def other_language(self) -> str:
        """What the link to the same page in the other language holds."""
        other: Language = "en" if self.language == "de" else "de"
        return f"{self.site.address(self.path)}?{urlencode([*self.query, ('lang', other)])}"

    @property
    def menu(self) -> tuple[Entry, ...]:
        """The main menu."""
        entries = (
            (gettext_noop("Read the source"), "/sources/"),
            (gettext_noop("Overviews"), "/overviews"),
            (gettext_noop("Lists"), "/lists"),
            (gettext_noop("Ontology"), "/ontology"),
            *(((gettext_noop("Questions"), "/queries"),) if "/queries" in self.served else ()),
            (gettext_noop("SPARQL"), "/sparql"),
        )
        found = [(key, path, self.path.startswith(path)) for key, path in entries]
        return tuple(Entry(self.say(key), self.address(path), here) for key, path, here in found)

    @property
    def release_words(self) -> str:
        """Which release this is."""
        if self.release is None:
            return ""
        return self.say(
            "Release {version}, content {hash}", version=self.release.version, hash=self.release.content_hash[:12]
        )

    @property
    def imprint(self) -> str:
        """Where the imprint is."""
        return self.operator.imprint.elsewhere or self.address("/imprint")

    @property
    def privacy(self) -> str:
        """Where the privacy page is."""
        return self.operator.privacy.elsewhere or self.address("/privacy")
