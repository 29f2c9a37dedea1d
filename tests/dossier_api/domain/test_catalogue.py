"""Units, versions and office hours by day."""

from datetime import date

import pytest

from dossier_api.domain.catalogue import DEFAULT_HOURS, OfficeHours, Procedure, Unit, without_overlap
from dossier_api.domain.errors import ProcedureNotInForce, UnitNotOpen, UnitUnknown
from tests.dossier_api import given

COMMUNE = "H35.12.01"
DAY = date(2026, 3, 2)
WINTER = OfficeHours(date(2025, 11, 1), given.hours(("08:00", "12:00")))
SUMMER = OfficeHours(date(2026, 5, 1), given.hours(("07:00", "11:00")))


@pytest.mark.parametrize(
    ("office_hours", "day", "expected"),
    [
        pytest.param({COMMUNE: (SUMMER, WINTER)}, DAY, WINTER, id="its-own"),
        pytest.param({COMMUNE: (SUMMER, WINTER)}, date(2026, 5, 1), SUMMER, id="its-own-of-a-later-season"),
        pytest.param({COMMUNE: (SUMMER,), given.DISTRICT: (WINTER,)}, DAY, WINTER, id="the-parent-s-before-its-own"),
        pytest.param({given.PROVINCE: (WINTER,)}, DAY, WINTER, id="the-province-s"),
        pytest.param({given.OTHER_DISTRICT: (WINTER,)}, DAY, DEFAULT_HOURS, id="nobody-s"),
    ],
)
def test_a_unit_has_its_nearest_ancestor_s_hours(
    office_hours: dict[str, tuple[OfficeHours, ...]], day: date, expected: OfficeHours
) -> None:
    units = [given.unit(COMMUNE, given.DISTRICT)]

    assert given.catalogue(units=units, office_hours=office_hours).hours_on(COMMUNE, day) == expected


def test_versions_end_where_the_next_begins() -> None:
    first = given.version(1, valid_from=date(2020, 1, 1), valid_to=date(2020, 6, 1))
    second = given.version(2, valid_from=date(2021, 1, 1))
    third = given.version(3, valid_from=date(2022, 1, 1))
    procedure = Procedure(given.BIRTH, without_overlap([third, first, second]))

    amounts = [
        procedure.version_on(day).processing_time.amount
        for day in (date(2020, 1, 1), date(2020, 5, 31), date(2021, 12, 31), date(2022, 1, 1), date(2090, 1, 1))
    ]
    assert amounts == [1, 1, 2, 3, 3]
    for day in (date(2019, 12, 31), date(2020, 6, 1), date(2020, 12, 31)):
        with pytest.raises(ProcedureNotInForce):
            procedure.version_on(day)


def test_a_unit_is_open_from_its_first_day_until_the_day_before_its_end() -> None:
    closing = given.unit(COMMUNE, given.DISTRICT, valid_from=date(2020, 1, 1), valid_to=date(2025, 7, 1))
    catalogue = given.catalogue(units=[closing])

    assert catalogue.open_unit(COMMUNE, date(2020, 1, 1)) == catalogue.open_unit(COMMUNE, date(2025, 6, 30)) == closing
    for day in (date(2019, 12, 31), date(2025, 7, 1)):
        with pytest.raises(UnitNotOpen):
            catalogue.open_unit(COMMUNE, day)
    with pytest.raises(UnitUnknown):
        catalogue.open_unit("H99", DAY)


@pytest.mark.parametrize(
    ("code", "root", "within"),
    [
        pytest.param(COMMUNE, None, True, id="the-whole-tree"),
        pytest.param(COMMUNE, COMMUNE, True, id="itself"),
        pytest.param(COMMUNE, given.DISTRICT, True, id="its-parent"),
        pytest.param(COMMUNE, given.PROVINCE, True, id="its-grandparent"),
        pytest.param(COMMUNE, given.OTHER_DISTRICT, False, id="a-neighbour"),
        pytest.param(given.DISTRICT, COMMUNE, False, id="its-child"),
        pytest.param("H99", given.PROVINCE, False, id="unknown"),
    ],
)
def test_a_subtree_is_a_unit_and_all_below_it(code: str, root: str | None, *, within: bool) -> None:
    catalogue = given.catalogue(units=[given.unit(COMMUNE, given.DISTRICT)])

    assert catalogue.is_within(code, root) is within
    assert root is None or (code in catalogue.subtree(root)) is within


def test_successors_take_over_in_turn_even_where_they_run_in_a_circle() -> None:
    def closing(code: str, on: date, successor: str) -> Unit:
        return given.unit(code, given.PROVINCE, valid_to=on, successor_codes=(successor, "H35.99"))

    first, second = closing("H35.1", date(2020, 1, 1), "H35.2"), closing("H35.2", date(2025, 7, 1), "H35.1")
    catalogue = given.catalogue(units=[first, second])

    held = [catalogue.unit_on("H35.1", day) for day in (date(2019, 12, 31), date(2020, 1, 1), date(2025, 7, 1))]
    assert held == ["H35.1", "H35.2", "H35.2"]
