"""A client so lean that what is measured is the service: one connection, one request at a time."""

import asyncio
import re
from collections.abc import Sequence
from time import perf_counter
from urllib.parse import urlsplit

END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


class Lane(asyncio.Protocol):
    """One connection kept open."""

    def __init__(self, base_url: str, key: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {key}\r\n"
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._whole = 0
        self._answer: asyncio.Future[None] | None = None

    async def open(self) -> "Lane":
        """Connect."""
        self._transport, _ = await asyncio.get_running_loop().create_connection(lambda: self, self._host, self._port)
        return self

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        """Return a whole request as bytes, to be made before the clock runs."""
        said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{self._head}{said}Content-Length: {len(body)}\r\n\r\n".encode() + body

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        if self._transport is None:
            raise RuntimeError("the lane is not open")
        self._received.clear()
        self._whole = 0
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._answer
        return int(self._received[9:12]), bytes(self._received[self._received.index(END) + len(END) :])

    def data_received(self, data: bytes) -> None:
        """Gather an answer until it is whole."""
        self._received += data
        if not self._whole and (end := self._received.find(END)) >= 0:
            length = LENGTH.search(self._received, 0, end)
            self._whole = end + len(END) + (int(length[1]) if length else 0)
        if self._answer is not None and not self._answer.done() and 0 < self._whole <= len(self._received):
            self._answer.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """End the run where an answer was still awaited."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionResetError("hung up before the answer was whole"))

    def header(self, name: str) -> str:
        """Return a header of the last answer; empty if it had none of the name."""
        head = bytes(self._received[: self._received.find(END)])
        lines = (line.partition(b":") for line in head.split(b"\r\n"))
        return next((value.strip().decode() for found, _, value in lines if found.lower() == name.encode()), "")


async def rate(lanes: Sequence[Lane], requests: Sequence[Sequence[bytes]], *, expected: int = 200) -> float:
    """Return requests a second, each lane sending its own one after the other; any other status ends the run."""

    async def drive(lane: Lane, own: Sequence[bytes]) -> None:
        for request in own:
            status, body = await lane.send(request)
            at = body.find(b'"rejected"')
            if status != expected or at >= 0:
                raise RuntimeError(f"{status}: {body[max(at - 100, 0) :][:600]!r}")

    began = perf_counter()
    await asyncio.gather(*(drive(lane, own) for lane, own in zip(lanes, requests, strict=True)))
    return sum(len(own) for own in requests) / (perf_counter() - began)


async def times(lane: Lane, requests: Sequence[bytes]) -> list[float]:
    """Return how long each request took, in milliseconds."""
    taken = []
    for request in requests:
        began = perf_counter()
        status, body = await lane.send(request)
        taken.append((perf_counter() - began) * 1000)
        if status != 200:
            raise RuntimeError(f"{status}: {body[:600]!r}")
    return taken
