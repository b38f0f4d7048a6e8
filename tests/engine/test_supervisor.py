"""The supervisor process: shared by several fronts, gone with whoever started it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.engine.conftest import EX, ask, eventually, small_graph, workers
from tests.patience import patient

from interkommunal.engine import messages
from interkommunal.engine.engine import EngineOptions, open_engine
from interkommunal.engine.supervisor import SupervisorProcess
from interkommunal.errors import ReleaseError, ServerError, SettingsError

NAMES = f"SELECT ?name {{ ?city <{EX}name> ?name }} ORDER BY ?name"


def zygotes(supervisor: SupervisorProcess) -> list[psutil.Process]:
    return psutil.Process(supervisor.pid).children()


async def test_several_fronts_share_one_store(quads: Path) -> None:
    with SupervisorProcess.start() as supervisor:
        options = EngineOptions(supervisor=supervisor.address)
        first = await open_engine(options, quads)
        second = await open_engine(options, quads)
        assert len(zygotes(supervisor)) == 1
        assert await ask(first, NAMES) == await ask(second, NAMES)

        await first.close()
        assert await ask(second, NAMES) == "name\r\nBochum\r\nDortmund\r\nDuisburg\r\nEssen\r\n"
        assert await eventually(lambda: len(workers()) == second.status().workers)
        await second.close()
        assert supervisor.alive
        assert await eventually(lambda: not zygotes(supervisor), seconds=30.0)


async def test_a_file_that_changed_is_another_store(quads: Path) -> None:
    with SupervisorProcess.start() as supervisor:
        options = EngineOptions(supervisor=supervisor.address)
        first = await open_engine(options, quads)
        quads.write_text(small_graph().replace('"Essen"', '"Assindia"'), encoding="utf-8")
        second = await open_engine(options, quads)
        assert "Essen" in await ask(first, NAMES)
        assert "Assindia" in await ask(second, NAMES)
        await first.close()
        await second.close()


def test_a_supervisor_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    """Even if that is killed and cannot say goodbye."""
    quads = tmp_path / "graph.nq"
    quads.write_text(small_graph(), encoding="utf-8")
    program = f"""
import asyncio, psutil
from pathlib import Path
from interkommunal.engine.engine import EngineOptions
from interkommunal.engine.engine import open_engine
async def main():
    engine = await open_engine(EngineOptions(), Path({str(quads)!r}))
    print(*[child.pid for child in psutil.Process().children(recursive=True)], flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    front = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, env=environment, text=True)
    assert front.stdout is not None
    started = [int(pid) for pid in front.stdout.readline().split()]
    assert len(started) >= 3
    front.send_signal(signal.SIGKILL)
    front.wait()
    front.stdout.close()
    _, alive = psutil.wait_procs(
        [psutil.Process(pid) for pid in started if psutil.pid_exists(pid)], timeout=patient(20)
    )
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_nonsense_on_its_socket_does_not_trouble_a_supervisor() -> None:
    with SupervisorProcess.start() as supervisor:
        for nonsense in (b"", b"{}", b'{"open": 5}', b"\xff", b'{"open": "/nowhere", "tier": "none"}'):
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
                connection.connect(str(supervisor.address))
                connection.send(nonsense)
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
            connection.connect(str(supervisor.address))
            messages.send(connection, {"open": "/nowhere", "tier": "memory"})
            received = messages.receive(connection)
        assert received is not None
        assert received[0]["error"].startswith("cannot open /nowhere")
        assert supervisor.alive


def test_only_its_owner_reaches_its_socket() -> None:
    with SupervisorProcess.start() as supervisor:
        assert supervisor.address.parent.stat().st_mode & 0o077 == 0
        folder = supervisor.address.parent
    assert not folder.exists()
    supervisor.stop()


def test_a_folder_for_the_socket_that_cannot_be_made_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nowhere")
    with pytest.raises(ServerError, match="cannot start the process"):
        SupervisorProcess.start()


async def test_a_supervisor_that_is_not_there_is_told(tmp_path: Path, quads: Path) -> None:
    with pytest.raises(ReleaseError, match="the process that keeps the store"):
        await open_engine(EngineOptions(supervisor=tmp_path / "supervisor"), quads)


async def test_a_tier_that_does_not_exist_is_told(quads: Path) -> None:
    with pytest.raises(SettingsError, match="'cloud'"):
        await open_engine(replace(EngineOptions(), tier="cloud"), quads)
