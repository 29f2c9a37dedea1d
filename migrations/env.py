"""Run the migrations of one schema: the section of alembic.ini names schema, metadata and versions."""

import asyncio
import os
from collections.abc import Callable
from importlib import import_module
from typing import Any

from alembic import context
from sqlalchemy import Connection, MetaData, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.db import asyncpg_url

# A migration that waits for a lock makes every later statement on that table wait behind it.
LOCK_TIMEOUT = "4s"

# The queue's tables are made by pgqueuer's own statements; no metadata of ours describes them.
UNMANAGED_PREFIX = "pgqueuer"


def required_option(name: str) -> str:
    """Return an option of the section alembic was called with.

    Raises SystemExit when the section is not one of ours (`-n dossier|indicator|report`).
    """
    value = context.config.get_section_option(context.config.config_ini_section, name)
    if value is None:
        raise SystemExit("name the schema: alembic -c migrations/alembic.ini -n dossier|indicator|report …")
    return value


def database_url() -> str:
    """Return the URL given with -x url=, by the caller's attributes, or by the service's environment."""
    variable = f"{required_option('schema').upper()}_DATABASE_URL"
    url = context.get_x_argument(as_dictionary=True).get("url") or context.config.attributes.get("url")
    url = url or os.environ.get(variable)
    if not url:
        raise SystemExit(f"{variable} is not set")
    return asyncpg_url(str(url))


def target_metadata() -> MetaData:
    """Return the metadata of the service that owns the schema."""
    metadata = import_module(required_option("metadata")).metadata
    if not isinstance(metadata, MetaData):
        raise TypeError(f"{required_option('metadata')}.metadata is not MetaData")
    return metadata


def inside(schema: str, partitions: set[str]) -> Callable[[str | None, str, Any], bool]:
    """Return the filter that keeps autogenerate inside a schema and away from what no metadata describes."""

    def is_ours(name: str | None, kind: str, _parents: Any) -> bool:
        if kind == "schema":
            return name == schema
        if kind == "table":
            return name is not None and not name.startswith(UNMANAGED_PREFIX) and name not in partitions
        return True

    return is_ours


def list_partitions(connection: Connection, schema: str) -> set[str]:
    """Return the partitions of the schema, which reflection takes for tables."""
    statement = text("SELECT relname FROM pg_class WHERE relispartition AND relnamespace = to_regnamespace(:schema)")
    return set(connection.scalars(statement, {"schema": schema}))


def migrate(connection: Connection) -> None:
    """Run what the command asked for, one transaction a migration."""
    schema = required_option("schema")
    connection.execute(text(f"SET lock_timeout = '{LOCK_TIMEOUT}'"))
    partitions = list_partitions(connection, schema)
    connection.commit()
    # The role's search_path makes its schema the default one, whose tables reflection leaves unqualified;
    # the metadata qualifies them, and the two must read alike.
    connection.dialect.default_schema_name = "public"
    context.configure(
        connection=connection,
        target_metadata=target_metadata(),
        version_table_schema=schema,
        include_schemas=True,
        include_name=inside(schema, partitions),
        compare_type=True,
        compare_server_default=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run() -> None:
    """Connect as the owner of the schema and migrate."""
    engine = create_async_engine(database_url(), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


if context.is_offline_mode():
    raise SystemExit("migrations run against a server; --sql is not offered")
asyncio.run(run())
