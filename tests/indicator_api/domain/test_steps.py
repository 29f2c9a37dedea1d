"""A dossier's life as dated steps."""

from collections import Counter

import pytest

from indicator_api.domain.measures import CURRENT, Measure
from indicator_api.domain.steps import Move, Step, difference, steps_of
from shared.contracts.life import LifeV1, Mark, Phase
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, day, life

BY_766 = {Measure.ENDED_766, Measure.OPEN_766}
IN_TIME, OVERDUE, WAITING = Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING


def statutory(dossier: LifeV1) -> list[tuple[str, str, str, int]]:
    """Return the steps as (day, unit, measure, times), receipt, current basis and QĐ 766 left out, in order."""
    left_out = {Measure.RECEIVED, Measure.RECEIVED_DIRECT, *BY_766, *CURRENT.values()}
    return sorted(
        (step.day.isoformat()[5:], step.unit_code, step.measure.value, times)
        for step, times in steps_of(dossier).counted.items()
        if step.measure not in left_out and times
    )


@pytest.mark.parametrize(
    ("ended", "measure"),
    [
        (Phase.EARLY, "early"),
        (Phase.ON_TIME, "on_time"),
        (Phase.LATE, "late"),
        (Phase.UNDETERMINED, "undetermined"),
        (Phase.WITHDRAWN, "withdrawn"),
        (Phase.STOPPED, "stopped"),
    ],
)
def test_an_end_is_a_flow_and_leaves_the_stock(ended: Phase, measure: str) -> None:
    assert set(statutory(life("06-01", ("06-01", IN_TIME), ("06-03", ended)))) == {
        ("06-01", COMMUNE, "open", 1),
        ("06-03", COMMUNE, "open", -1),
        ("06-03", COMMUNE, measure, 1),
    }


def test_a_dossier_finished_on_its_first_day_was_never_open() -> None:
    assert statutory(life("06-01", ("06-01", Phase.EARLY))) == [("06-01", COMMUNE, "early", 1)]


def test_overdue_and_waiting_are_entered_and_left_while_open() -> None:
    dossier = life("06-01", ("06-01", IN_TIME), ("06-04", OVERDUE), ("06-05", WAITING), ("06-08", IN_TIME))

    assert statutory(dossier) == [
        ("06-01", COMMUNE, "open", 1),
        ("06-04", COMMUNE, "overdue", 1),
        ("06-05", COMMUNE, "overdue", -1),
        ("06-05", COMMUNE, "waiting", 1),
        ("06-08", COMMUNE, "waiting", -1),
    ]


def test_an_open_dossier_takes_its_stocks_to_the_next_unit() -> None:
    dossier = life("06-01", ("06-01", OVERDUE), units=[("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)])

    assert statutory(dossier) == [
        ("06-01", DISTRICT, "open", 1),
        ("06-01", DISTRICT, "overdue", 1),
        ("06-05", DISTRICT, "open", -1),
        ("06-05", DISTRICT, "overdue", -1),
        ("06-05", OTHER_DISTRICT, "open", 1),
        ("06-05", OTHER_DISTRICT, "overdue", 1),
    ]
    assert steps_of(dossier).moves == Counter([Move(day("06-05"), DISTRICT, OTHER_DISTRICT)])


def test_a_dossier_finished_on_the_day_it_moves_is_finished_by_the_new_unit() -> None:
    units = [("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)]
    dossier = life("06-01", ("06-01", IN_TIME), ("06-05", Phase.EARLY), units=units)

    assert statutory(dossier) == [
        ("06-01", DISTRICT, "open", 1),
        ("06-05", DISTRICT, "open", -1),
        ("06-05", OTHER_DISTRICT, "early", 1),
    ]
    assert steps_of(dossier).moves == Counter([Move(day("06-05"), DISTRICT, OTHER_DISTRICT)])


def test_an_ended_dossier_stays_where_it_ended() -> None:
    units = [("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)]
    dossier = life("06-01", ("06-01", Phase.EARLY), units=units, marks=[("06-06", Mark.RETURNED)])

    assert statutory(dossier) == [("06-01", DISTRICT, "early", 1), ("06-06", OTHER_DISTRICT, "returned", 1)]
    assert not steps_of(dossier).moves


def test_a_move_before_receipt_is_no_transfer() -> None:
    dossier = life("06-05", units=[("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)])

    assert statutory(dossier) == [("06-05", OTHER_DISTRICT, "open", 1)]
    assert not steps_of(dossier).moves


def test_what_came_before_the_first_placement_is_counted_there() -> None:
    dossier = life(None, units=[("06-05", DISTRICT), ("06-08", COMMUNE)], marks=[("06-01", Mark.SUBMITTED)])

    assert statutory(dossier) == [("06-01", DISTRICT, "submitted", 1)]


@pytest.mark.parametrize("mark", Mark)
def test_every_mark_is_counted(mark: Mark) -> None:
    assert len(statutory(life(None, marks=[("06-01", mark)]))) == 1


@pytest.mark.parametrize(
    ("channel", "measure"),
    [("direct", Measure.RECEIVED_DIRECT), ("online", Measure.RECEIVED_ONLINE), ("postal", Measure.RECEIVED_POSTAL)],
)
def test_receipt_is_counted_by_channel(channel: str, measure: Measure) -> None:
    counted = steps_of(life("06-01", channel=channel)).counted

    received = {step for step in counted if step.measure.value.startswith("received")}
    assert received == {Step(day("06-01"), COMMUNE, Measure.RECEIVED), Step(day("06-01"), COMMUNE, measure)}


def test_without_an_extension_both_bases_count_the_same() -> None:
    counted = steps_of(life("06-01", ("06-01", IN_TIME), ("06-04", OVERDUE), ("06-09", Phase.LATE))).counted

    for measure, current in CURRENT.items():
        assert {step[:2]: times for step, times in counted.items() if step.measure is measure} == {
            step[:2]: times for step, times in counted.items() if step.measure is current
        }


def test_a_difference_leaves_what_both_lives_share() -> None:
    old = life("06-01", ("06-01", IN_TIME), ("06-03", Phase.ON_TIME))
    new = life("06-01", ("06-01", IN_TIME), ("06-04", Phase.ON_TIME))

    (steps,) = difference(old, new)

    assert {(step.day, step.measure): times for step, times in steps.counted.items() if times} == {
        (day("06-03"), Measure.OPEN): 1,
        (day("06-03"), Measure.ON_TIME): -1,
        (day("06-03"), Measure.ON_TIME_CURRENT): -1,
        (day("06-04"), Measure.OPEN): -1,
        (day("06-04"), Measure.ON_TIME): 1,
        (day("06-04"), Measure.ON_TIME_CURRENT): 1,
    }


def test_a_change_of_traits_takes_everything_back_and_counts_it_anew() -> None:
    old, new = life("06-01", channel="direct"), life("06-01", channel="online")

    taken_back, added = difference(old, new)

    assert taken_back.traits.channel == "direct"
    assert taken_back.counted == Counter({step: -times for step, times in steps_of(old).counted.items()})
    assert (added.traits, added.counted) == (steps_of(new).traits, steps_of(new).counted)


def test_a_life_without_a_placement_counts_nothing() -> None:
    assert not steps_of(life(None, units=[])).counted
