"""Counts the rows of a SELECT answer in its bytes, and cuts behind a row, while the engine serialises natively.

pyoxigraph writes results in native code, several times faster than Python could, but tells no count. In: the bytes it
writes, in blocks cut anywhere. Out: the same bytes, counted, and ended exactly behind the last row that a limit allows.
Literals may hold anything that looks like markup, so each counter knows how its format quotes.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import ClassVar, Final

from interkommunal.errors import QueryTooLarge
from interkommunal.sparql.query import CSV, RESULTS_JSON, RESULTS_XML, TSV


class RowCounter(ABC):
    """Takes an answer block by block; ``rows`` is the number of rows in what it gave back.

    Args:
        limit: rows allowed. When a further one begins, ``exceeded`` turns true, and nothing more is given back.
    """

    #: What completes an answer that was ended behind a row.
    ending: ClassVar[bytes] = b""

    def __init__(self, limit: int | None = None) -> None:
        self.rows = 0
        self.exceeded = False
        self._limit = limit
        self._rest = b""

    def feed(self, block: bytes, *, is_last: bool = False) -> bytes:
        """Count ``block``; give back what can be sent on, which may lag behind by a few bytes until the last block."""
        data = self._rest + block if self._rest else block
        if not is_last:
            end = self._complete(data)
            self._rest = data[end:]
            data = data[:end] if self._rest else data
        rows = self._count(data)
        if self._limit is not None and self.rows + rows > self._limit:
            self.exceeded = True
            data = data[: self._end_of(data, self._limit - self.rows)]
            self.rows = self._limit
            return data
        self.rows += rows
        self._passed(data)
        return data

    @abstractmethod
    def _complete(self, data: bytes) -> int:
        """How much of ``data`` can be counted without knowing what follows."""

    @abstractmethod
    def _count(self, data: bytes) -> int:
        """Rows that begin (XML, JSON) or end (CSV, TSV) in ``data``, which follows what was passed."""

    @abstractmethod
    def _end_of(self, data: bytes, rows: int) -> int:
        """Where ``data`` must be cut so that it holds that many rows; it holds more."""

    def _passed(self, data: bytes) -> None:  # noqa: B027 - not every format has something to note
        """Take note of ``data``, which was counted."""


class XmlRows(RowCounter):
    """Rows of the XML format: ``<result>``, which cannot occur in text, where ``<`` is escaped."""

    ending = b"</results></sparql>"
    _MARK: Final = b"<result>"

    def _complete(self, data: bytes) -> int:
        """Up to a ``<`` near the end, with which the mark may begin."""
        start = data.rfind(b"<", max(0, len(data) - len(self._MARK) + 1))
        return len(data) if start < 0 else start

    def _count(self, data: bytes) -> int:
        return data.count(self._MARK)

    def _end_of(self, data: bytes, rows: int) -> int:
        return _nth(data, self._MARK, rows + 1)


class TsvRows(RowCounter):
    """Rows of TSV: lines after the header. Line feeds in literals are escaped."""

    _line_ended = False

    def _complete(self, data: bytes) -> int:
        return len(data)

    def _count(self, data: bytes) -> int:
        """Lines that begin: one at the start if a line ended before, and one behind each line end but the last byte."""
        return (self._line_ended and bool(data)) + self._line_ends(data) - self._ends_line(data)

    def _end_of(self, data: bytes, rows: int) -> int:
        line_ends = rows + 1 - self._line_ended
        return self._nth_line_end(data, line_ends) + 1 if line_ends else 0

    def _passed(self, data: bytes) -> None:
        if data:
            self._line_ended = self._ends_line(data)

    def _line_ends(self, data: bytes) -> int:
        return data.count(b"\n")

    def _ends_line(self, data: bytes) -> bool:
        return data.endswith(b"\n")

    def _nth_line_end(self, data: bytes, number: int) -> int:
        return _nth(data, b"\n", number)


class CsvRows(TsvRows):
    """Rows of CSV (RFC 4180): lines after the header, where line feeds between double quotes end no line.

    A doubled quote leaves the quotes and enters them again, which changes nothing.
    """

    _quoted = False

    def _passed(self, data: bytes) -> None:
        super()._passed(data)
        self._quoted ^= data.count(b'"') % 2 == 1

    def _line_ends(self, data: bytes) -> int:
        if b'"' not in data:
            return 0 if self._quoted else data.count(b"\n")
        return sum(segment.count(b"\n") for segment in data.split(b'"')[self._quoted :: 2])

    def _ends_line(self, data: bytes) -> bool:
        return data.endswith(b"\n") and (data.count(b'"') % 2 == 1) == self._quoted

    def _nth_line_end(self, data: bytes, number: int) -> int:
        quoted = self._quoted
        for match in re.finditer(rb'["\n]', data):
            if match.group() == b'"':
                quoted = not quoted
            elif not quoted:
                number -= 1
                if not number:
                    return match.start()
        return len(data) - 1


class JsonRows(RowCounter):
    r"""Rows of the JSON format as oxigraph writes it, without white space.

    A row is an object that is not the value of a member: a ``{`` outside strings that does not follow a colon. Data
    is passed on in pieces that end where a row ends: behind ``"}}`` and before ``,{"``, if the first quote follows
    nothing that an opening quote can follow. In such a piece each ``}},{"`` begins a row, unless it ends a string;
    then ``,`` or ``}`` follows, where a variable's name stands otherwise. Pieces with such a string or with a row
    without bindings (``{}``) are read mark by mark.

    Nearly always each row begins with the first variable. Where as many ``}},{`` as ``}},{"variable":`` stand in a
    piece, all are beginnings of rows, and there are no others: no string can hold the longer one, because its quote
    would end the string, and a row without bindings would leave a ``}},{`` too many. Two searches say so.
    """

    ending = b"]}}"
    #: Bytes of one row beyond which the answer is refused; a row is kept until its end is seen.
    MAX_ROW: Final = 1 << 24
    _HEAD_END: Final = b'"bindings":['
    _BETWEEN: Final = b'}},{"'
    _ENDED: Final = b"}},{"
    _FIRST_VARIABLE: Final = re.compile(rb'"vars":\[("[^"]*")')
    _MARK: Final = re.compile(rb'\\.|"|:?\{', re.DOTALL)

    def __init__(self, limit: int | None = None) -> None:
        super().__init__(limit)
        self._in_head = True
        self._row_start = b""
        self._patience = 1 << 18

    def _complete(self, data: bytes) -> int:
        body = self._body_start(data)
        if body < 0:
            return 0
        end = len(data)
        while (end := data.rfind(b'"}},{"', body, end)) > body:
            if data[end - 1] not in b"{,:[\\":
                return end + 3
            end += 5
        if len(data) - body > self._patience or b",{}" in data[body:]:
            return self._last_start(data, body)
        return body

    def _last_start(self, data: bytes, body: int) -> int:
        """Where the last row begins, read mark by mark; done ever more seldom while a long row goes on."""
        starts = self._starts(data[body:])
        if len(starts) > 1:
            return body + starts[-1] - 1
        if len(data) - body > self.MAX_ROW:
            raise QueryTooLarge(f"one row of the answer has more than {self.MAX_ROW} bytes", limit="bytes")
        self._patience = 2 * len(data)
        return body

    def _count(self, data: bytes) -> int:
        start = self._body_start(data)
        if start < 0:
            return 0
        body = data[start:]
        if not self._row_start:
            variable = self._FIRST_VARIABLE.search(data, 0, start)
            self._row_start = b"}},{%b:" % (variable[1] if variable else b"{")
        if not body.startswith((b",{}", b"{}")):
            rows = body.count(self._row_start)
            if rows == body.count(self._ENDED):
                return rows + body.startswith((b"{", b",{"))
        if b",{}" in body or body.startswith(b"{}") or b'}},{",' in body or b'}},{"}' in body:
            return len(self._starts(body))
        return body.count(self._BETWEEN) + body.startswith((b"{", b",{"))

    def _end_of(self, data: bytes, rows: int) -> int:
        body = self._body_start(data)
        start = body + self._starts(data[body:])[rows]
        return start - (data[start - 1 : start] == b",")

    def _passed(self, data: bytes) -> None:
        self._in_head = self._in_head and self._HEAD_END not in data

    def _body_start(self, data: bytes) -> int:
        """Where the rows begin in ``data``: at 0 behind the head; -1 if the head goes on."""
        if not self._in_head:
            return 0
        at = data.find(self._HEAD_END)
        return at if at < 0 else at + len(self._HEAD_END)

    def _starts(self, body: bytes) -> list[int]:
        """Offsets at which rows begin in ``body``, which begins outside strings."""
        found: list[int] = []
        in_string = False
        for match in self._MARK.finditer(body):
            mark = match.group()
            if mark == b'"':
                in_string = not in_string
            elif mark == b"{" and not in_string:
                found.append(match.start())
        return found


def _nth(data: bytes, mark: bytes, number: int) -> int:
    """Offset of the ``number``-th ``mark``, counted from 1; there are that many."""
    offset = -len(mark)
    for _ in range(number):
        offset = data.find(mark, offset + len(mark))
    return offset


def row_counter(media_type: str, limit: int | None) -> RowCounter:
    """The counter for a format of SELECT answers."""
    return _COUNTERS[media_type](limit)


_COUNTERS: Final[dict[str, type[RowCounter]]] = {
    RESULTS_JSON: JsonRows,
    RESULTS_XML: XmlRows,
    CSV: CsvRows,
    TSV: TsvRows,
}
