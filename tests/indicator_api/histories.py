"""Random histories of a province, and random questions about them."""

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import assume
from hypothesis import strategies as st

from shared.contracts.life import LifeV1, Mark, MarkOn, Phase, PhaseFrom, PlacementFrom
from tests.indicator_api.counters import diaries, tell
from tests.indicator_api.province import DAYS, SERVICES, UNITS, Reform, days_from, reforms
from tests.indicator_api.recount import Asked, Entry, History, ProcedureTold, Told, UnitTold

DIMENSIONS = ["unit", "level", "field", "procedure", "channel", "online_level", "day", "month", "quarter", "year"]
LONG_AFTER = 500
UNJUDGED = {Phase.IN_TIME: Phase.OVERDUE, Phase.OVERDUE: Phase.IN_TIME, Phase.LATE: Phase.ON_TIME}
Case = tuple[History, list[Asked]]
UNDONE = LifeV1("1.1", "Hộ tịch", "nd43:4", None, ())

open_phases = st.sampled_from([Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING])
endings = st.sampled_from([phase for phase in Phase if phase.value not in {"in_time", "overdue", "waiting"}])


@st.composite
def lives(draw: st.DrawFn, days: st.SearchStrategy[date]) -> LifeV1:
    """Draw a life, possible or not: refused, open or ended, moved or not, judged alike under both bases or not."""
    procedure_code, field, online_level = draw(st.sampled_from(SERVICES))
    placed = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    placements = tuple(PlacementFrom(day, draw(st.sampled_from(UNITS))) for day in placed)
    marks = tuple(MarkOn(day, draw(st.sampled_from(list(Mark)))) for day in sorted(draw(st.lists(days, max_size=3))))
    if draw(st.integers(0, 5)) == 0:
        channel = draw(st.sampled_from([None, "online"]))
        return LifeV1(procedure_code, field, online_level, channel, placements, marks=marks)
    phases = draw(phases_of_a_received(days))
    current = tuple(PhaseFrom(day, UNJUDGED.get(phase, phase)) for day, phase in _pairs(phases))
    return LifeV1(
        procedure_code,
        field,
        online_level,
        draw(st.sampled_from(["direct", "online", "postal"])),
        placements,
        phases[0].day,
        phases,
        draw(st.sampled_from([None, current])),
        marks,
        draw(turns(days)),
        draw(turns(days)),
    )


def turns(days: st.SearchStrategy[date]) -> st.SearchStrategy[tuple[date, ...] | None]:
    """Draw when QĐ 766 judges otherwise."""
    return st.none() | st.sets(days, max_size=3).map(lambda turned: tuple(sorted(turned)))


@st.composite
def phases_of_a_received(draw: st.DrawFn, days: st.SearchStrategy[date]) -> tuple[PhaseFrom, ...]:
    """Draw what a received dossier goes through: open phases, then perhaps an end."""
    entered = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    phases = [PhaseFrom(day, draw(open_phases)) for day in entered]
    if draw(st.booleans()):
        phases[-1] = PhaseFrom(entered[-1], draw(endings))
    return tuple(phases)


def _pairs(phases: tuple[PhaseFrom, ...]) -> list[tuple[date, Phase]]:
    return [(entry.day, entry.phase) for entry in phases]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw what was recorded, in order: the reform, dossiers as counters tell them, and lives no counter could tell."""
    reform = draw(reforms())
    catalogue: list[UnitTold | ProcedureTold] = [*reform.units(), *reform.procedures()]
    written = [event for code in "pqrst" for event in draw(diaries(code, reform))]
    told: list[Entry] = [*catalogue, *tell(written, catalogue), *draw(_rewritten(reform))]
    # What was all told at once asks nothing of the figures as known on other days.
    assume(len({one.recorded_on for one in told}) > 3)
    return sorted(told, key=lambda one: one.recorded_on)


@st.composite
def cases(draw: st.DrawFn, groupings: Sequence[tuple[str, ...] | None]) -> Case:
    """Draw a history and one question for each grouping, None for any."""
    history = draw(histories())
    return history, [draw(questions(history, group_by)) for group_by in groupings]


@st.composite
def _rewritten(draw: st.DrawFn, reform: Reform) -> list[Told]:
    """Draw new dossiers, whole lives rewritten, filings undone."""
    days = days_from(reform.begins_on)
    told = st.one_of(*[lives(days)] * 6, st.just(UNDONE))
    recorded = sorted(draw(st.lists(days, min_size=12, max_size=24)))
    # Long after, of what was known then, days known and days foretold are told apart.
    recorded += [reform.begins_on + timedelta(days=LONG_AFTER)] * draw(st.integers(0, 1))
    return [Told(day, draw(st.sampled_from("abcdefghijkl")), draw(told)) for day in recorded]


def edges_of(history: History) -> list[date]:
    """Return the days on which something was recorded, and the first and last days of units and services."""
    found = {one.recorded_on for one in history}
    for one in history:
        told = [one.unit] if isinstance(one, UnitTold) else one.versions if isinstance(one, ProcedureTold) else ()
        ends = [date.fromisoformat(each["valid_to"]) for each in told if each["valid_to"]]
        found.update(day - timedelta(days=number) for day in ends for number in (0, 1))
    return sorted(found)


@st.composite
def questions(draw: st.DrawFn, history: History, group_by: tuple[str, ...] | None = None) -> Asked:
    """Draw a period within a history, a selection and its groups."""
    days = days_from(history[0].recorded_on)
    edges = st.sampled_from(edges_of(history))
    start = draw(days | edges)
    as_of = draw(st.integers(0, DAYS).map(lambda length: start + timedelta(days=length)) | edges)
    start, as_of = min(start, as_of), max(start, as_of)
    narrowed = {
        "level": st.sampled_from(["province", "district", "commune"]),
        "field": st.sampled_from(["Hộ tịch", "Đất đai"]),
        "procedure": st.sampled_from(["1.1", "2.1"]),
        "channel": st.sampled_from(["direct", "online", "postal", "unknown"]),
        "online_level": st.sampled_from(["3", "4", "nd42:full"]),
        "subtree": st.just("false"),
    }
    if group_by is None:
        group_by = tuple(draw(st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True)))
    return Asked(
        start,
        as_of,
        draw(st.sampled_from(["H35", "H35", "H35", "H35.12", "H35.12.01", "H35.51"])),
        draw(st.sampled_from(["statutory", "current"])),
        draw(st.none() | days | edges),
        draw(st.just({}) | st.just({}) | st.fixed_dictionaries({}, optional=narrowed)),
        group_by,
        draw(st.sampled_from(["then", "today"])),
        draw(st.sampled_from(["calendar", "nd09"])),
    )
