"""What XML and RDF/XML cannot hold, so that no answer leaves that is no XML.

In: blocks of an answer, or terms that shall be written. Out: nothing, or an ``AnswerUnfit``. XML 1.0 (§2.2) has no
control characters, not even escaped ones. RDF/XML (§2.6, §2.13) writes properties and classes as names of elements, so
their IRIs must end in a name. pyoxigraph writes either as if it were possible.
"""

from __future__ import annotations

import re
from typing import Final

from pyoxigraph import NamedNode, Triple

from interkommunal.errors import AnswerUnfit
from interkommunal.texts import Text

_CONTROLS: Final = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_NO_CHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")
# A name (Namespaces in XML §3) at the end of an IRI.
_START: Final = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_NAME: Final = re.compile(rf"[{_START}][{_START}\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*+\Z")
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_TYPE: Final = _RDF + "type"
# Names that mean something else in RDF/XML (§5.1).
_RESERVED: Final = frozenset(
    _RDF + name
    for name in (
        *("RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"),
        *("li", "Description", "aboutEach", "aboutEachPrefix", "bagID"),
    )
)
_MOST_REMEMBERED: Final = 4096


class XmlCharacters:
    """Watches the blocks of an answer in XML."""

    def __init__(self) -> None:
        self._tail = b""

    def watch(self, block: bytes) -> None:
        """Look at the next block.

        Raises:
            AnswerUnfit: it holds a character that XML does not have.
        """
        if len(block.translate(None, _CONTROLS)) != len(block):
            raise _no_character(next(byte for byte in block if byte in _CONTROLS))
        for code, character in zip((0xFFFE, 0xFFFF), _NO_CHARACTERS, strict=True):
            if character in block or character in self._tail + block[:2]:
                raise _no_character(code)
        self._tail = (self._tail + block[-2:])[-2:]


class RdfXmlNames:
    """Knows which triples RDF/XML can hold."""

    def __init__(self) -> None:
        self._known: set[NamedNode] = set()

    def require(self, triple: Triple) -> None:
        """Make sure that properties and classes can be written as elements, also those of triple terms.

        Raises:
            AnswerUnfit: one cannot.
        """
        predicate, target = triple.predicate, triple.object
        if predicate not in self._known:
            self._require_name(predicate, "property")
        if isinstance(target, Triple):
            self.require(target)
        elif predicate.value == _TYPE and isinstance(target, NamedNode) and target not in self._known:
            self._require_name(target, "class")

    def _require_name(self, node: NamedNode, what: str) -> None:
        iri = node.value
        if _NAME.search(iri) is None or (what == "property" and iri in _RESERVED):
            raise AnswerUnfit(
                Text("RDF/XML cannot hold the property <{iri}>; ask for Turtle or another format", iri=iri)
                if what == "property"
                else Text("RDF/XML cannot hold the class <{iri}>; ask for Turtle or another format", iri=iri)
            )
        if iri not in _RESERVED:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            self._known.add(node)


def _no_character(code: int) -> AnswerUnfit:
    return AnswerUnfit(
        Text("XML cannot hold the character U+{code:04X} of this answer; ask for another format", code=code)
    )
