"""The tokens of SPARQL 1.1 (§19.8), enough of them to judge a query without parsing it.

In: query text. Out: a list of tokens with their positions, white space and comments left out; or the text with strings,
comments and IRIs blanked, which is quicker. The guard decides on these, so every doubt about where a string, comment or
IRI ends is settled here and nowhere else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from interkommunal.errors import QuerySyntaxError
from interkommunal.normal import normal_text, visible
from interkommunal.texts import Text


class Kind(Enum):
    """What a token is; the value is the group of the pattern that finds it."""

    STRING = "string"
    IRI = "iri"
    VARIABLE = "variable"
    BLANK_NODE = "blank"
    PREFIXED_NAME = "name"
    WORD = "word"
    LANGUAGE = "language"
    NUMBER = "number"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its kind, its text as written, and the 0-based position of its first character."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + len(self.text)

    @property
    def keyword(self) -> str:
        """The text in upper case if it is a word, else nothing. Keywords are written in any case."""
        return self.text.upper() if self.kind is Kind.WORD else ""


# Character classes of the grammar: PN_CHARS_BASE, PN_CHARS_U and PN_CHARS, productions 164 to 167.
_BASE: Final = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_START: Final = f"{_BASE}_"
_CHARS: Final = rf"{_START}0-9\u00b7\u0300-\u036f\u203f\u2040\-"
_NAME_CHARS: Final = f"{_START}0-9\u00b7\u0300-\u036f\u203f\u2040"
_PLX: Final = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_CODEPOINT: Final = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"

_COMMENT: Final = r"\#[^\r\n]*"
_STRING: Final = r"""
        \"\"\" (?: "{0,2} (?: [^"\\] | \\[\s\S] ) )*+ \"\"\"
      | \'\'\' (?: '{0,2} (?: [^'\\] | \\[\s\S] ) )*+ \'\'\'
      | " (?: [^"\\\r\n] | \\[^\r\n] )*+ "
      | ' (?: [^'\\\r\n] | \\[^\r\n] )*+ ' """
_IRI: Final = rf"""< (?: [^<>"{{}}|^`\\\x00-\x20] | {_CODEPOINT} )*+ >"""

# A prefix is looked for in 256 characters at most, so that no text costs more than its length times that.
_TOKENS: Final = re.compile(
    rf"""
    (?P<space> (?: [\x20\t\r\n]+ | {_COMMENT} )+ )
  | (?P<string> {_STRING} )
  | (?P<iri> {_IRI} )
  | (?P<variable> [?$] [{_START}0-9] [{_NAME_CHARS}]*+ )
  | (?P<blank> _: [{_START}0-9] (?: \.{{0,9}} [{_CHARS}] )*+ )
  | (?P<name>
        (?: [{_BASE}] (?: \.{{0,9}} [{_CHARS}] ){{0,255}}+ )? :
        (?: (?: [{_START}0-9:] | {_PLX} ) (?: \.{{0,9}} (?: [{_CHARS}:] | {_PLX} ) )*+ )? )
  | (?P<word> [{_START}] [{_NAME_CHARS}]*+ )
  | (?P<language> @ [A-Za-z]+ (?: -{{1,2}} [A-Za-z0-9]+ )*+ )
  | (?P<number> (?: [0-9]+ (?: \.[0-9]+ )? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<sign> && | \|\| | \^\^ | <= | >= | != | [-{{}}()\[\];,.*+/|^!=<>?&~] )
    """,
    re.VERBOSE,
)
_KINDS: Final = {kind.value: kind for kind in Kind}


def position(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column of a 0-based offset; lines end at LF, as the engines count them."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``.

    Raises:
        QuerySyntaxError: something is no token, for example an unclosed string or a null character.
    """
    found: list[Token] = []
    offset, length = 0, len(text)
    while offset < length:
        match = _TOKENS.match(text, offset)
        if match is None:
            raise _no_token(text, offset)
        kind = match.lastgroup
        if kind != "space":
            found.append(Token(_KINDS[str(kind)], match.group(), offset))
        offset = match.end()
    return found


def _no_token(text: str, offset: int) -> QuerySyntaxError:
    character = text[offset]
    if character in "\"'":
        told = Text("a string that starts here is not closed; strings over several lines need three quotes")
        # Three quotes read as an empty string first, after which one is left over.
        offset -= 2 if text[max(0, offset - 2) : offset] == 2 * character else 0
    else:
        shown = {"\\": "U+005C", " ": "U+0020"}.get(character) or visible(character)
        told = Text("the character {shown} cannot stand here", shown=shown)
    return QuerySyntaxError(told, *position(text, offset))


def resolved(token: Token, among: list[Token]) -> str | None:
    """The IRI that a token names, by the last declaration of its prefix in ``among``; ``None`` if it names none."""
    if token.kind is Kind.IRI:
        return token.text[1:-1]
    if token.kind is Kind.PREFIXED_NAME:
        prefix, _, local = token.text.partition(":")
        return declared_prefixes(among).get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)
    return None


def declared_prefixes(among: list[Token]) -> dict[str, str]:
    """The prefixes that some tokens declare, without colon, with their IRIs as written."""
    return {
        name.text[:-1]: iri.text[1:-1]
        for word, name, iri in zip(among, among[1:], among[2:], strict=False)
        if word.keyword == "PREFIX" and name.kind is Kind.PREFIXED_NAME and iri.kind is Kind.IRI
    }


# Only these can hold a quote, a hash or an angle bracket that is no token of its own; the last but one is an escape in
# a name. The last one stands in no well-formed text. Without it each quote behind a backslash, in a string that is
# never closed, would be tried as the begin of another one up to the end of the text, which takes quadratic time.
_OPAQUE: Final = re.compile(
    rf"""(?P<iri>{_IRI}) | (?P<string>{_STRING}) | {_COMMENT} | {_PLX} | \\["\\]""",
    re.VERBOSE,
)


def masked(text: str) -> str:
    """``text`` with each string, comment, IRI and name escape replaced by a space.

    It is cut exactly where :func:`tokens` cuts, at a fraction of the cost. What is left holds every keyword.
    """
    return _OPAQUE.sub(" ", text)


def iris(text: str) -> list[str]:
    """The IRIs of ``text`` with their angle brackets, where :func:`tokens` sees them."""
    return [match.group() for match in _OPAQUE.finditer(text) if match.lastgroup == "iri"]


_PIECE: Final = re.compile(r"\\[\s\S]|[^\\]+")


def normal_query(text: str) -> str:
    r"""``text`` without a byte order mark before it, and with its strings in normal form.

    What is typed raw into a string is brought to NFC and loses the invisible characters that change nothing
    (:func:`interkommunal.normal.normal_text`). Escapes such as ``\u0308`` stay as they are written, and so do IRIs,
    names and comments: an IRI is compared character by character.
    """
    if text.isascii():
        return text

    def in_normal_form(match: re.Match[str]) -> str:
        whole = match.group()
        if match.lastgroup != "string" or whole.isascii():
            return whole
        normal = _PIECE.sub(lambda piece: piece[0] if piece[0][0] == "\\" else normal_text(piece[0]), whole)
        # What is left out between quotes must not let them close a string of three quotes earlier.
        again = _OPAQUE.fullmatch(normal)
        return normal if again is not None and again.lastgroup == "string" else whole

    return _OPAQUE.sub(in_normal_form, text.lstrip("\ufeff"))


_ESCAPE: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PAIR_OR_ESCAPE: Final = re.compile(rf"\\\\|{_ESCAPE.pattern}")


def has_escapes(text: str) -> bool:
    r"""Whether ``text`` holds a codepoint escape (``\uXXXX``, ``\UXXXXXXXX``) anywhere."""
    return "\\" in text and _ESCAPE.search(text) is not None


def has_harmless_escapes(text: str) -> bool:
    """Whether all codepoint escapes of ``text`` stand in strings, and none of them could end or lengthen its string.

    Then strings, comments and IRIs are where they seem to be, whichever way the escapes are read.
    """
    strings = [match.group() for match in _OPAQUE.finditer(text) if match.lastgroup == "string"]
    codes = [int(match[1] or match[2], 16) for string in strings for match in _ESCAPE.finditer(string)]
    return len(codes) == sum(1 for _ in _ESCAPE.finditer(text)) and all(
        0x20 <= code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF and chr(code) not in "\"'\\" for code in codes
    )


def expand(text: str, *, pairs: bool) -> str:
    r"""``text`` with its codepoint escapes replaced, as SPARQL 1.1 §19.2 demands before parsing.

    Args:
        text: the query.
        pairs: whether ``\\u0041`` is an escaped backslash before ``u0041`` (true) or a backslash before ``A`` (false).
            The specification leaves it open and parsers differ.

    Raises:
        QuerySyntaxError: an escape names no character.
    """

    def replace(match: re.Match[str]) -> str:
        digits = match[1] or match[2]
        if not digits:
            return match.group()
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            told = Text("{group} is no character", group=match.group())
            raise QuerySyntaxError(told, *position(text, match.start()))
        return chr(code)

    return (_PAIR_OR_ESCAPE if pairs else _ESCAPE).sub(replace, text)


def seen_at(query: str, line: int, column: int) -> Text:
    """What stands where the parser stopped."""
    lines = query.split("\n")
    here = lines[line - 1][column - 1 :].strip() if line <= len(lines) else ""
    rest = visible(" ".join((here or " ".join(lines[line:])).split()))
    if not rest:
        return Text("something is missing before the end")
    seen = rest if len(rest) <= 40 else f"{rest[:39]}…"
    return Text("from «{seen}» on the query cannot be read", seen=seen)


_ANY_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def unescaped(text: str) -> str:
    """``text`` with its escapes read (§19.2, ECHAR)."""

    def character(escape: re.Match[str]) -> str:
        code = escape[1] or escape[2]
        return chr(int(code, 16)) if code else _ESCAPED.get(escape[3], escape[3])

    return _ANY_ESCAPE.sub(character, text)


def string_value(token: Token) -> str:
    """The text that a string stands for, without its quotes."""
    quotes = 3 if token.text[:3] in ('"""', "'''") and len(token.text) >= 6 else 1
    return unescaped(token.text[quotes:-quotes])
