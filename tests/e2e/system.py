"""The whole system as `make run` starts it, and the ways it is made to suffer."""

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from motcua.home import Home, read_secrets
from motcua.sample.progress import FILE
from motcua.services import RUN, SERVICES

PORT_BASE = 18501
WITHIN_S = 240
POLL_S = 0.05
PROGRAMS = (*(service.name for service in SERVICES), "postgres")


@dataclass
class Run:
    """A runner, and the home it serves from."""

    process: asyncio.subprocess.Process
    home: Home

    @property
    def environment(self) -> dict[str, str]:
        """Return what a command of the operator is given."""
        return environment_of(self.home)

    @property
    def addresses(self) -> dict[str, str]:
        """Return where each service answers, or will."""
        return {service.name: f"http://127.0.0.1:{PORT_BASE + service.port_offset}" for service in SERVICES}

    @property
    def batches_sent(self) -> int:
        """Return how many batches of the sample have been taken."""
        try:
            return int(sum(json.loads((self.home.path / FILE).read_text())["sent"]))
        except FileNotFoundError:
            return 0

    def key(self) -> str:
        """Return the operator's key, which exists before run.json tells it."""
        (known,) = read_secrets(self.home).databases.values()
        return known.keys[RUN]

    def client(self, service: str) -> httpx.AsyncClient:
        """Return a client on a service with the operator's key."""
        headers = {"Authorization": f"Bearer {self.key()}"}
        return httpx.AsyncClient(base_url=self.addresses[service], headers=headers, timeout=60, trust_env=False)

    def victims(self) -> dict[str, int]:
        """Return the runner's programs by name, with their process ids."""
        found = {}
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for child in children:
            # One that was killed may be gone since it was listed.
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                command = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
                served = next((part for part in command if part.endswith(":create_app")), Path(command[0]).name)
                found[served.partition(".")[0]] = int(child)
        return found

    async def ready(self) -> None:
        """Wait for run.json: everything answers and the sample is loaded."""
        await self.until(self.home.run_file.exists)

    async def until(self, happens: Callable[[], bool | Awaitable[bool]]) -> None:
        """Wait for something, as long as the runner lives."""
        async with asyncio.timeout(WITHIN_S):
            while not await _truth(happens()):
                assert self.process.returncode is None, (self.home.path / "printed").read_text()
                await asyncio.sleep(POLL_S)

    async def answers(self) -> None:
        """Wait until every service is ready."""
        async with asyncio.timeout(WITHIN_S), httpx.AsyncClient(trust_env=False) as client:
            for address in self.addresses.values():
                while not await _is_ready(client, address):
                    await asyncio.sleep(POLL_S)

    async def stop(self) -> None:
        """Ask the runner to end, and wait."""
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        await self.process.wait()

    async def kill(self, program: str) -> None:
        """Kill one program as a crash would, and wait until another one is in its place."""
        victim = self.victims()[program]
        os.kill(victim, signal.SIGKILL)
        await self.until(lambda: self.victims().get(program, victim) != victim)

    async def kill_everything(self) -> None:
        """Kill the runner and all its programs in the same moment, as a power cut would."""
        victims = self.victims().values()
        self.process.kill()
        for victim in victims:
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
        await self.process.wait()


def environment_of(home: Home) -> dict[str, str]:
    """Return the environment of a run on a home; without bytecode every start would compile everything again."""
    unwanted = {"PYTHONDONTWRITEBYTECODE", "DATABASE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in unwanted}
    return inherited | {"MOTCUA_HOME": str(home.path), "PORT_BASE": str(PORT_BASE), "SAMPLE": "lai-chau"}


@contextlib.asynccontextmanager
async def running(home: Home) -> AsyncIterator[Run]:
    """Start everything on a home; what it prints goes to a file there."""
    home.create()
    with (home.path / "printed").open("ab") as printed:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "motcua.run"), env=environment_of(home), stdout=printed, stderr=printed
        )
    run = Run(process, home)
    try:
        yield run
    finally:
        await run.stop()


async def motcua(run: Run, *arguments: str) -> tuple[int, str]:
    """Run an operator's command; return its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "from motcua.commands import app; app()", *arguments),
        env=run.environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def get(run: Run, service: str, path: str, **params: Any) -> Any:
    """Return the JSON of a successful answer."""
    async with run.client(service) as client:
        response = await client.get(path, params=params)
    assert response.is_success, response.text
    return response.json()


async def _truth(answer: bool | Awaitable[bool]) -> bool:
    return answer if isinstance(answer, bool) else await answer


async def _is_ready(client: httpx.AsyncClient, address: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return (await client.get(f"{address}/readyz")).is_success
    return False
