"""Builders of what the domain is told: catalogues, rules, events and dossiers, with good defaults."""

import csv
import hashlib
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

import dossier_api
from dossier_api.domain.catalogue import (
    Catalogue,
    Level,
    OfficeHours,
    OnlineLevel,
    Procedure,
    ProcedureVersion,
    ProcessingTime,
    SupplementPolicy,
    TimeUnit,
    Unit,
)
from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.events import DATA_OF, Event, EventKind
from dossier_api.domain.fold import fold
from dossier_api.domain.recording import Posted
from shared.working_days import WorkingCalendar

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PROVINCE, DISTRICT, OTHER_DISTRICT = "H35", "H35.12", "H35.13"
BIRTH = "1.001193"
CODE = "000.01.12.H35-260302-0001"
SOURCE = "/units/H35.12/counters/2"
OFFICIAL_DAYS = Path(dossier_api.__file__).parent / "data" / "working_days.csv"
# What each kind must say at least.
NEEDED: dict[str, dict[str, Any]] = {
    "submitted": {"procedure_code": BIRTH, "unit_code": DISTRICT, "channel": "online"},
    "accepted": {"procedure_code": BIRTH, "unit_code": DISTRICT, "channel": "direct"},
    "refused": {"reason": "incomplete"},
    "supplement_requested": {"reason": "missing-papers"},
    "transferred": {"to_unit_code": OTHER_DISTRICT},
    "finished": {"outcome": "granted"},
    "reopened": {"reason": "wrong-result"},
    "rated": {"score": 5},
}


def moment(text: str) -> datetime:
    """Read `2026-03-02 09:00` at the province's clock; a bare day is its noon."""
    at = datetime.fromisoformat(text)
    return (at if ":" in text else at.replace(hour=12)).replace(tzinfo=ZONE)


def day(text: str) -> date:
    """Read a civil day."""
    return date.fromisoformat(text)


@cache
def official_calendar() -> WorkingCalendar:
    """Return the calendar of official days as it is shipped."""
    with OFFICIAL_DAYS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kinds = {
        kind: {date.fromisoformat(row["day"]) for row in rows if row["kind"] == kind} for kind in ("off", "worked")
    }
    return WorkingCalendar(off=kinds["off"], worked=kinds["worked"])


def version(amount: int | None = 5, unit: str = "working_day", **members: Any) -> ProcedureVersion:
    """Build a version of a procedure, in force for ever; its supplements restart the clock."""
    told: dict[str, Any] = {
        "valid_from": date(2000, 1, 1),
        "valid_to": None,
        "name": "Đăng ký khai sinh",
        "field": "Hộ tịch",
        "level": Level.DISTRICT,
        "processing_time": ProcessingTime(amount, TimeUnit(unit)),
        "online_level": OnlineLevel("nd43", "4"),
        "at_one_stop": True,
        "interlinked": "none",
        "postal": True,
        "supplement_policy": SupplementPolicy.RESTART,
        "late_acceptance_after": None,
    }
    return ProcedureVersion(**{**told, **members})


def unit(code: str, parent_code: str | None, **members: Any) -> Unit:
    """Build a unit that has always been there."""
    told: dict[str, Any] = {"valid_from": date(2000, 1, 1), "valid_to": None, "successor_codes": ()}
    return Unit(
        **{"name": code, "level": Level.DISTRICT, "has_one_stop": True, **told, **members},
        code=code,
        parent_code=parent_code,
    )


def hours(*spans: tuple[str, str]) -> dict[int, tuple[tuple[time, time], ...]]:
    """Build the same opening spans for Monday to Friday."""
    return dict.fromkeys(
        range(5), tuple((time.fromisoformat(opens), time.fromisoformat(ends)) for opens, ends in spans)
    )


OFFICE_HOURS = OfficeHours(date(2000, 1, 1), hours(("07:30", "11:30"), ("13:30", "17:00")))


def catalogue(*versions: ProcedureVersion, units: Iterable[Unit] = (), **members: Any) -> Catalogue:
    """Build a province of two districts with one procedure."""
    tree = [unit(PROVINCE, None), unit(DISTRICT, PROVINCE), unit(OTHER_DISTRICT, PROVINCE), *units]
    told: dict[str, Any] = {
        "units": {one.code: one for one in tree},
        "procedures": {BIRTH: Procedure(BIRTH, versions or (version(),))},
        "office_hours": {PROVINCE: (OFFICE_HOURS,)},
    }
    return Catalogue(**{**told, **members})


def rules(amount: int | None = 5, term_unit: str = "working_day", **members: Any) -> Rules:
    """Build the rules of a province with one procedure and the official calendar."""
    if "supplement_policy" in members:
        members["supplement_policy"] = SupplementPolicy(members["supplement_policy"])
    return Rules(catalogue(version(amount, term_unit, **members)), official_calendar())


def event(
    name: str,
    when: str | datetime,
    *,
    id: str | None = None,  # noqa: A002 - the attribute's own name
    source: str = SOURCE,
    dossier: str = CODE,
    arrival: int = 0,
    **data: Any,
) -> Event:
    """Build an event; without data it says what its kind needs at least."""
    kind = EventKind(name)
    at = moment(when) if isinstance(when, str) else when
    said = msgspec.convert({**NEEDED.get(name, {}), **data}, DATA_OF[kind])
    return Event(source, id or f"{name} {at:%m-%d %H:%M}", kind, at, dossier, said, arrival)


def arrived(event: Event, arrival: int) -> Event:
    """Return an event with its place in the log."""
    return msgspec.structs.replace(event, arrival=arrival)


def dossier(*events: Event, by: Rules | None = None) -> Dossier:
    """Fold events that must all apply."""
    folded = fold(events, by or rules())
    assert folded.refused == {}
    assert folded.dossier is not None
    return folded.dossier


def posted(event: Event, within: str | None = None) -> Posted:
    """Post an event as a key of a unit would, or of the whole tree."""
    data = msgspec.json.encode(event.data)
    said = f"{event.kind} {event.at.isoformat()} {event.dossier} ".encode() + data
    return Posted(event, hashlib.sha256(said).digest(), data.decode(), f"key of {within}", within)
