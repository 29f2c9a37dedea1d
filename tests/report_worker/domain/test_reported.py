"""Sums over what units report."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_worker.domain.forms import REPORTED
from report_worker.domain.numbers import reported_captions
from report_worker.domain.reported import Entry, ReportableFigure, Reporter, ReportingUnit, total_of
from report_worker.domain.wording import Wording
from report_worker.reported.reading import read_catalogue
from tests.report_worker.given import FORMS

AT = datetime(2020, 7, 1, tzinfo=UTC)
FIGURE = ReportableFigure("asked", Wording("", ""), frozenset({Reporter.COMMUNE}))
UNITS = [ReportingUnit(f"C{number}", f"Xã {number}", "commune", ("P", f"C{number}")) for number in range(8)]
SENT = st.none() | st.just("nil") | st.integers(0, 10**6)


def entry(unit: ReportingUnit, sent: str | int | None) -> Entry:
    value = sent if isinstance(sent, int) else None
    return Entry(unit.code, unit.name, "asked", value, sent == "nil", None, "k", AT, date(2020, 7, 1))


@given(st.lists(SENT, min_size=8, max_size=8))
def test_every_unit_is_either_counted_or_missing(sent: list[str | int | None]) -> None:
    total = total_of(FIGURE, [entry(unit, one) for unit, one in zip(UNITS, sent, strict=True)], UNITS)

    numbers = [one for one in sent if isinstance(one, int)]
    assert {one.unit_code for one in total.entries} | {one.code for one in total.missing} == {u.code for u in UNITS}
    assert len(total.entries) + len(total.missing) == len(UNITS)
    assert total.total == (sum(numbers) if any(one is not None for one in sent) else None)


@pytest.mark.parametrize(
    ("level", "path", "reporter"),
    [
        ("province", ("P",), Reporter.ROOT),
        ("province", ("P", "D"), Reporter.PROVINCE),
        ("commune", ("P", "C"), Reporter.COMMUNE),
    ],
)
def test_the_topmost_unit_reports_for_the_province(level: str, path: tuple[str, ...], reporter: Reporter) -> None:
    assert ReportingUnit("U", "", level, path).reporter is reporter


@pytest.mark.parametrize("form", FORMS.latest(), ids=lambda form: form.head.code)
def test_every_reported_figure_of_a_form_stands_in_the_catalogue(form: object) -> None:
    wanted = set(reported_captions(form))  # type: ignore[arg-type]

    assert wanted <= set(read_catalogue().by_name), f"{REPORTED}.… names nobody can report"
