"""A province whose catalogue is written and nothing else."""

from collections.abc import AsyncIterator

import asyncpg
import httpx
import pytest
from sqlalchemy import text

from motcua.roles import Databases
from motcua.services import DOSSIER
from shared.db import Begin
from tests.dossier_api.serving import Service, fill, serving


@pytest.fixture
async def begin(dossier_begin: Begin) -> Begin:
    """Return a `begin` inside the test's transaction whose commits are durable by the server's word.

    The test server forgets in a power cut, and the service refuses to work where commits are not durable.
    """
    async with dossier_begin() as session:
        await session.execute(text("SET synchronous_commit = on"))
    return dossier_begin


@pytest.fixture
async def service(begin: Begin) -> AsyncIterator[Service]:
    """Return a service inside the test's transaction: one request at a time, nothing survives."""
    async with serving(begin) as running:
        yield running


@pytest.fixture
async def province(service: Service) -> httpx.AsyncClient:
    """Return a client of the whole tree, whose catalogue is written."""
    return await fill(service)


@pytest.fixture
async def dossier_url(own_database: Databases) -> str:
    """Return dossier_api's URL on a database of the test's own, whose commits are durable by its word."""
    url = own_database.of(DOSSIER)
    connection = await asyncpg.connect(url)
    await connection.execute(
        "ALTER ROLE CURRENT_USER IN DATABASE " + url.rpartition("/")[2] + " SET synchronous_commit = on"
    )
    await connection.close()
    return url
