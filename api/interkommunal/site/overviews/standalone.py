"""A drawing that leaves its page: with its style inside, absolute links, and a policy that allows no more."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

from markupsafe import Markup

from interkommunal.site.site import Site


def standalone(drawing: Markup, style: str, site: Site) -> bytes:
    """A drawing as a file.

    Args:
        drawing: an ``svg`` element.
        style: what it needs of style sheets.
        site: what its links lead to.
    """
    absolute = drawing.replace(Markup(f'href="{site.prefix}/'), Markup(f'href="{site.url}/'))
    opening, end, rest = absolute.partition(Markup(">"))
    # In XML the style is text: nothing in it may look like markup.
    safe = style.replace("&", "&amp;").replace("<", "&lt;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}{end}<style>{safe}</style>{rest}\n'.encode()


def policy(style: str) -> bytes:
    """The Content-Security-Policy of such a file: nothing but this very style (CSP 3, §2.3.1, hash-source)."""
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'self'".encode()
