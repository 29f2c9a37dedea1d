"""The numbers a form asks for, and the answers by group."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from report_worker.domain.expressions import Expression
from report_worker.domain.forms import LEVELS, TOTAL, ColumnsForm, Form, NarrativeForm
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


def questions_of(form: Form) -> list[Question]:
    """Return what must be asked to fill a form, each once."""
    if isinstance(form, ColumnsForm):
        # Sums are asked for, not only added up, so that the checks compare two independent answers.
        return [Question(COUNTS, ()), Question(COUNTS, ("level",)), Question(COUNTS, ("level", "field"))]
    return sorted(set(_questions_of_figures(form)))


def _questions_of_figures(form: NarrativeForm) -> Iterator[Question]:
    for figure in form.figures:
        group_by = () if figure.scope == TOTAL else ("level",)
        for expression in (figure.numerator, figure.denominator):
            for name in expression.names if expression else ():
                indicator, dot, _part = name.partition(".")
                yield Question(indicator if dot else COUNTS, group_by)


@dataclass(frozen=True)
class Numbers:
    """Every answer, by group: () is the whole selection, (level,) a level, (level, field) a field in it."""

    cells: Mapping[Group, Cells]

    def value(self, expression: Expression, group: Group) -> int:
        """Return an expression over one group; a group that no answer names has had nothing.

        Raises SourceMissing for a name that the whole selection does not have either.
        """
        unknown = next((name for name in expression.names if name not in self.cells.get((), {})), None)
        if unknown is not None:
            raise SourceMissing(unknown)
        cells = self.cells.get(group, {})
        return int(expression.value({name: cells.get(name, 0) for name in expression.names}))

    def groups(self, size: int) -> list[Group]:
        """Return the groups of one depth."""
        return [group for group in self.cells if len(group) == size]


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
