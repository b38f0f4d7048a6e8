"""A release folder around a generated graph, so that ``interkommunal serve`` takes it for one of its own.

A release needs its canonical N-Quads and a manifest; both are written through the release room. Dumps in other formats
are left out: nothing here asks for them.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from typing import Final

import pyoxigraph

from bench.graphs import Graph
from bench.places import RELEASES
from interkommunal import __version__
from interkommunal.release import manifest
from interkommunal.release.quads import RDF_TYPE, graph_kind
from interkommunal.release.release import CURRENT, QUADS, Release
from interkommunal.web.publication import engine_source

_TYPE: Final = f"> <{RDF_TYPE.value}> <"


def make_release(graph: Graph) -> Path:
    """A folder of releases whose release in force holds ``graph``; kept for the next run.

    The manifest states the true hash and counts of the file, so the release passes every check when it is opened.
    """
    releases = RELEASES / str(graph.triples)
    folder = releases / f"{__version__}-{graph.sha256[:12]}"
    if not (folder / manifest.NAME).exists():
        folder.mkdir(parents=True, exist_ok=True)
        quads = folder / QUADS
        quads.unlink(missing_ok=True)
        os.link(graph.path, quads)
        file = manifest.File("application/n-quads", quads.stat().st_size, graph.sha256, "graph")
        made = manifest.Manifest(__version__, graph.sha256, _count(graph), {QUADS: file})
        (folder / manifest.NAME).write_bytes(made.to_json())
    current = releases / CURRENT
    current.unlink(missing_ok=True)
    current.symlink_to(folder.name)
    Release.open(releases)
    return releases


def disk_store(graph: Graph) -> Path:
    """The store that the disk tier opens for ``graph``."""
    return engine_source(Release.open(make_release(graph)), "disk")


def _count(graph: Graph) -> manifest.Counts:
    """As :func:`interkommunal.release.manifest.count`, from the lines and not from a million objects."""
    graphs: set[str] = set()
    classes: Counter[str] = Counter()
    with graph.path.open(encoding="utf-8") as lines:
        for line in lines:
            graphs.add(line[line.rindex(" <") + 2 : -4])
            if _TYPE in line:
                start = line.index(_TYPE) + len(_TYPE)
                classes[line[start : line.index(">", start)]] += 1
    kinds = Counter(graph_kind(pyoxigraph.NamedNode(name)) for name in graphs)
    return manifest.Counts(graph.triples, graph.triples, kinds, classes)
