"""Lists of what must be done next, read by keyset from partial indexes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache

import asyncpg
import msgspec

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


# $1 and $2 the moment and the code after which to read, $3 the last moment, $4 how many, $5 units.
_STRETCH = """
    (SELECT d.code, d.status, d.unit_code, d.receiving_unit_code, d.procedure_code, d.is_extended,
        d.{column} AS moment
    FROM dossier.dossiers d
    WHERE (d.{column}, d.code) > ($1::timestamptz, $2::text) AND d.{column} <= $3::timestamptz {narrowed}
    ORDER BY d.{column}, d.code)
"""
_OF_UNIT = "AND d.unit_code = ($5::text[])[{place}]"
# One row: which rules are in force, and the page as one text, column by column, NULL where nothing is found.
# To make a record of each of a hundred rows took the driver three times as long as to read this text.
_PAGE = """
    SELECT catalogue_version, calendar_version, (
        SELECT json_build_array(json_agg(code), json_agg(status), json_agg(unit_code), json_agg(receiving_unit_code),
            json_agg(procedure_code), json_agg(is_extended), json_agg(moment))::text
        FROM (SELECT * FROM ({stretches}) AS merged ORDER BY moment, code LIMIT $4) AS page
        HAVING count(*) > 0)
    FROM dossier.feed_head
"""
_COLUMNS = msgspec.json.Decoder(
    tuple[list[str], list[str], list[str], list[str | None], list[str], list[bool], list[datetime]]
)


async def list_next(
    driver: asyncpg.Connection,
    worklist: Worklist,
    span: Span,
    *,
    units: Sequence[str] | None,
    limit: int,
) -> tuple[InForce, list[Due]]:
    """Return which rules are in force, and the dossiers of a worklist within a span; `units` None is all of them."""
    asked = () if units is None else (units,)
    row = await driver.fetchrow(statement_of(worklist, units), *span.start, span.until, limit, *asked)
    catalogue_version, calendar_version, page = row
    return InForce(catalogue_version, calendar_version), [] if page is None else _dues(page)


def _dues(page: str) -> list[Due]:
    """Make dossiers of the columns; their moments are spelled in the zone of the province, so their days are its."""
    codes, statuses, units, receiving, procedures, extended, moments = _COLUMNS.decode(page)
    days = map(last_day_before, moments)
    return list(map(Due, codes, statuses, units, receiving, procedures, extended, days, moments))


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
    return _PAGE.format(stretches=" UNION ALL ".join(stretches))
