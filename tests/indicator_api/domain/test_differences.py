"""Changes of life alike in their pattern add the same, each in its own days and units."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from indicator_api.domain.differences import Difference, differences
from indicator_api.domain.measures import STEP_MEASURES
from indicator_api.domain.steps import Move, Step, Steps, difference
from shared.contracts.life import LifeV1, Phase
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, day, life
from tests.indicator_api.histories import lives
from tests.indicator_api.province import days_from

LIVES = lives(days_from(date(2020, 1, 1)))


@given(st.none() | LIVES, LIVES)
def test_what_is_remembered_of_a_pattern_is_what_each_change_adds(old: LifeV1 | None, new: LifeV1) -> None:
    assert [told(one) for one in differences(old, new)] == [worked_out(one) for one in difference(old, new)]


def told(one: Difference) -> tuple[object, dict[Step, int], dict[Move, int]]:
    counted = {
        Step(one.days[on], one.units[unit], measure): times
        for on, unit, counts in one.pattern.rows
        for measure, times in zip(STEP_MEASURES, counts, strict=True)
        if times
    }
    return one.traits, counted, dict(moves_of(one))


def moves_of(one: Difference) -> list[tuple[Move, int]]:
    return [
        (Move(one.days[on], one.units[left], one.units[entered]), times)
        for on, left, entered, times in one.pattern.moves
    ]


def worked_out(steps: Steps) -> tuple[object, dict[Step, int], dict[Move, int]]:
    counted = {step: times for step, times in steps.counted.items() if times}
    return steps.traits, counted, {move: times for move, times in steps.moves.items() if times}


def test_two_dossiers_of_one_pattern_keep_their_own_days_units_and_services() -> None:
    one = life("06-01", ("06-01", Phase.IN_TIME), units=[("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)])
    other = life("07-08", ("07-08", Phase.IN_TIME), units=[("07-08", COMMUNE), ("07-09", DISTRICT)], field="Đất đai")

    ((first,), (second,)) = differences(None, one), differences(None, other)

    assert (first.traits.service.field, second.traits.service.field) == ("Hộ tịch", "Đất đai")
    assert moves_of(first) == [(Move(day("06-05"), DISTRICT, OTHER_DISTRICT), 1)]
    assert moves_of(second) == [(Move(day("07-09"), COMMUNE, DISTRICT), 1)]
    assert [(second.days[on], second.units[unit]) for on, unit, _ in second.pattern.rows] == [
        (day("07-08"), COMMUNE),
        (day("07-09"), COMMUNE),
        (day("07-09"), DISTRICT),
    ]
    assert second.pattern is first.pattern


def test_what_both_lives_share_leaves_no_row() -> None:
    (same,) = differences(life("06-01"), life("06-01"))

    assert (same.pattern.rows, same.pattern.moves) == ([], [])
