import asyncpg
import pytest

from motcua.roles import Databases, MayNotPrepare, databases_on, is_prepared, prepare
from motcua.services import SERVICES, Service, database_of, on_database, url_for
from tests.support.databases import PASSWORDS, session_server


async def execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
async def test_a_role_touches_its_own_schema_and_nothing_else(own_database: Databases, service: Service) -> None:
    for owner in SERVICES:
        await execute(own_database.of(owner), "CREATE TABLE secret (id int)")

    for owner in SERVICES:
        look = execute(own_database.of(service), f"SELECT * FROM {owner.schema}.secret")
        if owner == service:
            await look
        else:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await look
    for statement in ("CREATE TABLE public.stray (id int)", "CREATE SCHEMA stray", "CREATE ROLE stray"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await execute(own_database.of(service), statement)


async def test_preparing_twice_changes_nothing(template: str, own_database: Databases) -> None:
    database = database_of(own_database.urls["dossier"])

    assert await is_prepared(own_database)
    assert await prepare(template, PASSWORDS, database=database) == own_database


async def test_who_may_not_create_roles_is_given_the_sql_that_a_dba_would_run(template: str) -> None:
    await execute(template, "CREATE ROLE intern LOGIN PASSWORD 'intern'")
    await execute(template, "CREATE DATABASE unprepared")
    passwords = {role: f"{password}'s" for role, password in PASSWORDS.items()}
    intern = url_for(template, user="intern", password="intern", database="unprepared")

    with pytest.raises(MayNotPrepare) as refusal:
        await prepare(intern, passwords, database="unprepared")

    try:
        head, tail = refusal.value.script.split('\\connect "unprepared"\n')
        assert all(f"ALTER ROLE {service.role} LOGIN PASSWORD" in head for service in SERVICES)
        await execute(on_database(template, "unprepared"), tail)
        await execute(on_database(template, "unprepared"), "GRANT CONNECT ON DATABASE unprepared TO intern")
        assert await prepare(intern, PASSWORDS, database="unprepared") == databases_on(
            intern, PASSWORDS, database="unprepared"
        )
    finally:
        await execute(template, "DROP DATABASE unprepared WITH (FORCE)")
        await execute(template, "DROP ROLE intern")


async def test_an_administrator_who_is_no_superuser_can_prepare() -> None:
    # A server of its own: only who made a role may give it a password.
    with session_server() as server_url:
        await execute(server_url, "CREATE ROLE dba LOGIN CREATEROLE CREATEDB PASSWORD 'dba'")
        dba = url_for(server_url, user="dba", password="dba", database="province")

        databases = await prepare(dba, PASSWORDS, database="province")

        assert await is_prepared(databases)


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgresql://ann:pw@db:5432/province", "province"),
        ("postgresql://ann@db", "ann"),
        ("postgresql://db/", "postgres"),
        ("postgresql://db/province?sslmode=require", "province"),
    ],
)
def test_the_database_of_a_url(url: str, database: str) -> None:
    assert database_of(url) == database


def test_a_services_url_keeps_host_and_options_and_quotes_its_password() -> None:
    url = url_for("postgres://ann:pw@db:6432/x?ssl=require", user="motcua_report", password="a/b@c", database="y")

    assert url == "postgresql://motcua_report:a%2Fb%40c@db:6432/y?ssl=require"
