from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from report_worker.domain.changes import change
from report_worker.domain.checking import check_figures
from report_worker.domain.figures import NarrativeFigures
from report_worker.domain.filling import fill
from report_worker.domain.forms import NarrativeForm
from report_worker.domain.numbers import Numbers
from report_worker.domain.prose import Chart, Table
from report_worker.domain.targets import Aim, Goal, Target
from shared.periods import parse_period
from tests.report_worker import given
from tests.report_worker.given import LAI_CHAU, NARRATIVE, REPORTED


def _told(
    numbers: Numbers | None = None, targets: tuple[Target, ...] = given.TARGETS, **changes: Any
) -> NarrativeFigures:
    figures = fill(NARRATIVE, numbers or given.numbers(), given.order(NARRATIVE, **changes).subject, targets)
    assert isinstance(figures, NarrativeFigures)
    return figures


def _scaled(percent: int) -> Numbers:
    cells = {group: {name: n * percent // 100 for name, n in counts.items()} for group, counts in LAI_CHAU.items()}
    return given.numbers(cells)


def _beside(**windows: Numbers) -> Numbers:
    return replace(given.numbers(), windows=windows)


def _line(figures: NarrativeFigures, beginning: str) -> str:
    return next(text for text in figures.paragraphs if text.startswith(beginning))


def test_growth_is_told_with_its_share() -> None:
    told = _told(_beside(year_ago=_scaled(50)))

    assert _line(told, "So với cùng kỳ năm 2019").startswith(
        "So với cùng kỳ năm 2019: số hồ sơ tiếp nhận mới tăng 18.795 hồ sơ (100,01%); "
        "số hồ sơ đã giải quyết tăng 17.901 hồ sơ (100,01%)"
    )


def test_decline_is_told_as_such() -> None:
    told = _told(_beside(previous=_scaled(200)))

    assert "số hồ sơ tiếp nhận mới giảm 37.588 hồ sơ (50,00%)" in _line(told, "So với 6 tháng cuối năm 2019")


def test_rates_are_compared_in_points_of_what_is_printed() -> None:
    cells = {group: dict(counts) | {"late": counts["late"] + 1000} for group, counts in LAI_CHAU.items()}
    told = _told(_beside(year_ago=given.numbers(cells)))

    now, before = told.values["on_time_rate_total"].value, told.earlier["year_ago"].values["on_time_rate_total"].value
    assert (now, before) == (0.9964, 0.8740)
    assert "tỷ lệ giải quyết trước hạn, đúng hạn tăng 12,24 điểm phần trăm" in _line(told, "So với cùng kỳ")


def test_what_has_not_changed_is_said_to_be_the_same() -> None:
    told = _told(_beside(year_ago=given.numbers()))

    assert "số hồ sơ tiếp nhận mới không đổi" in _line(told, "So với cùng kỳ")


@pytest.mark.parametrize("windows", [{}, {"year_ago": _scaled(0)}], ids=["not asked", "without a dossier"])
def test_without_earlier_figures_there_is_nothing_to_compare_with(windows: dict[str, Numbers]) -> None:
    told = _told(_beside(**windows))

    assert "Chưa có số liệu cùng kỳ năm 2019 để so sánh." in told.paragraphs
    assert not any(isinstance(block, Table) and "So sánh" in block.caption for block in told.blocks)


@pytest.mark.parametrize(
    ("now", "before", "is_rate", "expected"),
    [
        (12, 0, False, (12, None)),
        (0, 12, False, (-12, -1.0)),
        (1, 3, False, (-2, -0.6667)),
        (0.3, 0.1, True, (0.2, None)),
        (None, 1, False, None),
        (1, None, True, None),
    ],
    ids=["of nothing", "to nothing", "half-up", "exact in spite of binary", "no figure now", "none before"],
)
def test_a_change(now: float | None, before: float | None, is_rate: bool, expected: tuple[float, float] | None) -> None:
    found = change(now, before, is_rate=is_rate)

    assert (found and (found.difference, found.share)) == expected


def test_targets_of_the_plan_are_judged() -> None:
    outcomes = {one.figure: (one.value, one.is_met) for one in _told().outcomes}

    assert outcomes == {
        "one_stop_share": (0.9571, True),
        "on_time_strict_total": (0.974, False),
        "online_usage_3": (0.225, False),
        "online_usage_4": (None, None),
        "petitions_answered_share": (None, None),
        "rated_satisfied_share": (0.8, True),
    }


@pytest.mark.parametrize(
    ("aim", "met"),
    [
        (Aim.ABOVE, [False, False, True]),
        (Aim.AT_LEAST, [False, True, True]),
        (Aim.BELOW, [True, False, False]),
        (Aim.AT_MOST, [True, True, False]),
    ],
)
def test_a_target_is_met_at_its_threshold_only_where_it_says_so(aim: Aim, met: list[bool]) -> None:
    goal = Goal("x", aim, 0.4)

    assert [goal.is_met_by(Fraction(value)) for value in ("0.3999", "0.4", "0.4001")] == met


def test_one_late_dossier_of_all_is_not_a_hundred_percent() -> None:
    cells = given.numbers().cells
    received = cells[()]["on_time_strict.denominator"]
    told = _told(Numbers({**cells, (): {**cells[()], "on_time_strict.numerator": received - 1}}))

    outcome = next(one for one in told.outcomes if one.figure == "on_time_strict_total")
    assert (outcome.value, outcome.is_met) == (1.0, False)


@pytest.mark.parametrize(
    ("aim", "language", "said"),
    [
        (Aim.AT_LEAST, "vi", "từ 95% trở lên"),
        (Aim.ABOVE, "vi", "trên 95%"),
        (Aim.AT_MOST, "vi", "không quá 95%"),
        (Aim.BELOW, "vi", "dưới 95%"),
        (Aim.AT_MOST, "en", "95% or less"),
    ],
)
def test_a_target_is_said_in_words(aim: Aim, language: str, said: str) -> None:
    told = _told(targets=(given.target(Goal("on_time_rate", aim, 0.95)),), language=language)

    (table,) = [block for block in told.blocks if isinstance(block, Table) and len(block.heading) == 4]
    assert [row[1].text for row in table.rows if row[1].bound_to == "on_time_rate_total@target"] == [said]


def test_a_target_that_the_form_has_no_figure_for_is_named_below() -> None:
    reachable = given.target(Goal("on_time_rate", Aim.AT_LEAST, 0.95))
    others = (given.target(Goal("postal_in", Aim.AT_LEAST, 0.2), "Bưu chính"), given.target(None, "Cả hai"))

    told = _told(targets=(reachable, *others))

    assert [one.figure for one in told.outcomes] == ["on_time_rate_total"]
    assert told.remarks[-1] == "Mục tiêu không đối chiếu được bằng chỉ tiêu của biểu này: Bưu chính; Cả hai."


def test_without_targets_nothing_is_said_of_any() -> None:
    told = _told(targets=())

    assert told.outcomes == ()
    assert not any("MỤC TIÊU" in text or "mục tiêu" in text for text in (*told.paragraphs, *told.remarks))


def test_a_plan_that_has_run_out_judges_nothing() -> None:
    told = _told(period_name="2021-H1", period=parse_period("2021-H1"), as_of=date(2021, 6, 30))

    assert told.outcomes == ()
    assert not any("MỤC TIÊU" in text for text in told.paragraphs)


def test_a_commune_has_one_level_and_names_none() -> None:
    counts = given.counts(received_direct=50, on_time=40, late=2, open_in_time=5, open_overdue=3)
    numbers = given.numbers({("commune", "Hộ tịch"): counts})
    told = _told(_only_commune(numbers), unit_name="Xã Bản Bo")

    text = " ".join(told.paragraphs)
    assert "xã Bản Bo đã tiếp nhận giải quyết 50 hồ sơ TTHC, gồm" in text
    assert "cấp tỉnh" not in text
    assert "cấp huyện" not in text
    assert told.cover.agency == "ỦY BAN NHÂN DÂN\nXÃ BẢN BO"


def _only_commune(numbers: Numbers) -> Numbers:
    return Numbers({group: cells for group, cells in numbers.cells.items() if group in {(), ("commune",)}})


def test_sections_are_numbered_without_gaps() -> None:
    headings = [text for text in _told().paragraphs if text.isupper()]

    assert [text.partition(".")[0] for text in headings] == ["I", "II", "III", "IV", "V", "VI", "VII"]


@pytest.mark.parametrize("rated", [200, 0])
def test_what_citizens_rated_is_told_where_anything_was(rated: int) -> None:
    numbers = given.numbers()
    cells = {**numbers.cells[()], "satisfaction.numerator": rated * 4 // 5, "satisfaction.denominator": rated}

    told = _told(Numbers({**numbers.cells, (): cells}))

    said = (
        "Trong kỳ có 200 hồ sơ được người nộp đánh giá sau khi có kết quả: "
        "160 hồ sơ được đánh giá hài lòng, đạt 80,00%."
    )
    assert (said in told.paragraphs) is (rated > 0)


def test_reported_figures_are_told_beside_the_computed_ones() -> None:
    numbers = given.numbers()
    told = _told(Numbers({**numbers.cells, (): {**numbers.cells[()], **REPORTED}}))

    assert _line(told, "Trong kỳ báo cáo") == (
        "Trong kỳ báo cáo, đã ban hành 14 quyết định công bố danh mục TTHC với tổng số 77 TTHC "
        "(cấp tỉnh 53 TTHC, cấp huyện 12 TTHC, cấp xã 12 TTHC)."
    )
    assert told.values["satisfaction"].value == 0.98
    assert told.remarks == ()
    assert all(check.verdict.holds for check in check_figures(NARRATIVE, told))


def test_what_nobody_has_reported_is_blank_and_named_never_zero() -> None:
    told = _told()

    assert told.values["disclosed"].value is None
    assert told.remarks[0].startswith("Đơn vị chưa báo cáo nên để trống: Quyết định công bố danh mục TTHC; ")


def test_every_number_of_the_words_is_bound_to_a_figure_or_fact() -> None:
    assert isinstance(NARRATIVE, NarrativeForm)
    told = _told(_beside(year_ago=_scaled(50), previous=_scaled(200)))

    spans = [span for block in told.blocks if not isinstance(block, Table | Chart) for span in block.spans]
    loose = {span.text for span in spans if span.bound_to is None and any(map(str.isdigit, span.text))}

    # What stands in the form's own words: names of laws and of the two levels of services.
    assert all("mức độ" in text or "NĐ-CP" in text or "MỨC ĐỘ" in text for text in loose)


def test_a_chart_shows_the_counts_of_its_figures() -> None:
    chart = next(block for block in _told().blocks if isinstance(block, Chart))

    assert [(bar.label, [part.count for part in bar.parts]) for bar in chart.bars] == [
        ("Cấp tỉnh", [400, 499]),
        ("Cấp huyện", [340, 253]),
        ("Cấp xã", [200, 95]),
        ("Tổng số", [940, 847]),
    ]


def test_the_cover_leaves_room_for_number_and_day() -> None:
    cover = _told(as_of=date(2020, 1, 31)).cover

    assert cover.number.endswith("/BC-UBND")
    assert cover.dateline.replace("\u00a0", "") == "Lai Châu, ngày tháng 02 năm 2020"
    assert cover.subject_line.endswith("6 tháng đầu năm 2020")
    assert cover.signature == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")


def test_after_the_reform_of_2025_districts_receive_no_report() -> None:
    before, after = (_told(as_of=day).cover.recipients for day in (date(2025, 6, 30), date(2025, 7, 1)))

    assert "UBND các huyện, thành phố;" in before
    assert "UBND các huyện, thành phố;" not in after
