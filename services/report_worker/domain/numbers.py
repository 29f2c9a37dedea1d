"""The numbers a form asks for, and the answers by group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from report_worker.domain.expressions import Expression
from report_worker.domain.forms import (
    LEVELS,
    REPORTED,
    TOTAL,
    ColumnsForm,
    Figure,
    Form,
    NarrativeForm,
    is_reported,
)
from report_worker.domain.windows import NOW
from report_worker.domain.wording import Wording
from shared.errors import DomainError

COUNTS = "counts"
Group = tuple[str, ...]
Cells = Mapping[str, int]


@dataclass(frozen=True, order=True)
class Question:
    """Something to ask of the figures: all counts, or one indicator, in groups."""

    source: str
    group_by: tuple[str, ...]


class SourceMissing(DomainError):
    """A form needs a number that the figures do not have."""

    code = "source-missing"

    def __init__(self, name: str) -> None:
        super().__init__(f"the figures hold no {name}")
        self.name = name


def questions_of(form: Form, window: str = NOW) -> list[Question]:
    """Return what must be asked of indicator_api to fill a form over one of its windows, each once."""
    if isinstance(form, ColumnsForm):
        return _questions_of_table(form)
    figures = form.compared_figures if isinstance(form, NarrativeForm) and window != NOW else form.figures
    return sorted(set(_questions_of_figures(figures)))


def reported_captions(form: Form) -> dict[str, Wording]:
    """Return the captions of what units report and no event gives, by name without its `reported.`."""
    found: dict[str, Wording] = {}
    for name, caption in _named_sources(form):
        if is_reported(name):
            found.setdefault(name.removeprefix(f"{REPORTED}."), caption)
    return found


def _named_sources(form: Form) -> Iterator[tuple[str, Wording]]:
    """Return every name that a form's numbers are made of, with the caption it serves."""
    if isinstance(form, ColumnsForm):
        yield from ((name, column.heading[0]) for column in form.columns for name in column.source.names)
    else:
        yield from (
            (name, figure.caption)
            for figure in form.figures
            for expression in figure.expressions
            for name in expression.names
        )


def _questions_of_table(form: ColumnsForm) -> list[Question]:
    """Sums are asked for, not only added up, so that the checks compare two independent answers."""
    depths = [form.rows[:depth] for depth in range(len(form.rows) + 1)]
    return [Question(source, group_by) for source in _sources_of_table(form) for group_by in depths]


def _sources_of_table(form: ColumnsForm) -> list[str]:
    expressions = [*(one.source for one in form.columns), *(one.source for one in form.of_which)]
    expressions += [one for note in form.footnotes for one in (note.unless_zero, *note.values.values())]
    return list(dict.fromkeys(source for one in expressions for source in _sources(one)))


def _questions_of_figures(figures: tuple[Figure, ...]) -> Iterator[Question]:
    for figure in figures:
        group_by = () if figure.scope == TOTAL else ("level",)
        for expression in figure.expressions:
            yield from (Question(source, group_by) for source in _sources(expression))


def _sources(expression: Expression) -> Iterator[str]:
    for name in expression.names:
        indicator, dot, _part = name.partition(".")
        if not is_reported(name):
            yield indicator if dot else COUNTS


@dataclass(frozen=True)
class Numbers:
    """Every answer, by group: () is the whole selection, (level,) a level, (level, field) a field in it.

    What units report stands in the whole selection as `reported.<name>`, their values summed; a name that none has
    reported is absent. `windows` holds the numbers of other periods by the window's name.
    """

    cells: Mapping[Group, Cells]
    windows: Mapping[str, "Numbers"] = field(default_factory=dict)

    def value(self, expression: Expression, group: Group) -> int | None:
        """Return an expression over one group, None where units have yet to report a part of it.

        A group that no answer names has had nothing.
        Raises SourceMissing for a name that the whole selection does not have either.
        """
        whole, cells = self.cells.get((), {}), self.cells.get(group, {})
        found: dict[str, int] = {}
        for name in expression.names:
            if name in whole:
                found[name] = whole[name] if is_reported(name) else cells.get(name, 0)
            elif is_reported(name):
                return None
            else:
                raise SourceMissing(name)
        return int(expression.value(found))

    def groups(self, size: int) -> list[Group]:
        """Return the groups of one depth."""
        return [group for group in self.cells if len(group) == size]

    @property
    def has_data(self) -> bool:
        """Say whether there is any dossier at all: a period before the system began has none."""
        return any(count for name, count in self.cells.get((), {}).items() if "." not in name)


def merge_answers(answers: Mapping[Question, Mapping[Group, Cells]]) -> Numbers:
    """Lay the answers to all questions side by side."""
    merged: dict[Group, dict[str, int]] = {}
    for groups in answers.values():
        for group, cells in groups.items():
            merged.setdefault(group, {}).update(cells)
    return Numbers(merged)


def level_rank(level: str) -> int:
    """Return the place of a level, the province first; a level that nobody knows comes last."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)
