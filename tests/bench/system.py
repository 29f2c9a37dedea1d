"""A system of the benchmark's own: PostgreSQL with fsync on, migrated schemas, keys, services."""

import asyncio
import contextlib
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
from rich.console import Console

from motcua.administrator import cluster_of, passwords_of
from motcua.cluster import binary
from motcua.home import read_secrets
from motcua.identity import identity_of
from motcua.postgres import running
from motcua.processes import Death, kept_running
from motcua.provision import provision
from motcua.readiness import all_ready
from motcua.roles import Databases, databases_on
from motcua.run import _program
from motcua.services import DOSSIER, RUN, Service, on_database
from motcua.settings import RunSettings
from tests.bench.lanes import Lane

PORT_BASE = 28_101


@dataclass(frozen=True)
class System:
    """Where everything is."""

    settings: RunSettings
    administrator_url: str
    databases: Databases
    keys: Mapping[str, str]

    @asynccontextmanager
    async def serving(self, *services: Service) -> AsyncIterator[None]:
        """Run services for the length of the block."""
        async with AsyncExitStack() as stack:
            for service in services:
                program = _program(service, self.settings, databases=self.databases, keys=self.keys)
                await stack.enter_async_context(kept_running(program, report=fail))
            addresses = {service.name: self.settings.address_of(service) for service in services}
            await all_ready(addresses, self.settings.home)
            yield

    @asynccontextmanager
    async def lanes(self, service: Service, number: int) -> AsyncIterator[list[Lane]]:
        """Open connections to a service, with the key that may do everything."""
        lanes = [await Lane(self.settings.address_of(service), self.keys[RUN]).open() for _ in range(number)]
        try:
            yield lanes
        finally:
            for lane in lanes:
                lane.close()

    @asynccontextmanager
    async def administrator(self) -> AsyncIterator[asyncpg.Connection]:
        """Open a connection that may do everything."""
        connection = await asyncpg.connect(self.administrator_url)
        try:
            yield connection
        finally:
            await connection.close()

    def pid_of(self, service: Service) -> int:
        """Return the process that listens on a service's port."""
        port = f"\0--port\0{self.settings.port_of(service)}\0".encode()
        for process in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if port in (process / "cmdline").read_bytes():
                    return int(process.name)
        raise RuntimeError(f"{service.name} does not run")


@asynccontextmanager
async def system(home: Path) -> AsyncIterator[System]:
    """Start the server of a home, which a power cut leaves whole, with schemas and keys as a run makes them."""
    console = Console(stderr=True)
    settings = RunSettings(motcua_home=home, port_base=PORT_BASE, sample="none", database_url=None)
    settings.home.create()
    await provision(settings, console)
    async with running(cluster_of(settings.home), report=fail) as url:
        databases = databases_on(url, passwords_of(settings.home), database=settings.database)
        known = read_secrets(settings.home).database(await identity_of(databases.of(DOSSIER)))
        console.print("A server of our own is ready; fsync and synchronous_commit are on.")
        yield System(settings, on_database(url, settings.database), databases, known.keys)


def fail(death: Death) -> None:
    """Tell what ended a program; the case that needs it will end too."""
    print(f"{death.program.name} ended:\n{death.last_lines}", file=sys.stderr)  # noqa: T201 - the run is lost


async def pgbench(system: System, script: str, *, clients: int, seconds: int, **variables: int) -> float:
    """Return the transactions a second of a script, with prepared statements."""
    with TemporaryDirectory(prefix="motcua-pgbench-") as folder:
        options = (f"--client={clients}", f"--jobs={min(clients, 2)}", f"--time={seconds}")
        told = await _run_pgbench(system, script, Path(folder), options, variables)
    found = re.search(rb"tps = ([0-9.]+)", told)
    if found is None:
        raise RuntimeError(told.decode())
    return float(found[1])


async def pgbench_latencies(system: System, script: str, *, transactions: int, **variables: int) -> list[float]:
    """Return how long each transaction of a script took one client, in milliseconds."""
    with TemporaryDirectory(prefix="motcua-pgbench-") as folder:
        options = ("--client=1", f"--transactions={transactions}", "--log", f"--log-prefix={folder}/each")
        await _run_pgbench(system, script, Path(folder), options, variables)
        lines = [line for file in Path(folder).glob("each*") for line in file.read_text().splitlines()]
    return [int(line.split()[2]) / 1000 for line in lines]


async def _run_pgbench(
    system: System, script: str, folder: Path, options: tuple[str, ...], variables: Mapping[str, int]
) -> bytes:
    file = folder / "script.sql"
    file.write_text(script)
    process = await asyncio.create_subprocess_exec(
        *(str(binary("pgbench")), "--no-vacuum", "--protocol=prepared", f"--file={file}", *options),
        *(f"--define={name}={value}" for name, value in variables.items()),
        system.administrator_url,
        env={**os.environ, "LC_ALL": "C"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    told, complaint = await process.communicate()
    if process.returncode:
        raise RuntimeError(complaint.decode())
    return told
