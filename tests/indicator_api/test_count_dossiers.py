"""GET /v1/counts."""

import httpx
import pytest

from shared.contracts.life import Mark, Phase
from tests.indicator_api.feeding import World
from tests.indicator_api.given import COMMUNE, DISTRICT, OTHER_DISTRICT, PROVINCE, day, life

IN_TIME, OVERDUE, WAITING = Phase.IN_TIME, Phase.OVERDUE, Phase.WAITING
EARLY, ON_TIME, LATE = Phase.EARLY, Phase.ON_TIME, Phase.LATE


async def test_an_empty_province_has_one_row_of_zeros(world: World) -> None:
    await world.project()

    answer = await world.get("/v1/counts", period="2020-H1")

    assert answer.status_code == httpx.codes.OK
    body = answer.json()
    assert body == {
        "unit": PROVINCE,
        "period": {"from": "2020-01-01", "to": "2020-07-01"},
        "as_of": "2020-06-30",
        "known_at": None,
        "basis": "statutory",
        "map": "then",
        "through": {"position": 12, "at": "2020-01-01T09:00:00+07:00"},
        "truncated": False,
        "rows": [
            {
                "group": {},
                "counts": dict.fromkeys(body["rows"][0]["counts"], 0),
                "dossiers": "/v1/counts/dossiers?unit=H35&period=2020-01-01%2F2020-07-01&count=received",
            }
        ],
    }
    assert list(body["rows"][0]["counts"]) == [
        "carried_over",
        "received",
        "received_online",
        "received_direct",
        "received_postal",
        "transferred_in",
        "transferred_out",
        "early",
        "on_time",
        "late",
        "undetermined",
        "withdrawn",
        "stopped",
        "open",
        "open_in_time",
        "open_overdue",
        "waiting",
        "refused",
        "supplement_requests",
        "extensions",
        "returned",
    ]


async def test_a_dossier_is_received_open_and_finished_on_its_days(world: World) -> None:
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-03", ON_TIME), channel="online"))
    await world.project()

    assert await world.counts(period="2020-06-01/2020-06-02") == {
        "received": 1,
        "received_online": 1,
        "open": 1,
        "open_in_time": 1,
    }
    assert await world.counts(period="2020-06-02/2020-06-03") == {"carried_over": 1, "open": 1, "open_in_time": 1}
    assert await world.counts(period="2020-06-03/2020-06-04") == {"carried_over": 1, "on_time": 1}
    assert await world.counts(period="2020-06-04/2020-06-05") == {}


async def test_an_open_dossier_turns_overdue_by_itself_and_waits_when_asked(world: World) -> None:
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-04", OVERDUE), ("06-10", WAITING)))
    await world.project()

    stocks = [await world.counts(period="2020-06", as_of=as_of) for as_of in ("2020-06-03", "2020-06-04", "2020-06-10")]

    received = {"received": 1, "received_direct": 1, "open": 1}
    assert stocks == [{**received, "open_in_time": 1}, {**received, "open_overdue": 1}, {**received, "waiting": 1}]


async def test_marks_are_counted_on_their_days(world: World) -> None:
    marks = [("06-02", Mark.SUPPLEMENT_REQUEST), ("06-02", Mark.SUPPLEMENT_REQUEST), ("06-05", Mark.EXTENSION)]
    world.told.tell("a", life("06-01", ("06-01", EARLY), marks=[*marks, ("07-01", Mark.RETURNED)]))
    world.told.tell("b", life(None, marks=[("06-01", Mark.REFUSED)], channel=None))
    await world.project()

    assert await world.counts(period="2020-06") == {
        "received": 1,
        "received_direct": 1,
        "early": 1,
        "supplement_requests": 2,
        "extensions": 1,
        "refused": 1,
    }
    assert await world.counts(period="2020-07") == {"returned": 1}


async def test_an_extension_helps_under_the_current_basis_only(world: World) -> None:
    phases = (("06-01", IN_TIME), ("06-05", OVERDUE), ("06-09", LATE))
    world.told.tell("a", life("06-01", *phases, current=[("06-01", IN_TIME), ("06-09", ON_TIME)]))
    await world.project()

    assert (await world.counts())["late"] == 1
    assert (await world.counts(basis="current"))["on_time"] == 1
    assert "open_overdue" in await world.counts(period="2020-06", as_of="2020-06-08")
    assert "open_in_time" in await world.counts(period="2020-06", as_of="2020-06-08", basis="current")


async def test_a_transfer_leaves_one_unit_and_enters_the_other(world: World) -> None:
    units = [("06-01", DISTRICT), ("06-05", OTHER_DISTRICT)]
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-09", LATE), units=units))
    await world.project()

    assert await world.counts(unit=DISTRICT) == {"received": 1, "received_direct": 1, "transferred_out": 1}
    assert await world.counts(unit=OTHER_DISTRICT) == {"transferred_in": 1, "late": 1}
    assert await world.counts(unit=PROVINCE) == {"received": 1, "received_direct": 1, "late": 1}


async def test_a_transfer_inside_the_selection_crosses_between_its_groups(world: World) -> None:
    units = [("06-01", COMMUNE), ("06-05", DISTRICT)]
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), units=units))
    await world.project()

    by_level = {row["group"]["level"]: row["counts"] for row in await world.rows(unit=DISTRICT, group_by="level")}

    assert by_level["commune"]["transferred_out"] == 1
    assert by_level["district"]["transferred_in"] == 1
    assert "transferred_in" not in await world.counts(unit=DISTRICT)


async def test_a_unit_may_be_asked_without_those_below(world: World) -> None:
    world.told.tell("a", life(units=[("06-01", COMMUNE)]))
    world.told.tell("b", life(units=[("06-01", DISTRICT)]))
    await world.project()

    assert (await world.counts(unit=DISTRICT))["received"] == 2
    assert (await world.counts(unit=DISTRICT, subtree="false"))["received"] == 1


async def test_a_correction_recorded_later_restates_the_past_but_not_what_was_known(world: World) -> None:
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-03", ON_TIME)), on=day("06-03"))
    world.told.tell("a", life("06-01", ("06-01", IN_TIME), ("06-08", OVERDUE)), on=day("07-15"))
    await world.project()

    known_then = await world.counts(period="2020-06", known_at="2020-07-14")
    known_since = await world.counts(period="2020-06", known_at="2020-07-15")

    received = {"received": 1, "received_direct": 1}
    assert known_then == {**received, "on_time": 1}
    assert known_since == {**received, "open": 1, "open_overdue": 1}
    assert await world.counts(period="2020-06") == known_since


@pytest.mark.parametrize("last_recorded_on", ["2020-06-10", "2020-12-01"], ids=["lately", "long ago"])
async def test_what_was_known_then_is_what_was_foretold_then(world: World, last_recorded_on: str) -> None:
    foretold = life("06-01", ("06-01", IN_TIME), ("06-20", OVERDUE))
    ended = life("06-01", ("06-01", IN_TIME), ("06-04", EARLY))
    for code in ("a", "b"):
        world.told.tell(code, foretold, on=day("06-01"))
    world.told.tell("a", ended, on=day("06-04"))
    world.told.tell("b", ended, on=day("06-08"))
    world.told.tell("c", foretold, on=day(last_recorded_on))
    await world.project()

    counts = await world.counts(period="2020-06", known_at="2020-06-05", as_of="2020-06-30")

    assert counts["received"] == 2
    assert counts["early"] == 1
    assert counts["open_overdue"] == 1


async def test_a_dossier_whose_filing_was_undone_leaves_nothing(world: World) -> None:
    world.told.tell("a", life())
    world.told.tell("a", life(None, units=[]))
    await world.project()

    assert await world.counts() == {}


async def test_groups_are_ordered_as_asked_and_keep_their_labels(world: World) -> None:
    world.told.tell("a", life(field="Hộ tịch", channel="online"))
    world.told.tell(
        "b", life(field="Đất đai", channel="postal", procedure_code="2.000001", units=[("06-01", DISTRICT)])
    )
    world.told.tell("c", life("07-01", field="Đất đai", channel="postal", online_level="nd42:partial"))
    await world.project()

    rows = await world.rows(
        group_by="month,channel,unit,level,field,procedure,online_level", period="2020-06-01/2020-08-01"
    )
    grouped = [list(row["group"].values()) for row in rows if row["counts"]["received"]]

    assert grouped == [
        ["2020-06", "online", COMMUNE, "commune", "Hộ tịch", "1.001193", "nd43:4"],
        ["2020-06", "postal", DISTRICT, "district", "Đất đai", "2.000001", "nd43:4"],
        ["2020-07", "postal", COMMUNE, "commune", "Đất đai", "1.001193", "nd42:partial"],
    ]


@pytest.mark.parametrize(
    ("narrowed", "received"),
    [
        ({"field": "Đất đai"}, 1),
        ({"procedure": "1.001193"}, 2),
        ({"channel": "online"}, 1),
        ({"channel": "unknown"}, 0),
        ({"level": "commune"}, 2),
        ({"online_level": "4"}, 2),
        ({"online_level": "nd42:full"}, 1),
        ({"online_level": "2"}, 0),
    ],
)
async def test_a_selection_is_narrowed(world: World, narrowed: dict[str, str], received: int) -> None:
    world.told.tell("a", life(channel="online"))
    world.told.tell("b", life(online_level="nd42:full"))
    world.told.tell(
        "c", life(field="Đất đai", procedure_code="2.1", online_level="nd43:3", units=[("06-01", DISTRICT)])
    )
    await world.project()

    assert (await world.counts(**narrowed)).get("received", 0) == received


async def test_months_carry_over_what_the_month_before_left_open(world: World) -> None:
    world.told.tell("a", life("01-20", ("01-20", IN_TIME), ("03-02", LATE)))
    await world.project()

    rows = await world.rows(period="2020-Q1", group_by="month")

    seen = [(row["group"]["month"], {k: v for k, v in row["counts"].items() if v}) for row in rows]
    assert seen == [
        ("2020-01", {"received": 1, "received_direct": 1, "open": 1, "open_in_time": 1}),
        ("2020-02", {"carried_over": 1, "open": 1, "open_in_time": 1}),
        ("2020-03", {"carried_over": 1, "late": 1}),
    ]


async def test_days_after_as_of_make_no_rows(world: World) -> None:
    await world.project()

    rows = await world.rows(period="2020", as_of="2020-02-10", group_by="month")

    assert [row["group"] for row in rows] == [{"month": "2020-01"}, {"month": "2020-02"}]


async def test_months_of_nd09_run_from_the_15th(world: World) -> None:
    world.told.tell("a", life("01-14"))
    world.told.tell("b", life("01-15"))
    await world.project()

    rows = await world.rows(period="2020-Q1", cutoff="nd09", group_by="quarter,month")

    assert [(row["group"], row["counts"]["received"]) for row in rows] == [
        ({"quarter": "2020-Q1", "month": "2020-01"}, 1),
        ({"quarter": "2020-Q1", "month": "2020-02"}, 1),
        ({"quarter": "2020-Q1", "month": "2020-03"}, 0),
    ]
