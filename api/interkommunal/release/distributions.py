"""What a file of a release is called in a catalogue: its format, how it is packed, and a title for people.

In go names and what the manifest says of them, out come terms of the vocabularies that portals know.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from interkommunal.release import portal_terms as terms
from interkommunal.release.database import NAME as DATABASE
from interkommunal.release.dumps import PACKED
from interkommunal.release.manifest import File
from interkommunal.release.packages import MEDIA_TYPE as ZIP
from interkommunal.release.packages import package_name
from interkommunal.release.tables import DESCRIPTION, FOLDER, FORMATS
from interkommunal.texts import Text


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a file.

    Attributes:
        title: what it holds, for people.
        file_type: code in the EU vocabulary of file types, of what is inside.
        media_type: that of what is inside, if it is registered; empty otherwise.
        packaging, compression: media type of the archive and of the compression around it; empty without.
    """

    title: Text
    file_type: str
    media_type: str
    packaging: str = ""
    compression: str = ""


# By suffix of a file without compression: code in the EU vocabulary of file types. For SQLite and JSON Lines it has
# general ones only: SQL, as a database is asked by it, and JSON.
_FILE_TYPES: Final = {
    "nq": "RDF_N_QUADS",
    "trig": "RDF_TRIG",
    "jsonld": "JSON_LD",
    "nt": "RDF_N_TRIPLES",
    "ttl": "RDF_TURTLE",
    "rdf": "RDF_XML",
    "csv": "CSV",
    "json": "JSON",
    "jsonl": "JSON",
    "parquet": "PARQUET",
    "sqlite": "SQL",
}
# What people call a format, where that is not what the vocabulary calls it.
_NAMES: Final = {"jsonl": "JSON Lines", "sqlite": "SQLite", "parquet": "Parquet"}
# In use, and not among the media types of the IANA.
_UNREGISTERED: Final = frozenset({"application/jsonl"})
_PACKAGES: Final = {package_name(suffix): suffix for suffix in FORMATS}
_CONTENTS: Final = {
    "graph": Text("The whole graph"),
    "facts": Text("What is said of the cities and their cooperation, without passages and terms,"),
    "vocabulary": Text("Terms, code lists and shapes"),
    DESCRIPTION: Text("Description of all tables by CSVW"),
    DATABASE: Text("All tables and statements in one file"),
}


def form_of(name: str, file: File) -> Form:
    """The form of the file ``name``, of which the manifest says ``file``."""
    if name in _PACKAGES:
        suffix = _PACKAGES[name]
        called = _called(suffix)
        title = Text("All tables as {called} in a ZIP archive", called=called)
        # JSON Lines has no media type of its own; the archive has one.
        return Form(title, _FILE_TYPES[suffix], _registered(FORMATS[suffix]) or ZIP, packaging=ZIP)
    plain, packing = unpacked(name)
    stem, _, suffix = plain.rpartition(".")
    known = _CONTENTS.get(plain) or _CONTENTS.get(stem) or _table(stem)
    called = _called(suffix)
    packed = Text(", compressed ({packing})", packing=packing) if packing else Text("")
    title = Text("{known} as {called}{packed}", known=known, called=called, packed=packed)
    return Form(
        title, _FILE_TYPES[suffix], _registered(file.media_type), compression=PACKED[packing] if packing else ""
    )


def unpacked(name: str) -> tuple[str, str]:
    """The name without the suffix of its compression, and that suffix or nothing."""
    stem, _, suffix = name.rpartition(".")
    return (stem, suffix) if suffix in PACKED else (name, "")


def _table(stem: str) -> Text:
    name = stem.removeprefix(f"{FOLDER}/")
    return Text("Table {name}", name=name)


def _called(suffix: str) -> str:
    return _NAMES.get(suffix) or terms.TERMS[f"{terms.FILE_TYPES}/{_FILE_TYPES[suffix]}"].en


def _registered(media_type: str) -> str:
    essence = media_type.partition(";")[0]
    return "" if essence in _UNREGISTERED else essence
