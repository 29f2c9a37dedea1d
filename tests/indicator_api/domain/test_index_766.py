"""What QĐ 766 judges otherwise than the clock, as dated steps."""

import pytest

from indicator_api.domain.measures import CURRENT, Measure
from indicator_api.domain.steps import steps_of
from shared.contracts.life import LifeV1, Phase
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, life

IN_TIME, OVERDUE, WAITING = Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING
ENDED, OPEN = "ended_766", "open_766"
TRANSFERRED = [("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)]


def corrections(dossier: LifeV1, *measures: Measure) -> list[tuple[str, str, str, int]]:
    """Return the corrections as (day, unit, measure, times), in order."""
    return sorted(
        (step.day.isoformat()[5:], step.unit_code, step.measure.value, times)
        for step, times in steps_of(dossier).counted.items()
        if step.measure in (measures or (Measure.ENDED_766, Measure.OPEN_766)) and times
    )


@pytest.mark.parametrize("ended", [Phase.EARLY, Phase.ON_TIME, Phase.LATE])
def test_what_the_clock_judges_needs_no_correction(ended: Phase) -> None:
    assert corrections(life("06-01", ("06-01", IN_TIME), ("06-04", OVERDUE), ("06-09", ended))) == []


@pytest.mark.parametrize("ended", [Phase.UNDETERMINED, Phase.WITHDRAWN, Phase.STOPPED])
def test_what_the_clock_leaves_unjudged_ended_in_time_unless_told_otherwise(ended: Phase) -> None:
    phases = [("06-01", IN_TIME), ("06-09", ended)]

    assert corrections(life("06-01", *phases)) == [("06-09", COMMUNE, ENDED, 1)]
    assert corrections(life("06-01", *phases, late_766=["06-09"])) == []


def test_a_wait_is_in_time_and_what_follows_is_judged_at_the_request() -> None:
    phases = [("06-01", IN_TIME), ("06-03", WAITING), ("06-05", IN_TIME), ("06-12", OVERDUE), ("06-15", Phase.LATE)]

    assert corrections(life("06-01", *phases, late_766=[])) == [
        ("06-03", COMMUNE, OPEN, 1),
        ("06-05", COMMUNE, OPEN, -1),
        ("06-12", COMMUNE, OPEN, 1),
        ("06-15", COMMUNE, ENDED, 1),
        ("06-15", COMMUNE, OPEN, -1),
    ]


def test_a_second_request_makes_late_what_is_finished_early() -> None:
    phases = [("06-01", IN_TIME), ("06-03", WAITING), ("06-04", IN_TIME), ("06-05", Phase.EARLY)]

    assert corrections(life("06-01", *phases, late_766=["06-03"])) == [
        ("06-04", COMMUNE, OPEN, -1),
        ("06-05", COMMUNE, ENDED, -1),
        ("06-05", COMMUNE, OPEN, 1),
    ]


def test_an_open_dossier_takes_its_correction_to_the_next_unit() -> None:
    phases = [("06-01", WAITING), ("06-08", Phase.STOPPED)]

    assert corrections(life("06-01", *phases, units=TRANSFERRED)) == [
        ("06-01", DISTRICT, OPEN, 1),
        ("06-05", DISTRICT, OPEN, -1),
        ("06-05", OTHER_DISTRICT, OPEN, 1),
        ("06-08", OTHER_DISTRICT, ENDED, 1),
        ("06-08", OTHER_DISTRICT, OPEN, -1),
    ]


def test_each_basis_is_corrected_by_itself() -> None:
    dossier = life("06-01", ("06-01", OVERDUE), ("06-02", Phase.STOPPED), current=[("06-01", Phase.EARLY)])

    assert corrections(dossier) == [("06-02", COMMUNE, ENDED, 1)]
    assert corrections(dossier, CURRENT[Measure.ENDED_766], CURRENT[Measure.OPEN_766]) == []


def test_what_was_never_received_is_never_corrected() -> None:
    assert corrections(life(None, late_766=["06-01"])) == []
