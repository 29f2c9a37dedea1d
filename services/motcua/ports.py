"""Ports of 127.0.0.1: which are free, which the services take."""

import os
import socket
from itertools import chain

from motcua.errors import OperatorError

# Below the range the kernel lends to outgoing connections, so that a restarted server finds its port free.
DATABASE_PORTS = range(15432, 16432)


class PortTaken(OperatorError):
    """Something else listens where a service should."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is taken; free it, or move ours: PORT_BASE={port + 1000} make run")
        self.port = port


class NoPortFree(OperatorError):
    """Every port the embedded PostgreSQL would take is taken."""

    def __init__(self) -> None:
        super().__init__(f"no port is free from {DATABASE_PORTS.start} to {DATABASE_PORTS.stop - 1} for PostgreSQL")


def free_database_port() -> int:
    """Return a port nobody listens on.

    The search begins at a place of our own, so that servers started at the same moment do not pick the same port.
    Raises NoPortFree.
    """
    turn = os.getpid() % len(DATABASE_PORTS)
    for port in chain(DATABASE_PORTS[turn:], DATABASE_PORTS[:turn]):
        if is_free(port):
            return port
    raise NoPortFree


def require_free(ports: list[int]) -> None:
    """Raise PortTaken for the first port somebody listens on."""
    for port in ports:
        if not is_free(port):
            raise PortTaken(port)


def is_free(port: int) -> bool:
    """Say whether we could listen on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
