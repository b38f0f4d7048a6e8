"""Measures the server beside its peers, in the same run and on the same machine: ``python -m bench [scenario …]``.

Speed lives here and not in the tests. Machines are noisy, so everything is measured in pairs, round by round, and told
as medians and ratios. ``docs/benchmarks.md`` holds what came out and how to read it.
"""

from __future__ import annotations

import sys
from pathlib import Path

# A checkout can be measured without being installed.
_API = str(Path(__file__).resolve().parent.parent / "api")
if _API not in sys.path:
    sys.path.insert(0, _API)
