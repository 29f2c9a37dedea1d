"""Worklists are read from their partial indexes, whatever else the table holds."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.store import worklists
from dossier_api.store.worklists import Span
from shared.db import Begin

NOON = datetime(2020, 6, 1, 5, tzinfo=UTC)
SPAN = Span(since=NOON, until=NOON + timedelta(days=3))
# One dossier in fifty is open, as after some years of work; of these one in five waits to be accepted.
_FILL = """
INSERT INTO dossier.dossiers (code, status, unit_code, procedure_code, promised_version, calendar_version,
    is_extended, late_from, reception_due, closed_at)
SELECT 'D-' || n, CASE WHEN n % 50 <> 0 THEN 'finished' WHEN n % 250 = 0 THEN 'submitted' ELSE 'processing' END,
    'H35.' || n % 97, '1.001193', 0, 0, false,
    CASE WHEN n % 50 = 0 AND n % 250 <> 0 THEN timestamptz '2020-06-01' + n % 1000 * interval '1 hour' END,
    CASE WHEN n % 250 = 0 THEN timestamptz '2020-06-01' + n % 1000 * interval '1 hour' END,
    CASE WHEN n % 50 <> 0 THEN timestamptz '2020-06-01' END
FROM generate_series(1, 100000) AS n
"""


@pytest.fixture
async def session(begin: Begin) -> AsyncIterator[AsyncSession]:
    async with begin() as opened:
        await opened.execute(text(_FILL))
        await opened.execute(text("ANALYZE dossier.dossiers"))
        yield opened


@pytest.mark.parametrize(
    ("column", "units", "index"),
    [
        ("late_from", None, "ix_dossiers_late"),
        ("late_from", ["H35.12", "H35.13"], "ix_dossiers_unit_late"),
        ("reception_due", ["H35.12", "H35.13"], "ix_dossiers_reception"),
        ("reception_due", None, "ix_dossiers_reception"),
    ],
)
async def test_only_the_index_of_what_is_asked_is_read(
    session: AsyncSession, column: str, units: list[str] | None, index: str
) -> None:
    statement, parameters = worklists.statement_of(column, SPAN, units=units, limit=101)

    plan = (await session.scalars(text(f"EXPLAIN {statement}"), parameters)).all()

    scans = [line for line in plan if " Scan" in line and "Function Scan" not in line and "Subquery" not in line]
    assert scans
    assert all(index in line for line in scans), "\n".join(plan)
