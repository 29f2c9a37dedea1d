"""Worklists are read from their partial indexes, whatever else the table holds."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.store import worklists
from dossier_api.store.worklists import Worklist
from shared.db import Begin, array_literal, driver_of

PAGE = 11
# One dossier in ten is open; of these one in five waits to be accepted.
_FILL = """
INSERT INTO dossier.dossiers (code, status, unit_code, procedure_code, promised_version, calendar_version,
    is_extended, late_from, reception_due, closed_at)
SELECT 'D-' || n, CASE WHEN n % 10 <> 0 THEN 'finished' WHEN n % 50 = 0 THEN 'submitted' ELSE 'processing' END,
    'H35.' || n % 97, '1.001193', 0, 0, false,
    CASE WHEN n % 10 = 0 AND n % 50 <> 0 THEN timestamptz '2020-06-01' + n % 1000 * interval '1 hour' END,
    CASE WHEN n % 50 = 0 THEN timestamptz '2020-06-01' + n % 1000 * interval '1 hour' END,
    CASE WHEN n % 10 <> 0 THEN timestamptz '2020-06-01' END
FROM generate_series(1, 20000) AS n
"""


@pytest.fixture
async def session(begin: Begin) -> AsyncIterator[AsyncSession]:
    async with begin() as opened:
        await opened.execute(text(_FILL))
        await opened.execute(text("ANALYZE dossier.dossiers"))
        yield opened


@pytest.mark.parametrize(
    ("worklist", "units", "index"),
    [
        (Worklist.TURNING_LATE, None, "ix_dossiers_late"),
        (Worklist.TURNING_LATE, 1, "ix_dossiers_unit_late"),
        (Worklist.TURNING_LATE, 13, "ix_dossiers_unit_late"),
        (Worklist.TURNING_LATE_UNEXTENDED, None, "ix_dossiers_late"),
        (Worklist.TURNING_LATE_UNEXTENDED, 13, "ix_dossiers_unit_late"),
        (Worklist.LATE_RECEPTION, None, "ix_dossiers_reception_due"),
        (Worklist.LATE_RECEPTION, 13, "ix_dossiers_reception"),
    ],
)
async def test_no_more_is_read_than_a_page_and_one_dossier_of_each_unit(
    session: AsyncSession, worklist: Worklist, units: int | None, index: str
) -> None:
    """Also by the plan made once for all requests, which knows neither the span nor the units."""
    asked = None if units is None else [f"H35.{number}" for number in range(units)]

    scans = await scans_of(session, worklist, asked)

    assert {scan["Index Name"] for scan in scans} == {index}
    read = sum(scan["Actual Rows"] * scan["Actual Loops"] for scan in scans)
    assert PAGE <= read <= PAGE + (units or 0)


async def scans_of(session: AsyncSession, worklist: Worklist, units: list[str] | None) -> list[dict[str, Any]]:
    """Run a worklist by its generic plan; return what of the plan read dossiers."""
    await session.execute(text("SET LOCAL plan_cache_mode = force_generic_plan"))
    driver = await driver_of(session)
    asked = () if units is None else (f"'{array_literal(units)}'",)
    span = "timestamptz '2000-01-01'", "''", "timestamptz '2030-01-01'", str(PAGE)
    await driver.execute(f"PREPARE asked AS {worklists.statement_of(worklist, units)}")
    [told] = await driver.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE asked ({', '.join([*span, *asked])})")
    await driver.execute("DEALLOCATE asked")
    return list(_of_dossiers(told["Plan"]))


def _of_dossiers(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node.get("Relation Name") == "dossiers":
        yield node
    for below in node.get("Plans", []):
        yield from _of_dossiers(below)
