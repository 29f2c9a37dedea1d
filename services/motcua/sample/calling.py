"""Calls on the services that may be repeated: whatever the sample sends is idempotent."""

from typing import Any

import httpx
import stamina

from motcua.errors import OperatorError

ATTEMPTS = 12
PATIENCE_S = 120.0
TOO_MANY = 429


class SampleRefused(OperatorError):
    """A service does not take what the sample sends."""

    def __init__(self, what: str, answer: str) -> None:
        super().__init__(f"Không nạp được dữ liệu mẫu: {what}: {answer}")
        self.what, self.answer = what, answer


def _is_passing(error: Exception) -> bool:
    """Say whether the same call may succeed a little later."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.is_server_error or error.response.status_code == TOO_MANY
    return isinstance(error, httpx.TransportError)


async def ask(client: httpx.AsyncClient, path: str, **options: Any) -> httpx.Response:
    """Return any answer to a GET, whatever its status.

    Raises SampleRefused when there is none for two minutes.
    """
    try:
        return await _answered(client, path, **options)
    except httpx.TransportError as error:
        raise SampleRefused(f"GET {path}", repr(error)) from error


async def call(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> Any:
    """Return the JSON of a successful answer.

    Raises SampleRefused when the service says no, or does not answer for two minutes.
    """
    try:
        response = await _sent(client, method, path, **options)
    except httpx.HTTPStatusError as error:
        raise SampleRefused(f"{method} {path}", error.response.text) from error
    except httpx.TransportError as error:
        raise SampleRefused(f"{method} {path}", repr(error)) from error
    return response.json()


@stamina.retry(on=httpx.TransportError, attempts=ATTEMPTS, timeout=PATIENCE_S, wait_initial=0.1, wait_max=5.0)
async def _answered(client: httpx.AsyncClient, path: str, **options: Any) -> httpx.Response:
    return await client.get(path, **options)


@stamina.retry(on=_is_passing, attempts=ATTEMPTS, timeout=PATIENCE_S, wait_initial=0.1, wait_max=5.0)
async def _sent(client: httpx.AsyncClient, method: str, path: str, **options: Any) -> httpx.Response:
    response = await client.request(method, path, **options)
    response.raise_for_status()
    return response
