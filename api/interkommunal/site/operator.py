"""Who runs this server, as its pages tell: name and addresses, and the texts of imprint and privacy page.

A text is an address elsewhere or a file, one for both languages or one for each; files are read once, at the start.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from interkommunal.errors import SettingsError
from interkommunal.settings import PREFIX, Settings
from interkommunal.texts import LANGUAGES, Language

_PLACE: Final = "{language}"
_LARGEST: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Statement:
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
    imprint: Statement = Statement()
    privacy: Statement = Statement()


def operator_of(settings: Settings) -> Operator:
    """The operator that the settings name.

    Raises:
        SettingsError: a file cannot be read. One line that names the setting.
    """
    return Operator(
        settings.operator_name,
        settings.operator_url,
        settings.operator_email,
        _statement("imprint", settings.imprint, settings.language),
        _statement("privacy", settings.privacy, settings.language),
    )


def _statement(name: str, given: str | None, default: Language) -> Statement:
    if given is None:
        return Statement()
    if given.startswith(("https://", "http://")):
        return Statement(elsewhere=given)
    if _PLACE in given:
        return Statement(texts={item: _read(name, given.replace(_PLACE, item)) for item in LANGUAGES})
    text = _read(name, given)
    return Statement(texts=dict.fromkeys(LANGUAGES, text), in_one=default)


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
