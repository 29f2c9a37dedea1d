"""The operator's command line: `motcua --help`."""

import os
import sys
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from dossier_api.usecases.issue_key import issue_key, list_keys, revoke_key
from motcua.administrator import cluster_of, passwords_of, prepared
from motcua.postgres import running_port
from motcua.rebuild import Source, rebuild
from motcua.roles import script
from motcua.schemas import migrate, write_revision
from motcua.services import DOSSIER, SERVICES
from motcua.telling import complain, do, read_settings
from motcua.verify.addresses import addresses_of
from motcua.verify.telling import Telling
from motcua.verify.verifying import verify
from shared.clock import SystemClock
from shared.db import engine_from, transactions
from shared.http.access import Scope
from shared.http.languages import Language

app = typer.Typer(
    no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help="Run and look after motcua."
)
keys = typer.Typer(no_args_is_help=True, help="API keys: who may ask the services what.")
app.add_typer(keys, name="keys")
console = Console()

BY_SCHEMA = {service.schema: service for service in SERVICES}
Schema = StrEnum("Schema", {schema: schema for schema in BY_SCHEMA})  # type: ignore[misc]  # a table, not a literal


@app.command("run")
def run_everything() -> None:
    """Start PostgreSQL, the three services and the sample; Ctrl-C stops them.

    SAMPLE=none, PORT_BASE, MOTCUA_HOME and DATABASE_URL are read from the environment.
    """
    # The runner is light and stays for days; what this module imports is heavy.
    os.execv(sys.executable, [sys.executable, "-m", "motcua.run"])  # noqa: S606  # our own interpreter and module


@app.command("prepare")
def prepare_database(
    *, print_sql: Annotated[bool, typer.Option("--print-sql", help="Print the SQL instead of running it.")] = False
) -> None:
    """Make the database's roles and schemas, as the administrator DATABASE_URL names."""
    settings = read_settings()
    if print_sql:
        settings.home.create()
        typer.echo(script(passwords_of(settings.home), settings.database))
        return

    async def work() -> None:
        async with prepared(settings, console):
            console.print("Roles and schemas are ready.")

    do(work())


@app.command("migrate")
def migrate_schemas() -> None:
    """Bring the three schemas to their newest revision."""

    async def work() -> None:
        async with prepared(settings, console) as databases:
            moved = await migrate(databases)
            console.print(f"Migrated: {', '.join(moved)}." if moved else "Every schema is at its newest revision.")

    settings = read_settings()
    do(work())


@app.command("revision")
def revise_schema(schema: Schema, message: str) -> None:
    """Write a migration from the difference between a schema's metadata and the database; read it before use."""

    async def work() -> None:
        async with prepared(settings, console) as databases:
            await migrate(databases)
            written = await write_revision(BY_SCHEMA[schema], databases, message=message)
            console.print(f"Written: {written}", soft_wrap=True)

    settings = read_settings()
    do(work())


@app.command("verify")
def verify_figures(
    dossier_url: Annotated[str | None, typer.Option(envvar="MOTCUA_DOSSIER_URL", help="Where dossier_api is.")] = None,
    indicator_url: Annotated[str | None, typer.Option(envvar="MOTCUA_INDICATOR_URL", help="Likewise.")] = None,
    key: Annotated[str | None, typer.Option(envvar="MOTCUA_KEY", help="May read all dossiers and figures.")] = None,
    language: Annotated[Language, typer.Option(envvar="MOTCUA_LANGUAGE", help="What it tells in.")] = Language.VI,
) -> None:
    """Recount every figure from the dossiers and name each difference; exit with 1 if there is any.

    What is not given, addresses and key, is taken from the run of MOTCUA_HOME.
    """

    async def work() -> None:
        addresses = addresses_of(settings.home, dossier_url=dossier_url, indicator_url=indicator_url, key=key)
        if await verify(addresses, Telling(console, language)):
            raise typer.Exit(1)

    settings = read_settings()
    do(work())


@app.command("rebuild")
def rebuild_figures(
    dossier_url: Annotated[
        str | None, typer.Option(envvar="INDICATOR_DOSSIER_URL", help="Where dossier_api answers; else as in a run.")
    ] = None,
    key: Annotated[
        str | None, typer.Option(envvar="INDICATOR_KEY", help="Key that reads its feed; else the run's own.")
    ] = None,
    timezone: Annotated[
        str, typer.Option(envvar="INDICATOR_TIMEZONE", help="Zone whose civil days count.")
    ] = "Asia/Ho_Chi_Minh",
) -> None:
    """Count all figures anew from the feed, while the old ones serve; then they take their place, at once."""
    do(rebuild(read_settings(), Source(dossier_url, key, ZoneInfo(timezone)), console))


@app.command("urls")
def print_urls() -> None:
    """Print the line of each service's environment that names its database; it holds a password."""

    async def work() -> None:
        async with prepared(settings, console) as databases:
            for service in SERVICES:
                typer.echo(f"{service.setting('database_url')}={databases.of(service)}")

    settings = read_settings()
    do(work())


@app.command("database-url")
def print_database_url() -> None:
    """Print the administrator's URL of the embedded PostgreSQL while a run is on; give it to psql."""
    settings = read_settings()
    cluster = cluster_of(settings.home)
    port = running_port(cluster.data)
    if port is None:
        complain("The embedded PostgreSQL does not run; `make run` starts it.")
        raise typer.Exit(1)
    typer.echo(cluster.url(port, settings.database))


@keys.command("issue")
def issue(
    name: Annotated[str, typer.Option(help="Who holds the key, as the audit will show it.")],
    scopes: Annotated[list[Scope], typer.Option("--scope", help="What the key may do; may be repeated.")],
    unit: Annotated[str | None, typer.Option(help="Code of the unit whose subtree it sees; without it, all.")] = None,
    days: Annotated[int | None, typer.Option(min=1, help="Days until it expires; without it, never.")] = None,
) -> None:
    """Issue a key and print it, once: only its digest is kept."""

    async def work() -> None:
        clock = SystemClock()
        expires_at = clock.now() + timedelta(days=days) if days else None
        async with prepared(settings, console) as databases, engine_from(databases.of(DOSSIER)) as engine:
            issued = await issue_key(
                name, unit, scopes=scopes, expires_at=expires_at, begin=transactions(engine), clock=clock
            )
        typer.echo(issued.key)

    settings = read_settings()
    do(work())


@keys.command("list")
def list_issued() -> None:
    """List every key, oldest first, columns between tabs; the keys themselves are not kept."""

    async def work() -> None:
        async with prepared(settings, console) as databases, engine_from(databases.of(DOSSIER)) as engine:
            found = await list_keys(begin=transactions(engine))
        typer.echo("id\tname\tunit\tscopes\tcreated\texpires\trevoked")
        for key in found:
            instants = (key.created_at, key.expires_at, key.revoked_at)
            shown = (at.isoformat(timespec="minutes") if at else "-" for at in instants)
            typer.echo("\t".join((key.id, key.name, key.unit_code or "all", ",".join(key.scopes), *shown)))

    settings = read_settings()
    do(work())


@keys.command("revoke")
def revoke(key_id: Annotated[str, typer.Argument(help="The id `motcua keys list` shows.")]) -> None:
    """Make a key useless at all three services, within the seconds they remember it."""

    async def work() -> None:
        async with prepared(settings, console) as databases, engine_from(databases.of(DOSSIER)) as engine:
            await revoke_key(key_id, begin=transactions(engine), clock=SystemClock())
        console.print(f"{key_id} is revoked.")

    settings = read_settings()
    do(work())
