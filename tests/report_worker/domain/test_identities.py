import pytest

from report_worker.domain.expressions import UnreadableExpression
from report_worker.domain.identities import Verdict, judge, parse_identity

OPEN = "11 = 12 + 13"


def test_all_cells_typed_and_equal_holds() -> None:
    verdict = judge(parse_identity(OPEN), {"11": 1787, "12": 940, "13": 847})

    assert verdict == Verdict(OPEN, True, 1787, 1787)


def test_all_cells_typed_and_apart_fails_with_the_difference() -> None:
    verdict = judge(parse_identity(OPEN), {"11": 1787, "12": 940, "13": 846})

    assert verdict == Verdict(OPEN, False, 1787, 1786)
    assert verdict.difference == 1


def test_one_blank_addend_must_be_the_difference() -> None:
    verdict = judge(parse_identity(OPEN), {"11": 1787, "12": 940})

    assert verdict == Verdict(OPEN, False, 1787, 940, blank="13", needed=847)


def test_a_blank_addend_that_must_be_nothing_is_no_failure() -> None:
    assert judge(parse_identity(OPEN), {"11": 940, "12": 940}) == Verdict(OPEN, True, 940, 940)


def test_no_filling_mends_addends_above_their_sum() -> None:
    verdict = judge(parse_identity(OPEN), {"11": 900, "12": 940})

    assert verdict == Verdict(OPEN, False, 900, 940, blank="13", needed=None)


@pytest.mark.parametrize(
    "cells",
    [{"11": 1787}, {"12": 940, "13": 847}, {}, {"3": 1}],
    ids=["no addend", "no sum", "nothing", "other cells"],
)
def test_a_side_without_a_typed_cell_settles_nothing(cells: dict[str, int]) -> None:
    assert judge(parse_identity(OPEN), cells) is None


def test_two_blanks_that_may_be_the_rest_settle_nothing() -> None:
    assert judge(parse_identity("7 = 8 + 9 + 10"), {"7": 100, "8": 60}) is None


def test_two_blanks_cannot_mend_an_addend_above_its_sum() -> None:
    verdict = judge(parse_identity("7 = 8 + 9 + 10"), {"7": 100, "8": 160})

    assert verdict == Verdict("7 = 8 + 9 + 10", False, 100, 160)


@pytest.mark.parametrize(("left", "holds"), [(10, True), (11, True), (12, False)], ids=["below", "at", "above"])
def test_at_most(left: int, holds: bool) -> None:
    assert judge(parse_identity("13 <= 11"), {"13": left, "11": 11}) == Verdict("13 <= 11", holds, left, 11)


@pytest.mark.parametrize(("cell", "holds"), [(-1, False), (0, True), (1, True)])
def test_no_cell_is_negative(cell: int, holds: bool) -> None:
    assert judge(parse_identity("0 <= 13"), {"13": cell}) == Verdict("0 <= 13", holds, 0, cell)


def test_an_identity_needs_a_relation() -> None:
    with pytest.raises(UnreadableExpression):
        parse_identity("12 + 13")
