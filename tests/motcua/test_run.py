"""`make run` as an operator lives with it: started, killed piece by piece, stopped, started again."""

import asyncio
import contextlib
import json
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from motcua.home import Home
from motcua.postgres import live_pid
from motcua.services import SERVICES, on_database
from tests.support.databases import session_server

PORT_BASE = 18101 + 10 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
WITHIN_S = 60

pytestmark = pytest.mark.e2e


@dataclass
class Run:
    """A started runner and the home it serves from."""

    process: asyncio.subprocess.Process
    home: Home

    async def told(self) -> dict[str, str]:
        """Wait for run.json and return it."""
        async with asyncio.timeout(WITHIN_S):
            while not self.home.run_file.exists():
                assert self.process.returncode is None, await self.output()
                await asyncio.sleep(0.05)
        told: dict[str, str] = json.loads(self.home.run_file.read_text())
        return told

    async def output(self) -> str:
        """Wait for the end and return everything printed."""
        output, _ = await self.process.communicate()
        return output.decode()

    async def stop(self, request: signal.Signals = signal.SIGTERM) -> str:
        """Ask the runner to stop and return what it printed."""
        if self.process.returncode is None:
            self.process.send_signal(request)
        return await self.output()


@contextlib.asynccontextmanager
async def running(home: Path, **environment: str) -> AsyncIterator[Run]:
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "motcua.run"),
        env=inherited | {"MOTCUA_HOME": str(home), "SAMPLE": "none", "PORT_BASE": str(PORT_BASE)} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    run = Run(process, Home(home))
    try:
        yield run
    finally:
        await run.stop()


def children_of(pid: int) -> dict[str, int]:
    """Return the runner's programs by the last part of what they serve."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
        served = next((part for part in command if part.endswith(":create_app")), Path(command[0]).name)
        found[served.partition(".")[0]] = int(child)
    return found


async def all_answer(told: dict[str, str]) -> None:
    """Wait until every service is ready and lets the administrator's key in."""
    async with asyncio.timeout(WITHIN_S), httpx.AsyncClient(trust_env=False) as client:
        for service in SERVICES:
            while True:
                with contextlib.suppress(httpx.TransportError):
                    if (await client.get(f"{told[service.name]}/readyz")).status_code == 200:
                        break
                await asyncio.sleep(0.05)
        key = {"Authorization": f"Bearer {told['admin_key']}"}
        answer = await client.get(f"{told['dossier_api']}/v1/whoami", headers=key)
        assert answer.json()["unit_code"] is None


async def test_a_run_survives_the_death_of_each_of_its_processes_and_its_own(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        told = await run.told()
        addresses = {service.name: f"http://127.0.0.1:{PORT_BASE + service.port_offset}" for service in SERVICES}
        assert told == addresses | {"admin_key": told["admin_key"]}
        assert stat.S_IMODE(run.home.run_file.stat().st_mode) == 0o600
        await all_answer(told)

        for name in (*addresses, "postgres"):
            victim = children_of(run.process.pid)[name]
            os.kill(victim, signal.SIGKILL)
            async with asyncio.timeout(WITHIN_S):
                while children_of(run.process.pid).get(name, victim) == victim:
                    await asyncio.sleep(0.02)
            await all_answer(told)

        run.process.kill()
        await run.process.wait()
        # The killed run could not remove it; it must not be taken for the next one's.
        run.home.run_file.unlink()

    async with running(tmp_path) as run:
        assert await run.told() == told
        await all_answer(told)
        printed = await run.stop(signal.SIGINT)

    assert run.process.returncode == 0
    assert "Ready." in printed
    assert "Traceback" not in printed
    assert not run.home.run_file.exists()
    assert live_pid(run.home.data) is None


async def test_a_second_run_on_the_same_home_or_ports_is_refused_in_a_sentence(tmp_path: Path) -> None:
    async with running(tmp_path / "first") as first:
        await first.told()

        async with running(tmp_path / "first") as same_home:
            assert "is in use by another" in await same_home.output()
            assert same_home.process.returncode == 1
        async with running(tmp_path / "second") as same_ports:
            assert f"PORT_BASE={PORT_BASE + 1000}" in await same_ports.output()
            assert same_ports.process.returncode == 1

        assert first.home.run_file.exists()


async def test_a_revoked_key_is_replaced_by_the_run_after_the_next(tmp_path: Path) -> None:
    async with running(tmp_path) as run:
        old = (await run.told())["admin_key"]
        command = (sys.executable, "-c", "from motcua.commands import app; app()", "keys", "revoke", old.split("_")[2])
        revoking = await asyncio.create_subprocess_exec(*command, env=os.environ | {"MOTCUA_HOME": str(tmp_path)})
        assert await revoking.wait() == 0

    async with running(tmp_path) as run:
        assert "was revoked" in await run.output()
        assert run.process.returncode == 1

    async with running(tmp_path) as run:
        told = await run.told()
        assert told["admin_key"] != old
        await all_answer(told)


async def test_a_given_server_is_used_and_none_is_started(tmp_path: Path) -> None:
    # A server of its own: a run gives the roles passwords of its own.
    with session_server(is_durable=True) as server_url:
        async with running(tmp_path, DATABASE_URL=on_database(server_url, "given")) as run:
            told = await run.told()

            await all_answer(told)

            assert sorted(children_of(run.process.pid)) == sorted(service.name for service in SERVICES)
        assert not run.home.data.exists()


async def test_a_server_that_is_not_there_is_told_in_a_sentence(tmp_path: Path) -> None:
    async with running(tmp_path, DATABASE_URL="postgresql://ann:pw@127.0.0.1:1/given") as run:
        printed = await run.output()

    assert "DATABASE_URL leads nowhere" in printed
    assert "Traceback" not in printed
    assert run.process.returncode == 1


async def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    async with running(tmp_path, PORT_BASE="http") as run:
        assert "PORT_BASE" in await run.output()
    assert run.process.returncode == 2
