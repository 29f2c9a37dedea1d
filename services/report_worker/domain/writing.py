"""Turns the templates of a narrative into paragraphs, tables and charts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from report_worker.domain.changes import Change, Compared, change, change_in_a_cell, change_in_short, change_in_words
from report_worker.domain.expressions import Number
from report_worker.domain.figures import EarlierFigures, FigureValue, Outcome
from report_worker.domain.forms import LEVEL_NAMES, LEVELS, TOTAL, FigureKind, NarrativeForm
from report_worker.domain.narratives import (
    BlockTemplate,
    ChartTemplate,
    ComparisonTable,
    LevelTable,
    ParagraphTemplate,
    TargetTable,
)
from report_worker.domain.phrases import BELOW, LEVELS_OF, OUT_OF, SHORT, Piece, pieces_of
from report_worker.domain.printing import print_count, print_goal, printer_of
from report_worker.domain.prose import Bar, Block, Chart, Paragraph, Part, Span, Spans, Table, numbered
from report_worker.domain.targets import Aim
from report_worker.domain.wording import Wording

VERDICTS = {
    True: Wording("Đạt", "Met"),
    False: Wording("Không đạt", "Not met"),
    None: Wording("Chưa có số liệu", "No figure"),
}
FIGURE = Wording("Chỉ tiêu", "Figure")
LEVEL = Wording("Cấp", "Level")
NOW = Wording("Kỳ này", "This period")
CHANGE = Wording("Tăng, giảm", "Change")
TARGET_HEADING = (FIGURE, Wording("Mục tiêu", "Target"), Wording("Kết quả", "Result"), Wording("Đánh giá", "Finding"))
AIMS = {
    Aim.AT_LEAST: Wording("từ {0} trở lên", "{0} or more"),
    Aim.ABOVE: Wording("trên {0}", "above {0}"),
    Aim.AT_MOST: Wording("không quá {0}", "{0} or less"),
    Aim.BELOW: Wording("dưới {0}", "below {0}"),
}
ALL_OF_IT = 1
_TARGET_STATES: Mapping[str, set[bool | None]] = {"targets": {True, False, None}, "targets_unmet": {False}}


@dataclass(frozen=True)
class Writer:
    """All that a narrative's words are made of."""

    form: NarrativeForm
    language: str
    facts: Mapping[str, str]
    values: Mapping[str, FigureValue]
    earlier: Mapping[str, EarlierFigures]
    outcomes: tuple[Outcome, ...]

    def blocks(self) -> Iterator[Block]:
        """Write the document from top to bottom, its sections numbered."""
        return numbered(block for template in self.form.blocks for block in self._block(template))

    def plain(self, template: str) -> str:
        """Fill a template that has no formatting of its own."""
        return "".join(span.text for span in self._spans(template))

    def _block(self, template: BlockTemplate) -> Iterator[Block]:
        match template:
            case ParagraphTemplate():
                if self._is_said(template):
                    yield Paragraph(template.style, tuple(self._spans(template.text[self.language])))
            case LevelTable():
                yield self._level_table(template)
            case ComparisonTable():
                if any(one.values for one in self.earlier.values()):
                    yield self._comparison(template)
            case TargetTable():
                if self.outcomes:
                    yield self._target_table(template)
            case ChartTemplate():
                yield self._chart(template)
            case _:
                assert_never(template)

    def _is_said(self, template: ParagraphTemplate) -> bool:
        if template.when is not None and template.when in _TARGET_STATES:
            return any(one.is_met in _TARGET_STATES[template.when] for one in self.outcomes)
        wanted = template.when is None or self._has(template.when)
        return wanted and not (template.unless is not None and self._has(template.unless))

    def _has(self, name: str) -> bool:
        """Say whether a figure is above 0, an earlier period is there with values (or without: `.missing`)."""
        if name in self.form.by_name:
            return bool(self.values[name].value)
        window, _, missing = name.partition(".")
        return window in self.earlier and bool(self.earlier[window].values) != bool(missing)

    @property
    def _levels(self) -> list[str]:
        """Return the levels that have anything: a commune has no province, and since July 2025 none has districts."""
        counts = [one for one in self.form.figures if one.kind is FigureKind.COUNT]
        return [level for level in LEVELS if any(self.values[one.name].value for one in counts if one.scope == level)]

    def _spans(self, template: str) -> Iterator[Span]:
        for piece in pieces_of(template):
            if piece.name is None:
                yield Span(piece.text)
            elif piece.name in self.facts:
                yield Span(self.facts[piece.name], piece.name)
            elif piece.how == LEVELS_OF:
                yield from self._by_level(piece.name)
            elif piece.how in {OUT_OF, BELOW}:
                levels = self._levels if piece.how == OUT_OF else [one for one in self._levels if one != LEVELS[0]]
                yield from self._out_of(piece.name, piece.other, levels=levels)
            elif piece.how:
                yield from self._change(piece)
            else:
                yield self._printed(piece.name)

    def _printed(self, name: str) -> Span:
        return Span(printer_of(is_rate=self.form.is_rate(name))(self.values[name].value, self.language), name)

    def _counted(self, name: str) -> str:
        """Return the word after a count, with the space before it."""
        counted = self.form.by_name[name].counted
        return f" {counted[self.language]}" if counted else ""

    def _by_level(self, line: str) -> Iterator[Span]:
        """Write ` (cấp tỉnh 899 hồ sơ, cấp huyện 593 hồ sơ)`; nothing where there is but one level."""
        levels = self._levels
        if len(levels) < 2:
            return
        for number, level in enumerate(levels):
            yield Span(f"{', ' if number else ' ('}{LEVEL_NAMES[level][self.language].lower()} ")
            yield from (self._printed(f"{line}_{level}"), Span(self._counted(f"{line}_{level}")))
        yield Span(")")

    def _out_of(self, line: str, whole: str, *, levels: Sequence[str]) -> Iterator[Span]:
        """Write `1/18 đơn vị cấp tỉnh, 8/8 đơn vị cấp huyện và 106/106 đơn vị cấp xã`."""
        for number, level in enumerate(levels):
            is_last = number == len(levels) - 1
            yield Span("" if not number else (" và " if self.language == "vi" else " and ") if is_last else ", ")
            yield from (self._printed(f"{line}_{level}"), Span("/"), self._printed(f"{whole}_{level}"))
            yield Span(f"{self._counted(f'{line}_{level}')} {LEVEL_NAMES[level][self.language].lower()}")

    def _change(self, piece: Piece) -> Iterator[Span]:
        name, window = piece.name or "", piece.how
        earlier = self.earlier[window]
        counted = None if self.form.is_rate(name) else self._counted(name).strip()
        compared = Compared(name, window, earlier.label, counted, self.language)
        say = change_in_short if piece.other == SHORT else change_in_words
        return say(self._change_of(name, earlier), compared)

    def _change_of(self, name: str, earlier: EarlierFigures) -> Change | None:
        before = earlier.values.get(name)
        return change(self.values[name].value, before.value if before else None, is_rate=self.form.is_rate(name))

    def _level_table(self, template: LevelTable) -> Table:
        captions = [self.form.members(line)[0].caption[self.language] for line in template.lines]
        scopes = [*self._levels, TOTAL] if len(self._levels) > 1 else [TOTAL]
        rows = (
            (
                Span(LEVEL_NAMES[scope][self.language]),
                *(self._printed(f"{line}_{scope}") for line in template.lines),
            )
            for scope in scopes
        )
        return Table(template.caption[self.language], (LEVEL[self.language], *captions), tuple(rows))

    def _comparison(self, template: ComparisonTable) -> Table:
        shown = {key: one for key, one in self.earlier.items() if one.values}
        heading = [FIGURE[self.language], NOW[self.language]]
        for one in shown.values():
            heading += [f"{one.label[:1].upper()}{one.label[1:]}", CHANGE[self.language]]
        rows = (self._compared_row(figure.name, shown) for figure in self.form.compared_figures)
        return Table(template.caption[self.language], tuple(heading), tuple(rows))

    def _compared_row(self, name: str, shown: Mapping[str, EarlierFigures]) -> Spans:
        is_rate = self.form.is_rate(name)
        cells = [Span(self.form.by_name[name].caption[self.language]), self._printed(name)]
        for key, one in shown.items():
            bound = f"{name}@{key}"
            moved = change_in_a_cell(self._change_of(name, one), is_rate=is_rate, language=self.language)
            cells += [
                Span(printer_of(is_rate=is_rate)(one.values[name].value, self.language), bound),
                Span(moved, f"{bound}.{'change' if is_rate else 'share'}"),
            ]
        return tuple(cells)

    def _target_table(self, template: TargetTable) -> Table:
        heading = tuple(one[self.language] for one in TARGET_HEADING)
        return Table(template.caption[self.language], heading, tuple(map(self._target_row, self.outcomes)))

    def _target_row(self, outcome: Outcome) -> Spans:
        name = outcome.figure
        goal = print_goal(outcome.threshold, self.language)
        is_all = (outcome.aim, outcome.threshold) == (Aim.AT_LEAST, ALL_OF_IT)
        aim = goal if is_all else AIMS[outcome.aim][self.language].format(goal)
        return (
            Span(self.form.by_name[name].caption[self.language]),
            Span(aim, f"{name}@target"),
            self._printed(name),
            Span(VERDICTS[outcome.is_met][self.language], f"{name}@verdict"),
        )

    def _chart(self, template: ChartTemplate) -> Chart:
        series = tuple(self.form.members(line)[0].caption[self.language] for line in template.lines)
        scopes = [*self._levels, TOTAL] if len(self._levels) > 1 else [TOTAL]
        bars = tuple(
            Bar(LEVEL_NAMES[scope][self.language], tuple(self._part(f"{line}_{scope}") for line in template.lines))
            for scope in scopes
        )
        return Chart(template.caption[self.language], series, bars)

    def _part(self, name: str) -> Part:
        count: Number = self.values[name].value or 0
        return Part(name, int(count), print_count(count, self.language))
