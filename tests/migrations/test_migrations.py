"""The migrations of each schema: from nothing to the metadata, and one step back."""

import asyncio

import asyncpg
import pytest
from alembic import command

from motcua.roles import Databases
from motcua.schemas import config_of, is_at_head, migrate
from motcua.services import SERVICES, Service

each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.schema)


@each_service
async def test_the_tables_are_what_the_metadata_says(own_database: Databases, service: Service) -> None:
    await asyncio.to_thread(command.check, config_of(service, own_database))


@each_service
async def test_the_newest_step_goes_back_and_forth(own_database: Databases, service: Service) -> None:
    config = config_of(service, own_database)

    await asyncio.to_thread(command.downgrade, config, "-1")
    assert not await is_at_head(service, own_database)

    await asyncio.to_thread(command.upgrade, config, "head")
    assert await is_at_head(service, own_database)


async def test_migrating_twice_moves_nothing(own_database: Databases) -> None:
    assert await migrate(own_database) == []


@each_service
async def test_each_schema_counts_its_own_revisions(own_database: Databases, service: Service) -> None:
    connection = await asyncpg.connect(own_database.of(service))

    assert await connection.fetchval("SELECT count(*) FROM alembic_version") == 1
    await connection.close()
