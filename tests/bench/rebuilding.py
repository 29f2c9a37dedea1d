"""All figures from the feed, against the same figures put together in SQL from one flat row a dossier."""

from time import perf_counter
from zoneinfo import ZoneInfo

from sqlalchemy import text

from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.store import kept_sums
from indicator_api.store.drafts import draft_of
from indicator_api.usecases.rebuild_figures import rebuild_figures
from motcua.rebuild import PAGE, draft_schema
from motcua.services import DOSSIER, INDICATOR
from shared.db import engine_from, transactions
from shared.http.client import client_for
from shared.memory import keep_loaded
from tests.bench.flat import draw, insert_steps
from tests.bench.measuring import Case, Judged, Result, judged
from tests.bench.system import System

REBUILD = Case("rebuild", "dossiers/s", Judged.RATE, 0.25)
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
# More of the same dossiers under other names: what the feed told, told again further on.
MULTIPLY = """
    INSERT INTO dossier.events (position, source, id, type, subject, occurred_at, recorded_at, unit_code, key_id,
        content_hash, data, life)
    SELECT position + turn * (SELECT max(position) FROM dossier.events), source, id || '*' || turn, type,
        subject || '*' || turn, occurred_at, recorded_at + make_interval(days => turn), unit_code, key_id,
        content_hash, data, life
    FROM dossier.events, generate_series(1, $1::int) AS turn WHERE unit_code IS NOT NULL
"""
HEAD = "UPDATE dossier.feed_head SET position = (SELECT max(position) FROM dossier.events)"
FLOOR_TABLES = ("steps", "unit_sums", "service_sums", "transfer_sums", "transfers")


async def bench(system: System, dossiers: int) -> Result:
    """Return the rate of a rebuild of about so many dossiers; dossier_api serves the feed meanwhile."""
    async with system.administrator() as connection:
        there = await connection.fetchval("SELECT count(*) FROM dossier.dossiers")
        turns = max(dossiers // there - 1, 0)
        if turns:
            await connection.execute(MULTIPLY, turns)
            await connection.execute(HEAD)
        await connection.execute("VACUUM ANALYZE dossier.events")
    number = there * (turns + 1)
    floor = await _floor(system, number)
    took = await _rebuild(system)
    return judged(REBUILD, [number / took], [number / floor])


async def _rebuild(system: System) -> float:
    keep_loaded()
    began = perf_counter()
    async with (
        draft_schema(system.administrator_url),
        engine_from(system.databases.of(INDICATOR)) as engine,
        client_for(system.settings.address_of(DOSSIER), key=system.keys[INDICATOR.name]) as client,
    ):
        await rebuild_figures(
            DossierFeed(client, PAGE, 0),
            live=transactions(engine),
            draft=draft_of(engine),
            zone=ZONE,
            report=lambda *_: None,
        )
    return perf_counter() - began


async def _floor(system: System, number: int) -> float:
    async with system.administrator() as connection:
        await draw(connection, number)
        for table in FLOOR_TABLES:
            await connection.execute(f"DROP TABLE IF EXISTS bench.{table}")
            # The steps bare: an INSERT that also keeps their indexes would be no floor.
            including = "" if table == "steps" else "INCLUDING ALL"
            await connection.execute(f"CREATE TABLE bench.{table} (LIKE indicator.{table} {including})")
        began = perf_counter()
        await insert_steps(connection, "bench")
    async with engine_from(system.administrator_url) as engine, transactions(engine)() as session:
        await session.execute(text("SET LOCAL search_path = bench, indicator"))
        for table in kept_sums.KEPT:
            await kept_sums.add_all(session, table=table)
    return perf_counter() - began
