"""Run over open dossiers, a few at a time: what a new calendar or a closed unit changes of them.

Nothing here is an event of a counter, so each change goes on the feed as an entry of its own kind.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.dossier import Dossier
from dossier_api.domain.errors import RunUnknown
from dossier_api.domain.fold import fold
from dossier_api.domain.lateness import late_from
from dossier_api.domain.life import life_of
from dossier_api.domain.records import LogEntry
from dossier_api.domain.runs import Run, RunKind, RunState
from dossier_api.store import audit, dossiers, events, feed_head, runs
from dossier_api.store.audit import AuditRow
from dossier_api.store.dossiers import Saved, Versions
from dossier_api.store.feed_head import FeedHead
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock
from shared.contracts.feed import RECALCULATED_TYPE
from shared.db import Begin
from shared.http.access import Caller

# Writers wait while a slice is worked on, so it is kept short.
SLICE = 500
SOURCE = "/dossier_api/runs"


@dataclass(frozen=True)
class _Again:
    """A dossier folded before and after a run looked at it."""

    before: Dossier
    after: Dossier
    versions: Versions


@dataclass(frozen=True)
class Recalculation:
    """The means of running: one a process."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    bell: Bell
    by_extension: bool
    slice_size: int = SLICE

    async def order(self, kind: RunKind, *, caller: Caller) -> Run:
        """Write down that a run shall be made, with an audit row; the loop makes it.  Raises ProvinceWide."""
        async with self.begin() as session:
            head = await self._check_whole(session, caller)
            run = await ordered(session, kind, key_id=caller.id, now=self.clock.now(), version=head.calendar_version)
        self.bell.ring()
        return run

    async def run(self, run_id: str, *, caller: Caller) -> Run:
        """Return a run.  Raises RunUnknown, ProvinceWide."""
        async with self.begin() as session:
            await self._check_whole(session, caller)
            found = await runs.find(session, run_id)
        if found is None:
            raise RunUnknown(run_id)
        return found

    async def newest(self, *, caller: Caller, limit: int) -> list[Run]:
        """Return the newest runs, newest first.  Raises ProvinceWide."""
        async with self.begin() as session:
            await self._check_whole(session, caller)
            return await runs.list_runs(session, limit=limit)

    async def _check_whole(self, session: AsyncSession, caller: Caller) -> FeedHead:
        """Refuse a caller of a part of the province: how many dossiers there are is not for it."""
        head = await self.rulebook.refresh(session)
        self.rulebook.catalogue.check_whole(caller.unit_code)
        return head

    async def step(self) -> bool:
        """Work on one slice of the oldest unfinished run; False when there is none."""
        async with self.begin() as session:
            head = await feed_head.get_for_update(session)
            run = await runs.find_unfinished(session)
            if run is None:
                return False
            await self.rulebook.refresh(session, head)
            codes = await runs.list_open_codes(session, after=run.after_code, limit=self.slice_size)
            changed = await self._slice(session, codes, run)
            now = max(self.clock.now(), head.recorded_at)
            moved = await self._write(session, changed, run=run, position=head.position, now=now)
            await runs.save(
                session, _advanced(run, codes, changed=moved, now=now, is_last=len(codes) < self.slice_size)
            )
            await feed_head.save(session, replace(head, position=head.position + moved, recorded_at=now))
        self.bell.ring()
        return True

    async def _slice(self, session: AsyncSession, codes: Sequence[str], run: Run) -> list[_Again]:
        versions = await dossiers.versions_of(session, codes)
        counted = run.calendar_version
        wanted = {code: one if counted is None else Versions(one.promised, counted) for code, one in versions.items()}
        await self.rulebook.read_calendars(session, [*versions.values(), *wanted.values()])
        histories = await events.list_histories(session, codes, self.zone)
        again = []
        for code in codes:
            before = fold(histories[code], self.rulebook.rules(versions[code])).dossier
            after = fold(histories[code], self.rulebook.rules(wanted[code])).dossier
            if before is not None and after is not None:
                again.append(_Again(before, after, wanted[code]))
        return again

    async def _write(
        self, session: AsyncSession, again: Sequence[_Again], *, run: Run, position: int, now: datetime
    ) -> int:
        """Write the dossiers, and an entry on the feed for each whose life is another; return how many are."""
        lives = await events.latest_lives(session, [one.after.code for one in again])
        entries: list[LogEntry] = []
        saved: list[Saved] = []
        for one in again:
            life = life_of(one.after, self.rulebook.catalogue)
            if lives[one.after.code] != life:
                entries.append(self._entry(one, run, position=position + len(entries) + 1, now=now))
            late = late_from(one.after, by_extension=self.by_extension)
            saved.append(Saved(one.after, one.versions, late))
        await events.add(session, entries)
        await dossiers.save_all(session, saved)
        return len(entries)

    def _entry(self, one: _Again, run: Run, *, position: int, now: datetime) -> LogEntry:
        catalogue = self.rulebook.catalogue
        told = {
            "run": run.id,
            "reason": run.kind,
            "due_before": one.before.due_statutory,
            "due_after": one.after.due_statutory,
        }
        return LogEntry(
            position=position,
            source=SOURCE,
            id=f"{run.id}/{one.after.code}",
            type=RECALCULATED_TYPE,
            subject=one.after.code,
            occurred_at=now,
            recorded_at=now,
            unit_code=catalogue.unit_on(one.after.unit_code, now.astimezone(self.zone).date()),
            key_id=run.key_id,
            content_hash=b"",
            data=msgspec.json.encode(told).decode(),
            life=msgspec.json.encode(life_of(one.after, catalogue)).decode(),
        )


async def ordered(session: AsyncSession, kind: RunKind, *, key_id: str, now: datetime, version: int) -> Run:
    """Write a run to be made, inside the caller's transaction."""
    run = Run(
        id=uuid.uuid4().hex,
        kind=kind,
        state=RunState.RUNNING,
        key_id=key_id,
        created_at=now,
        finished_at=None,
        calendar_version=version if kind is RunKind.CALENDAR else None,
        after_code="",
        total=await runs.count_open(session),
        seen=0,
        changed=0,
    )
    await runs.add(session, run)
    await audit.add(session, [AuditRow(now, key_id, f"run-{kind}", run.id, None, {"calendar_version": version})])
    return run


def _advanced(run: Run, codes: Sequence[str], *, changed: int, now: datetime, is_last: bool) -> Run:
    return replace(
        run,
        after_code=codes[-1] if codes else run.after_code,
        seen=run.seen + len(codes),
        changed=run.changed + changed,
        state=RunState.DONE if is_last else RunState.RUNNING,
        finished_at=now if is_last else None,
    )
