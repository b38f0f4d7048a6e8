"""The tables of one format in one ZIP file, for who takes all of them.

In go files of the folder, out comes an archive. Members have no time and no rights of a machine, so the same files give
the same bytes with the same version of zlib.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from typing import Final

from interkommunal.release.output import Folder
from interkommunal.release.tables import DESCRIPTION, FOLDER, FORMATS, HOLDS, Table

MEDIA_TYPE: Final = "application/zip"
# The first day that ZIP knows.
_NO_DAY: Final = (1980, 1, 1, 0, 0, 0)
# Parquet is compressed already.
_METHODS: Final = {"parquet": zipfile.ZIP_STORED}
_PIECE: Final = 1 << 20


def package_name(suffix: str) -> str:
    """The name of the archive of the tables in the format with this suffix."""
    return f"{FOLDER}-{suffix}.zip"


def write_packages(tables: Sequence[Table], folder: Folder) -> None:
    """Writes one archive a format into ``folder``; CSV goes with the description of its columns."""
    for suffix in FORMATS if tables else ():
        names = [f"{FOLDER}/{table.name}.{suffix}" for table in tables]
        if suffix == "csv":
            names.append(DESCRIPTION)
        with (
            folder.new(package_name(suffix), MEDIA_TYPE, HOLDS) as output,
            zipfile.ZipFile(output, "w") as archive,
        ):
            for name in names:
                _add(archive, name, _METHODS.get(suffix, zipfile.ZIP_DEFLATED), folder)


def _add(archive: zipfile.ZipFile, name: str, method: int, folder: Folder) -> None:
    member = zipfile.ZipInfo(name, _NO_DAY)
    member.compress_type = method
    member.create_system = 3
    member.external_attr = 0o644 << 16
    member.file_size = folder.files[name].bytes
    with (folder.path / name).open("rb") as source, archive.open(member, "w") as target:
        shutil.copyfileobj(source, target, _PIECE)
