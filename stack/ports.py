"""Free ports on this machine."""

import json
import socket

from stack.paths import Folders
from stack.pids import replace_file

LOOPBACK = "127.0.0.1"


def is_free(port: int, *, host: str = LOOPBACK) -> bool:
    """Whether nobody listens there.

    Asked before a server starts, since some share a port with another server without a word.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def any_free() -> int:
    """A port that is free at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port


def port_of(folders: Folders, name: str) -> int:
    """The server's own port, the same from start to start as long as it is free."""
    book = folders.run / "ports.json"
    ports: dict[str, int] = json.loads(book.read_text("utf-8")) if book.exists() else {}
    if name not in ports or not is_free(ports[name]):
        ports[name] = any_free()
        replace_file(book, json.dumps(ports))
    return ports[name]


def answers(port: int, *, say: bytes = b"", expect: bytes) -> bool:
    """Whether a server on the port greets us, or answers what we say, as expected."""
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1) as connection:
            connection.sendall(say)
            return expect in connection.recv(512)
    except OSError:
        return False
