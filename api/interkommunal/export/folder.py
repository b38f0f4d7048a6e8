"""The folder of a copy: written beside the old one and swapped in, with a manifest and the checksum of each file.

How web servers deliver it stands in a file for Apache, which finds it by itself, and for others in docs/export.md.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from interkommunal.errors import ExportError

MANIFEST: Final = "MANIFEST.json"
CHECKSUMS: Final = "SHA256SUMS"
_FORM: Final = "interkommunal export 1"
_PIECE: Final = 1024 * 1024
# Of the suffixes that web servers do not know by themselves.
_TYPES: Final = {
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "nq": "application/n-quads",
    "trig": "application/trig",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "srj": "application/sparql-results+json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "sqlite": "application/vnd.sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zst": "application/zstd",
    "gz": "application/gzip",
    "ris": "application/x-research-info-systems",
    "bib": "application/x-bibtex",
    "woff2": "font/woff2",
}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

_ADD_TYPES: Final = "".join(f"AddType {media_type} .{suffix}\n" for suffix, media_type in _TYPES.items())
HTACCESS: Final = f"""\
# For Apache httpd 2.4. Other web servers pass this file over; docs/export.md has the same for nginx.
AddDefaultCharset utf-8
DirectoryIndex index.html
Options -Indexes +MultiViews
{_ADD_TYPES}\
# A packed file is a file, not a coding of another.
RemoveEncoding .gz .zst
# The suffix of a page in English says nothing about negotiation.
RemoveLanguage .en .de
<IfModule mod_headers.c>
    Header set Access-Control-Allow-Origin "*"
    Header set X-Content-Type-Options "nosniff"
    Header set Content-Security-Policy "{_POLICY}"
</IfModule>
<IfModule mod_rewrite.c>
    RewriteEngine On
    # Things are no documents: their IRIs lead to their descriptions (303).
    RewriteRule ^id/(.+)$ doc/$1 [R=303,L]
    RewriteRule ^(concept|shape|graph)/(.+)$ doc/$1/$2 [R=303,L]
    RewriteRule ^\\.well-known/void$ void.ttl [R=303,L]
</IfModule>
"""


def check(folder: Path, *, force: bool) -> None:
    """Refuse a folder that holds other things than a copy, unless ``force``.

    Raises:
        ExportError: it is refused, or it is no folder.
    """
    if not folder.exists():
        return
    if not folder.is_dir() or folder.is_symlink():
        raise ExportError(f"{folder} is no folder; name one that does not exist yet")
    if folder.resolve() in (Path.cwd().resolve(), *Path.cwd().resolve().parents, Path.home().resolve()):
        raise ExportError(f"{folder} cannot be replaced, because you stand in it; name a folder below it")
    if not force and any(folder.iterdir()) and not _is_copy(folder):
        raise ExportError(f"{folder} is not empty and holds no copy of a site; name another folder, or say --force")


def _is_copy(folder: Path) -> bool:
    try:
        found = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("form") == _FORM


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """A folder to write into; it takes the place of ``folder`` when all went well, and is gone if not.

    Raises:
        ExportError: nothing can be written there, or the disk is full.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise ExportError(f"{folder.parent}: nothing can be written there ({error.strerror})") from error
    try:
        yield fresh
        fresh.chmod(0o755)
        _swap(fresh, folder)
    except OSError as error:
        raise ExportError(f"{folder} could not be written ({error.strerror}); what was there is still there") from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _swap(fresh: Path, folder: Path) -> None:
    if not folder.exists():
        fresh.replace(folder)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    folder.replace(old)
    try:
        fresh.replace(folder)
    except OSError:
        old.replace(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def write(root: Path, name: str, body: bytes) -> None:
    """Write a file of the copy."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def seal(root: Path, about: Mapping[str, Any]) -> int:
    """Write manifest and checksums; gives the number of files. Nothing in them depends on time or place."""
    names = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    size = sum((root / name).stat().st_size for name in names)
    manifest = {"form": _FORM, **about, "files": len(names), "bytes": size}
    write(root, MANIFEST, (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    lines = [f"{_digest(root / name)}  {name}\n" for name in sorted([*names, MANIFEST])]
    write(root, CHECKSUMS, "".join(lines).encode())
    for path in root.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return len(lines) + 1


def _digest(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
    return digest.hexdigest()
