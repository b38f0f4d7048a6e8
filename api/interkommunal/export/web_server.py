"""How web servers deliver the copy: a file for Apache, which finds it by itself; others are told in docs/export.md."""

from __future__ import annotations

from typing import Final

# Of the suffixes that web servers do not know by themselves.
TYPES: Final = {
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
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)

_TYPES: Final = "".join(f"AddType {media_type} .{suffix}\n" for suffix, media_type in TYPES.items())
HTACCESS: Final = f"""\
# For Apache httpd 2.4. Other web servers pass this file over; docs/export.md has the same for nginx.
AddDefaultCharset utf-8
DirectoryIndex index.html
Options -Indexes +MultiViews
{_TYPES}\
# A packed file is a file, not a coding of another.
RemoveEncoding .gz .zst
# The suffix of a page in English says nothing about negotiation.
RemoveLanguage .en .de
<IfModule mod_headers.c>
    Header set Access-Control-Allow-Origin "*"
    Header set X-Content-Type-Options "nosniff"
    Header set Content-Security-Policy "{POLICY}"
</IfModule>
<IfModule mod_rewrite.c>
    RewriteEngine On
    # Things are no documents: their IRIs lead to their descriptions (303).
    RewriteRule ^id/(.+)$ doc/$1 [R=303,L]
    RewriteRule ^(concept|shape|graph)/(.+)$ doc/$1/$2 [R=303,L]
    RewriteRule ^\\.well-known/void$ void.ttl [R=303,L]
</IfModule>
"""
