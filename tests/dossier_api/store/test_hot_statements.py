"""What is asked for every posted event and every poll is answered from an index, however large the log is."""

import pytest
from sqlalchemy import text

from dossier_api.store import events, feed_head, recording
from shared.db import Begin, driver_of
from tests.dossier_api.serving import ZONE

FILL = """
INSERT INTO dossier.events (position, source, id, type, subject, occurred_at, recorded_at, unit_code, key_id,
    content_hash, data)
SELECT n, '/s', 'e' || n, 'vn.motcua.dossier.paid.v1', 'D-' || n / 3, now(), now(), 'H35', 'k', '', '{}'
FROM generate_series(1, 20000) n
"""
FILL_QUARANTINE = """
INSERT INTO dossier.rejected_events (source, id, type, subject, occurred_at, received_at, key_id, content_hash, data,
    reason, facts)
SELECT '/s', 'e' || n, 'vn.motcua.dossier.paid.v1', 'D-' || n, now(), now(), 'k', '', '{}', 'dossier-unknown', '{}'
FROM generate_series(1, 20000) n
"""


@pytest.fixture
async def filled(dossier_begin: Begin) -> Begin:
    """Fill log and quarantine with twenty thousand rows each."""
    async with dossier_begin() as session:
        for statement in (FILL, FILL_QUARANTINE, "ANALYZE dossier.events", "ANALYZE dossier.rejected_events"):
            await session.execute(text(statement))
    return dossier_begin


async def scans_of(begin: Begin) -> int:
    """Return how many rows this transaction has read by whole scans of the two tables."""
    async with begin() as session:
        statement = (
            "SELECT sum(pg_stat_get_xact_tuples_returned(oid) - pg_stat_get_xact_tuples_fetched(oid)) FROM pg_class"
            " WHERE oid IN ('dossier.events'::regclass, 'dossier.rejected_events'::regclass)"
        )
        return int(await session.scalar(text(statement)) or 0)


async def test_no_hot_statement_scans_a_whole_table(filled: Begin) -> None:
    before = await scans_of(filled)

    async with filled() as session:
        driver = await driver_of(session)
        await feed_head.hold(driver)
        identities = [("/s", "e7"), ("/s", "none")]
        found = await recording.find(driver, ["D-5", "D-9", "none"], identities, zone=ZONE)
        page = await events.list_after(session, 19_990, limit=5, within=None)

    assert [(one.position, one.dossier) for one in found.known.values()] == [(7, "D-2")]
    assert [event.id for event in found.logged["D-5"]] == ["e15", "e16", "e17"]
    # Of the dossiers, and under the identities asked for.
    assert [entry.id for entry in found.kept] == ["e5", "e7", "e9"]
    assert [entry.position for entry in page] == [19_991, 19_992, 19_993, 19_994, 19_995]
    assert await scans_of(filled) == before


async def test_the_measure_would_notice_a_scan(filled: Begin) -> None:
    before = await scans_of(filled)

    async with filled() as session:
        await session.execute(text("SELECT count(*) FROM dossier.events WHERE key_id = 'x'"))

    assert await scans_of(filled) >= before + 20_000
