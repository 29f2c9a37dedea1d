"""Talking to a neighbour service: time-outs, and failures in our own words."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx

from shared.errors import DomainError
from shared.http.languages import Text
from shared.http.problems import ProblemType


class UpstreamUnavailable(DomainError):
    """A neighbour service does not answer, or says it cannot now."""

    code = "upstream-unavailable"

    def __init__(self, service: str) -> None:
        super().__init__(f"{service} does not answer")
        self.service = service


class UpstreamNonsense(DomainError):
    """A neighbour service answered with what its contract does not allow."""

    code = "upstream-nonsense"

    def __init__(self, service: str, status: int) -> None:
        super().__init__(f"{service} answered {status} where its contract has no such answer")
        self.service, self.upstream_status = service, status


CLIENT_PROBLEMS: dict[type[DomainError], ProblemType] = {
    UpstreamUnavailable: ProblemType(
        503,
        Text("Dịch vụ phía sau không trả lời", "Upstream unavailable"),
        Text("Dịch vụ {service} không trả lời; hãy thử lại sau.", "{service} does not answer; try again."),
        headers={"Retry-After": "2"},
    ),
    UpstreamNonsense: ProblemType(
        502,
        Text("Dịch vụ phía sau trả lời sai", "Upstream spoke nonsense"),
        Text(
            "Dịch vụ {service} trả lời không đúng giao ước; hãy báo quản trị.",
            "{service} broke its contract; tell the operator.",
        ),
    ),
}


@asynccontextmanager
async def client_for(
    base_url: str, *, key: str | None = None, timeout_s: float = 30.0
) -> AsyncIterator[httpx.AsyncClient]:
    """Open a client on one neighbour, carrying our key if we have one."""
    # Neighbours stand side by side: packing a page of the feed would take longer than sending it.
    headers = {"Accept-Encoding": "identity", **({"Authorization": f"Bearer {key}"} if key else {})}
    async with httpx.AsyncClient(base_url=base_url, headers=headers, timeout=timeout_s, trust_env=False) as client:
        yield client


async def get(
    client: httpx.AsyncClient, path: str, *, service: str, params: Mapping[str, Any] | None = None, **options: Any
) -> httpx.Response:
    """GET once and return any answer below 500.

    Raises UpstreamUnavailable when the neighbour does not answer or fails.
    """
    try:
        response = await client.get(path, params=params, **options)
    except httpx.TransportError as error:
        raise UpstreamUnavailable(service) from error
    if response.is_server_error:
        raise UpstreamUnavailable(service)
    # It has been read. Its stream knows the response and the response its stream: a page of the feed would stay in
    # memory, megabytes each, until the collector comes round.
    response.stream = httpx.ByteStream(b"")
    return response
