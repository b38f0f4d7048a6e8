"""Takes from a worker process what it does not need, so that a query can do harm to nothing but itself.

Resource limits, death with the parent, and a seccomp filter (Linux on x86-64 and ARM64) that denies network, new
processes and writing files. The guard already refuses queries that reach out; this holds even if the guard is fooled.
Where the kernel offers less, as much as it offers is done.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import resource
import signal
import struct
import sys
from pathlib import Path
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
_PR_SET_NAME: Final = 15
_PR_SET_SECCOMP: Final = 22
_PR_SET_NO_NEW_PRIVS: Final = 38
_SECCOMP_MODE_FILTER: Final = 2


def _prctl(option: int, *arguments: int) -> bool:
    """Call prctl(2); returns whether it worked. False on systems without it."""
    if sys.platform != "linux":
        return False
    values = [ctypes.c_ulong(argument) for argument in (*arguments, 0, 0, 0, 0)[:4]]
    return bool(ctypes.CDLL(None, use_errno=True).prctl(ctypes.c_int(option), *values) == 0)


def die_with_parent(parent: int) -> None:
    """Have the kernel kill this process when its parent ends; ``parent`` is the pid that it should have."""
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def name_process(name: str) -> None:
    """Show ``name`` (15 bytes) in process listings."""
    buffer = ctypes.create_string_buffer(name.encode()[:15])
    _prctl(_PR_SET_NAME, ctypes.addressof(buffer))


def redirect_streams(errors: int) -> None:
    """Point standard input and output at nothing, and standard error, where a panic is told, at ``errors``."""
    null = os.open(os.devnull, os.O_RDWR)
    for descriptor, target in ((0, null), (1, null), (2, errors)):
        os.dup2(target, descriptor)
    if null > 2:
        os.close(null)


def offer_to_oom_killer() -> None:
    """Have the kernel, short of memory, end this process before any other."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def limit_resources(files: int) -> None:
    """No core dumps, nothing written to files, and at most ``files`` of them open."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    allowed = files if hard == resource.RLIM_INFINITY else min(files, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, allowed))


def address_space() -> int:
    """Bytes of address space that this process has mapped, or 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * resource.getpagesize()


def limit_address_space(total: int) -> None:
    """Let allocations fail beyond ``total`` bytes of address space. It can be raised again later."""
    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    soft = total if hard == resource.RLIM_INFINITY else min(total, hard)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


# Numbers of system calls on x86-64 and ARM64; ``None`` where an architecture never had one.
_COLUMNS: Final = {"x86_64": 0, "aarch64": 1}
_ARCHITECTURES: Final = (0xC000003E, 0xC00000B7)
_DENIED: Final[dict[str, tuple[int | None, int]]] = {
    # Other processes.
    "execve": (59, 221),
    "execveat": (322, 281),
    "kill": (62, 129),
    "tkill": (200, 130),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "unshare": (272, 97),
    "setns": (308, 268),
    # Files. Opening one for writing is denied apart, by its flags.
    "openat2": (437, 437),
    "open_by_handle_at": (304, 265),
    "truncate": (76, 45),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdirat": (258, 34),
    "unlinkat": (263, 35),
    "linkat": (265, 37),
    "symlinkat": (266, 36),
    "mknodat": (259, 33),
    "fchmodat": (268, 53),
    "fchownat": (260, 54),
    # The kernel.
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    # Being a server.
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}
# The older forms of some of these, which ARM64 never had.
_DENIED_X86: Final = {
    "fork": 57,
    "vfork": 58,
    "creat": 85,
    "rename": 82,
    "mkdir": 83,
    "rmdir": 84,
    "link": 86,
    "unlink": 87,
    "symlink": 88,
    "mknod": 133,
    "chmod": 90,
    "chown": 92,
    "lchown": 94,
}
_NETWORK: Final = {"socket": (41, 198), "connect": (42, 203)}
_OPENAT: Final = (257, 56)
_OPEN_X86: Final = 2
_CLONE: Final = (56, 220)
_CLONE3: Final = 435
_CLONE_THREAD: Final = 0x10000
_X32: Final = 0x40000000

_LOAD: Final = 0x20
_EQUAL: Final = 0x15
_AT_LEAST: Final = 0x35
_ANY_BIT: Final = 0x45
_RETURN: Final = 0x06
_ALLOW: Final = 0x7FFF0000
_ERRNO: Final = 0x00050000


def deny_system_calls(*, network: bool) -> bool:
    """Install the seccomp filter. Threads may still be started; sockets only with ``network``.

    Returns:
        Whether it is in force. It is not on other systems and architectures.
    """
    column = _COLUMNS.get(platform.machine())
    if sys.platform != "linux" or column is None:
        return False
    program = _filter(column, network=network)
    code = ctypes.create_string_buffer(program, len(program))
    # struct sock_fprog: unsigned short, padding, pointer.
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    buffer = ctypes.create_string_buffer(header, len(header))
    return _prctl(_PR_SET_NO_NEW_PRIVS, 1) and _prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.addressof(buffer))


def _filter(column: int, *, network: bool) -> bytes:
    """The filter as classic BPF: struct seccomp_data has nr at 0, arch at 4, arguments from 16, 8 bytes each."""
    denied = {numbers[column] for numbers in (_DENIED if network else _DENIED | _NETWORK).values()}
    opening = [(_OPENAT[column], 2)]
    if column == 0:
        denied |= set(_DENIED_X86.values())
        opening.append((_OPEN_X86, 1))
    deny = _step(_RETURN, _ERRNO | errno.EPERM)
    allow = _step(_RETURN, _ALLOW)
    steps = [_step(_LOAD, 4), _step(_EQUAL, _ARCHITECTURES[column], 1, 0), deny, _step(_LOAD, 0)]
    steps += [_step(_AT_LEAST, _X32, 0, 1), deny]
    # The C library takes clone3 as missing and falls back to clone, whose flags a filter can read.
    steps += [_step(_EQUAL, _CLONE3, 0, 1), _step(_RETURN, _ERRNO | errno.ENOSYS)]
    for number in sorted(number for number in denied if number is not None):
        steps += [_step(_EQUAL, number, 0, 1), deny]
    steps += [_step(_EQUAL, _CLONE[column], 0, 4), _step(_LOAD, 16), _step(_ANY_BIT, _CLONE_THREAD, 1, 0), deny, allow]
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    for number, argument in opening:
        steps += [_step(_EQUAL, number, 0, 4), _step(_LOAD, 16 + 8 * argument)]
        steps += [_step(_ANY_BIT, writing, 0, 1), deny, allow]
    return b"".join([*steps, allow])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
