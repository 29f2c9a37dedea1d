"""One dossier, counted by hand in the windows around what happens to it."""

from datetime import date
from typing import Any

import pytest

from motcua.verify.questions import windows_of
from motcua.verify.recount import Recount, years_of
from shared.contracts.life import LifeV1, Mark, MarkOn, Phase, PhaseFrom, PlacementFrom

ALL_ALONE = {code: code for code in ("H35.12", "H35.13", "H35.14")}


def life(**changes: object) -> LifeV1:
    """Return a dossier received in January in H35.12, waiting in February, moved in March, finished late in April."""
    told: dict[str, object] = {
        "procedure_code": "1.001193",
        "field": "Hộ tịch",
        "online_level": "nd43:4",
        "channel": "online",
        "placements": (PlacementFrom(date(2020, 1, 31), "H35.12"), PlacementFrom(date(2020, 3, 10), "H35.13")),
        "received_on": date(2020, 1, 31),
        "phases": (
            PhaseFrom(date(2020, 1, 31), Phase.IN_TIME),
            PhaseFrom(date(2020, 2, 3), Phase.WAITING),
            PhaseFrom(date(2020, 3, 2), Phase.OVERDUE),
            PhaseFrom(date(2020, 4, 1), Phase.LATE),
        ),
        "marks": (MarkOn(date(2020, 2, 3), Mark.SUPPLEMENT_REQUEST), MarkOn(date(2020, 4, 2), Mark.RETURNED)),
    }
    return LifeV1(**(told | changes))  # type: ignore[arg-type]  # a table of members


IN_TIME_766 = {"open_in_time_766": 1}


def open_as(standing: str) -> dict[str, int]:
    return {"open": 1, standing: 1}


def recounted(window: str, *, basis: str = "statutory", **changes: object) -> dict[str, dict[str, int]]:
    told = life(**changes)
    recount = Recount(windows_of(years_of([told])))
    recount.add(told)
    return {code: dict(counts) for code, counts in recount.by_label(basis, window, ALL_ALONE).items()}


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("2020-01", {"H35.12": {"received": 1, "received_online": 1, **open_as("open_in_time"), **IN_TIME_766}}),
        ("2020-02", {"H35.12": {"carried_over": 1, "supplement_requests": 1, **open_as("waiting"), **IN_TIME_766}}),
        (
            "2020-03",
            {
                "H35.12": {"carried_over": 1, "transferred_out": 1},
                "H35.13": {"transferred_in": 1, "open": 1, "open_overdue": 1},
            },
        ),
        ("2020-04", {"H35.13": {"carried_over": 1, "late": 1, "returned": 1}}),
        ("2020-05", {}),
        (
            "2020-Q1",
            {
                "H35.12": {"received": 1, "received_online": 1, "supplement_requests": 1, "transferred_out": 1},
                "H35.13": {"transferred_in": 1, "open": 1, "open_overdue": 1},
            },
        ),
    ],
)
def test_a_dossier_counts_where_and_how_it_stands(window: str, expected: dict[str, dict[str, int]]) -> None:
    assert recounted(window) == expected


def test_each_basis_judges_for_itself() -> None:
    extended = (PhaseFrom(date(2020, 1, 31), Phase.IN_TIME), PhaseFrom(date(2020, 4, 1), Phase.ON_TIME))

    by_basis = {
        basis: recounted("2020-04", basis=basis, phases_current=extended)["H35.13"]
        for basis in ("statutory", "current")
    }

    assert by_basis == {
        "statutory": {"carried_over": 1, "late": 1, "returned": 1},
        "current": {"carried_over": 1, "on_time": 1, "ended_in_time_766": 1, "returned": 1},
    }


def test_qd_766_judges_for_itself_where_a_life_says_so() -> None:
    asked_in_time: dict[str, Any] = {"late_766": (), "late_766_current": (date(2020, 2, 3),)}

    assert recounted("2020-Q1", **asked_in_time)["H35.13"] == {
        "transferred_in": 1,
        **open_as("open_overdue"),
        **IN_TIME_766,
    }
    assert recounted("2020-04", **asked_in_time)["H35.13"] == {
        "carried_over": 1,
        "late": 1,
        "ended_in_time_766": 1,
        "returned": 1,
    }
    assert "open_in_time_766" not in recounted("2020-02", basis="current", **asked_in_time)["H35.12"]


def test_what_stays_inside_a_group_is_no_transfer() -> None:
    recount = Recount(windows_of([2020]))
    recount.add(life())

    together = recount.by_label("statutory", "2020-03", {"H35.12": "district", "H35.13": "district"})

    assert together == {"district": {"carried_over": 1, "open": 1, "open_overdue": 1}}


def test_what_is_taken_out_again_leaves_nothing() -> None:
    recount = Recount(windows_of([2020]))
    recount.add(life())
    recount.add(life(), -1)

    assert not any(
        any(counts.values())
        for window in windows_of([2020])
        for counts in recount.by_label("statutory", window.name, ALL_ALONE).values()
    )


def test_what_was_filed_nowhere_counts_nowhere() -> None:
    assert recounted("2020-01", placements=()) == {}
