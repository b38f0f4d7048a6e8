"""What a confined process can no longer do. Each case runs in a child of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from interkommunal.engine import confinement


def confined(act: Callable[[], object], *, network: bool = False) -> str:
    """What happens to ``act`` in a child under the filter of system calls: ``done`` or the name of the error."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            confinement.deny_system_calls(network=network)
            act()
            os.write(writing, b"done")
        except BaseException as error:
            os.write(writing, type(error).__name__.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        told = stream.read().decode()
    os.waitpid(pid, 0)
    return told


def test_the_network_is_closed(tmp_path: Path) -> None:
    for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
        assert confined(lambda family=family: socket.socket(family)) == "PermissionError"  # type: ignore[misc]


def test_the_network_is_open_where_it_is_needed_but_not_for_servers() -> None:
    assert confined(lambda: socket.socket(socket.AF_INET), network=True) == "done"
    assert confined(lambda: socket.create_server(("127.0.0.1", 0)), network=True) == "PermissionError"


def test_no_process_can_be_started_or_signalled() -> None:
    assert confined(os.fork) == "PermissionError"
    assert confined(lambda: subprocess.run(["true"], check=True)) == "PermissionError"
    assert confined(lambda: os.execv(sys.executable, [sys.executable, "-V"])) == "PermissionError"
    parent = os.getpid()
    assert confined(lambda: os.kill(parent, 0)) == "PermissionError"


def test_threads_can_be_started() -> None:
    import threading

    def run() -> None:
        thread = threading.Thread(target=lambda: None)
        thread.start()
        thread.join()

    assert confined(run) == "done"


def test_files_can_be_read_but_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("content", encoding="ascii")
    assert confined(file.read_text) == "done"
    changes: list[Callable[[], object]] = [
        lambda: file.write_text("other", encoding="ascii"),
        lambda: file.open("a"),
        lambda: file.unlink(),
        lambda: file.rename(tmp_path / "other"),
        lambda: file.chmod(0o777),
        lambda: os.truncate(file, 0),
        lambda: (tmp_path / "new").touch(),
        lambda: (tmp_path / "new").mkdir(),
        lambda: (tmp_path / "new").symlink_to(file),
    ]
    assert [confined(change) for change in changes] == ["PermissionError"] * len(changes)
    assert file.read_text(encoding="ascii") == "content"


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_one_the_kernel_could_load(machine: str) -> None:
    """Jumps stay inside the program, and it ends by a return."""
    program = confinement._filter(confinement._COLUMNS[machine], network=False)
    steps = [program[offset : offset + 8] for offset in range(0, len(program), 8)]
    for index, step in enumerate(steps):
        if step[0] & 0x07 == 0x05:
            assert index + 1 + max(step[2], step[3]) < len(steps)
    assert steps[-1][0] == 0x06


def test_memory_beyond_the_limit_is_refused_and_the_limit_can_be_raised_again() -> None:
    def act() -> None:
        confinement.limit_address_space(confinement.address_space() + (32 << 20))
        try:
            # More than a heap may have free: malloc takes what it has before it asks the system.
            bytearray(1 << 30)
        except MemoryError:
            confinement.limit_address_space(confinement.address_space() + (2 << 30))
            bytearray(1 << 30)
            return
        raise AssertionError

    assert confined(act) == "done"


def test_a_process_dies_with_its_parent() -> None:
    reading, writing = os.pipe()
    parent = os.fork()
    if parent == 0:
        middle = os.getpid()
        if os.fork() == 0:
            confinement.die_with_parent(middle)
            os.write(writing, b"%d\n" % os.getpid())
            signal.pause()
        signal.pause()
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        stream.readline()
        os.kill(parent, signal.SIGKILL)
        os.waitpid(parent, 0)
        # The pipe closes when the last process that could write to it is gone.
        assert stream.read() == b""
