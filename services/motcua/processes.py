"""Child processes that end with us and are started again when they end by themselves."""

import asyncio
import contextlib
import shutil
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

FIRST_PAUSE_S = 0.2
LONGEST_PAUSE_S = 10.0
# A process that lived this long was healthy: its next death starts the back-off from the beginning.
HEALTHY_AFTER_S = 30.0
LAST_LINES = 15
LARGEST_LOG_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A command to keep running.

    `environment` is the whole environment; `stop_signal` asks it to end, and `patience_s` is how long it may take.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    patience_s: float = 8.0


@dataclass(frozen=True)
class Death:
    """An end nobody asked for: how the program ended, its last words, and when it is started again."""

    program: Program
    exit_code: int
    last_lines: str
    pause_s: float


Reporter = Callable[[Death], None]


def dying_with_parent(stop_signal: signal.Signals) -> tuple[str, ...]:
    """Return the command prefix that has the kernel signal a child whose parent died, even by SIGKILL.

    Where `setpriv` is missing the child outlives a killed parent; the next run finds and stops it.
    """
    setpriv = shutil.which("setpriv")
    return (setpriv, "--pdeathsig", stop_signal.name.removeprefix("SIG"), "--") if setpriv else ()


async def start(program: Program, prefix: tuple[str, ...] = ()) -> asyncio.subprocess.Process:
    """Start a program, its output appended to its log, in a session of its own.

    A terminal's Ctrl-C reaches a whole session at once; ours must stop in order, the database last.
    """
    rotate(program.log)
    with program.log.open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *prefix,
            *dying_with_parent(program.stop_signal),
            *program.command,
            env=dict(program.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )


async def stop(process: asyncio.subprocess.Process, program: Program) -> None:
    """Ask a process to end; end it when its patience has run out."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(program.stop_signal)
    try:
        await asyncio.wait_for(process.wait(), program.patience_s)
    except TimeoutError:
        process.kill()
        await process.wait()


async def complete(command: tuple[str, ...], *, line: str = "") -> int:
    """Run a command to its end on our own terminal, `line` as its input; return its exit code."""
    process = await asyncio.create_subprocess_exec(
        *dying_with_parent(signal.SIGTERM), *command, stdin=asyncio.subprocess.PIPE, start_new_session=True
    )
    try:
        await process.communicate(f"{line}\n".encode())
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0


@contextlib.asynccontextmanager
async def kept_running(program: Program, *, report: Reporter, prefix: tuple[str, ...] = ()) -> AsyncIterator[None]:
    """Keep a program running for the length of the block; each death is reported, then it starts again."""
    task = asyncio.create_task(_run_for_ever(program, prefix, report=report))
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _run_for_ever(program: Program, prefix: tuple[str, ...], *, report: Reporter) -> None:
    pause_s = FIRST_PAUSE_S
    clock = asyncio.get_running_loop().time
    while True:
        started = clock()
        process = await start(program, prefix)
        try:
            exit_code = await process.wait()
        finally:
            await stop(process, program)
        if clock() - started > HEALTHY_AFTER_S:
            pause_s = FIRST_PAUSE_S
        report(Death(program, exit_code, last_lines(program.log), pause_s))
        await asyncio.sleep(pause_s)
        pause_s = min(2 * pause_s, LONGEST_PAUSE_S)


def last_lines(log: Path) -> str:
    """Return the end of a log."""
    with log.open(errors="replace") as lines:
        return "".join(deque(lines, maxlen=LAST_LINES)).rstrip()


def rotate(log: Path) -> None:
    """Set a large log aside; one predecessor is kept."""
    if log.exists() and log.stat().st_size > LARGEST_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
