"""The scenarios, one module each: what it measures and against which aim stands at its top.

Each has ``run(plan, graphs) -> Results``. To add one, write the module and name it in :data:`SCENARIOS`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from bench.plan import Plan
from bench.results import Results
from bench.scenarios import cached, dump, freezing, lookups, reconcile, runaways, soak, startup

Scenario = Callable[[Plan], Results]

# In the order in which they run.
SCENARIOS: Final[dict[str, Scenario]] = {
    "startup": startup.run,
    "freezing": freezing.run,
    "lookups": lookups.run,
    "cached": cached.run,
    "runaways": runaways.run,
    "dump": dump.run,
    "reconcile": reconcile.run,
    "soak": soak.run,
}
# What ``make bench`` leaves out, because it takes as long as all the others.
LONG: Final = frozenset({"soak"})
