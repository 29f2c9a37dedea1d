"""The figures of a finished report, filled from numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from report_worker.domain.forms import LEVELS, ColumnsForm, Figure, Form, NarrativeForm
from report_worker.domain.numbers import Group, Numbers, level_rank
from report_worker.domain.printing import print_count, print_day, printer_of, rate
from report_worker.domain.vietnamese import sort_key
from shared.periods import Period


@dataclass(frozen=True)
class Subject:
    """Whom and when a report speaks of, as its paragraphs name them."""

    unit: str
    period: Period
    as_of: date
    language: str


@dataclass(frozen=True)
class TableRow:
    """One line of a table; `footnoted` names its columns that carry a remark."""

    group: Mapping[str, str]
    columns: Mapping[str, int]
    of_which: Mapping[str, int]
    footnoted: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableFigures:
    """A filled table: fields by level, the levels, the whole, and the remarks on it."""

    rows: tuple[TableRow, ...]
    levels: tuple[TableRow, ...]
    total: TableRow
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class FigureValue:
    """A number with what it was divided from; a count has no denominator, a rate of nothing no value."""

    value: int | float | None
    numerator: int
    denominator: int | None


@dataclass(frozen=True)
class NarrativeFigures:
    """Filled figures by name, and the paragraphs that speak them."""

    values: Mapping[str, FigureValue]
    paragraphs: tuple[str, ...]
    remarks: tuple[str, ...]


Figures = TableFigures | NarrativeFigures


def fill(form: Form, numbers: Numbers, subject: Subject) -> Figures:
    """Fill a form from numbers.  Raises SourceMissing."""
    if isinstance(form, ColumnsForm):
        return _fill_table(form, numbers, subject)
    return _fill_narrative(form, numbers, subject)


def printed_values(figures: Figures) -> dict[str, int | float | None]:
    """Return the numbers of a report's last line by name: what somebody else's report may be held against."""
    if isinstance(figures, TableFigures):
        return dict(figures.total.columns)
    return {name: figure.value for name, figure in figures.values.items()}


def _fill_table(form: ColumnsForm, numbers: Numbers, subject: Subject) -> TableFigures:
    fields = sorted(numbers.groups(2), key=lambda group: (level_rank(group[0]), sort_key(group[1])))
    present = {level for level, _field in fields} | {level for (level,) in numbers.groups(1)}
    return TableFigures(
        tuple(_row(form, numbers, group) for group in fields),
        tuple(_row(form, numbers, (level,)) for level in LEVELS if level in present),
        _row(form, numbers, ()),
        (*_footnotes(form, numbers, subject.language), *_remarks(form, subject)),
    )


def _row(form: ColumnsForm, numbers: Numbers, group: Group) -> TableRow:
    return TableRow(
        dict(zip(("level", "field"), group, strict=False)),
        {column.code: numbers.value(column.source, group) for column in form.columns},
        {part.name: numbers.value(part.source, group) for part in form.of_which},
        tuple(one.column for one in form.footnotes if numbers.value(one.unless_zero, group) != 0),
    )


def _footnotes(form: ColumnsForm, numbers: Numbers, language: str) -> list[str]:
    """Return the footnotes that some line needs, with the numbers of the whole."""
    groups = list(numbers.cells)
    return [
        one.text[language].format_map(
            {name: print_count(numbers.value(source, ()), language) for name, source in one.values.items()}
        )
        for one in form.footnotes
        if any(numbers.value(one.unless_zero, group) != 0 for group in groups)
    ]


def _fill_narrative(form: NarrativeForm, numbers: Numbers, subject: Subject) -> NarrativeFigures:
    values = {figure.name: _figure_value(figure, numbers) for figure in form.figures}
    words = _words(form, values, subject)
    paragraphs = tuple(one[subject.language].format_map(words) for one in form.paragraphs)
    return NarrativeFigures(values, paragraphs, tuple(_remarks(form, subject)))


def _figure_value(figure: Figure, numbers: Numbers) -> FigureValue:
    group = (figure.scope,) if figure.scope in LEVELS else ()
    numerator = numbers.value(figure.numerator, group)
    if figure.denominator is None:
        return FigureValue(numerator, numerator, None)
    denominator = numbers.value(figure.denominator, group)
    return FigureValue(rate(numerator, denominator), numerator, denominator)


def _words(form: NarrativeForm, values: Mapping[str, FigureValue], subject: Subject) -> dict[str, str]:
    """Return what fills the braces of the paragraphs: every figure, printed, and the subject."""
    language = subject.language
    printed = {name: printer_of(is_rate=form.is_rate(name))(one.value, language) for name, one in values.items()}
    days = {"first_day": subject.period.start, "last_day": subject.period.last, "as_of": subject.as_of}
    return {**printed, **{name: print_day(day, language) for name, day in days.items()}, "unit": subject.unit}


def _remarks(form: Form, subject: Subject) -> list[str]:
    """Say so where a report is made in a form that was not in force in its period."""
    head = form.head
    if head.was_in_force(subject.period.last):
        return []
    source = head.legal_source[subject.language]
    if subject.language == "en":
        return [
            f"The period ends while the form was not in force ({source}); the figures are set out in it afterwards."
        ]
    return [f"Kỳ báo cáo kết thúc ngoài thời gian hiệu lực của biểu ({source}); số liệu được lập lại theo biểu này."]
