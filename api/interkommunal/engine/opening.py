"""Opens an engine: the one place that knows which tier is what.

In: :class:`EngineOptions` and the release to serve. Out: an :class:`Engine` that is ready.
"""

from __future__ import annotations

from pathlib import Path

from interkommunal.engine.interface import Engine, EngineOptions
from interkommunal.engine.pooled import PooledEngine
from interkommunal.errors import SettingsError


async def open_engine(options: EngineOptions, release: Path) -> Engine:
    """An engine that answers queries over ``release``.

    Args:
        options: which tier, and its limits.
        release: memory: file of N-Quads; disk: folder of the store; remote: ignored.

    Raises:
        ReleaseError: the release cannot be opened.
        SettingsError: there is no such tier.
    """
    if options.tier not in ("memory", "disk", "remote"):
        raise SettingsError(f"the engine must be memory, disk or remote, not {options.tier!r}")
    engine = PooledEngine(options)
    try:
        if options.tier == "remote":
            await engine.open_endpoint()
        else:
            await engine.open(release)
    except BaseException:
        await engine.close()
        raise
    return engine
