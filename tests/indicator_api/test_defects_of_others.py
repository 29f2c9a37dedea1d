"""What other systems get wrong, each as a question whose wrong answer is known.

What they get wrong before anything is counted is asked in tests/dossier_api/domain: hours compared by date alone,
twelve-hour clocks and pauses added in calendar days in test_clock_vectors and test_naive_clock, holidays known for
one year only and Saturdays that were worked in test_official_days.

Rule: domain c.1, e.2 and e.4.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.life import LifeV1, Mark, Phase
from tests.indicator_api.feeding import World
from tests.indicator_api.given import BIRTH, COMMUNE, DISTRICT, OTHER_DISTRICT, day, life, version

IN_TIME, OVERDUE, WAITING = Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING
WARD = "H35.12.01"


async def ratio(world: World, indicator: str, **asked: Any) -> tuple[int, int, float | None]:
    (row,) = await world.rows(f"/v1/indicators/{indicator}", **asked)
    return row["numerator"], row["denominator"], row["value"]


def ward() -> Iterator[LifeV1]:
    """Return Điện Biên Phủ ward from 2025-07-01 on: 5,780 received, 5,583 resolved, 197 in process.

    Rule: domain g; 2,387 were filed online, 2,199 finished early, 3,353 on time and so 31 late.
    """
    ends = [Phase.EARLY] * 2199 + [Phase.ON_TIME] * 3353 + [Phase.LATE] * 31 + [None] * 197
    for number, end in enumerate(ends):
        received = f"2025-07-{number % 28 + 1:02}"
        phases = [(received, IN_TIME), *([("2025-08-20", end)] if end else [])]
        channel = "online" if number < 2387 else "direct"
        yield life(received, *phases, units=[("2025-07-01", WARD)], channel=channel)


async def test_one_set_of_data_gives_four_rates_and_each_names_its_formula(world: World) -> None:
    for number, told in enumerate(ward()):
        world.told.tell(f"{number:05}", told)
    await world.project()
    asked = {"period": "2025-H2", "unit": WARD}

    assert await ratio(world, "on_time_rate", **asked) == (5552, 5583, 0.9944)
    assert await ratio(world, "on_time_of_received", **asked) == (5552, 5780, 0.9606)
    assert await ratio(world, "on_time_766", **asked) == (5749, 5780, 0.9946)
    assert await ratio(world, "on_time_strict", **asked) == (5749, 5780, 0.9946)
    (row,) = await world.rows(**asked)
    assert (row["counts"]["received_online"], row["counts"]["received_direct"]) == (2387, 3393)
    formulae = {one["id"]: one["formula"]["en"] for one in (await world.get("/v1/indicators")).json()["items"]}
    assert len({formulae[f"on_time_{name}"] for name in ("rate", "of_received", "766", "strict")}) == 4


async def test_an_unfinished_backlog_does_not_make_a_perfect_unit(world: World) -> None:
    """e.2, c.1: of what was finished alone, a unit that leaves its late dossiers lying scores 100 %."""
    world.told.tell("done", life("06-01", ("06-01", Phase.EARLY)))
    for number in range(3):
        world.told.tell(f"{number}", life("06-01", ("06-01", IN_TIME), ("06-08", OVERDUE)))
    await world.project()

    assert await ratio(world, "on_time_rate", period="2020-06") == (1, 1, 1.0)
    assert await ratio(world, "on_time_strict", period="2020-06") == (1, 4, 0.25)
    assert await ratio(world, "on_time_766", period="2020-06") == (1, 4, 0.25)


@pytest.mark.parametrize("indicator", ["on_time_rate", "on_time_of_received", "on_time_766", "on_time_strict"])
async def test_nothing_over_nothing_is_not_100_per_cent(world: World, indicator: str) -> None:
    """e.2: ontimePercentage prints 100 where nothing was released."""
    await world.project()

    assert await ratio(world, indicator) == (0, 0, None)


async def test_a_dossier_without_a_due_date_is_in_no_rate(world: World) -> None:
    """e.2, e.4: one rule calls it on time, another early, a third late."""
    world.told.tell("no limit", life("06-01", ("06-01", Phase.UNDETERMINED)))
    world.told.tell("late", life("06-01", ("06-01", Phase.LATE)))
    await world.project()

    counts = await world.counts(period="2020-06")
    assert (counts["undetermined"], counts.get("early", 0), counts.get("on_time", 0)) == (1, 0, 0)
    assert await ratio(world, "on_time_rate", period="2020-06") == (0, 1, 0.0)


async def test_returned_is_not_on_time(world: World) -> None:
    """e.4: a dossier handed over is shown as on time, however late it was decided."""
    world.told.tell("a", life("06-01", ("06-01", OVERDUE), ("06-09", Phase.LATE), marks=[("06-10", Mark.RETURNED)]))
    await world.project()

    counts = await world.counts(period="2020-06")
    assert (counts["late"], counts["returned"], counts.get("on_time", 0)) == (1, 1, 0)


async def test_a_past_period_is_told_by_its_own_end_not_by_today(world: World) -> None:
    """e.2, e.4: waiting, cancelled and in process are read as of now, so no past report can be made again."""
    phases = [("06-01", IN_TIME), ("06-10", WAITING), ("07-02", IN_TIME), ("07-06", OVERDUE), ("07-20", Phase.LATE)]
    world.told.tell("a", life("06-01", *phases))
    await world.project()

    stocks = ("waiting", "open_in_time", "open_overdue", "open")
    seen = [await world.counts(period="2020-06", as_of=as_of) for as_of in ("2020-06-09", "2020-06-30")]
    assert [{one: counts[one] for one in stocks if one in counts} for counts in seen] == [
        {"open_in_time": 1, "open": 1},
        {"waiting": 1, "open": 1},
    ]
    assert (await world.counts(period="2020-07"))["late"] == 1


@pytest.mark.parametrize(
    ("received", "months"),
    [
        ("2020-05-31", ["2020-05"]),
        ("2020-06-01", ["2020-06"]),
        ("2020-06-30", ["2020-06"]),
        ("2020-07-01", ["2020-07"]),
    ],
)
async def test_a_dossier_on_the_boundary_is_in_one_month_and_one_only(
    world: World, received: str, months: list[str]
) -> None:
    """e.2: a dossier received exactly at the boundary is excluded; e.4: builders disagree, > or >=."""
    world.told.tell("a", life(received))
    await world.project()

    rows = await world.rows(period="2020-05-01/2020-08-01", group_by="month")

    assert [row["group"]["month"] for row in rows if row["counts"]["received"]] == months


@pytest.mark.parametrize(
    ("finished", "value"), [pytest.param(999, 0.999, id="99.9-is-not-99"), pytest.param(995, 0.995, id="nor-is-99.5")]
)
async def test_a_rate_is_rounded_not_cut_to_whole_per_cent(world: World, finished: int, value: float) -> None:
    """e.2: ontimePercentage is truncated to an integer."""
    for number in range(1000):
        ended = Phase.EARLY if number < finished else Phase.LATE
        world.told.tell(f"{number}", life("06-01", ("06-01", ended)))
    await world.project()

    assert await ratio(world, "on_time_rate", period="2020-06") == (finished, 1000, value)


async def test_a_third_is_rounded_half_up_to_four_places(world: World) -> None:
    """a.2: 125 of 369 was printed 33,8, cut instead of rounded."""
    for number in range(369):
        world.told.tell(f"{number}", life("06-01", ("06-01", Phase.EARLY if number < 125 else Phase.LATE)))
    await world.project()

    assert await ratio(world, "on_time_rate", period="2020-06") == (125, 369, 0.3388)


async def test_a_parent_s_rate_is_no_mean_of_its_children_s(world: World) -> None:
    world.told.tell("a", life("06-01", ("06-01", Phase.EARLY)))
    for number in range(9):
        world.told.tell(f"b{number}", life("06-01", ("06-01", Phase.LATE), units=[("01-01", OTHER_DISTRICT)]))
    await world.project()

    by_unit = await world.rows("/v1/indicators/on_time_rate", period="2020-06", group_by="unit")

    assert sorted(row["value"] for row in by_unit) == [0.0, 1.0]
    assert await ratio(world, "on_time_rate", period="2020-06") == (1, 10, 0.1)


async def test_usage_counts_what_was_filed_online_not_what_could_have_been(world: World) -> None:
    """e.2, c.3 trap 1: dossiers of level 4 services are counted whatever their channel."""
    world.told.tell("online", life("06-01", channel="online"))
    for number in range(3):
        world.told.tell(f"paper {number}", life("06-01", channel="direct"))
    await world.project()

    assert await ratio(world, "online_usage_4", period="2020-06") == (1, 4, 0.25)


async def test_post_is_a_channel_of_its_own(world: World) -> None:
    """e.2: one-stop is whatever is not online, post included."""
    for channel in ("online", "direct", "postal", "postal"):
        world.told.tell(f"{channel}{len(world.told.items)}", life("06-01", channel=channel))
    await world.project()

    counts = await world.counts(period="2020-06")
    channels = {name: counts[f"received_{name}"] for name in ("online", "direct", "postal")}
    assert channels == {"online": 1, "direct": 1, "postal": 2}
    assert sum(channels.values()) == counts["received"]


async def test_a_year_carries_over_what_its_first_day_found_open(world: World) -> None:
    """e.2: the year's carry-over is guessed as in process less received, never below 0."""
    world.told.tell("old", life("2019-12-20", ("2019-12-20", IN_TIME), ("2020-02-03", Phase.EARLY)))
    for number in range(5):
        world.told.tell(f"{number}", life("06-01", ("06-01", Phase.EARLY)))
    await world.project()

    assert (await world.counts(period="2020"))["carried_over"] == 1


async def test_overdue_within_and_overdue_past_are_not_the_same_number(world: World) -> None:
    """e.4: DungXuLyQuaHan equals TrongHan, a copied line."""
    world.told.tell("in time", life("06-01"))
    world.told.tell("overdue", life("06-01", ("06-01", IN_TIME), ("06-08", OVERDUE)))
    world.told.tell("overdue too", life("06-01", ("06-01", IN_TIME), ("06-09", OVERDUE)))
    world.told.tell("stopped", life("06-01", ("06-01", IN_TIME), ("06-09", Phase.STOPPED)))
    await world.project()

    counts = await world.counts(period="2020-06")
    assert (counts["open_in_time"], counts["open_overdue"], counts["stopped"]) == (1, 2, 1)


async def test_an_extension_does_not_make_late_on_time(world: World) -> None:
    """e.4, b.3: the due date is moved, and lateness then judged by the moved one."""
    judged = [("06-01", IN_TIME), ("06-05", OVERDUE), ("06-09", Phase.LATE)]
    extended = [("06-01", IN_TIME), ("06-09", Phase.ON_TIME)]
    world.told.tell("a", life("06-01", *judged, current=extended, marks=[("06-04", Mark.EXTENSION)]))
    await world.project()

    assert await ratio(world, "on_time_rate", period="2020-06") == (0, 1, 0.0)
    assert await ratio(world, "on_time_rate", period="2020-06", basis="current") == (1, 1, 1.0)


async def test_a_bulk_correction_shows_as_a_restatement(world: World) -> None:
    """e.4: an administrator sets the end of late dossiers to their due date, and nothing remembers it."""
    published = world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-05", OVERDUE), ("06-09", Phase.LATE)))
    await world.project()
    tomorrow = day("07-01") + timedelta(days=1)
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-04", Phase.ON_TIME)), on=tomorrow)
    await world.project()

    asked = {"period": "2020-06"}
    assert await ratio(world, "on_time_rate", **asked, known_at="2020-07-01") == (0, 1, 0.0)
    assert await ratio(world, "on_time_rate", **asked) == (1, 1, 1.0)
    changed = await world.get("/v1/counts/dossiers", **asked, count="late", since_position=published)
    assert changed.json()["items"] == [{"code": "a", "times": -1}]


async def test_numerator_and_denominator_are_of_the_same_day(world: World) -> None:
    """a.2, c.3 trap 4: 105 % of the services in force were disclosed, from two lists of two dates."""
    world.told.tell_procedure(BIRTH, version())
    world.told.tell_procedure("1.2", version(valid_to="2020-04-01"))
    world.told.tell("a", life("02-03", procedure_code="1.2", channel="online"))
    await world.project()

    for indicator in ("online_supply_4", "online_active_4", "one_stop_coverage"):
        for period in ("2020-Q1", "2020-Q2", "2020"):
            numerator, denominator, _ = await ratio(world, indicator, period=period)
            assert 0 <= numerator <= denominator, (indicator, period)


async def test_lateness_elsewhere_is_not_ours(world: World) -> None:
    """e.2: what was late outside is never told from what was late inside."""
    units = [("06-01", DISTRICT), ("06-10", OTHER_DISTRICT)]
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-12", OVERDUE), ("06-20", Phase.LATE), units=units))
    await world.project()

    assert "late" not in await world.counts(unit=DISTRICT, period="2020-06")
    assert (await world.counts(unit=OTHER_DISTRICT, period="2020-06"))["late"] == 1
    assert COMMUNE not in {row["group"]["unit"] for row in await world.rows(period="2020-06", group_by="unit")}


async def test_an_end_counts_on_the_day_it_came_not_on_that_of_receipt(world: World) -> None:
    """e.2: what was released on a Saturday is told from the day of receipt."""
    saturday, monday = "2020-06-06", "2020-06-08"
    world.told.tell("a", life(saturday, (saturday, IN_TIME), (monday, Phase.EARLY)))
    await world.project()

    rows = await world.rows(period="2020-06", group_by="day")

    assert [row["group"]["day"] for row in rows if row["counts"]["received"]] == [saturday]
    assert [row["group"]["day"] for row in rows if row["counts"]["early"]] == [monday]


@pytest.mark.parametrize("end", ["withdrawn", "stopped"])
async def test_what_was_cancelled_later_was_in_process_then(world: World, end: str) -> None:
    """e.2: cancelled and paused dossiers are taken as of now, so they vanish from the months they were open in."""
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("07-03", Phase(end))))
    await world.project()

    june, july = await world.counts(period="2020-06"), await world.counts(period="2020-07")

    assert june == {"received": 1, "received_direct": 1, "open": 1, "open_in_time": 1}
    assert july == {"carried_over": 1, end: 1}


async def test_a_reopened_dossier_leaves_the_month_as_it_was_reported(world: World) -> None:
    """e.1, d.2: reopening wipes the date of release, and no report of that month can be had again."""
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-04", Phase.EARLY)), on=day("06-30"))
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-08", OVERDUE)), on=day("07-02"))
    await world.project()

    asked = {"period": "2020-06", "as_of": "2020-06-30"}
    reported, restated = await world.counts(**asked, known_at="2020-06-30"), await world.counts(**asked)

    assert reported == {"received": 1, "received_direct": 1, "early": 1}
    assert restated == {"received": 1, "received_direct": 1, "open": 1, "open_overdue": 1}


async def test_a_dossier_turns_overdue_without_anybody_touching_it(world: World) -> None:
    """e.2: the index of what is overdue is always empty, for nothing ever happens to such a dossier."""
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-09", OVERDUE)), on=day("06-01"))
    await world.project()

    rows = await world.rows(period="2020-06-08/2020-06-10", group_by="day")

    assert [row["counts"]["open_overdue"] for row in rows] == [0, 1]


async def test_two_conditions_are_both_meant(world: World) -> None:
    """e.4: AND and OR are mixed without brackets, so that one condition undoes the other."""
    for code, channel, field in [("a", "online", "Hộ tịch"), ("b", "online", "Đất đai"), ("c", "direct", "Hộ tịch")]:
        units = [("01-01", DISTRICT if code == "a" else OTHER_DISTRICT)]
        world.told.tell(code, life("06-01", channel=channel, field=field, units=units))
    await world.project()

    async def received(**asked: str) -> int:
        return (await world.counts(period="2020-06", **asked)).get("received", 0)

    assert await received(channel="online", field="Hộ tịch") == 1
    assert await received(channel="online", field="Hộ tịch", unit=OTHER_DISTRICT) == 0
    assert await received(channel="online", unit=OTHER_DISTRICT) == 1


@pytest.mark.parametrize("group_by", ["", "unit", "field"])
async def test_what_a_period_left_open_the_next_one_carries_over(world: World, group_by: str) -> None:
    """d.2 (v): the identity that real data break, for each period is told by the statuses of another day."""
    world.told.tell("open", life("05-04"))
    world.told.tell("late", life("05-04", ("05-04", IN_TIME), ("05-20", OVERDUE), ("06-02", Phase.LATE)))
    world.told.tell("waiting", life("05-31", ("05-31", WAITING), ("06-01", Phase.WITHDRAWN), field="Đất đai"))
    world.told.tell("done", life("05-04", ("05-04", IN_TIME), ("05-31", Phase.ON_TIME)))
    await world.project()

    may, june = [await world.rows(period=period, group_by=group_by) for period in ("2020-05", "2020-06")]

    left, taken = [
        {tuple(row["group"].values()): row["counts"][count] for row in rows}
        for rows, count in ((may, "open"), (june, "carried_over"))
    ]
    assert left == taken
    assert sum(taken.values()) == 3
