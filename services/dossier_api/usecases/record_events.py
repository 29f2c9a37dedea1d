"""Record posted events: decide, write and commit all of them in one transaction."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.dossier import Rules
from dossier_api.domain.events import Event, Identity, decode_data, kind_of, type_of
from dossier_api.domain.fold import fold
from dossier_api.domain.lateness import late_from
from dossier_api.domain.life import life_of
from dossier_api.domain.recording import Decisions, History, Known, Logged, Outcome, Posted, Recorder
from dossier_api.domain.records import SYSTEM_KEY, KeptEntry, LogEntry, RejectedEntry
from dossier_api.store import dossiers, events, feed_head, rejected_events
from dossier_api.store.dossiers import Saved, Versions
from dossier_api.store.feed_head import FeedHead
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock
from shared.db import Begin
from shared.errors import DomainError


@dataclass(frozen=True)
class _Read:
    """What the tables know of the dossiers and identities posted; `kept` are those in quarantine."""

    histories: dict[str, History]
    known: dict[Identity, Known]
    kept: set[Identity]
    versions: Mapping[str, Versions]
    rules_of: Callable[[str], Rules]


@dataclass(frozen=True)
class EventRecorder:
    """The means of recording: one a process."""

    begin: Begin
    clock: Clock
    zone: ZoneInfo
    rulebook: Rulebook
    by_extension: bool

    async def record(self, posted: Sequence[Posted]) -> list[Outcome]:
        """Record events in the order given; return what became of each, in that order.

        Writers take turns on the head of the feed, so what is read here cannot change before it is written.
        """
        async with self.begin() as session:
            head = await feed_head.get_for_update(session)
            await self.rulebook.refresh(session, head)
            now = max(self.clock.now(), head.recorded_at)
            read = await self._read(session, posted)
            recorder = Recorder(read.histories, read.known, rules_of=read.rules_of, position=head.position, now=now)
            outcomes = recorder.record_all(posted)
            await self._write(session, recorder.decisions, read=read, head=head, now=now)
            await feed_head.save(session, replace(head, position=recorder.position, recorded_at=now))
        return outcomes

    async def _read(self, session: AsyncSession, posted: Sequence[Posted]) -> _Read:
        codes, identities = {one.event.dossier for one in posted}, [one.event.identity for one in posted]
        known = await events.find_known(session, identities)
        versions = await dossiers.promised_versions_of(session, codes)
        await self.rulebook.read_calendars(session, versions.values())

        def rules_of(code: str) -> Rules:
            return self.rulebook.rules(versions.get(code))

        logged = await events.list_histories(session, codes, self.zone)
        kept = await rejected_events.find_kept(session, codes, identities)
        histories = _histories(logged, [posted_of(entry, self.zone) for entry in kept if entry.subject in codes])
        for code, history in histories.items():
            history.dossier = fold(history.logged, rules_of(code)).dossier
        return _Read(histories, known, {(entry.source, entry.id) for entry in kept}, versions, rules_of)

    async def _write(
        self,
        session: AsyncSession,
        decisions: Decisions,
        *,
        read: _Read,
        head: FeedHead,
        now: datetime,
    ) -> None:
        if decisions.logged:
            await events.add(session, [self._log_entry(logged, now) for logged in decisions.logged])
            newest = Versions(head.calendar_version, head.calendar_version)
            saved = [self._saved(one, read.versions.get(code, newest)) for code, one in decisions.dossiers.items()]
            await dossiers.save_all(session, saved)
            await dossiers.remove(session, decisions.gone)
        if resolved := decisions.resolved & read.kept:
            await rejected_events.resolve(session, resolved, at=now)
        rejected = [_rejected_entry(posted, error, now) for posted, error in decisions.rejected.values()]
        units = {logged.dossier.code: logged.dossier.unit_code for logged in decisions.logged}
        displaced = [
            _displaced_entry(event, error, now, unit_code=units[event.dossier])
            for event, error in decisions.displaced.values()
        ]
        if rejected or displaced:
            await rejected_events.keep(session, [*rejected, *displaced])

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
