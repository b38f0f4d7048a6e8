"""What stands around every page: menu, language, release, who runs the server, links that others need.

Of the operator pages tell name and addresses, and the texts of imprint and privacy page: each an address elsewhere or a
file, one for both languages or one for each; files are read once, at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlencode

from babel.core import get_global

from interkommunal.dates import locale
from interkommunal.errors import SettingsError
from interkommunal.release.release import Release
from interkommunal.settings import PREFIX, Settings
from interkommunal.site.site import Site
from interkommunal.texts import LANGUAGES, Language, gettext_noop
from interkommunal.translator import Translator, translator

_PLACE: Final = "{language}"
_LARGEST: Final = 1 << 20
# Worded in the language that the link leads to: "Diese Seite auf Deutsch".
_THIS_PAGE: Final = gettext_noop("This page in English")


@dataclass(frozen=True, slots=True)
class Notice:
    """What the operator says on a page.

    Attributes:
        elsewhere: address of a page of the operator. texts: by language; the same for both if there is one file.
        in_one: the language of the only text there is, by the setting ``language``.
    """

    elsewhere: str | None = None
    texts: Mapping[Language, str] = field(default_factory=lambda: MappingProxyType({}))
    in_one: Language | None = None


@dataclass(frozen=True, slots=True)
class Operator:
    """What the operator wants to be said; all of it may be left out.

    Attributes:
        name: of the operator, for citations and structured data. url: of its own site. email: for questions.
        imprint, privacy: what the two pages say.
    """

    name: str | None = None
    url: str | None = None
    email: str | None = None
    imprint: Notice = Notice()
    privacy: Notice = Notice()


def operator_of(settings: Settings) -> Operator:
    """The operator that the settings name.

    Raises:
        SettingsError: a file cannot be read. One line that names the setting.
    """
    return Operator(
        settings.operator_name,
        settings.operator_url,
        settings.operator_email,
        _notice("imprint", settings.imprint, settings.language),
        _notice("privacy", settings.privacy, settings.language),
    )


def _notice(name: str, given: str | None, default: Language) -> Notice:
    if given is None:
        return Notice()
    if given.startswith(("https://", "http://")):
        return Notice(elsewhere=given)
    if _PLACE in given:
        return Notice(texts={item: _read(name, given.replace(_PLACE, item)) for item in LANGUAGES})
    text = _read(name, given)
    return Notice(texts=dict.fromkeys(LANGUAGES, text), in_one=default)


def _read(name: str, file: str) -> str:
    try:
        with Path(file).open("rb") as stream:
            body = stream.read(_LARGEST + 1)
        if len(body) > _LARGEST:
            raise SettingsError(f"{PREFIX}{name.upper()}: {file} is larger than {_LARGEST >> 20} MiB")
        return body.decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{PREFIX}{name.upper()}: {file} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{PREFIX}{name.upper()}: {file} is not UTF-8") from None


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
    def locale(self) -> str:
        """Language and country as Open Graph writes them, such as ``de_DE``."""
        own = locale(self.language)
        return str(own) if own.territory else get_global("likely_subtags")[self.language].replace("_Latn", "")

    @property
    def languages(self) -> tuple[Language, ...]:
        """All languages of the pages."""
        return LANGUAGES

    @property
    def other_languages(self) -> tuple[tuple[Language, str, str, str], ...]:
        """The same page in the other languages: tag, address, name of the language and title, each in that language."""
        return tuple(
            (
                other,
                f"{self.site.address(self.path)}?{urlencode([*self.query, ('lang', other)])}",
                str(locale(other).get_language_name(other)),
                translator(other)(_THIS_PAGE),
            )
            for other in LANGUAGES
            if other != self.language
        )

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
