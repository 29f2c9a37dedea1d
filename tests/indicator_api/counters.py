"""Random diaries of dossiers as counters write them, folded by dossier_api into the lives it would tell.

Uploaded late, voided, reopened, moved, out of order of the calendar; at midnight, at closing time, on days off.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from hypothesis import strategies as st

from dossier_api.domain.catalogue import Catalogue, OnlineLevel, Procedure
from dossier_api.domain.dossier import Rules
from dossier_api.domain.events import Event
from dossier_api.domain.fold import fold
from dossier_api.domain.life import life_of
from shared.contracts.life import LifeV1
from tests.dossier_api import given
from tests.dossier_api.domain.histories import LEADS_TO, NEXT
from tests.indicator_api.province import UNITS, Reform, days_from
from tests.indicator_api.recount import ProcedureTold, Told, UnitTold

# What each service allows: by hours, by days under each policy of supplements, with no limit at all.
TERMS: Mapping[str, dict[str, Any]] = {
    "1.1": {"amount": 3, "unit": "working_day"},
    "1.2": {"amount": 5, "unit": "working_day", "supplement_policy": "exclude", "late_acceptance_after": time(15)},
    "2.1": {"amount": 4, "unit": "working_hour", "supplement_policy": "end_at_request"},
    "3.1": {"amount": 9, "unit": "calendar_day", "supplement_policy": "none"},
    "3.2": {"amount": None, "unit": "working_day"},
}
FOLLOWS = {
    "": ("submitted", "accepted", "accepted"),
    "submitted": ("accepted", "accepted", "refused", "transferred"),
    "processing": (*NEXT["processing"], "finished", "finished", "transferred"),
    "awaiting_supplement": (*NEXT["awaiting_supplement"], "transferred"),
    "awaiting_payment": NEXT["awaiting_payment"],
    "finished": ("returned", "returned", "reopened", "rated"),
    "returned": ("rated",),
}
BECOMES = {**LEADS_TO, "submitted": "submitted", "accepted": "processing", "refused": "refused"}
TIMES = [time(0), time(7, 30), time(9), time(11, 45), time(15), time(16, 59), time(17), time(23, 59)]
CHANNELS = ["direct", "online", "online", "postal"]


@st.composite
def diaries(draw: st.DrawFn, code: str, reform: Reform) -> list[tuple[date, Event]]:
    """Draw the events of one dossier, each with the day it is recorded on."""
    service, channel = draw(st.sampled_from(sorted(TERMS))), draw(st.sampled_from(CHANNELS))
    filed = {"procedure_code": service, "unit_code": draw(st.sampled_from(UNITS)), "channel": channel}
    day, status, written = draw(days_from(reform.begins_on)), "", list[tuple[date, Event]]()
    for number, gap in enumerate(draw(st.lists(st.sampled_from([0, 0, 1, 2, 3, 7, 20]), min_size=1, max_size=7))):
        day += timedelta(days=gap)
        at = datetime.combine(day, draw(st.sampled_from(TIMES)), given.ZONE)
        name = draw(st.sampled_from(FOLLOWS[status]))
        said = _said(draw, name, at, filed)
        written.append(
            (_recorded(draw, day), given.event(name, at, id=f"{number}", dossier=code, arrival=number, **said))
        )
        status = BECOMES.get(name, status)
        if status not in FOLLOWS:
            break
    if draw(st.integers(0, 3)) == 0:
        undone_on, undone = draw(st.sampled_from(written))
        void = given.event("voided", undone.at, id="void", dossier=code, arrival=99, event_id=undone.id, reason="wrong")
        written.append((_recorded(draw, undone_on), void))
    return written


def _recorded(draw: st.DrawFn, day: date) -> date:
    return day + timedelta(days=draw(st.sampled_from([0, 0, 0, 1, 6, 30])))


def _said(draw: st.DrawFn, name: str, at: datetime, filed: Mapping[str, Any]) -> dict[str, Any]:
    match name:
        case "submitted" | "accepted":
            return dict(filed)
        case "extended":
            return {"due_at": at + timedelta(days=draw(st.integers(1, 30))), "reason": "workload"}
        case "transferred":
            return {"to_unit_code": draw(st.sampled_from(UNITS))}
        case "returned":
            return {"channel": draw(st.sampled_from(["direct", "postal"]))}
        case "rated":
            return {"score": draw(st.integers(1, 5))}
        case _:
            return {}


def tell(written: Iterable[tuple[date, Event]], told: Iterable[UnitTold | ProcedureTold]) -> list[Told]:
    """Return what the feed tells of the dossiers: a life after each event, and after each change of the catalogue."""
    steps = [*((one.recorded_on, one) for one in told), *written]
    units, procedures = dict[str, UnitTold](), dict[str, ProcedureTold]()
    events, found = dict[str, list[Event]](), list[Told]()
    for recorded_on, step in sorted(steps, key=lambda pair: pair[0]):
        touched = list(events)
        match step:
            case UnitTold():
                units[step.unit["code"]] = step
            case ProcedureTold():
                procedures[step.code] = step
            case Event():
                events.setdefault(step.dossier, []).append(step)
                touched = [step.dossier]
        rules = rules_of(units.values(), procedures.values()) if touched else None
        found += [Told(recorded_on, code, life) for code in touched if rules and (life := _life(events[code], rules))]
    return found


def _life(events: list[Event], rules: Rules) -> LifeV1 | None:
    """Return the life of a dossier by its events; a blank one where all that made it was undone."""
    if dossier := fold(events, rules).dossier:
        return life_of(dossier, rules.catalogue)
    return LifeV1("1.1", "Hộ tịch", "nd43:4", None, ())


def rules_of(units: Iterable[UnitTold], procedures: Iterable[ProcedureTold]) -> Rules:
    """Return the rules of dossier_api under a catalogue as told."""
    catalogue = Catalogue(
        {one.unit["code"]: _unit(one.unit) for one in units},
        {one.code: Procedure(one.code, tuple(_version(one.code, told) for told in one.versions)) for one in procedures},
        {"H35": (given.OFFICE_HOURS,)},
    )
    return Rules(catalogue, given.official_calendar())


def _unit(told: Mapping[str, Any]) -> Any:
    members = {**told, **_days_of(told), "successor_codes": tuple(told["successor_codes"])}
    return given.unit(members.pop("code"), members.pop("parent_code"), **members)


def _version(code: str, told: Mapping[str, Any]) -> Any:
    online_level = OnlineLevel(**told["online_level"])
    return given.version(**{**told, **_days_of(told), **TERMS[code], "online_level": online_level})


def _days_of(told: Mapping[str, Any]) -> dict[str, date | None]:
    return {name: date.fromisoformat(told[name]) if told[name] else None for name in ("valid_from", "valid_to")}
