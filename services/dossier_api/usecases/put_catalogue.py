"""Change the catalogue: everything given, in one transaction, told on the feed and audited."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from dossier_api.domain.catalogue import CalendarDay, Catalogue, OfficeHours, Procedure, Unit, without_overlap
from dossier_api.domain.catalogue_checks import check_swaps, contradictions
from dossier_api.domain.errors import CatalogueInconsistent, UnitUnknown
from dossier_api.domain.records import LogEntry
from dossier_api.domain.run_causes import run_after
from dossier_api.domain.runs import RunKind
from dossier_api.store import audit, catalogue, events, feed_head, runs
from dossier_api.store.audit import AuditRow
from dossier_api.store.feed_head import FeedHead
from dossier_api.usecases.bell import Bell
from dossier_api.usecases.recalculate import ordered
from dossier_api.usecases.rulebook import Rulebook
from shared.clock import Clock
from shared.contracts.feed import CALENDAR_DAY_TYPE, OFFICE_HOURS_TYPE, PROCEDURE_TYPE, UNIT_TYPE
from shared.db import Begin
from shared.http.access import Caller

SOURCE = "/dossier_api/catalogue"


@dataclass(frozen=True)
class CatalogueChange:
    """Entities to be written, new or changed; office hours by unit."""

    units: Sequence[Unit] = ()
    procedures: Sequence[Procedure] = ()
    calendar: Sequence[CalendarDay] = ()
    office_hours: Sequence[tuple[str, OfficeHours]] = ()


@dataclass(frozen=True)
class Changed:
    """One entity that really changed, as the wire says it, before and after."""

    type: str
    subject: str
    before: Any
    after: Any


@dataclass(frozen=True)
class CatalogueChanged:
    """How many entities really changed, and the feed's position after them."""

    position: int
    units: int
    procedures: int
    calendar: int
    office_hours: int


@dataclass
class _Plan:
    """What a change comes to, once compared with what is already so."""

    change: CatalogueChange
    changed: list[Changed] = field(default_factory=list)
    run_kind: RunKind | None = None

    def count(self, entity_type: str) -> int:
        return sum(one.type == entity_type for one in self.changed)


async def put_catalogue(
    change: CatalogueChange, *, caller: Caller, begin: Begin, clock: Clock, rulebook: Rulebook, bell: Bell
) -> CatalogueChanged:
    """Write a change of the catalogue; what is already so stays untouched.

    Raises CatalogueInconsistent; UnitUnknown for a unit outside the caller's subtree.
    """
    async with begin() as session:
        head = await feed_head.get_for_update(session)
        await rulebook.refresh(session, head)
        known_days = await catalogue.list_calendar(session, version=head.calendar_version)
        units = [_placed(unit, rulebook.catalogue, caller.unit_code) for unit in change.units]
        plan = _plan(replace(change, units=units), rulebook.catalogue, {day.day: day for day in known_days})
        _check(plan.change, rulebook.catalogue, caller)
        days = {day.day: day for day in [*known_days, *plan.change.calendar]}
        check_swaps(days.values())
        new_head = _head_after(plan, head, max(clock.now(), head.recorded_at))
        if plan.changed:
            await _write(session, plan, head=head, new_head=new_head, key_id=caller.id)
            await feed_head.save(session, new_head)
    bell.ring()
    return CatalogueChanged(
        position=new_head.position,
        units=plan.count(UNIT_TYPE),
        procedures=plan.count(PROCEDURE_TYPE),
        calendar=plan.count(CALENDAR_DAY_TYPE),
        office_hours=plan.count(OFFICE_HOURS_TYPE),
    )


def _plan(change: CatalogueChange, known: Catalogue, days: Mapping[Any, CalendarDay]) -> _Plan:
    """Keep of a change what differs from the catalogue; versions of a procedure are merged by their first day."""
    units = [unit for unit in change.units if known.units.get(unit.code) != unit]
    merged = [_merged(procedure, known.procedures.get(procedure.code)) for procedure in change.procedures]
    procedures = [procedure for procedure in merged if known.procedures.get(procedure.code) != procedure]
    calendar = [day for day in change.calendar if days.get(day.day) != day]
    hours = [(code, one) for code, one in change.office_hours if one not in known.office_hours.get(code, ())]
    change = CatalogueChange(units, procedures, calendar, hours)
    plan = _Plan(change, run_kind=run_after(units, procedures, with_hours=bool(hours), known=known))
    for unit in units:
        plan.changed.append(_changed(UNIT_TYPE, unit.code, known.units.get(unit.code), unit))
    for procedure in procedures:
        plan.changed.append(_changed(PROCEDURE_TYPE, procedure.code, known.procedures.get(procedure.code), procedure))
    for day in calendar:
        plan.changed.append(_changed(CALENDAR_DAY_TYPE, day.day.isoformat(), days.get(day.day), day))
    for code, one in hours:
        told = {"unit_code": code, "valid_from": one.valid_from, "weekdays": catalogue.weekdays_of(one)}
        plan.changed.append(_changed(OFFICE_HOURS_TYPE, code, None, told))
    return plan


def _merged(given: Procedure, known: Procedure | None) -> Procedure:
    versions = {version.valid_from: version for version in known.versions} if known else {}
    versions.update({version.valid_from: version for version in given.versions})
    return Procedure(given.code, without_overlap(versions.values()))


def _changed(entity_type: str, subject: str, before: Any, after: Any) -> Changed:
    return Changed(entity_type, subject, msgspec.to_builtins(before), msgspec.to_builtins(after))


def _check(change: CatalogueChange, known: Catalogue, caller: Caller) -> None:
    after = Catalogue(
        units={**known.units, **{unit.code: unit for unit in change.units}},
        procedures=known.procedures,
        office_hours=known.office_hours,
    )
    _check_reach(change, known, after, root=caller.unit_code)
    if found := contradictions(after, change.units, [code for code, _ in change.office_hours]):
        raise CatalogueInconsistent(found)


def _check_reach(change: CatalogueChange, known: Catalogue, after: Catalogue, *, root: str | None) -> None:
    """Refuse what lies outside the caller's subtree, before or after, as if it did not exist."""
    if change.procedures or change.calendar:
        known.check_whole(root)
    touched = [unit.code for unit in change.units] + [code for code, _ in change.office_hours]
    for code in touched:
        if not after.is_within(code, root) or (code in known.units and not known.is_within(code, root)):
            raise UnitUnknown(code)


def _placed(unit: Unit, known: Catalogue, root: str | None) -> Unit:
    """Leave the caller's own unit where it is: what lies above is not the caller's to see, nor to change."""
    if unit.code != root or root not in known.units:
        return unit
    return replace(unit, parent_code=known.units[root].parent_code)


def _head_after(plan: _Plan, head: FeedHead, now: datetime) -> FeedHead:
    return replace(
        head,
        position=head.position + len(plan.changed),
        recorded_at=now,
        catalogue_version=head.catalogue_version + bool(plan.changed),
        calendar_version=head.calendar_version + bool(plan.change.calendar),
    )


async def _write(session: AsyncSession, plan: _Plan, *, head: FeedHead, new_head: FeedHead, key_id: str) -> None:
    now, change = new_head.recorded_at, plan.change
    await catalogue.save_units(session, change.units)
    if change.procedures:
        await catalogue.save_procedures(session, change.procedures)
    await catalogue.save_calendar(session, change.calendar, version=new_head.calendar_version)
    for unit_code, hours in change.office_hours:
        await catalogue.save_office_hours(session, unit_code, hours)
    entries = [
        _entry(one, head.position + place, now=now, key_id=key_id) for place, one in enumerate(plan.changed, start=1)
    ]
    await events.add(session, entries)
    if plan.run_kind and await runs.count_open(session):
        await ordered(session, plan.run_kind, key_id=key_id, now=now, version=new_head.calendar_version)
    await audit.add(
        session, [AuditRow(now, key_id, one.type, one.subject, one.before, one.after) for one in plan.changed]
    )


def _entry(changed: Changed, position: int, *, now: datetime, key_id: str) -> LogEntry:
    return LogEntry(
        position=position,
        source=SOURCE,
        id=str(uuid.uuid4()),
        type=changed.type,
        subject=changed.subject,
        occurred_at=now,
        recorded_at=now,
        unit_code=None,
        key_id=key_id,
        content_hash=b"",
        data=msgspec.json.encode(changed.after).decode(),
        life=None,
    )
