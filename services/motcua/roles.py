"""The administrator's preparation: one database, a role and a schema a service, no right on another's."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from motcua.errors import OperatorError
from motcua.services import SERVICES, Service, on_database, url_for

OLDEST_SERVER = 18
# An unknown role or wrong password, an unknown database, no right to connect.
NOT_LET_IN = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


class ServerTooOld(OperatorError):
    """The server is older than what the schemas need.  Rule: contract section 8."""

    def __init__(self, version: str) -> None:
        super().__init__(f"PostgreSQL {OLDEST_SERVER} or later is needed; this server is {version}")
        self.version = version


class ServerRefuses(OperatorError):
    """The server DATABASE_URL names is not there, or does not let its role in."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"DATABASE_URL leads nowhere: {reason}")


class MayNotPrepare(OperatorError):
    """The administrator's role may not create roles or schemas; `script` is what its owner would run."""

    def __init__(self, reason: str, script: str) -> None:
        super().__init__(f"the database cannot be prepared: {reason}")
        self.script = script


@dataclass(frozen=True)
class Databases:
    """The URL each service connects with, by schema."""

    urls: Mapping[str, str]

    def of(self, service: Service) -> str:
        """Return a service's URL."""
        return self.urls[service.schema]


def databases_on(administrator_url: str, passwords: Mapping[str, str], *, database: str) -> Databases:
    """Return the services' URLs on a server."""
    return Databases(
        {
            service.schema: url_for(
                administrator_url, user=service.role, password=passwords[service.role], database=database
            )
            for service in SERVICES
        }
    )


async def prepare(administrator_url: str, passwords: Mapping[str, str], *, database: str) -> Databases:
    """Make roles, database and schemas where they are missing; return the services' URLs.

    A database somebody else has prepared with our passwords is taken as it is, whatever the given role may do.
    Raises ServerRefuses, ServerTooOld, MayNotPrepare.
    """
    databases = databases_on(administrator_url, passwords, database=database)
    if await is_prepared(databases):
        return databases
    try:
        await _execute_all(administrator_url, passwords, database)
    except asyncpg.InsufficientPrivilegeError as error:
        raise MayNotPrepare(str(error), script(passwords, database)) from error
    return databases


async def is_prepared(databases: Databases) -> bool:
    """Say whether every role can log in and finds its own schema."""
    return all(await asyncio.gather(*(_owns_schema(databases.of(service), service.schema) for service in SERVICES)))


async def _owns_schema(url: str, schema: str) -> bool:
    try:
        connection = await asyncpg.connect(url)
    except (OSError, *NOT_LET_IN):
        return False
    try:
        return bool(await connection.fetchval("SELECT current_schema() IS NOT DISTINCT FROM $1::name", schema))
    finally:
        await connection.close()


async def _execute_all(administrator_url: str, passwords: Mapping[str, str], database: str) -> None:
    connection = await _connect(administrator_url)
    try:
        _require_version(connection.get_server_version().major)
        for service in SERVICES:
            await connection.execute(role_statement(service, passwords[service.role]))
        if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", database):
            await connection.execute(f"CREATE DATABASE {identifier(database)}")
    finally:
        await connection.close()
    await grant_inside(administrator_url, database)


async def _connect(administrator_url: str) -> asyncpg.Connection:
    """Connect to the given database, or beside it where it is still to be made.

    Raises ServerRefuses.
    """
    try:
        return await asyncpg.connect(administrator_url)
    except asyncpg.InvalidCatalogNameError:
        return await asyncpg.connect(on_database(administrator_url, "postgres"))
    except (OSError, asyncpg.InvalidAuthorizationSpecificationError) as error:
        raise ServerRefuses(str(error)) from error


async def grant_inside(administrator_url: str, database: str) -> None:
    """Give each role its schema inside a database; a copy of a prepared one needs this too."""
    connection = await asyncpg.connect(on_database(administrator_url, database))
    try:
        async with connection.transaction():
            for statement in database_statements(database):
                await connection.execute(statement)
    finally:
        await connection.close()


def _require_version(major: int) -> None:
    if major < OLDEST_SERVER:
        raise ServerTooOld(str(major))


def role_statement(service: Service, password: str) -> str:
    """Return the statement that makes a service's role, or gives an existing one its password."""
    return (
        f"DO $$ BEGIN\n"
        f"    IF to_regrole('{service.role}') IS NULL THEN CREATE ROLE {service.role}; END IF;\n"
        f"END $$;\n"
        f"ALTER ROLE {service.role} LOGIN PASSWORD {literal(password)};\n"
        # Who is no superuser may give away a schema only to a role it belongs to.
        f"GRANT {service.role} TO CURRENT_USER;"
    )


def database_statements(database: str) -> list[str]:
    """Return the statements to run inside the database: who may connect, and each role's own schema."""
    name = identifier(database)
    statements = [f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;", "REVOKE ALL ON SCHEMA public FROM PUBLIC;"]
    for service in SERVICES:
        statements += [
            f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {service.role};",
            f"CREATE SCHEMA IF NOT EXISTS {service.schema} AUTHORIZATION {service.role};",
            f"ALTER ROLE {service.role} IN DATABASE {name} SET search_path = {service.schema};",
        ]
    return statements


def script(passwords: Mapping[str, str], database: str) -> str:
    """Return, for psql, all that a database administrator would run."""
    roles = [role_statement(service, passwords[service.role]) for service in SERVICES]
    create = f"CREATE DATABASE {identifier(database)}"
    unless = f"NOT EXISTS (SELECT FROM pg_database WHERE datname = {literal(database)})"
    making = f"SELECT {literal(create)} WHERE {unless} \\gexec"
    return "\n".join([*roles, making, f"\\connect {identifier(database)}", *database_statements(database), ""])


def identifier(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Quote a text for SQL."""
    return "'" + text.replace("'", "''") + "'"
