"""Record posted events: decide, write and commit all of them in one transaction."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
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
from dossier_api.store.recording import Found
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock
from shared.db import Begin, Connect
from shared.errors import DomainError


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

        What was read is only written on if nobody has written meanwhile. One process alone never meets another
        writer; of several, whoever came second decides again, this time with the head of the feed held (ADR-0003).
        """
        async with self.connect() as driver:
            outcomes = await self._attempt(driver, posted)
            if outcomes is None:
                async with driver.transaction():
                    await feed_head.hold(driver)
                    outcomes = await self._attempt(driver, posted)
        if outcomes is None:
            raise AssertionError("nobody else writes while the head is held")
        return outcomes

    async def _attempt(self, driver: asyncpg.Connection, posted: Sequence[Posted]) -> list[Outcome] | None:
        """Read, decide and write; None where somebody else wrote in between, and nothing of this was."""
        codes, identities = {one.event.dossier for one in posted}, [one.event.identity for one in posted]
        found = await recording.find(driver, codes, identities, zone=self.zone)
        await self._refresh(found)
        now = max(self.clock.now(), found.head.recorded_at)
        recorder = Recorder(
            self._histories(found, codes),
            found.known,
            rules_of=lambda code: self.rulebook.rules(found.versions.get(code)),
            position=found.head.position,
            now=now,
        )
        outcomes = recorder.record_all(posted)
        return outcomes if await self._write(driver, recorder.decisions, found, now=now) else None

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

    async def _write(self, driver: asyncpg.Connection, decisions: Decisions, found: Found, *, now: datetime) -> bool:
        entries = [self._log_entry(logged, now) for logged in decisions.logged]
        newest = Versions(found.head.calendar_version, found.head.calendar_version)
        saved = [self._saved(one, found.versions.get(code, newest)) for code, one in decisions.dossiers.items()]
        leaving = _leaving(decisions, found)
        entering = _entering(decisions, now)
        if not (decisions.gone or leaving or entering):
            return not entries or await recording.write(driver, found, entries=entries, saved=saved, now=now)
        async with driver.transaction():
            if not await recording.write(driver, found, entries=entries, saved=saved, now=now):
                return False
            await dossiers.remove(driver, decisions.gone)
            await rejected_events.resolve(driver, leaving, at=now)
            await rejected_events.keep(driver, entering)
        return True

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
            life=msgspec.json.encode(life_of(logged.dossier, self.rulebook.catalogue)).decode(),
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


def _histories(logged: Mapping[str, list[Event]], kept: Iterable[Posted]) -> dict[str, History]:
    """Put together what the log and the quarantine know of each dossier."""
    histories = {code: History(logged=list(found)) for code, found in logged.items()}
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
    posted = {logged.posted.event.identity: logged.posted for logged in decisions.logged}

    def is_done(entry: KeptEntry) -> bool:
        logged = posted.get((entry.source, entry.id))
        return entry.is_displaced or (logged is not None and logged.settles(entry.unit_code, entry.content_hash))

    return [entry.arrival for entry in found.kept if (entry.source, entry.id) in decisions.resolved and is_done(entry)]


def _entering(decisions: Decisions, now: datetime) -> list[RejectedEntry]:
    """Return what is to be kept: events that were refused, and logged ones that a late arrival displaced."""
    units = {logged.dossier.code: logged.dossier.unit_code for logged in decisions.logged}
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
