"""The lines of a series, as its workbook and its PDF both print them."""

from collections.abc import Iterator
from dataclasses import dataclass

from report_worker.domain.figures import FigureValue, SeriesFigures, YearFigures
from report_worker.domain.forms import LEVEL_NAMES, TOTAL, Figure, SeriesForm
from report_worker.domain.printing import NOTHING, print_day, printer_of


@dataclass(frozen=True)
class SeriesLine:
    """One figure over the years; `printed` and `values` stand in the order of the years."""

    number: str
    caption: str
    is_rate: bool
    values: tuple[FigureValue, ...]
    printed: tuple[str, ...]


def heading_of(figures: SeriesFigures, language: str) -> list[str]:
    """Return the captions of the columns: a year still running says up to which day it is seen."""
    first = ["No.", "Figure"] if language == "en" else ["STT", "Chỉ tiêu"]
    return [*first, *(_year(one, language) for one in figures.years)]


def lines_of(form: SeriesForm, figures: SeriesFigures, language: str) -> Iterator[SeriesLine]:
    """Yield a line a figure: the whole numbered, its levels below it, a level that never had anything left out."""
    for number, name in enumerate(form.lines, start=1):
        members = sorted(form.members(name), key=lambda one: one.scope != TOTAL)
        for figure in members:
            values = tuple(one.values[figure.name] for one in figures.years)
            is_whole = figure.scope == TOTAL
            if is_whole or any(one.value for one in values):
                yield _line(form, figure, values, number=f"{number}" if is_whole else "", language=language)


def _line(
    form: SeriesForm, figure: Figure, values: tuple[FigureValue, ...], *, number: str, language: str
) -> SeriesLine:
    is_rate = form.is_rate(figure.name)
    caption = figure.caption[language] if number else f"- {LEVEL_NAMES[figure.scope][language]}"
    show = printer_of(is_rate=is_rate)
    printed = tuple(NOTHING if one.value is None else show(one.value, language) for one in values)
    return SeriesLine(number, caption, is_rate, values, printed)


def _year(one: YearFigures, language: str) -> str:
    """Return `2020`, or `2020 (đến 30/6/2020)` where the year has not ended."""
    is_whole = (one.as_of.month, one.as_of.day) in {(12, 31), (12, 14)}
    if is_whole:
        return one.year
    until = "to" if language == "en" else "đến"
    return f"{one.year} ({until} {print_day(one.as_of, language)})"
