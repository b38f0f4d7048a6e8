"""What surrounds every page: menu, language, release, who runs the server, links that others need; and its rendering.

Of the operator, pages show name and addresses, and the texts of imprint and privacy page: each an address elsewhere or
a file, one for all languages or one for each; files are read once, at the start. Templates and the files of the design
(style, script, fonts, icon) are one set for the server: a room with files of its own adds its folder, and all share one
fingerprint.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import jinja2
from babel.core import get_global

from interkommunal.dates import locale
from interkommunal.errors import SettingsError
from interkommunal.release.release import Release
from interkommunal.settings import PREFIX, Settings
from interkommunal.site.entity.model import Link, Row
from interkommunal.site.site import Site
from interkommunal.texts import LANGUAGES, Language, gettext_noop
from interkommunal.translator import Translator, translator

_HERE: Final = Path(__file__).parent
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


class Design:
    """Renders templates and hands out the files that pages load."""

    def __init__(self) -> None:
        self._folders: list[Path] = []
        # The files and their fingerprint, set together: threads that render pages must not see one without the other.
        self._read: tuple[dict[str, bytes], str] | None = None
        self._templates = jinja2.Environment(
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            cache_size=-1,
            extensions=["jinja2.ext.i18n"],
        )
        self._templates.filters["groupby_head"] = by_head
        self.add(_HERE)

    def add(self, folder: Path) -> None:
        """Add what a room has in its folders ``templates`` and ``static``; names must not be taken yet.

        Raises:
            ValueError: a template or file of this name is there already.
        """
        if folder in self._folders:
            return
        taken = {name for other in self._folders for name in _listed(other)}
        if twice := taken & set(_listed(folder)):
            raise ValueError(f"{folder}: {', '.join(sorted(twice))} are taken by another room")
        self._folders.append(folder)
        self._read = None
        self._templates.loader = jinja2.FileSystemLoader([item / "templates" for item in self._folders])

    @property
    def files(self) -> dict[str, bytes]:
        """The files by name; nothing else below the folders can be asked for."""
        return self._with_fingerprint()[0]

    @property
    def path(self) -> str:
        """Where the files lie; it holds their fingerprint, so that browsers may keep them for good."""
        return f"/design/{self._with_fingerprint()[1]}"

    def _with_fingerprint(self) -> tuple[dict[str, bytes], str]:
        read = self._read
        if read is None:
            files = {
                path.relative_to(folder / "static").as_posix(): path.read_bytes()
                for folder in self._folders
                for path in sorted((folder / "static").rglob("*"))
                if path.is_file() and path.suffix in _TYPES
            }
            digest = blake2b(digest_size=8)
            for name, body in files.items():
                digest.update(name.encode() + b"\0" + body)
            read = self._read = (files, digest.hexdigest())
        return read

    def render(self, template: str, frame: Frame, **values: Any) -> bytes:
        """A page, in the language of its frame."""
        text = self._templates.get_template(template).render(
            frame=frame,
            **frame.say.in_templates,
            **values,
        )
        return text.encode("utf-8")

    def warm(self) -> None:
        """Compile all templates, so that no visitor waits for it."""
        for name in self._templates.list_templates(extensions=["html"]):
            self._templates.get_template(name)

    @staticmethod
    def content_type(name: str) -> str:
        """Media type of a file of the design."""
        return _TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _listed(folder: Path) -> list[str]:
    """Templates and files of a room."""
    return [
        path.relative_to(folder / part).as_posix()
        for part in ("templates", "static")
        for path in (folder / part).rglob("*")
        if path.is_file()
    ]


def by_head(rows: Iterable[Row]) -> Iterator[tuple[Link | None, list[Row]]]:
    """Rows of the same property, one after the other, together under it."""
    for (head, _), same in groupby(rows, key=lambda row: (row.head, row.inverse)):
        yield head, list(same)


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
