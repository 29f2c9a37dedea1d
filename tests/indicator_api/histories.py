"""Random histories of dossiers, and random questions about them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from shared.contracts.life import LifeV1, Mark, MarkOn, Phase, PhaseFrom, PlacementFrom
from tests.indicator_api.recount import PARENTS, Asked, Told

FIRST, DAYS = date(2020, 2, 20), 50
UNITS = sorted(PARENTS)
SERVICES = [("1.1", "Hộ tịch", "nd43:4"), ("1.2", "Hộ tịch", "nd42:partial"), ("2.1", "Đất đai", "nd43:2")]
DIMENSIONS = ["unit", "level", "field", "procedure", "channel", "online_level", "day", "month", "quarter", "year"]
UNJUDGED = {Phase.IN_TIME: Phase.OVERDUE, Phase.OVERDUE: Phase.IN_TIME, Phase.LATE: Phase.ON_TIME}

days = st.integers(0, DAYS).map(lambda number: FIRST + timedelta(days=number))
turns = st.none() | st.sets(days, max_size=3).map(lambda turned: tuple(sorted(turned)))
open_phases = st.sampled_from([Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING])
endings = st.sampled_from([phase for phase in Phase if phase.value not in {"in_time", "overdue", "waiting"}])


@st.composite
def lives(draw: st.DrawFn) -> LifeV1:
    """Draw a life: refused, open or ended, moved between units or not, judged alike under both bases or not."""
    procedure_code, field, online_level = draw(st.sampled_from(SERVICES))
    placed = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    placements = tuple(PlacementFrom(day, draw(st.sampled_from(UNITS))) for day in placed)
    marks = tuple(MarkOn(day, draw(st.sampled_from(list(Mark)))) for day in sorted(draw(st.lists(days, max_size=3))))
    if draw(st.integers(0, 5)) == 0:
        channel = draw(st.sampled_from([None, "online"]))
        return LifeV1(procedure_code, field, online_level, channel, placements, marks=marks)
    phases = draw(phases_of_a_received())
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
        draw(turns),
        draw(turns),
    )


@st.composite
def phases_of_a_received(draw: st.DrawFn) -> tuple[PhaseFrom, ...]:
    """Draw what a received dossier goes through: open phases, then perhaps an end."""
    entered = sorted(draw(st.sets(days, min_size=1, max_size=4)))
    phases = [PhaseFrom(day, draw(open_phases)) for day in entered]
    if draw(st.booleans()):
        phases[-1] = PhaseFrom(entered[-1], draw(endings))
    return tuple(phases)


def _pairs(phases: tuple[PhaseFrom, ...]) -> list[tuple[date, Phase]]:
    return [(entry.day, entry.phase) for entry in phases]


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """Draw what was recorded, in order: new dossiers, whole lives rewritten, filings undone."""
    recorded = sorted(draw(st.lists(days, min_size=1, max_size=14)))
    undone = LifeV1("1.1", "Hộ tịch", "nd43:4", None, ())
    told = st.one_of(lives(), lives(), lives(), st.just(undone))
    return [Told(day, draw(st.sampled_from("abcdef")), draw(told)) for day in recorded]


@st.composite
def questions(draw: st.DrawFn) -> Asked:
    """Draw a period within the history, a selection and its groups."""
    start, as_of = sorted((draw(days), draw(days)))
    narrowed = {
        "level": st.sampled_from(["province", "district", "commune"]),
        "field": st.sampled_from(["Hộ tịch", "Đất đai"]),
        "procedure": st.sampled_from(["1.1", "2.1"]),
        "channel": st.sampled_from(["direct", "online", "postal", "unknown"]),
    }
    return Asked(
        start,
        as_of,
        draw(st.sampled_from(["H35", "H35", "H35.12", "H35.12.01"])),
        draw(st.sampled_from(["statutory", "current"])),
        draw(st.none() | days),
        draw(st.fixed_dictionaries({}, optional=narrowed) if draw(st.booleans()) else st.just({})),
        tuple(draw(st.lists(st.sampled_from(DIMENSIONS), max_size=3, unique=True))),
    )
