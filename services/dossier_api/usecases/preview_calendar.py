"""Preview a calendar: which open dossiers it would move, from when to when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.catalogue import CalendarDay, calendar_of
from dossier_api.domain.catalogue_checks import check_swaps
from dossier_api.domain.dossier import Rules
from dossier_api.domain.events import Event
from dossier_api.domain.fold import fold
from dossier_api.domain.runs import DueMove
from dossier_api.store import catalogue, dossiers, events, runs
from dossier_api.usecases.recalculate import SLICE
from dossier_api.usecases.rulebook import Rulebook
from shared.db import Begin
from shared.working_days import WorkingCalendar

# A request looks at no more open dossiers than this; the cursor goes on from there.
MOST_LOOKED_AT = 20_000


@dataclass(frozen=True)
class Preview:
    """Moves by code; `after` continues where the search stopped, None when it is through."""

    moves: list[DueMove]
    after: str | None


@dataclass(frozen=True)
class CalendarPreviewer:
    """Looks at what the calendar in force, with some changes, would do to open dossiers if it were applied."""

    begin: Begin
    zone: ZoneInfo
    rulebook: Rulebook

    async def preview(self, changes: Sequence[CalendarDay], *, root: str | None, after: str, limit: int) -> Preview:
        """Return moves of dossiers whose code comes after one, at most so many.

        Raises ProvinceWide where `root` heads less than the whole tree, CatalogueInconsistent for half a swap.
        """
        moves: list[DueMove] = []
        async with self.begin() as session:
            proposed = await self._proposed(session, changes, root=root)
            for _ in range(MOST_LOOKED_AT // SLICE):
                codes = await runs.list_open_codes(session, after=after, limit=SLICE)
                moves += await self._moves(session, codes, proposed)
                if len(moves) >= limit:
                    return Preview(moves[:limit], moves[limit - 1].code)
                if len(codes) < SLICE:
                    return Preview(moves, None)
                after = codes[-1]
        return Preview(moves, after)

    async def _proposed(
        self, session: AsyncSession, changes: Sequence[CalendarDay], *, root: str | None
    ) -> WorkingCalendar:
        head = await self.rulebook.refresh(session)
        self.rulebook.catalogue.check_whole(root)
        days = {day.day: day for day in await catalogue.list_calendar(session, version=head.calendar_version)}
        days.update({day.day: day for day in changes})
        check_swaps(days.values())
        return calendar_of(days.values())

    async def _moves(self, session: AsyncSession, codes: Sequence[str], proposed: WorkingCalendar) -> list[DueMove]:
        versions = await dossiers.versions_of(session, codes)
        await self.rulebook.read_calendars(session, versions.values())
        histories = await events.list_histories(session, codes, self.zone)
        found = [_move(histories[code], self.rulebook.rules(versions[code]), proposed) for code in codes]
        return [move for move in found if move is not None]


def _move(history: Sequence[Event], rules: Rules, proposed: WorkingCalendar) -> DueMove | None:
    before = fold(history, rules).dossier
    as_proposed = replace(rules, calendar=proposed, promised=rules.promised or rules.calendar)
    after = fold(history, as_proposed).dossier
    if before is None or after is None or before.due_statutory == after.due_statutory:
        return None
    return DueMove(after.code, after.unit_code, after.procedure_code, before.due_statutory, after.due_statutory)
