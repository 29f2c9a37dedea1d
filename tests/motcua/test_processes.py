import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from motcua.processes import Death, Program, complete, kept_running, rotate
from tests.support.programs import no_death

DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
SLEEPER = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"


def python(code: str, log: Path, *, patience_s: float = 8.0) -> Program:
    return Program("sleeper", (sys.executable, "-c", code), dict(os.environ), log, patience_s=patience_s)


async def line_of(log: Path, number: int) -> str:
    """Wait for a line of the log."""
    async with asyncio.timeout(10):
        while not (log.exists() and log.read_text().count("\n") > number):
            await asyncio.sleep(0.01)
    return log.read_text().splitlines()[number]


def is_running(pid: int) -> bool:
    return Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes() != b""


async def test_a_killed_program_is_reported_and_started_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    deaths: list[Death] = []
    program = python(SLEEPER, log)

    async with kept_running(program, report=deaths.append):
        first = int(await line_of(log, 0))
        os.kill(first, signal.SIGKILL)
        second = int(await line_of(log, 1))

    assert deaths == [Death(program, -signal.SIGKILL, str(first), 0.2)]
    assert not is_running(second)


async def test_the_pause_doubles_while_a_program_keeps_dying(tmp_path: Path) -> None:
    deaths: list[Death] = []

    async with kept_running(python("raise SystemExit(3)", tmp_path / "log"), report=deaths.append):
        async with asyncio.timeout(10):
            while len(deaths) < 3:
                await asyncio.sleep(0.01)

    assert [(death.exit_code, death.pause_s) for death in deaths] == [(3, 0.2), (3, 0.4), (3, 0.8)]


async def test_a_program_deaf_to_the_request_is_killed_when_patience_runs_out(tmp_path: Path) -> None:
    log = tmp_path / "log"

    async with kept_running(python(DEAF, log, patience_s=0.1), report=no_death):
        await line_of(log, 0)
        before = asyncio.get_running_loop().time()

    assert asyncio.get_running_loop().time() - before < 5


async def test_a_program_dies_with_its_killed_runner(tmp_path: Path) -> None:
    log = tmp_path / "log"
    runner = f"""
import asyncio, os
from pathlib import Path
from motcua.processes import Program, kept_running
program = Program("sleeper", ({sys.executable!r}, "-c", {SLEEPER!r}), dict(os.environ), Path({str(log)!r}))
async def main():
    async with kept_running(program, report=print):
        await asyncio.sleep(60)
asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", runner)
    child = int(await line_of(log, 0))

    process.kill()
    await process.wait()

    async with asyncio.timeout(5):
        while is_running(child):
            await asyncio.sleep(0.01)


async def test_a_command_run_to_its_end_gives_its_exit_code_and_reads_its_line() -> None:
    assert await complete((sys.executable, "-c", "raise SystemExit(0 if input() == 'key' else 4)"), line="key") == 0
    assert await complete((sys.executable, "-c", "raise SystemExit(5)")) == 5


def test_a_large_log_makes_room_and_stays_readable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "dossier_api.log"
    log.write_text("full")
    monkeypatch.setattr("motcua.processes.LARGEST_LOG_BYTES", 3)

    rotate(log)

    assert not log.exists()
    assert (tmp_path / "dossier_api.log.1").read_text() == "full"
