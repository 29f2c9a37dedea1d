"""Lists of what must be done next, read by keyset from partial indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from zoneinfo import ZoneInfo

import asyncpg

from dossier_api.domain.lateness import last_day_before
from dossier_api.domain.records import Due
from dossier_api.store.feed_head import InForce

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# PostgreSQL keeps instants to the microsecond.
NEXT_INSTANT = timedelta(microseconds=1)


class Worklist(Enum):
    """A list by one of the moments kept with a dossier, and what narrows it."""

    TURNING_LATE = "late_from", ""
    TURNING_LATE_UNEXTENDED = "late_from", "AND NOT d.is_extended"
    LATE_RECEPTION = "reception_due", ""


@dataclass(frozen=True)
class Span:
    """Instants `since < moment <= until`, read on after the last item of the page before, soonest first."""

    until: datetime
    since: datetime = EARLIEST
    after: tuple[datetime, str] = (EARLIEST, "")

    @property
    def start(self) -> tuple[datetime, str]:
        """Return the moment and the code after which to read."""
        return max((self.since + NEXT_INSTANT, ""), self.after)


# Which rules are in force, as a row before all time: it comes first, and also where nothing else is found.
_IN_FORCE = """
    (SELECT catalogue_version, calendar_version, NULL AS code, NULL AS status, NULL AS unit_code,
        NULL AS receiving_unit_code, NULL AS procedure_code, NULL AS is_extended, timestamptz '-infinity' AS moment
    FROM dossier.feed_head)
"""
# $1 and $2 the moment and the code after which to read, $3 the last moment, $4 how many, $5 units.
_STRETCH = """
    (SELECT NULL, NULL, d.code, d.status, d.unit_code, d.receiving_unit_code, d.procedure_code, d.is_extended,
        d.{column}
    FROM dossier.dossiers d
    WHERE (d.{column}, d.code) > ($1::timestamptz, $2::text) AND d.{column} <= $3::timestamptz {narrowed}
    ORDER BY d.{column}, d.code)
"""
_OF_UNIT = "AND d.unit_code = ($5::text[])[{place}]"


async def list_next(
    driver: asyncpg.Connection,
    worklist: Worklist,
    span: Span,
    *,
    units: Sequence[str] | None,
    limit: int,
    zone: ZoneInfo,
) -> tuple[InForce, list[Due]]:
    """Return which rules are in force, and the dossiers of a worklist within a span; `units` None is all of them."""
    asked = () if units is None else (units,)
    rows = await driver.fetch(statement_of(worklist, units), *span.start, span.until, limit, *asked)
    return InForce(*rows[0][:2]), [_due(row, zone) for row in rows[1:]]


def _due(row: asyncpg.Record, zone: ZoneInfo) -> Due:
    told: tuple[str, str, str, str | None, str, bool] = row[2:8]
    late_from = row[8].astimezone(zone)
    return Due(*told, last_day_before(late_from), late_from)


def statement_of(worklist: Worklist, units: Sequence[str] | None) -> str:
    """Return the statement of a worklist, of as many units or of all.

    Each unit's next dossiers lie in a stretch of the index of their own, in order. The stretches are merged while they
    are read, so that no more is read than a page and one dossier of each unit.
    """
    # Rounded up to a power of two, so that statements are few; a place without a unit is NULL and finds nothing.
    return _merged(worklist, None if units is None else 1 << max(len(units) - 1, 0).bit_length())


@cache
def _merged(worklist: Worklist, places: int | None) -> str:
    column, narrowed = worklist.value
    if places is None:
        stretches = [_STRETCH.format(column=column, narrowed=narrowed)]
    else:
        units = [_OF_UNIT.format(place=place) for place in range(1, places + 1)]
        stretches = [_STRETCH.format(column=column, narrowed=f"{narrowed} {unit}") for unit in units]
    return " UNION ALL ".join([_IN_FORCE, *stretches]) + " ORDER BY moment, code LIMIT $4 + 1"
