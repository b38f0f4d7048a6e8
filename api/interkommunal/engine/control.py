"""The messages between supervisor, zygotes and front processes: JSON in packets, with file descriptors attached.

front → supervisor   ``{"open": PATH, "tier": TIER}``: hand me to the zygote of this store
zygote → front   ``{"ready": SECONDS}`` or ``{"error": MESSAGE}``
front → zygote   ``{"fork": COUNT, "network": BOOL}``
zygote → front   ``{"worker": PID, "network": BOOL}`` with its socket and pidfd
zygote → front   ``{"gone": PID, "status": EXIT STATUS, "words": WHAT IT WROTE TO STANDARD ERROR}``

They travel on Unix sockets of type SEQPACKET, which keep packets apart. They are few: per worker, not per query.
"""

from __future__ import annotations

import json
import os
import socket
from typing import Any, Final

_PACKET: Final = 1 << 16


def send(connection: socket.socket, message: dict[str, Any], descriptors: list[int] | None = None) -> None:
    """Send one message; the descriptors arrive as copies.

    Raises:
        OSError: the other end is gone or does not read.
    """
    socket.send_fds(connection, [json.dumps(message).encode()], descriptors or [])


def receive(connection: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next message with its descriptors, which the caller must close; ``None`` when the other end is gone.

    Raises:
        BlockingIOError: nothing is there, on a socket that does not block.
    """
    try:
        data, descriptors, _, _ = socket.recv_fds(connection, _PACKET, 4)
    except ConnectionError:
        return None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    if not data:
        return None
    message: dict[str, Any] = json.loads(data)
    return message, descriptors


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected sockets for messages."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
