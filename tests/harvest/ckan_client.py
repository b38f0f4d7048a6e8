"""Reads a catalogue as the DCAT harvester of CKAN does, with CKAN's own parser, and prints what CKAN would store.

Runs in the environment of ``requirements/harvesters.txt``, never in ours. Arguments: URL, then the name of a profile.
It asks as ``ckanext.dcat.harvesters.base`` does: HEAD first, GET if that is fine, no ``Accept``, at most 50 MB, and
takes the format from the ``Content-Type``.
"""

# mypy: ignore-errors

from __future__ import annotations

import json
import sys

import requests
from ckan.common import config
from ckanext.dcat.processors import RDFParser

MOST_BYTES = 50 * 1024 * 1024


def main(url: str, profile: str) -> None:
    """Prints the datasets of the catalogue at ``url`` as JSON."""
    config.update({"ckan.locale_default": "de", "ckan.site_url": "http://portal.example"})
    session = requests.Session()
    # requests would send */*; what it means is the same.
    session.headers.pop("Accept", None)
    head = session.head(url, allow_redirects=True)
    head.raise_for_status()
    reply = session.get(url)
    reply.raise_for_status()
    assert len(reply.content) <= MOST_BYTES
    media_type = reply.headers["Content-Type"].split(";")[0]
    parser = RDFParser(profiles=[profile])
    parser.parse(reply.content.decode("utf-8"), _format=media_type)
    found = {"next_page": parser.next_page(), "datasets": list(parser.datasets())}
    json.dump(found, sys.stdout, default=str)


if __name__ == "__main__":
    main(*sys.argv[1:])
