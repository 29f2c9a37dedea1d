"""Waiting until every service says it is ready."""

import asyncio
from collections.abc import Collection

import httpx

from motcua.errors import OperatorError
from motcua.home import Home
from motcua.processes import last_lines

READY_WITHIN_S = 60.0
PAUSE_S = 0.05


class NotReadyInTime(OperatorError):
    """A service was started and did not become ready; its log tells why."""

    def __init__(self, service: str, home: Home) -> None:
        log = home.log_of(service)
        super().__init__(f"{service} is not ready within {READY_WITHIN_S:.0f} s; {log} ends:\n{last_lines(log)}")
        self.service = service


async def all_ready(addresses: dict[str, str], home: Home) -> None:
    """Wait for the services, given by name and base URL.

    Raises NotReadyInTime for the first that is late.
    """
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for name, address in addresses.items():
            try:
                async with asyncio.timeout(READY_WITHIN_S):
                    while not await is_ready(client, address):
                        await asyncio.sleep(PAUSE_S)
            except TimeoutError:
                raise NotReadyInTime(name, home) from None


async def is_ready(client: httpx.AsyncClient, address: str) -> bool:
    """Say whether the service at an address answers and has all it needs."""
    try:
        response = await client.get(f"{address}/readyz")
    except httpx.TransportError:
        return False
    return response.status_code == httpx.codes.OK


async def are_good(keys: Collection[str], dossier_address: str) -> bool:
    """Say whether dossier_api knows every one of the keys."""
    async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
        for key in keys:
            response = await client.get(f"{dossier_address}/v1/whoami", headers={"Authorization": f"Bearer {key}"})
            if response.status_code == httpx.codes.UNAUTHORIZED:
                return False
    return True
