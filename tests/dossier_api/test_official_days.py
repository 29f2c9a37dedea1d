"""The official days shipped, against the law's rules and an independent list of holidays.  Rule: domain h."""

from collections.abc import Iterable
from datetime import date

import holidays
import pytest

from dossier_api.domain.catalogue import CalendarDay
from dossier_api.domain.catalogue_checks import lone_swaps
from motcua.sample.catalogue import calendar_rows

YEARS = range(2011, 2028)
TET_2014 = "10525/VPCP-KGVX of 12/12/2013: officials were off from 28/1 to 5/2 and worked on Saturdays 25/1 and 8/2"
NEW_YEAR_2026 = "12729/VPCP-KGVX of 25/12/2025: Friday 2/1 off, Saturday 10/1 worked"
# What the official days say otherwise than the package `holidays`, and why ours are right. The package's
# five days of Tết 2013 are kept: the fifth was a swap under the law of then, whose make-up day is not confirmed.
DIFFERENCES = {
    ("off", "2014-01-28"): TET_2014,
    ("off", "2014-02-05"): TET_2014,
    ("worked", "2014-01-25"): TET_2014,
    ("worked", "2014-02-08"): TET_2014,
    ("off", "2026-01-02"): NEW_YEAR_2026,
    ("worked", "2026-01-10"): NEW_YEAR_2026,
}


def shipped() -> set[tuple[str, str]]:
    """Return what we ship, as kind and day."""
    return {(row["kind"], row["day"]) for row in calendar_rows()}


def packaged() -> set[tuple[str, str]]:
    """Return what the package says of weekdays off and weekend days worked.

    A make-up day is known once the year it makes up for is, which may be the next one.
    """
    known = holidays.country_holidays("VN", years=[*YEARS, YEARS.stop])
    days_off = {("off", day.isoformat()) for day in known if day.weekday() < 5}
    worked = {("worked", day.isoformat()) for day in known.weekend_workdays}
    return {(kind, day) for kind, day in days_off | worked if int(day[:4]) in YEARS}


def test_every_difference_from_the_package_has_its_reason() -> None:
    assert shipped() ^ packaged() == DIFFERENCES.keys()


def test_what_differs_is_backed_by_a_document_and_all_else_names_its_ground() -> None:
    documented = {(row["kind"], row["day"]) for row in calendar_rows() if row["source"] == "official document"}

    assert documented == DIFFERENCES.keys()
    assert all(row["decision"] and "holidays" not in row["decision"] for row in calendar_rows())


def as_days(rows: Iterable[dict[str, str]]) -> list[CalendarDay]:
    return [CalendarDay(date.fromisoformat(row["day"]), row["kind"], row["decision"]) for row in rows]


def test_every_swap_is_whole() -> None:
    """Rule: domain h.3, rule 1: as many weekdays off by swaps as weekend days worked."""
    swaps = {row["decision"] for row in calendar_rows() if row["kind"] == "worked"}
    kinds = [row["kind"] for row in calendar_rows() if row["decision"] in swaps]

    assert lone_swaps(as_days(calendar_rows())) == []
    assert kinds.count("off") == kinds.count("worked") == 15


@pytest.mark.parametrize("day", sorted(row["day"] for row in calendar_rows() if "làm bù" in row["decision"]))
def test_no_half_of_a_swap_can_be_left_out_unnoticed(day: str) -> None:
    rest = [row for row in calendar_rows() if row["day"] != day]
    left_out = next(row for row in calendar_rows() if row["day"] == day)

    # A day worked that is missing leaves a plain day off; a day off that is missing leaves work without its reason.
    assert (lone_swaps(as_days(rest)) != []) == (left_out["kind"] == "off")


def test_years_without_a_decision_are_marked_as_estimates() -> None:
    estimated = {row["day"][:4] for row in calendar_rows() if row["source"] == "estimate"}
    decided = {row["day"][:4] for row in calendar_rows() if row["source"] != "estimate"}

    assert (estimated, max(decided)) == ({"2027"}, "2026")
