"""Figures of a form worked out from numbers."""

from collections.abc import Iterable

from report_worker.domain.figures import FigureValue
from report_worker.domain.forms import LEVELS, Figure
from report_worker.domain.numbers import Numbers
from report_worker.domain.printing import rate


def values_of(figures: Iterable[Figure], numbers: Numbers) -> dict[str, FigureValue]:
    """Return the value of each figure by name.  Raises SourceMissing."""
    return {figure.name: _value_of(figure, numbers) for figure in figures}


def _value_of(figure: Figure, numbers: Numbers) -> FigureValue:
    group = (figure.scope,) if figure.scope in LEVELS else ()
    numerator = numbers.value(figure.numerator, group)
    if figure.denominator is None:
        return FigureValue(numerator, numerator, None)
    denominator = numbers.value(figure.denominator, group)
    if numerator is None or denominator is None:
        return FigureValue(None, numerator, denominator)
    return FigureValue(rate(numerator, denominator), numerator, denominator)
