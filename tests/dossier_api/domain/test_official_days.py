"""The official days as shipped, against the package they were seeded from and against themselves."""

import csv
from datetime import date

import holidays
import pytest

from shared.working_days import SATURDAY
from tests.dossier_api import given

with given.OFFICIAL_DAYS.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))
DECIDED = [row for row in ROWS if row["source"] != "estimate"]
LAST_YEAR = max(int(row["day"][:4]) for row in DECIDED)
YEARS = range(2011, LAST_YEAR + 1)


def days(kind: str) -> set[date]:
    return {date.fromisoformat(row["day"]) for row in DECIDED if row["kind"] == kind}


def is_swap(row: dict[str, str]) -> bool:
    return row["kind"] == "off" and ("substituted" in row["name"] or "swap" in row["name"])


def test_each_day_stands_once_in_order_with_its_decision() -> None:
    listed = [row["day"] for row in ROWS]

    assert listed == sorted(set(listed))
    assert all(row["decision"] and row["name_vi"] for row in ROWS)


def test_only_weekdays_are_taken_off_and_only_weekends_worked() -> None:
    assert all(day.weekday() < SATURDAY for day in days("off"))
    assert all(day.weekday() >= SATURDAY for day in days("worked"))


def test_both_halves_of_every_swap_are_there() -> None:
    assert sum(map(is_swap, DECIDED)) == len(days("worked"))


# Rule: 10525/VPCP-KGVX of 12 December 2013; 12729/VPCP-KGVX of 25 December 2025.
DECIDED_OTHERWISE = {
    "off": {date(2014, 1, 28), date(2014, 2, 5), date(2026, 1, 2)},
    "worked": {date(2014, 1, 25), date(2014, 2, 8), date(2026, 1, 10)},
}


@pytest.mark.parametrize("kind", ["off", "worked"])
def test_the_package_differs_only_where_a_decision_says_otherwise(kind: str) -> None:
    package = holidays.country_holidays("VN", years=YEARS)
    told = {
        "off": {day for day in package if day.weekday() < SATURDAY and day.year in YEARS},
        "worked": {day for day in package.weekend_workdays if day.year in YEARS},
    }

    assert days(kind) - told[kind] == DECIDED_OTHERWISE[kind]
    assert told[kind] <= days(kind)


# Rule: domain h.2, corrected by the two decisions, each of which moved two days within a year or one across.
WORKING_DAYS = [251, 252, 251, 252, 250, 251, 250, 250, 252, 252, 250, 249, 249, 251, 250, 249]


def test_working_days_of_each_year() -> None:
    calendar = given.official_calendar()

    counted = [calendar.between(date(year - 1, 12, 31), date(year, 12, 31)) for year in YEARS]
    assert counted == WORKING_DAYS
