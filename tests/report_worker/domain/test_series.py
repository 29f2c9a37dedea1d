"""A series over years: five columns out of the machinery of every other form."""

from datetime import date

from report_worker.domain.checking import check_figures
from report_worker.domain.figures import SeriesFigures
from report_worker.domain.filling import fill
from report_worker.domain.numbers import Numbers
from report_worker.render.series_lines import heading_of, lines_of
from tests.report_worker import given
from tests.report_worker.given import FORMS

SERIES = FORMS.get("cchc-5nam")


def _filled(windows: dict[str, Numbers]) -> SeriesFigures:
    base = given.numbers()
    figures = fill(SERIES, Numbers(base.cells, windows), given.order(SERIES).subject)
    assert isinstance(figures, SeriesFigures)
    return figures


def _reporting(**reported: int) -> Numbers:
    base = given.numbers()
    there = {f"reported.{name}": value for name, value in reported.items()}
    return Numbers({**base.cells, (): {**base.cells[()], **there}})


def test_years_stand_oldest_first_and_the_last_as_far_as_it_is_seen() -> None:
    figures = _filled({f"{year}": given.numbers() for year in range(2016, 2021)})

    assert heading_of(figures, "vi")[2:] == ["2016", "2017", "2018", "2019", "2020 (đến 30/6/2020)"]
    assert [one.as_of for one in figures.years][-2:] == [date(2019, 12, 31), date(2020, 6, 30)]


def test_a_year_before_the_system_has_no_dossiers_rather_than_none() -> None:
    empty = given.numbers({("commune", "Hộ tịch"): given.counts()})

    before, now = _filled({"2019": empty, "2020": given.numbers()}).years

    assert (before.values["resolved_total"].value, now.values["resolved_total"].value) == (None, 35801)
    assert (before.values["on_time_rate_total"].value, now.values["on_time_rate_total"].value) == (None, 0.9964)


def test_a_line_prints_a_dash_where_a_year_has_nothing() -> None:
    figures = _filled({"2019": _reporting(procedures_disclosed=1900), "2020": given.numbers()})
    assert SERIES.head.code == "cchc-5nam"

    lines = {line.caption: line.printed for line in lines_of(SERIES, figures, "vi")}  # type: ignore[arg-type]  # a series

    assert lines["TTHC đã công khai"] == ("1.900", "—")
    assert lines["Tỷ lệ TTHC đã công khai"] == ("91,48%", "—")


def test_more_procedures_disclosed_than_exist_are_found_in_their_year() -> None:
    figures = _filled({"2019": _reporting(procedures_disclosed=2187), "2020": given.numbers()})

    failing = [check for check in check_figures(SERIES, figures) if not check.verdict.holds]

    assert [(check.verdict.identity, check.group) for check in failing] == [
        ("disclosed <= procedures_total", {"year": "2019"}),
        ("disclosure_rate <= 1", {"year": "2019"}),
    ]
