"""Every checkable total of two printed reports: which fail, and what is likely wrong with them."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_worker.domain.diagnosing import Kind, are_transposed, diagnose, differ_in_a_digit
from report_worker.domain.expressions import Number
from report_worker.domain.identities import judge, parse_identity
from tests.report_worker.given import NARRATIVE

NAMES = "abcdefgh"


@dataclass(frozen=True)
class Printed:
    """A total as printed, its parts, and the kind of mistake, None where it holds."""

    what: str
    total: int
    parts: tuple[int, ...]
    kind: Kind | None = None


# Rule: domain a.1, Lai Châu, first half of 2020.
LAI_CHAU = [
    Printed("procedures announced", 77, (53, 12, 12)),
    Printed("procedures at the one-stop", 1988, (1651, 222, 115)),
    Printed("online services", 2007, (1941, 63, 73), Kind.MISTYPED_DIGIT),
    Printed("online services, section on IT", 2034, (2090, 63, 73), Kind.MIXED_DATES),
    Printed("resolved by level", 35801, (8460, 14175, 13166)),
    Printed("in process by level", 1787, (899, 593, 295)),
    Printed("received", 37588, (35801, 1787)),
    Printed("e-documents", 1953613, (1747506, 206107)),
    Printed("digital signatures", 1979, (1419, 560)),
    Printed("villages merged", 72, (34, 38)),
]
# Rule: domain a.2, Tuần Giáo, 2011–2020.
TUAN_GIAO = [
    Printed("at the one-stop 2016", 202, (84, 118)),
    Printed("at the one-stop 2018", 221, (84, 141), Kind.MISTYPED_DIGIT),
    Printed("at the one-stop 2020", 223, (84, 139)),
    Printed("staff", 1982, (89, 1899), Kind.MISTYPED_DIGIT),
    Printed("legal documents", 45, (50, 58, 54, 44, 2, 1), Kind.MIXED_DATES),
    Printed("units with partial autonomy", 2, (1, 1, 73), Kind.MIXED_DATES),
    Printed("units with the e-one-stop", 20, (1, 19)),
    *(
        Printed(f"sum of {total}", total, parts)
        for total, parts in [
            (429, (14, 341, 6, 68)),
            (369, (177, 192)),
            (369, (125, 30, 166, 12, 36)),
            (251, (170, 81)),
            (2046, (89, 1957)),
            (172, (33, 139)),
            (112, (93, 19)),
        ]
    ),
]


@pytest.mark.parametrize("printed", [*LAI_CHAU, *TUAN_GIAO], ids=lambda one: one.what)
def test_every_failing_total_is_found_and_no_other(printed: Printed) -> None:
    names = NAMES[: len(printed.parts)]
    cells: dict[str, Number] = {"total": printed.total, **dict(zip(names, printed.parts, strict=True))}

    verdict = judge(parse_identity("total = " + " + ".join(names)), cells)

    assert verdict is not None
    assert (None if verdict.holds else diagnose(verdict, cells).kind) == printed.kind


def test_the_847_dossiers_nobody_speaks_of_are_a_silent_remainder() -> None:
    cells: dict[str, Number] = {"open": 1787, "not_yet_due": 940}
    verdict = judge(parse_identity("open = not_yet_due + overdue"), cells)

    assert verdict is not None
    found = diagnose(verdict, cells)
    assert (found.kind, found.suspect, found.should_be) == (Kind.SILENT_REMAINDER, "overdue", 847)


@pytest.mark.parametrize(
    ("disclosed", "in_force", "kind"),
    [(329, 412, None), (329, 470, None), (495, 470, Kind.MIXED_DATES), (495, 468, Kind.MIXED_DATES)],
)
def test_more_procedures_disclosed_than_there_are_come_from_another_date(
    disclosed: int, in_force: int, kind: Kind | None
) -> None:
    cells: dict[str, Number] = {"disclosed": disclosed, "in_force": in_force}
    verdict = judge(parse_identity("disclosed <= in_force"), cells)

    assert verdict is not None
    assert (None if verdict.holds else diagnose(verdict, cells).kind) == kind


@pytest.mark.parametrize(
    ("value", "kind", "should_be"),
    [
        (50, Kind.COUNT_IN_RATE_CELL, None),
        (190, Kind.COUNT_IN_RATE_CELL, None),
        (227, Kind.COUNT_IN_RATE_CELL, None),
        (1319, Kind.COUNT_IN_RATE_CELL, None),
        (99.95, Kind.PERCENT_SIGN_MISSING, 0.9995),
        (100, Kind.PERCENT_SIGN_MISSING, 1.0),
        (1.053, Kind.MIXED_DATES, None),
        (1.0499, Kind.INVERTED_RATIO, 0.9525),
    ],
)
def test_what_stands_in_a_rate_s_cell_is_told_apart(value: Number, kind: Kind, should_be: float | None) -> None:
    cells: dict[str, Number] = {"on_time_rate_total": value, "received_total": 37588, "resolved_total": 35801}
    verdict = judge(parse_identity("on_time_rate_total <= 1"), cells)

    assert verdict is not None
    found = diagnose(verdict, cells, NARRATIVE)
    assert (found.kind, found.suspect, found.should_be) == (kind, "on_time_rate_total", should_be)


@given(st.integers(10, 10**9), st.data())
def test_a_mistyped_digit_is_recognised_both_ways(number: int, data: st.DataObject) -> None:
    digits = str(number)
    place = data.draw(st.integers(1, len(digits) - 1))
    other = data.draw(st.sampled_from([one for one in "0123456789" if one != digits[place]]))
    mistyped = int(digits[:place] + other + digits[place + 1 :])

    assert differ_in_a_digit(number, mistyped)
    assert differ_in_a_digit(mistyped, number)
    assert not are_transposed(number, mistyped)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_two_numbers_are_never_both_transposed_and_a_digit_apart(left: int, right: int) -> None:
    assert not (are_transposed(left, right) and differ_in_a_digit(left, right))


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=6))
def test_a_sum_that_holds_is_never_diagnosed(parts: list[int]) -> None:
    cells: dict[str, Number] = {"total": sum(parts), **dict(zip(NAMES, parts, strict=False))}

    verdict = judge(parse_identity("total = " + " + ".join(NAMES[: len(parts)])), cells)

    assert verdict is not None
    assert verdict.holds
