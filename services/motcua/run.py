"""Everything at once: PostgreSQL, the three services, the sample; stopped in the opposite order."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping

from rich.console import Console

from motcua.administrator import announced, passwords_of, server
from motcua.errors import OperatorError
from motcua.home import Home, read_secrets, write_private, write_secrets
from motcua.identity import identity_of, migrations_digest
from motcua.ports import require_free
from motcua.processes import Program, complete, kept_running
from motcua.readiness import all_ready, are_good
from motcua.roles import Databases, prepare
from motcua.services import DOSSIER, INDICATOR, REPORT, RUN, SERVICES, Service
from motcua.settings import RunSettings
from motcua.telling import do, read_settings

# A long poll of the feed is cut off after this; its reader asks again.
DRAINS_WITHIN_S = 3
# Then the service ends its own work: report_worker lets reports in the making finish.
STOPS_WITHIN_S = 12.0


class NotProvisioned(OperatorError):
    """The schemas or the keys could not be brought to what the services expect; the reason stands above."""

    def __init__(self) -> None:
        super().__init__("the schemas or the keys are not as the services expect them")


class KeysRevoked(OperatorError):
    """A key this home keeps is no longer good."""

    def __init__(self) -> None:
        super().__init__("a key of this run was revoked; the next `make run` issues new ones")


async def run(settings: RunSettings, console: Console) -> None:
    """Run the whole system until cancelled.

    Raises OperatorError where the machine, the folder or the server is not as it must be.
    """
    home = settings.home
    home.create()
    with home.locked():
        home.run_file.unlink(missing_ok=True)
        require_free([settings.port_of(service) for service in SERVICES])
        async with server(settings, console) as administrator_url:
            databases = await prepare(administrator_url, passwords_of(home), database=settings.database)
            identity = await identity_of(databases.of(DOSSIER))
            keys = await _provisioned(home, identity)
            async with _services(settings, databases=databases, keys=keys, console=console):
                await _require_good_keys(settings, identity, keys)
                await _fill(settings, identity, console)
                await _serve(settings, keys[RUN], console)


async def _provisioned(home: Home, identity: str) -> Mapping[str, str]:
    """Return the run's keys, once schemas and keys are what this release needs."""
    is_current = read_secrets(home).database(identity).migrations == migrations_digest()
    if not is_current and await complete((sys.executable, "-m", "motcua.provision")) != 0:
        raise NotProvisioned
    return read_secrets(home).database(identity).keys


@contextlib.asynccontextmanager
async def _services(
    settings: RunSettings, *, databases: Databases, keys: Mapping[str, str], console: Console
) -> AsyncIterator[None]:
    """Run the services for the length of the block, which begins once all are ready."""
    async with contextlib.AsyncExitStack() as programs:
        for service in SERVICES:
            program = _program(service, settings, databases=databases, keys=keys)
            await programs.enter_async_context(kept_running(program, report=announced(console)))
        await all_ready({service.name: settings.address_of(service) for service in SERVICES}, settings.home)
        yield


async def _require_good_keys(settings: RunSettings, identity: str, keys: Mapping[str, str]) -> None:
    """Forget keys that were revoked, so that the next run issues new ones.

    Raises KeysRevoked.
    """
    if await are_good(keys.values(), settings.address_of(DOSSIER)):
        return
    kept = read_secrets(settings.home)
    del kept.databases[identity]
    write_secrets(settings.home, kept)
    raise KeysRevoked


async def _fill(settings: RunSettings, identity: str, console: Console) -> None:
    """Load the sample where it is wanted and missing; a system without it still serves."""
    kept = read_secrets(settings.home)
    known = kept.database(identity)
    if settings.sample in {"none", known.sample}:
        return
    if await complete((sys.executable, "-m", "motcua.fill"), line=known.keys[RUN]) != 0:
        console.print("[bold red]The sample was not loaded[/]; the next run goes on with it.")
        return
    known.sample = settings.sample
    write_secrets(settings.home, kept)


def _program(service: Service, settings: RunSettings, *, databases: Databases, keys: Mapping[str, str]) -> Program:
    return Program(
        name=service.name,
        command=(
            *(sys.executable, "-m", "uvicorn", service.application, "--factory"),
            *("--host", "127.0.0.1", "--port", str(settings.port_of(service))),
            *("--loop", "uvloop", "--http", "httptools", "--ws", "none", "--no-access-log", "--no-use-colors"),
            *("--timeout-graceful-shutdown", str(DRAINS_WITHIN_S)),
        ),
        environment=_environment(service, settings, databases=databases, keys=keys),
        log=settings.home.log_of(service.name),
        patience_s=STOPS_WITHIN_S,
    )


def _environment(
    service: Service, settings: RunSettings, *, databases: Databases, keys: Mapping[str, str]
) -> dict[str, str]:
    """Return a service's environment: the operator's own, without the administrator's URL, and its settings."""
    ours = {"DATABASE_URL": databases.of(service)}
    if service in {INDICATOR, REPORT}:
        ours |= {"DOSSIER_URL": settings.address_of(DOSSIER), "KEY": keys[service.name]}
    if service == REPORT:
        ours |= {"INDICATOR_URL": settings.address_of(INDICATOR)}
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return inherited | {service.setting(name): value for name, value in ours.items()}


async def _serve(settings: RunSettings, key: str, console: Console) -> None:
    """Say where everything answers, in run.json too, until cancelled.  Rule: contract section 8."""
    addresses = {service.name: settings.address_of(service) for service in SERVICES}
    write_private(settings.home.run_file, addresses | {"admin_key": key})
    try:
        _print_addresses(addresses, key, console)
        await asyncio.Event().wait()
    finally:
        settings.home.run_file.unlink(missing_ok=True)


def _print_addresses(addresses: Mapping[str, str], key: str, console: Console) -> None:
    console.print()
    for name, address in addresses.items():
        console.print(f"  [bold]{name:<14}[/] {address}/docs")
    console.print(f"  [bold]{'key':<14}[/] {key}", soft_wrap=True)
    console.print("\n  Ready. Ctrl-C stops everything; the data stays.")


async def until_stopped(work: Coroutine[None, None, None]) -> None:
    """Do the work until it ends or the process is asked to stop; a second request changes nothing."""
    task = asyncio.create_task(work)
    stopping = asyncio.Event()

    def request_stop() -> None:
        if not stopping.is_set():
            stopping.set()
            task.cancel()

    for request in stop_signals():
        asyncio.get_running_loop().add_signal_handler(request, request_stop)
    try:
        await task
    except asyncio.CancelledError:
        if not stopping.is_set():
            raise


def stop_signals() -> list[signal.Signals]:
    """Return the signals that ask to stop; under nohup a closing terminal does not."""
    hangs_up = signal.getsignal(signal.SIGHUP) != signal.SIG_IGN
    return [signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hangs_up else [])]


if __name__ == "__main__":
    do(until_stopped(run(read_settings(), Console())))
