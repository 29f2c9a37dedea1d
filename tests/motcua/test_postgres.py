import asyncio
import os
import signal
import sys
from pathlib import Path

import asyncpg
import pytest

from motcua.cluster import Cluster, binary
from motcua.postgres import live_pid, running, running_port
from motcua.processes import Death
from motcua.unprivileged import NAMESPACE, NOBODY, NOBODY_WITH_REACH, Identity
from tests.support.programs import no_death

only_root = pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user has nobody to step down to")


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(tmp_path / "postgres", tmp_path / "postgres.log", "secret")


async def ask(url: str, question: str) -> object:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def ask_until_answered(url: str, question: str) -> object:
    async with asyncio.timeout(20):
        while True:
            try:
                return await ask(url, question)
            except (OSError, asyncpg.PostgresError):
                await asyncio.sleep(0.02)


async def test_what_was_committed_is_there_after_a_restart(cluster: Cluster) -> None:
    async with running(cluster, report=no_death) as url:
        await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert live_pid(cluster.data) is None

    async with running(cluster, report=no_death) as url:
        assert await ask(url, "SELECT answer FROM kept") == 42


async def test_a_commit_survives_a_power_cut_by_the_servers_settings(cluster: Cluster) -> None:
    async with running(cluster, report=no_death) as url:
        settings = [await ask(url, f"SHOW {name}") for name in ("fsync", "full_page_writes", "synchronous_commit")]

    assert settings == ["on", "on", "on"]


async def test_a_password_is_asked_for(cluster: Cluster) -> None:
    async with running(cluster, report=no_death) as url:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await ask(url.replace("secret", "guessed"), "SELECT 1")
        assert await ask(url, "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = current_user")


async def test_a_killed_server_comes_back_on_its_port_with_its_data(cluster: Cluster) -> None:
    deaths: list[Death] = []
    async with running(cluster, report=deaths.append) as url:
        await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        port = running_port(cluster.data)

        os.kill(live_pid(cluster.data) or pytest.fail("no server"), signal.SIGKILL)

        assert await ask_until_answered(url, "SELECT answer FROM kept") == 42
        assert running_port(cluster.data) == port
    assert deaths[0].exit_code == -signal.SIGKILL


async def test_the_server_ends_with_its_killed_runner_and_the_next_run_goes_on(cluster: Cluster) -> None:
    runner = f"""
import asyncio
from pathlib import Path
from motcua.cluster import Cluster
from motcua.postgres import running
async def main():
    async with running(Cluster(Path({str(cluster.data)!r}), Path({str(cluster.log)!r}), "secret"), report=print) as url:
        print(url, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", runner, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    url = (await process.stdout.readline()).decode().strip()
    await ask(url, "CREATE TABLE kept AS SELECT 42 AS answer")

    process.kill()
    await process.wait()

    async with running(cluster, report=no_death) as url:
        assert await ask(url, "SELECT answer FROM kept") == 42


async def test_a_stale_number_in_the_pid_file_harms_no_stranger(cluster: Cluster) -> None:
    async with running(cluster, report=no_death):
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    stranger = await asyncio.create_subprocess_exec("sleep", "60")
    (cluster.data / "postmaster.pid").write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")

    async with running(cluster, report=lambda _: None) as url:
        assert await ask(url, "SELECT 1") == 1

    assert stranger.returncode is None
    stranger.kill()
    await stranger.wait()


@only_root
@pytest.mark.parametrize("identity", [NAMESPACE, NOBODY_WITH_REACH], ids=["namespace", "nobody"])
async def test_root_steps_down_below_a_folder_closed_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, identity: Identity
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", closed / "postgres.log", "secret")
    monkeypatch.setattr("motcua.postgres.identity_for", lambda *_: identity)

    async with running(cluster, report=no_death) as url:
        assert await ask(url, "SELECT 1") == 1

    assert cluster.data.stat().st_uid == identity.owner
    assert closed.stat().st_mode & 0o777 == 0o700


@only_root
async def test_a_data_directory_changes_hands_with_the_way_root_steps_down(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    for identity in (NOBODY_WITH_REACH, NAMESPACE):
        monkeypatch.setattr("motcua.postgres.identity_for", lambda *_, chosen=identity: chosen)
        async with running(cluster, report=no_death) as url:
            assert await ask(url, "SELECT 1") == 1
    assert cluster.data.stat().st_uid == 0 != NOBODY


def test_the_binaries_are_those_of_postgresql_18() -> None:
    assert binary("postgres").is_file()
    assert binary("postgres").parent.parent.name == "pginstall18"
