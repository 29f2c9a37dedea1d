"""A client so lean that what is measured is the service: one connection, one request at a time."""

import asyncio
from collections.abc import Sequence
from time import perf_counter
from urllib.parse import urlsplit


class Lane:
    """One connection kept open."""

    def __init__(self, base_url: str, key: str) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "", parts.port or 80
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {key}\r\n"
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._answered = b""

    async def open(self) -> "Lane":
        """Connect."""
        self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=2**24)
        return self

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            self._writer.close()

    def request(self, method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
        """Return a whole request as bytes, to be made before the clock runs."""
        said = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        return f"{method} {path} HTTP/1.1\r\n{self._head}{said}Content-Length: {len(body)}\r\n\r\n".encode() + body

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """Send a request; return status and body."""
        if self._reader is None or self._writer is None:
            raise RuntimeError("the lane is not open")
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        self._answered = head
        return int(head[9:12]), await self._reader.readexactly(int(self.header("content-length") or 0))

    def header(self, name: str) -> str:
        """Return a header of the last answer; empty if it had none of the name."""
        lines = (line.partition(b":") for line in self._answered.split(b"\r\n"))
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
