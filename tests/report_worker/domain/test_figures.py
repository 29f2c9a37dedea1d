from dataclasses import replace

import pytest
from hypothesis import given as property_of
from hypothesis import strategies as st

from report_worker.domain.checking import check_figures
from report_worker.domain.comparing import Agreement, compare
from report_worker.domain.expressions import parse_expression
from report_worker.domain.figures import FigureValue, NarrativeFigures, TableFigures
from report_worker.domain.filling import fill
from report_worker.domain.forms import ColumnsForm
from report_worker.domain.numbers import Numbers, SourceMissing
from tests.report_worker import given
from tests.report_worker.given import COUNTS, NARRATIVE, PRINTED, TABLE

ZEROS = dict.fromkeys(COUNTS, 0)


def _table(numbers: Numbers | None = None) -> TableFigures:
    figures = fill(TABLE, numbers or given.numbers(), given.order().subject)
    assert isinstance(figures, TableFigures)
    return figures


def _narrative(numbers: Numbers | None = None) -> NarrativeFigures:
    figures = fill(NARRATIVE, numbers or given.numbers(), given.order(NARRATIVE).subject)
    assert isinstance(figures, NarrativeFigures)
    return figures


def test_a_line_of_the_table() -> None:
    row = next(row for row in _table().rows if row.group == {"level": "district", "field": "Hộ tịch"})

    assert row.columns == {
        "3": 14768,
        "4": 1000,
        "5": 13768,
        "6": 0,
        "7": 14175,
        "8": 8000,
        "9": 6000 + 40 + 20 + 15,
        "10": 100,
        "11": 593,
        "12": 300 + 40,
        "13": 253,
    }
    assert row.of_which == {"withdrawn": 40, "stopped": 20, "undetermined": 15, "waiting": 40}


def test_lines_go_by_level_then_by_the_vietnamese_alphabet() -> None:
    fields = ("Đất đai", "Dân tộc", "Ấn chỉ", "An toàn", "Đầu tư", "Hộ tịch")
    numbers = given.numbers({("commune", "Đất đai"): ZEROS} | {("province", field): ZEROS for field in fields})

    groups = [tuple(row.group.values()) for row in _table(numbers).rows]

    province = [("province", field) for field in ("An toàn", "Ấn chỉ", "Dân tộc", "Đất đai", "Đầu tư", "Hộ tịch")]
    assert groups == [*province, ("commune", "Đất đai")]


def test_column_6_is_marked_where_transfers_changed_it() -> None:
    figures = _table()

    marked = [tuple(row.group.values()) for row in (*figures.levels, *figures.rows) if row.footnoted]
    assert marked == [("commune",), ("commune", "Hộ tịch")]
    assert figures.remarks[0].endswith("trong kỳ: 10 + 3 − 13.")


def test_without_transfers_there_is_no_footnote() -> None:
    figures = _table(given.numbers({("commune", "Hộ tịch"): given.counts(carried_over=4, open_in_time=4)}))

    assert not any("Cột 6" in remark for remark in figures.remarks)


def test_a_period_before_the_form_is_said_to_be() -> None:
    assert "ngoài thời gian hiệu lực" in _table().remarks[-1]


def test_a_number_that_the_figures_lack_is_no_zero() -> None:
    assert isinstance(TABLE, ColumnsForm)
    strange = replace(TABLE.columns[0], source=parse_expression("recieved"))

    with pytest.raises(SourceMissing):
        fill(replace(TABLE, columns=(strange,)), given.numbers(), given.order().subject)


def test_an_empty_unit_has_a_table_of_zeros() -> None:
    figures = _table(Numbers({(): ZEROS}))

    assert figures.rows == figures.levels == ()
    assert set(figures.total.columns.values()) == {0}


_amount = st.integers(0, 10_000)


@st.composite
def _conserved(draw: st.DrawFn) -> dict[str, int]:
    """Counts that keep the conservation identity of contract section 5."""
    names = ("early", "on_time", "late", "undetermined", "withdrawn", "stopped", "open_in_time", "open_overdue")
    ends = {name: draw(_amount) for name in (*names, "waiting", "transferred_out")}
    inflow = sum(ends.values())
    carried = draw(st.integers(0, inflow))
    moved = draw(st.integers(0, inflow - carried))
    online = draw(st.integers(0, inflow - carried - moved))
    direct = draw(st.integers(0, inflow - carried - moved - online))
    posted = inflow - carried - moved - online - direct
    return given.counts(
        **ends,
        carried_over=carried,
        transferred_in=moved,
        received_online=online,
        received_direct=direct,
        received_postal=posted,
    )


_cells = st.dictionaries(
    st.tuples(st.sampled_from(["province", "district", "commune"]), st.sampled_from(["Hộ tịch", "Đất đai", "Y tế"])),
    _conserved(),
    min_size=1,
)


@property_of(_cells)
def test_conserved_counts_pass_every_identity(cells: dict[tuple[str, str], dict[str, int]]) -> None:
    numbers = given.numbers(cells)

    failing = {check.verdict.identity for check in check_figures(TABLE, _table(numbers)) if not check.verdict.holds}

    # Column 6 alone may fall below 0: where more dossiers left for other units than had been carried over.
    assert failing <= {"0 <= 6"}


@property_of(_cells, st.data())
def test_one_wrong_cell_is_always_found(cells: dict[tuple[str, str], dict[str, int]], data: st.DataObject) -> None:
    figures = _table(given.numbers(cells))
    place = data.draw(st.integers(0, len(figures.rows) - 1))
    column = data.draw(st.sampled_from(TABLE.names))
    slip = data.draw(st.integers(-9999, 9999).filter(bool))
    before = _failing(figures)
    row = figures.rows[place]
    wrong = replace(row, columns={**row.columns, column: (row.columns[column] or 0) + slip})
    rows = (*figures.rows[:place], wrong, *figures.rows[place + 1 :])

    assert _failing(replace(figures, rows=rows)) - before


def _failing(figures: TableFigures) -> set[str]:
    return {repr(check) for check in check_figures(TABLE, figures) if not check.verdict.holds}


def test_narrative_figures_are_bound_to_numerator_and_denominator() -> None:
    values = _narrative().values

    assert values["received_total"] == FigureValue(37588, 37588, None)
    assert values["open_overdue_total"] == FigureValue(847, 847, None)
    assert values["online_supply_34"] == FigureValue(0.0655, 136, 2077)
    assert values["services_level_1_2"] == FigureValue(1941, 1941, None)


def test_a_rate_of_nothing_has_no_value() -> None:
    assert _narrative().values["online_usage_4"] == FigureValue(None, 0, 0)


def test_rates_are_rounded_half_up() -> None:
    numbers = given.numbers()
    cells = dict(numbers.cells[()]) | {"online_of_all.numerator": 1, "online_of_all.denominator": 32}

    assert _narrative(Numbers({**numbers.cells, (): cells})).values["online_of_all"].value == 0.0313


def test_paragraphs_print_numbers_the_vietnamese_way() -> None:
    paragraphs = " ".join(_narrative().paragraphs)

    assert "đã tiếp nhận giải quyết 37.588 hồ sơ" in paragraphs
    assert "đã quá hạn mà chưa giải quyết xong: 847 hồ sơ" in paragraphs
    assert "đạt 99,64%" in paragraphs
    assert "mức độ 4: —" in paragraphs


def test_the_narrative_passes_its_own_identities() -> None:
    checks = check_figures(NARRATIVE, _narrative())

    assert [check.verdict.identity for check in checks if not check.verdict.holds] == []


def test_levels_that_do_not_add_up_to_the_whole_are_found() -> None:
    numbers = given.numbers()
    whole = dict(numbers.cells[()]) | {"early": numbers.cells[()]["early"] + 1, "received": 37589}

    checks = check_figures(NARRATIVE, _narrative(Numbers({**numbers.cells, (): whole})))

    assert [check.verdict.identity for check in checks if not check.verdict.holds] == [
        "received_total = received_province + received_district + received_commune",
        "newly_received_total = newly_received_province + newly_received_district + newly_received_commune",
        "resolved_total = resolved_province + resolved_district + resolved_commune",
        "resolved_in_time_total = resolved_in_time_province + resolved_in_time_district + resolved_in_time_commune",
    ]


def test_the_printed_report_of_2020_is_told_what_it_leaves_out_and_where_its_sums_fail() -> None:
    comparison = compare(NARRATIVE, _narrative(), title=PRINTED.title, printed=PRINTED.figures)

    status = {one.name: one.status for one in comparison.figures}
    assert [name for name in status if status[name] is Agreement.DIFFERS] == ["services_total"]
    assert status["open_overdue_total"] is status["on_time_rate_total"] is Agreement.NOT_PRINTED
    assert all(status[name] is Agreement.AGREES for name in PRINTED.figures if name != "services_total")
    assert [(one.verdict.identity, one.verdict.difference, one.verdict.needed) for one in comparison.failures] == [
        ("services_total = services_level_1_2 + services_level_3 + services_level_4", -70, None),
        ("open_total = open_not_yet_due_total + open_overdue_total", 847, 847),
    ]
