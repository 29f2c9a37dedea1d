"""Which numbers a cell is made of, and so which dossiers and returns may have moved it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report_worker.domain.expressions import Expression
from report_worker.domain.forms import LEVELS, REPORTED, ColumnsForm, Form, SeriesForm, is_reported
from report_worker.domain.restating import CellPlace
from report_worker.domain.windows import NOW

YEAR = "year"


@dataclass(frozen=True)
class Source:
    """One named number in a cell: its sign, its part of a rate, and the group and window it is counted in."""

    name: str
    sign: int
    is_denominator: bool
    group: tuple[tuple[str, str], ...]
    window: str

    @property
    def is_reported(self) -> bool:
        """Say whether units report it."""
        return is_reported(self.name)

    @property
    def reported_name(self) -> str:
        """Return its name in the catalogue of reportable figures."""
        return self.name.removeprefix(f"{REPORTED}.")


def sources_of(form: Form, place: CellPlace) -> list[Source]:
    """Return what a cell of a form is summed from."""
    if isinstance(form, ColumnsForm):
        return list(_of_column(form, place))
    figure = form.by_name[place.name]
    window = dict(place.group)[YEAR] if isinstance(form, SeriesForm) else NOW
    group = {"level": figure.scope} if figure.scope in LEVELS else {}
    sources = list(_terms(figure.numerator, group, window, is_denominator=False))
    if figure.denominator is not None:
        sources += _terms(figure.denominator, group, window, is_denominator=True)
    return sources


def _of_column(form: ColumnsForm, place: CellPlace) -> Iterator[Source]:
    """Follow the way the table was filled: a column of one level counts in that level's line and the whole only."""
    column = next(one for one in form.columns if one.code == place.name)
    group = dict(place.group)
    level = group.get("level")
    if column.level is not None:
        if level in (None, column.level):
            yield from _terms(column.source, group or {"level": column.level}, NOW, is_denominator=False)
        return
    source = column.by_level.get(level, column.source) if level else column.source
    yield from _terms(source, group, NOW, is_denominator=False)


def _terms(expression: Expression, group: Mapping[str, str], window: str, *, is_denominator: bool) -> Iterator[Source]:
    where = tuple(group.items())
    yield from (Source(name, sign, is_denominator, where, window) for sign, name in expression.terms)
