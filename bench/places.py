"""Where the benchmarks read and write: everything they make lies below ``.cache/bench``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
API: Final = ROOT / "api"
CACHE: Final = ROOT / ".cache" / "bench"
GRAPHS: Final = CACHE / "graphs"
STORES: Final = CACHE / "stores"
RELEASES: Final = CACHE / "releases"
LOGS: Final = CACHE / "logs"
RESULTS: Final = CACHE / "results"
# The Python environment of the peers; they are no dependency of the product.
PEERS: Final = ROOT / ".cache" / "peers"
PEERS_REQUIREMENTS: Final = ROOT / "requirements" / "peers.txt"
DOCUMENT: Final = ROOT / "docs" / "benchmarks.md"
PLOT: Final = ROOT / "docs" / "benchmarks.svg"


def shown(path: Path) -> str:
    """``path`` as a reader of the checkout writes it."""
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
