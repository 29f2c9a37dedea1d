"""Record posted events: decide many at once, then write and commit all of them in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from dossier_api.domain.events import Event, Identity, decode_data, kind_of, type_of
from dossier_api.domain.fold import fold
from dossier_api.domain.lateness import late_from
from dossier_api.domain.life import life_of
from dossier_api.domain.recording import Decisions, History, Logged, Outcome, Posted, Recorder
from dossier_api.domain.records import SYSTEM_KEY, KeptEntry, LogEntry, RejectedEntry
from dossier_api.store import dossiers, feed_head, recording, rejected_events
from dossier_api.store.dossiers import Saved, Versions
from dossier_api.store.feed_head import FeedHead
from dossier_api.store.recording import Found
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock
from shared.db import Begin, Connect
from shared.errors import DomainError

_ENCODE = msgspec.json.Encoder().encode


@dataclass(frozen=True)
class Decided:
    """Events that were decided in a turn of the feed, with all that is to be written; nothing is kept of them yet.

    `turn` None is the turn that the events ahead of these will leave. `head` is the feed's once these are written.
    `touched` are the dossiers and identities of which others must not be decided at the same time.
    """

    turn: str | None
    head: FeedHead
    outcomes: list[Outcome]
    draft: recording.Draft
    gone: set[str]
    leaving: list[int]
    entering: list[RejectedEntry]
    touched: Set[str | Identity]

    def touches(self, posted: Iterable[Posted]) -> bool:
        """Say whether events have a dossier or an identity in common with these."""
        return any(one.event.dossier in self.touched or one.event.identity in self.touched for one in posted)


@dataclass(frozen=True)
class EventRecorder:
    """The means of recording: one a process.  `begin` is for the rules, which are read when they have changed."""

    connect: Connect
    begin: Begin
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    by_extension: bool

    async def record(self, posted: Sequence[Posted]) -> list[Outcome]:
        """Record events in the order given; return what became of each, in that order.

        What was read is only written on if nobody has written meanwhile. Of several processes, whoever came
        second decides again, this time with the head of the feed held (ADR-0003).
        """
        decided = await self.decide(posted)
        if await self.write(decided) is not None:
            return decided.outcomes
        async with self.connect() as driver, driver.transaction():
            await feed_head.hold(driver)
            decided = await self._decide(driver, posted, None)
            if await self._write(driver, decided) is None:
                raise AssertionError("nobody else writes while the head is held")
        return decided.outcomes

    async def decide(self, posted: Sequence[Posted], *, ahead: Decided | None = None) -> Decided:
        """Decide events in the order given, on what is written, or on what will be once those `ahead` are.

        Those ahead touch none of these.
        """
        async with self.connect() as driver:
            return await self._decide(driver, posted, ahead)

    async def write(self, decided: Decided) -> str | None:
        """Write and commit what was decided; return the turn it leaves.

        None where somebody else has written since it was decided: then nothing of it is written.
        """
        async with self.connect() as driver:
            return await self._write(driver, decided)

    async def _decide(self, driver: asyncpg.Connection, posted: Sequence[Posted], ahead: Decided | None) -> Decided:
        codes, identities = {one.event.dossier for one in posted}, [one.event.identity for one in posted]
        found = await recording.find(driver, codes, identities, zone=self.zone)
        await self._refresh(found)
        follows = ahead is not None and ahead.turn == found.turn
        head = ahead.head if ahead is not None and follows else found.head
        now = max(self.clock.now(), head.recorded_at).astimezone(self.zone)
        recorder = Recorder(
            self._histories(found, codes),
            found.known,
            rules_of=lambda code: self.rulebook.rules(found.versions.get(code)),
            position=head.position,
            now=now,
        )
        outcomes, decisions = recorder.record_all(posted), recorder.decisions
        return Decided(
            turn=None if follows else found.turn,
            head=replace(head, position=recorder.position, recorded_at=now),
            outcomes=outcomes,
            draft=self._draft(decisions, found, position=head.position, now=now),
            gone=decisions.gone,
            leaving=_leaving(decisions, found),
            entering=_entering(decisions, now),
            touched={*codes, *identities, *decisions.resolved},
        )

    async def _refresh(self, found: Found) -> None:
        versions = found.versions.values()
        if not self.rulebook.is_of(found.head, versions):
            async with self.begin() as session:
                await self.rulebook.refresh(session, found.head)
                await self.rulebook.read_calendars(session, versions)

    def _histories(self, found: Found, codes: Collection[str]) -> dict[str, History]:
        kept = [posted_of(entry, self.zone) for entry in found.kept if entry.subject in codes]
        histories = _histories(found.logged, kept)
        for code, history in histories.items():
            history.dossier = fold(history.logged, self.rulebook.rules(found.versions.get(code))).dossier
        return histories

    async def _write(self, driver: asyncpg.Connection, decided: Decided) -> str | None:
        if decided.turn is None:
            return None
        if not (decided.gone or decided.leaving or decided.entering):
            return await recording.write(driver, decided.turn, decided.draft) if decided.draft.length else decided.turn
        async with driver.transaction():
            left = await recording.write(driver, decided.turn, decided.draft)
            if left is not None:
                await dossiers.remove(driver, decided.gone)
                await rejected_events.resolve(driver, decided.leaving, at=decided.draft.now)
                await rejected_events.keep(driver, decided.entering)
        return left

    def _draft(self, decisions: Decisions, found: Found, *, position: int, now: datetime) -> recording.Draft:
        entries = [self._log_entry(logged, now) for logged in decisions.logged]
        newest = Versions(found.head.calendar_version, found.head.calendar_version)
        saved = [self._saved(one, found.versions.get(code, newest)) for code, one in decisions.dossiers.items()]
        return recording.draft_of(entries, saved, position=position, now=now)

    def _log_entry(self, logged: Logged, now: datetime) -> LogEntry:
        event = logged.posted.event
        return LogEntry(
            position=logged.position,
            source=event.source,
            id=event.id,
            type=type_of(event.kind),
            subject=event.dossier,
            occurred_at=event.at,
            recorded_at=now,
            unit_code=self.rulebook.catalogue.unit_on(logged.dossier.unit_code, event.at.date()),
            key_id=logged.posted.key_id,
            content_hash=logged.posted.content_hash,
            data=logged.posted.data,
            life=_ENCODE(life_of(logged.dossier, self.rulebook.catalogue)).decode(),
        )

    def _saved(self, logged: Logged, versions: Versions) -> Saved:
        late = late_from(logged.dossier, by_extension=self.by_extension)
        return Saved(logged.dossier, versions, late)


def posted_of(entry: KeptEntry, zone: ZoneInfo) -> Posted:
    """Return a kept event as it was posted."""
    kind = kind_of(entry.type)
    data = decode_data(kind, entry.data)
    event = Event(entry.source, entry.id, kind, entry.occurred_at.astimezone(zone), entry.subject, data)
    return Posted(event, entry.content_hash, entry.data, entry.key_id, entry.unit_code)


def _histories(logged: Mapping[str, list[Event]], kept: Sequence[Posted]) -> dict[str, History]:
    """Put together what the log and the quarantine know of each dossier."""
    histories = {code: History(logged=list(found)) for code, found in logged.items()}
    if not kept:
        return histories
    identities: set[Identity] = {event.identity for found in logged.values() for event in found}
    for one in kept:
        history = histories.setdefault(one.event.dossier, History())
        if one.event.identity in identities:
            history.displaced.add(one.event.identity)
        else:
            history.kept.append(one)
    return histories


def _leaving(decisions: Decisions, found: Found) -> list[int]:
    """Return the arrivals of kept events that were logged now, or whose logged event found its place again."""
    posted = {one.posted.event.identity: one.posted for one in decisions.logged} if found.kept else {}

    def is_done(entry: KeptEntry) -> bool:
        logged = posted.get((entry.source, entry.id))
        return entry.is_displaced or (logged is not None and logged.settles(entry.unit_code, entry.content_hash))

    return [entry.arrival for entry in found.kept if (entry.source, entry.id) in decisions.resolved and is_done(entry)]


def _entering(decisions: Decisions, now: datetime) -> list[RejectedEntry]:
    """Return what is to be kept: events that were refused, and logged ones that a late arrival displaced."""
    units = {one.dossier.code: one.dossier.unit_code for one in decisions.logged} if decisions.displaced else {}
    rejected = [_rejected_entry(posted, error, now) for kept in decisions.rejected.values() for posted, error in kept]
    displaced = [
        _displaced_entry(event, error, now, unit_code=units[event.dossier])
        for event, error in decisions.displaced.values()
    ]
    return [*rejected, *displaced]


def _rejected_entry(posted: Posted, error: DomainError, now: datetime) -> RejectedEntry:
    event = posted.event
    return RejectedEntry(
        source=event.source,
        id=event.id,
        type=type_of(event.kind),
        subject=event.dossier,
        occurred_at=event.at,
        received_at=now,
        unit_code=posted.within,
        key_id=posted.key_id,
        content_hash=posted.content_hash,
        data=posted.data,
        reason=error.code,
        facts=msgspec.json.encode(error.facts).decode(),
    )


def _displaced_entry(event: Event, error: DomainError, now: datetime, *, unit_code: str) -> RejectedEntry:
    """Keep a logged event for the unit whose dossier it is."""
    data = msgspec.json.encode(event.data).decode()
    return _rejected_entry(Posted(event, b"", data, SYSTEM_KEY, unit_code), error, now)
