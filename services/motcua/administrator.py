"""The administrator's connection: of the embedded server, started or found running, or of a server given to us."""

import contextlib
from collections.abc import AsyncIterator, Callable

from rich.console import Console
from rich.markup import escape

from motcua.cluster import ADMINISTRATOR, Cluster
from motcua.home import Home, read_secrets, write_secrets
from motcua.postgres import running, running_port
from motcua.processes import Death
from motcua.roles import Databases, prepare
from motcua.services import SERVICES
from motcua.settings import RunSettings


@contextlib.asynccontextmanager
async def server(settings: RunSettings, console: Console) -> AsyncIterator[str]:
    """Yield the administrator's URL of the server to use; the embedded one runs for the length of the block."""
    if settings.database_url:
        yield str(settings.database_url)
        return
    async with running(cluster_of(settings.home), report=announced(console)) as url:
        yield url


@contextlib.asynccontextmanager
async def any_server(settings: RunSettings, console: Console) -> AsyncIterator[str]:
    """Yield the administrator's URL for a short command, which may come while a run is on.

    Raises HomeInUse while a run is only starting.
    """
    if settings.database_url:
        yield str(settings.database_url)
        return
    cluster = cluster_of(settings.home)
    port = running_port(cluster.data)
    if port is not None:
        yield cluster.url(port)
        return
    with settings.home.locked():
        async with running(cluster, report=announced(console)) as url:
            yield url


@contextlib.asynccontextmanager
async def prepared(settings: RunSettings, console: Console) -> AsyncIterator[Databases]:
    """Yield the services' databases for a short command, roles and schemas made where they are missing."""
    settings.home.create()
    async with any_server(settings, console) as url:
        yield await prepare(url, passwords_of(settings.home), database=settings.database)


def cluster_of(home: Home) -> Cluster:
    """Return the home's cluster."""
    return Cluster(home.data, home.log_of("postgres"), passwords_of(home)[ADMINISTRATOR])


def passwords_of(home: Home) -> dict[str, str]:
    """Return every role's password; new ones are kept before a server first hears of them."""
    kept = read_secrets(home)
    passwords = {role: kept.password_of(role) for role in (ADMINISTRATOR, *(service.role for service in SERVICES))}
    write_secrets(home, kept)
    return passwords


def announced(console: Console) -> Callable[[Death], None]:
    """Return a reporter that tells of a death at once and shows the program's last words."""

    def announce(death: Death) -> None:
        console.print(
            f"[bold red]{death.program.name} ended ({death.exit_code})[/]; it starts again in {death.pause_s:g} s. "
            f"Last lines of {death.program.log}:\n[dim]{escape(death.last_lines)}[/]",
            soft_wrap=True,
        )

    return announce
