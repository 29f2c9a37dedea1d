"""Lists of what must be done next, read by keyset from partial indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.records import Due

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Span:
    """Instants `since < moment <= until`, read on after the last item of the page before, soonest first."""

    until: datetime
    since: datetime = EARLIEST
    after: tuple[datetime, str] = (EARLIEST, "")


_COLUMNS = "d.code, d.status, d.unit_code, d.receiving_unit_code, d.procedure_code, d.is_extended, d.{column} AS moment"
_NEXT = """
    FROM dossier.dossiers d
    WHERE d.{column} > :since AND d.{column} <= :until AND (d.{column}, d.code) > (:after_moment, :after_code)
        {narrowed}
"""
_EVERYWHERE = f"SELECT {_COLUMNS} {_NEXT} ORDER BY d.{{column}}, d.code LIMIT :limit"
# A person's worklist is that of one unit or a few: each unit's next dossiers are read from its own
# stretch of the index and merged, so the cost does not grow with what other units have.
_BY_UNIT = f"""
SELECT next.* FROM unnest(CAST(:units AS text[])) AS asked (unit_code) CROSS JOIN LATERAL (
    SELECT {_COLUMNS} {_NEXT} AND d.unit_code = asked.unit_code ORDER BY d.{{column}}, d.code LIMIT :limit
) AS next
ORDER BY moment, code LIMIT :limit
"""  # noqa: S608 - put together from constants of this file


async def list_turning_late(
    session: AsyncSession, span: Span, *, units: Sequence[str] | None, limit: int, unextended_only: bool = False
) -> list[Due]:
    """Return running dossiers that turn late within a span; `units` None is all of them."""
    narrowed = "AND NOT d.is_extended" if unextended_only else ""
    return await _fetched(session, statement_of("late_from", span, units=units, limit=limit, narrowed=narrowed))


async def list_late_receptions(
    session: AsyncSession, span: Span, *, units: Sequence[str] | None, limit: int
) -> list[Due]:
    """Return filed dossiers that should have been answered within a span; `units` None is all of them."""
    return await _fetched(session, statement_of("reception_due", span, units=units, limit=limit))


def statement_of(
    column: str, span: Span, *, units: Sequence[str] | None, limit: int, narrowed: str = ""
) -> tuple[str, dict[str, Any]]:
    """Return the statement of a worklist by one of the moments kept, and its parameters."""
    told = {
        "since": span.since,
        "until": span.until,
        "after_moment": span.after[0],
        "after_code": span.after[1],
        "limit": limit,
        **({} if units is None else {"units": list(units)}),
    }
    return (_EVERYWHERE if units is None else _BY_UNIT).format(column=column, narrowed=narrowed), told


async def _fetched(session: AsyncSession, statement: tuple[str, dict[str, Any]]) -> list[Due]:
    sql, told = statement
    return [Due(*row) for row in await session.execute(text(sql), told)]
