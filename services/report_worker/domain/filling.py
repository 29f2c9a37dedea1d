"""Fills forms from numbers."""

from typing import assert_never

from report_worker.domain.figures import Figures, FigureValue, SeriesFigures, TableFigures, TableRow, YearFigures
from report_worker.domain.forms import LEVELS, Column, ColumnsForm, Figure, Form, NarrativeForm, SeriesForm
from report_worker.domain.numbers import Group, Numbers, level_rank
from report_worker.domain.printing import print_count
from report_worker.domain.remarks import remarks_on
from report_worker.domain.targets import Target
from report_worker.domain.telling import fill_narrative
from report_worker.domain.values import values_of
from report_worker.domain.vietnamese import sort_key
from report_worker.domain.windows import NOW, Subject, Window, earlier_windows, year_windows


def windows_of(form: Form, subject: Subject) -> dict[str, Window]:
    """Return every period that a form needs numbers of; the report's own is NOW."""
    match form:
        case ColumnsForm():
            others = {}
        case NarrativeForm():
            others = earlier_windows(subject) if form.compared else {}
        case SeriesForm():
            others = year_windows(subject, years=form.years)
        case _:
            assert_never(form)
    return {NOW: Window(subject.period_name, subject.period, subject.as_of), **others}


def fill(form: Form, numbers: Numbers, subject: Subject, targets: tuple[Target, ...] = ()) -> Figures:
    """Fill a form from numbers; a narrative is held against the targets.  Raises SourceMissing."""
    match form:
        case ColumnsForm():
            return _fill_table(form, numbers, subject)
        case NarrativeForm():
            return fill_narrative(form, numbers, subject, targets)
        case SeriesForm():
            return _fill_series(form, numbers, subject)
    assert_never(form)


def _fill_table(form: ColumnsForm, numbers: Numbers, subject: Subject) -> TableFigures:
    groups = numbers.groups(2) if len(form.rows) > 1 else []
    fields = sorted(groups, key=lambda group: (level_rank(group[0]), sort_key(group[1])))
    present = {level for level, _field in fields} | {level for (level,) in numbers.groups(1)}
    return TableFigures(
        tuple(_row(form, numbers, group) for group in fields),
        tuple(_row(form, numbers, (level,)) for level in LEVELS if level in present),
        _row(form, numbers, ()),
        (*_footnotes(form, numbers, subject.language), *remarks_on(form, numbers, subject)),
    )


def _row(form: ColumnsForm, numbers: Numbers, group: Group) -> TableRow:
    return TableRow(
        dict(zip(("level", "field"), group, strict=False)),
        {column.code: _cell(column, numbers, group) for column in form.columns},
        {part.name: numbers.value(part.source, group) or 0 for part in form.of_which},
        tuple(one.column for one in form.footnotes if numbers.value(one.unless_zero, group)),
    )


def _cell(column: Column, numbers: Numbers, group: Group) -> int | None:
    """Return a cell; a column of one level is 0 in the lines of the others and has that level's count in the whole."""
    if column.level is None:
        source = column.by_level.get(group[0], column.source) if group else column.source
        return numbers.value(source, group)
    if group and group[0] != column.level:
        return 0
    return numbers.value(column.source, group or (column.level,))


def _footnotes(form: ColumnsForm, numbers: Numbers, language: str) -> list[str]:
    """Return the footnotes that some line needs, with the numbers of the whole."""
    groups = list(numbers.cells)
    return [
        one.text[language].format_map(
            {name: print_count(numbers.value(source, ()), language) for name, source in one.values.items()}
        )
        for one in form.footnotes
        if any(numbers.value(one.unless_zero, group) for group in groups)
    ]


def _fill_series(form: SeriesForm, numbers: Numbers, subject: Subject) -> SeriesFigures:
    years = [
        YearFigures(year, window.as_of, _values_of_year(form, numbers.windows[year]))
        for year, window in year_windows(subject, years=form.years).items()
        if year in numbers.windows
    ]
    return SeriesFigures(tuple(years), remarks_on(form, numbers, subject))


def _values_of_year(form: SeriesForm, numbers: Numbers) -> dict[str, FigureValue]:
    """Return a year's figures; a year before the system has no counts rather than zeros."""
    values = values_of(form.figures, numbers)
    if numbers.has_data:
        return values
    unknown = [one.name for one in form.figures if one.counts_dossiers or _is_idle_zero(one, values[one.name])]
    return {**values, **dict.fromkeys(unknown, FigureValue(None, None, None))}


def _is_idle_zero(figure: Figure, one: FigureValue) -> bool:
    """Say whether nobody said 0: the catalogue does not reach back so far."""
    return one.value == 0 and not figure.is_reported
