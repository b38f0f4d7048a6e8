"""What ``/queries/{name}`` and its answers can be, by suffix or by ``Accept``, and how the rows leave in each format.

CSV is made for spreadsheets unless somebody wants it raw: it begins with a byte order mark, by which Excel knows UTF-8,
and a cell that a spreadsheet would take for a formula begins with an apostrophe. Workbook and Parquet name question and
release; each format is the same bytes for the same rows.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import orjson
import pyoxigraph
from pyoxigraph import Literal, NamedNode, Triple

from interkommunal.graph.examples import example_iri, examples
from interkommunal.graph.library import LibraryQuery
from interkommunal.graph.terms import named
from interkommunal.namespaces import PREFIXES, expand
from interkommunal.site.figures.figure import write_csv
from interkommunal.site.library.questions import AnsweredQuestion
from interkommunal.site.overviews.overview import Term, text
from interkommunal.sparql.query import CSV, JSON_LD, N_TRIPLES, RDF_XML, RESULTS_JSON, TSV, TURTLE, Form
from interkommunal.texts import Text
from interkommunal.web.formats import HTML, OFFERS, Format

if TYPE_CHECKING:
    import pyarrow as pa

_ROWS: Final = {item.media_type: item for item in OFFERS[Form.SELECT]}
_GRAPHS: Final = {item.media_type: item for item in OFFERS[Form.CONSTRUCT]}

JSON: Final = Format("application/json", ("text/json",), "", "json", "JSON", ("json",))
RESULTS: Final = Format(RESULTS_JSON, (), "", "srj", "SPARQL JSON", ("srj",))
XLSX: Final = Format(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (), "", "xlsx", "Excel", ("xlsx",)
)
PARQUET: Final = Format("application/vnd.apache.parquet", (), "", "parquet", "Parquet", ("parquet",))
TEXT: Final = Format("application/sparql-query", (), "; charset=utf-8", "rq", "SPARQL", ("rq",))
ROWS_CSV: Final = _ROWS[CSV]
ROWS_TSV: Final = _ROWS[TSV]
RDF: Final[tuple[Format, ...]] = tuple(_GRAPHS[name] for name in (TURTLE, JSON_LD, N_TRIPLES, RDF_XML))

# What one question is answered in; clients without a preference get the page. RDF describes the question, not its rows.
ANSWERS: Final[tuple[Format, ...]] = (HTML, JSON, ROWS_CSV, ROWS_TSV, XLSX, PARQUET, RESULTS, TEXT, *RDF)
# What the list of all questions comes in.
LISTS: Final[tuple[Format, ...]] = (HTML, JSON, *RDF)
#: Where the questions as RDF are found.
PATH: Final = "/.well-known/sparql-examples"

_TARGET: Final = named("schema:target")
_SHOWN: Final = ("dcterms", "owl", "rdf", "rdfs", "schema", "sh", "xsd")
# What spreadsheets take for the beginning of a formula (OWASP, CSV injection), full width forms included.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_MARK: Final = "\ufeff"
_STRING, _INTEGER = expand("xsd:string"), expand("xsd:integer")
_DECIMALS: Final = frozenset(expand(f"xsd:{name}") for name in ("decimal", "double", "float"))
# Of a workbook: datatypes of numbers, and what XML cannot hold (XML 1.0 §2.2).
_NUMBERS: Final = frozenset(expand(f"xsd:{name}") for name in ("integer", "decimal", "double", "nonNegativeInteger"))
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The most that a cell and a sheet hold (Excel specifications and limits), and the digits that a number keeps.
_LONGEST: Final = 32_767
_MOST_ROWS: Final = 1_048_575
_DIGITS: Final = 15
# A workbook says when it was made; the same rows are to be the same bytes.
_WHEN: Final = datetime(1980, 1, 1, tzinfo=UTC)
_WIDTH: Final = 24
_QUESTION: Final = Text("Question")
_RELEASE: Final = Text("Release")
_ADDRESS: Final = Text("Address")
_SHEETS: Final = (Text("Answer"), Text("Origin"))
# Of Parquet, by datatype: the kind of the column, and how a value of it is read.
_INTEGER_NAMES: Final = ("integer", "nonNegativeInteger", "positiveInteger", "int", "long")
_KINDS: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    **{expand(f"xsd:{name}"): ("int64", int) for name in (*_INTEGER_NAMES, "gYear")},
    **dict.fromkeys(_DECIMALS, ("float64", float)),
    expand("xsd:date"): ("date32", date.fromisoformat),
    expand("xsd:boolean"): ("bool_", lambda text: text in ("true", "1")),
}


def written(answered: AnsweredQuestion, wanted: Format, url: str, links: Mapping[str, str]) -> bytes:
    """The rows in a format.

    Args:
        answered: question and rows.
        wanted: a format of rows.
        url: where the answer comes from.
        links: URLs of other parts of the answer by relation.
    """
    if wanted is JSON:
        return json(answered, links)
    if wanted in (PARQUET, XLSX):
        return (parquet if wanted is PARQUET else workbook)(answered, url)
    return {RESULTS: results, ROWS_CSV: csv, ROWS_TSV: tsv}[wanted](answered)


def csv(answered: AnsweredQuestion) -> bytes:
    """The rows as CSV, for spreadsheets or raw (SPARQL 1.1 Query Results CSV §3)."""
    rows = [[text(term) for term in row] for row in answered.rows]
    if answered.asked.raw:
        return write_csv(answered.columns, rows).encode()
    return (_MARK + write_csv(answered.columns, [[defused(cell) for cell in row] for row in rows])).encode()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    is_number = cell[:1] in "+-" and cell[1:].replace(".", "", 1).isdecimal() and cell.isascii()
    return f"'{cell}" if cell.startswith(_FORMULA) and not is_number else cell


def tsv(answered: AnsweredQuestion) -> bytes:
    """The rows as TSV, whole terms (SPARQL 1.1 Query Results TSV §4)."""
    escapes = str.maketrans({"\t": "\\t", "\n": "\\n", "\r": "\\r"})
    head = "\t".join(f"?{name}" for name in answered.columns)
    lines = ("\t".join("" if term is None else str(term).translate(escapes) for term in row) for row in answered.rows)
    return "".join(f"{line}\n" for line in (head, *lines)).encode()


def json(answered: AnsweredQuestion, links: Mapping[str, str]) -> bytes:
    """The rows as objects, with the question and the release; ``links`` are URLs by relation."""
    asked = answered.asked
    return orjson.dumps(
        {
            "name": asked.query.name,
            "question": asked.query.summary.in_(asked.language),
            "release": answered.release,
            "language": asked.language,
            "parameters": {name: text(term) for name, term in asked.terms.items()},
            "columns": answered.columns,
            "total": answered.total,
            "offset": asked.offset,
            **links,
            "rows": [
                {name: _value(term) for name, term in zip(answered.columns, row, strict=True)} for row in answered.rows
            ],
        }
    )


def _value(term: Term) -> object:
    """Text, number or nothing; numbers of SPARQL that JSON cannot hold stay text."""
    if isinstance(term, Literal) and term.datatype.value == _INTEGER:
        return int(term.value) if len(term.value) < 16 else term.value
    if isinstance(term, Literal) and term.datatype.value in _DECIMALS:
        number = float(term.value)
        return number if number - number == 0 else term.value
    return None if term is None else text(term)


def results(answered: AnsweredQuestion) -> bytes:
    """The rows in the JSON results format (SPARQL 1.1 Query Results JSON §3)."""
    bindings = [
        {name: _binding(term) for name, term in zip(answered.columns, row, strict=True) if term is not None}
        for row in answered.rows
    ]
    return orjson.dumps({"head": {"vars": answered.columns}, "results": {"bindings": bindings}})


def _binding(term: Term) -> dict[str, Any]:
    if isinstance(term, Literal):
        binding = {"type": "literal", "value": term.value}
        if term.language:
            binding["xml:lang"] = term.language
        elif term.datatype.value != _STRING:
            binding["datatype"] = term.datatype.value
        return binding
    return {"type": "uri" if isinstance(term, NamedNode) else "bnode", "value": getattr(term, "value", "")}


def workbook(answered: AnsweredQuestion, url: str) -> bytes:
    """The rows as a workbook of two sheets: the rows, and what they answer.

    Texts are written as texts, whatever they look like, so that no cell is a formula or a link; dates stay texts,
    because a spreadsheet knows days and no years.

    Args:
        answered: question and rows.
        url: where the answer comes from.
    """
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    language, query = answered.asked.language, answered.asked.query
    about = [
        (_QUESTION.in_(language), query.summary.in_(language)),
        ("Name", query.name),
        *((name, text(term)) for name, term in answered.asked.terms.items()),
        (_RELEASE.in_(language), answered.release),
        (_ADDRESS.in_(language), url),
    ]
    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _WHEN, "title": query.summary.in_(language)})
    bold = book.add_format({"bold": True})
    sheet, origin = (book.add_worksheet(name.in_(language)) for name in _SHEETS)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(0, len(answered.columns) - 1), _WIDTH)
    for column, name in enumerate(answered.columns):
        sheet.write_string(0, column, name, bold)
    for number, row in enumerate(answered.rows[:_MOST_ROWS], 1):
        for column, term in enumerate(row):
            value = _number(term)
            if value is None:
                sheet.write_string(number, column, _in_cell(text(term)))
            else:
                sheet.write_number(number, column, value)
    origin.set_column(0, 1, _WIDTH)
    for number, (key, content) in enumerate(about):
        origin.write_string(number, 0, key, bold)
        origin.write_string(number, 1, _in_cell(content))
    book.close()
    return stream.getvalue()


def _number(term: Term) -> float | None:
    if not isinstance(term, Literal) or term.datatype.value not in _NUMBERS or len(term.value) > _DIGITS:
        return None
    try:
        value = float(term.value)
    except ValueError:
        return None
    return value if value - value == 0 else None


def _in_cell(value: str) -> str:
    return _FORBIDDEN.sub("\ufffd", value)[:_LONGEST]


def parquet(answered: AnsweredQuestion, url: str) -> bytes:
    """The rows as Parquet, with types, for pandas, Arrow, DuckDB and R.

    A column gets the type that all its values have: whole numbers and years int64, decimals and doubles float64, days
    date32, truth values bool. IRIs and texts are strings, and so are EDTF dates and columns of mixed types: a year is
    no day, and nothing is made up. Nothing bound is null. Question and release are in the metadata of the file.
    https://parquet.apache.org/docs/file-format/

    Args:
        answered: question and rows.
        url: where the answer comes from.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = [_column([row[index] for row in answered.rows]) for index in range(len(answered.columns))]
    query = answered.asked.query
    about: dict[bytes | str, bytes | str] = {
        "question": query.summary.in_(answered.asked.language),
        "name": query.name,
        "release": answered.release,
        "address": url,
        **{f"parameter.{name}": text(term) for name, term in answered.asked.terms.items()},
    }
    fields = [pa.field(name, column.type) for name, column in zip(answered.columns, columns, strict=True)]
    stream = io.BytesIO()
    pq.write_table(pa.table(columns, schema=pa.schema(fields, metadata=about)), stream, compression="zstd")
    return stream.getvalue()


def _column(terms: Sequence[Term]) -> pa.Array[Any]:
    """The values as an array of the one type that fits all of them, else as strings."""
    import pyarrow as pa

    values = [None if term is None else text(term) for term in terms]
    datatypes = {term.datatype.value if isinstance(term, Literal) else "" for term in terms if term is not None}
    if len(datatypes) == 1 and (kind := _KINDS.get(datatypes.pop())) is not None:
        name, read = kind
        # An ill-formed value, a day that the calendar does not have, or a number of more than 64 bits.
        with suppress(ValueError, OverflowError):
            array: pa.Array[Any] = pa.array(
                [None if value is None else read(value) for value in values], getattr(pa, name)()
            )
            return array
    return pa.array(values, pa.string())


def targeted(queries: Iterable[LibraryQuery], endpoint: str) -> Iterator[Triple]:
    """The statements of the graph about these questions, and where to ask them (``schema:target``).

    Args:
        queries: the questions.
        endpoint: URL of the SPARQL endpoint.
    """
    asked = tuple(queries)
    yield from (quad.triple for quad in examples(asked))
    for query in asked:
        yield Triple(NamedNode(example_iri(query.name)), _TARGET, NamedNode(endpoint))


def serialised(triples: Iterable[Triple], wanted: Format) -> bytes:
    """The statements in a format of RDF, the same bytes for the same statements."""
    form = pyoxigraph.RdfFormat.from_media_type(wanted.media_type)
    assert form is not None, f"{wanted.media_type} is a format of RDF"
    prefixes = {name: PREFIXES[name] for name in _SHOWN} if wanted.media_type != JSON_LD else {}
    data = pyoxigraph.serialize(triples, format=form, prefixes=prefixes)
    assert data is not None, "without a file the data comes back"
    return data
