"""The suite's door to the outside is shut: a test that reaches for another machine fails."""

import socket
import sys
from typing import Any

OWN_MACHINE = {"127.0.0.1", "::1", "localhost", "", None}


class OutgoingNetwork(Exception):
    """A test tried to reach another machine."""

    def __init__(self, address: object) -> None:
        super().__init__(f"tests reach no other machine, this one wanted {address}")


def forbid_outgoing() -> None:
    """Refuse every connection and name look-up that leaves the machine, for the life of the process."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo" and arguments[0] not in OWN_MACHINE:
        raise OutgoingNetwork(arguments[0])
    if event == "socket.connect" and arguments[0].family in {socket.AF_INET, socket.AF_INET6}:
        address = arguments[1]
        if address[0] not in OWN_MACHINE:
            raise OutgoingNetwork(address)
