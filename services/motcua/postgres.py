"""The embedded PostgreSQL: started, kept running and stopped by us.

The `get_server()` of the package that brings the binaries is not used: as root it opens every parent folder to the
world, and it outlives a kill.
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg

from motcua.cluster import Cluster, binary, environment, make
from motcua.errors import OperatorError
from motcua.ports import free_database_port
from motcua.processes import Program, Reporter, kept_running
from motcua.unprivileged import identity_for

STARTS_WITHIN_S = 60.0
STOPS_WITHIN_S = 30.0
PROBE_PAUSE_S = 0.02


class ServerDoesNotAnswer(OperatorError):
    """PostgreSQL was started and does not answer a query."""

    def __init__(self, log: Path, reason: Exception | None) -> None:
        super().__init__(f"PostgreSQL does not answer within {STARTS_WITHIN_S:.0f} s ({reason!r}); its log: {log}")
        self.log = log
        self.reason = reason


@contextlib.asynccontextmanager
async def running(cluster: Cluster, *, report: Reporter) -> AsyncIterator[str]:
    """Run the server for the length of the block, made first if need be; yield the administrator's URL.

    The caller is alone on the data directory, so a server found alive was left by a killed run and is stopped.
    Raises ClusterNotMade, NoPortFree, ServerDoesNotAnswer, RootCannotStepDown.
    """
    identity = identity_for(cluster.data.parent, binary("postgres"))
    if not cluster.data.exists():
        await make(cluster, identity)
    await stop_leftover(cluster.data)
    drop_stale_pid_file(cluster.data)
    identity.give(cluster.data)
    port = free_database_port()
    async with kept_running(_server(cluster, port), report=report, prefix=identity.prefix):
        await answers(cluster.url(port), log=cluster.log)
        yield cluster.url(port)


def _server(cluster: Cluster, port: int) -> Program:
    settings = cluster.settings | {"port": str(port)}
    return Program(
        name="postgres",
        command=(
            str(binary("postgres")),
            "-D",
            str(cluster.data),
            *(f"--{name}={value}" for name, value in settings.items()),
        ),
        environment=environment(),
        log=cluster.log,
        # SIGINT is PostgreSQL's fast shutdown: it rolls back what is open and does not wait for clients.
        stop_signal=signal.SIGINT,
        patience_s=STOPS_WITHIN_S,
    )


def running_port(data: Path) -> int | None:
    """Return the port of the live server on a data directory, None if there is none."""
    lines = _pid_file(data)
    return int(lines[3]) if live_pid(data) is not None and len(lines) > 3 else None


def live_pid(data: Path) -> int | None:
    """Return the process id of the live server on a data directory, None if there is none.

    A number left in the file by a killed server may since name a stranger, so the process is asked for its command.
    """
    lines = _pid_file(data)
    if not lines:
        return None
    try:
        command = Path(f"/proc/{lines[0]}/cmdline").read_bytes()
    except FileNotFoundError:
        return None
    return int(lines[0]) if os.fsencode(data) in command.split(b"\0") else None


def _pid_file(data: Path) -> list[str]:
    """Return the lines of postmaster.pid: process id, data directory, start, port and more."""
    try:
        return (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


async def stop_leftover(data: Path) -> None:
    """Stop a server whose runner was killed: fast first, at once if it hangs (it recovers when started)."""
    for request in (signal.SIGINT, signal.SIGQUIT):
        pid = live_pid(data)
        if pid is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, request)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOPS_WITHIN_S):
                while live_pid(data) is not None:
                    await asyncio.sleep(PROBE_PAUSE_S)


def drop_stale_pid_file(data: Path) -> None:
    """Remove a pid file whose number now names a stranger, as after a reboot; PostgreSQL would refuse to start.

    Not while a process works in the directory: the file also tells PostgreSQL of backends that outlived their server.
    """
    lines = _pid_file(data)
    is_taken = bool(lines) and live_pid(data) is None and Path(f"/proc/{lines[0]}").exists()
    if is_taken and not any(_works_in(process, data) for process in Path("/proc").glob("[0-9]*")):
        (data / "postmaster.pid").unlink()


def _works_in(process: Path, folder: Path) -> bool:
    try:
        return (process / "cwd").readlink() == folder
    except OSError:
        return False


async def answers(url: str, *, log: Path) -> None:
    """Wait until the server answers a query: an open port says nothing during recovery.

    Raises ServerDoesNotAnswer.
    """
    attempts = _Attempts()
    try:
        async with asyncio.timeout(STARTS_WITHIN_S):
            while not await attempts.succeed(url):
                await asyncio.sleep(PROBE_PAUSE_S)
    except TimeoutError:
        raise ServerDoesNotAnswer(log, attempts.last_error) from None


class _Attempts:
    """Attempts to be answered, and why the last one failed."""

    last_error: Exception | None = None

    async def succeed(self, url: str) -> bool:
        try:
            connection = await asyncpg.connect(url)
        except (OSError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError) as error:
            self.last_error = error
            return False
        try:
            return bool(await connection.fetchval("SELECT 1"))
        finally:
            await connection.close()
