"""The schemas' migrations, run from the operator's side."""

import asyncio
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import Script, ScriptDirectory

from motcua.identity import MIGRATIONS
from motcua.roles import Databases
from motcua.services import SERVICES, Service


async def migrate(databases: Databases) -> list[str]:
    """Bring every schema to its newest revision; return the names of those that moved."""
    behind = [service for service in SERVICES if not await is_at_head(service, databases)]
    for service in behind:
        await asyncio.to_thread(command.upgrade, config_of(service, databases), "head")
    return [service.schema for service in behind]


async def write_revision(service: Service, databases: Databases, *, message: str) -> Path:
    """Write a migration from the difference between the metadata and the database; return its file."""
    written = await asyncio.to_thread(
        command.revision, config_of(service, databases), message=message, autogenerate=True
    )
    if not isinstance(written, Script):
        raise TypeError("alembic wrote no single migration")
    return Path(written.path)


async def is_at_head(service: Service, databases: Databases) -> bool:
    """Say whether a schema is at its newest revision; asking costs one query, a migration run far more."""
    heads = set(ScriptDirectory.from_config(config_of(service, databases)).get_heads())
    return await _revisions(databases.of(service)) == heads


def config_of(service: Service, databases: Databases) -> Config:
    """Return alembic's configuration of one schema."""
    config = Config(MIGRATIONS / "alembic.ini", ini_section=service.schema)
    config.attributes["url"] = databases.of(service)
    return config


async def _revisions(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    try:
        return {row["version_num"] for row in await connection.fetch("SELECT version_num FROM alembic_version")}
    except asyncpg.UndefinedTableError:
        return set()
    finally:
        await connection.close()
