"""What the program says, in every language that has a catalogue: gettext, read from ``locale/*.po``.

A message is English where it is said, ``Text("No hits for {query}", query=typed)``, and worded when the language of its
reader is known. A text that code picks by a name from the data (a role, a kind of thing) has that name as its id, in a
context: ``Text.named("role", "role-party")``; both ``en.po`` and ``de.po`` word it. ``python -m interkommunal.texts``
brings the catalogues up to date with the code; another language is one more file beside them.
"""

from __future__ import annotations

import gettext
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

FOLDER: Final = Path(__file__).parent / "locale"

#: Tag of a language that has a catalogue, such as ``de``.
Language = str
#: German and English, in which the data has its labels, come first.
LANGUAGES: Final[tuple[Language, ...]] = tuple(
    sorted((path.stem for path in FOLDER.glob("*.po")), key=lambda tag: (tag not in ("de", "en"), tag))
)
# What says a message, and which of its arguments are one and several.
_KEYWORDS: Final = {
    "Text": None,
    "say": None,
    "_say": None,
    "counted": (1, 2),
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_noop": (1, 2),
}


def _of_rules(file: BinaryIO, *_: object, **__: object) -> Iterator[tuple[int, None, str, list[str]]]:
    """What a table of rules says, for Babel; it counts lines, which we do not keep."""
    for rule in tomllib.loads(file.read().decode()).values():
        yield from ((1, None, rule[member], []) for member in ("says", "mend"))


_METHODS: Final[list[tuple[str, Any]]] = [
    ("**/templates/**", "jinja2"),
    ("**/cards/**", "jinja2"),
    ("**/rules/*.toml", _of_rules),
    ("**.py", "python"),
]


class Text:
    """A sentence that is worded when the language of its reader is known.

    Args:
        message: English, with places in braces as :meth:`str.format` has them.
        values: what fills the places; a :class:`Text` is worded in the same language.
    """

    __slots__ = ("context", "message", "number", "plural", "values", "whole")

    def __init__(self, message: str, /, **values: Any) -> None:
        self.message, self.values = message, values
        self.plural: str | None = None
        self.context: str | None = None
        self.number = 1
        self.whole = False

    @classmethod
    def counted(cls, one: str, other: str, number: int, /, **values: Any) -> Text:
        """A sentence about ``number`` things, which ``{n}`` names in it."""
        text = cls(one, **{"n": number, **values})
        text.plural, text.number = other, number
        return text

    @classmethod
    def named(cls, context: str, name: str, /, **values: Any) -> Text:
        """The text of a name from the data; the name itself where no catalogue has it."""
        text = cls(name, **values)
        text.context = context
        return text

    def in_(self, language: Language) -> str:
        """The sentence in one language, in English where its catalogue lacks it."""
        if not self.message:
            return ""
        found = catalogue(language)
        if self.plural is not None:
            worded = found.ngettext(self.message, self.plural, self.number)
        elif self.context is not None:
            worded = found.pgettext(self.context, self.message)
        else:
            worded = found.gettext(self.message)
        worded = filled(worded, self.values, language)
        return _as_sentence(worded) if self.whole else worded

    def packed(self) -> dict[str, Any]:
        """Message and values, as JSON can hold them; :meth:`unpacked` makes the text of them in another process."""
        values = {
            key: value.packed() if isinstance(value, Text) else value if isinstance(value, int | float) else str(value)
            for key, value in self.values.items()
        }
        return {name: getattr(self, name) for name in self.__slots__} | {"values": values}

    @classmethod
    def unpacked(cls, fields: Mapping[str, Any]) -> Text:
        """The text that was packed into ``fields``."""
        text = cls(fields["message"])
        for name in cls.__slots__:
            setattr(text, name, fields[name])
        text.values = {
            key: cls.unpacked(value) if isinstance(value, dict) else value for key, value in fields["values"].items()
        }
        return text

    def sentence(self) -> Text:
        """The text as a sentence of its own: with a capital and a full stop."""
        text = self.unpacked(self.packed())
        text.whole = True
        return text

    def replaced(self, old: str, new: str) -> Text:
        """The text with ``old`` in its values replaced."""
        text = self.unpacked(self.packed())
        text.values = {
            key: value.replace(old, new) if isinstance(value, str) else value for key, value in text.values.items()
        }
        return text

    def __str__(self) -> str:
        return self.in_("en")

    def __repr__(self) -> str:
        return f"Text({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Text) and all(getattr(self, name) == getattr(other, name) for name in self.__slots__)

    def __hash__(self) -> int:
        return hash((self.message, self.plural, self.context, self.number))


def _as_sentence(text: str) -> str:
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"


class Label(dict[Language, str]):
    """What the data calls something, by language."""

    def in_(self, language: Language) -> str:
        """The label in one language, else in English, in German or in whatever there is."""
        return next((self[tag] for tag in (language, "en", "de", *self) if self.get(tag)), "")


def label_language(language: Language) -> Language:
    """The language of the labels that somebody who reads ``language`` gets of data that has German and English ones."""
    return language if language in ("de", "en") else "en"


def filled(worded: str, values: Mapping[str, Any], language: Language) -> str:
    """A message with its places filled; one without values is taken as it is."""
    if not values:
        return worded
    return worded.format(
        **{key: value.in_(language) if isinstance(value, Text | Label) else value for key, value in values.items()}
    )


def gettext_noop(message: str) -> str:
    """Mark a message that is said elsewhere, so that the catalogues get it."""
    return message


def ngettext_noop(one: str, other: str) -> tuple[str, str]:
    """Mark a message about one thing or several that is said elsewhere."""
    return one, other


@cache
def catalogue(language: Language) -> gettext.NullTranslations:
    """The messages of a language; what it lacks is said in English."""
    if language not in LANGUAGES:
        return gettext.NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(language))
    compiled.seek(0)
    found = gettext.GNUTranslations(compiled)
    if language != "en":
        found.add_fallback(catalogue("en"))
    return found


def read_catalogue(language: Language) -> Catalog:
    """The ``.po`` file of a language."""
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def said() -> Iterator[tuple[str, ...]]:
    """Every message that code and templates say: one form, or one and several."""
    for _, _, found, _, _ in extract_from_dir(FOLDER.parent, _METHODS, keywords=_KEYWORDS):
        yield (found,) if isinstance(found, str) else tuple(found)


def update() -> None:
    """Write the catalogues anew: with all messages that are said, without those that no longer are."""
    messages = set(said())
    for language in LANGUAGES:
        old, new = read_catalogue(language), Catalog(locale=language, fuzzy=False)
        for message in old:
            if message.id and message.context:
                new.add(message.id, message.string, context=message.context)
        for forms in messages if language != "en" else ():
            known = old.get(forms[0])
            new.add(forms if len(forms) > 1 else forms[0], known.string if known else "")
        written = BytesIO()
        write_po(written, new, width=100, omit_header=True, sort_output=True)
        (FOLDER / f"{language}.po").write_bytes(written.getvalue())


if __name__ == "__main__":
    update()
