"""What every other test leans on: isolation, true commits, the closed door."""

import socket

import asyncpg
import pytest
from sqlalchemy import text

from motcua.roles import Databases
from motcua.services import DOSSIER, SERVICES, Service
from shared.db import Begin, engine_from, transactions
from tests.support.network import OutgoingNetwork


@pytest.mark.parametrize("turn", ["first", "second"])
async def test_what_a_test_commits_is_gone_for_the_next(dossier_begin: Begin, turn: str) -> None:
    async with dossier_begin() as session:
        await session.execute(text("CREATE TABLE scrap (turn text PRIMARY KEY)"))
        await session.execute(text("INSERT INTO scrap VALUES (:turn)"), {"turn": turn})

    async with dossier_begin() as session:
        assert await session.scalar(text("SELECT array_agg(turn) FROM scrap")) == [turn]


async def test_a_failing_block_is_rolled_back_and_the_rest_stays(dossier_begin: Begin) -> None:
    async with dossier_begin() as session:
        await session.execute(text("CREATE TABLE scrap (id int PRIMARY KEY)"))

    with pytest.raises(ValueError, match="on purpose"):
        async with dossier_begin() as session:
            await session.execute(text("INSERT INTO scrap VALUES (1)"))
            raise ValueError("on purpose")

    async with dossier_begin() as session:
        assert await session.scalar(text("SELECT count(*) FROM scrap")) == 0


async def test_an_own_database_keeps_commits_for_every_connection(own_database: Databases) -> None:
    async with engine_from(own_database.of(DOSSIER)) as engine, transactions(engine)() as session:
        await session.execute(text("CREATE TABLE scrap AS SELECT 1 AS id"))

    other = await asyncpg.connect(own_database.of(DOSSIER))
    assert await other.fetchval("SELECT id FROM scrap") == 1
    await other.close()


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_each_role_lands_in_its_own_schema(databases: Databases, service: Service) -> None:
    connection = await asyncpg.connect(databases.of(service))

    assert await connection.fetchval("SELECT current_schema()") == service.schema
    await connection.close()


def test_no_connection_leaves_the_machine() -> None:
    with socket.socket() as door, pytest.raises(OutgoingNetwork):
        door.connect(("192.0.2.1", 80))


def test_no_name_is_looked_up_outside() -> None:
    with pytest.raises(OutgoingNetwork):
        socket.getaddrinfo("example.invalid", 80)
