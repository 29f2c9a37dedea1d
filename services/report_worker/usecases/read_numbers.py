"""Read all numbers of a report as they stood at one moment."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from report_worker.clients.indicators import Answer, Indicators
from report_worker.domain.filling import windows_of
from report_worker.domain.forms import Form
from report_worker.domain.numbers import Cells, Group, Numbers, Question, merge_answers, questions_of
from report_worker.domain.reports import FiguresKeptMoving, ReportOrder, Through
from report_worker.domain.windows import NOW

READINGS = 12
FIRST_PAUSE = timedelta(seconds=0.1)
LONGEST_PAUSE = timedelta(seconds=5)
AT_ONCE = 4


@dataclass(frozen=True)
class _Asked:
    """One question over one window of the report."""

    window: str
    question: Question
    order: ReportOrder


async def read_numbers(
    form: Form, order: ReportOrder, *, indicators: Indicators, first_pause: timedelta
) -> tuple[Numbers, Through]:
    """Ask everything the form needs, of every period it looks at, until all answers reach the same position.

    Raises FiguresKeptMoving, and what `Indicators.ask` raises.
    """
    asked, pause = _all_asked(form, order), first_pause
    for _reading in range(READINGS):
        answers = await _ask_all(asked, indicators)
        if len({answer.through.position for answer in answers}) == 1:
            return _laid_out(asked, answers), answers[0].through
        await asyncio.sleep(pause.total_seconds())
        pause = min(pause * 2, LONGEST_PAUSE)
    raise FiguresKeptMoving(READINGS)


def _all_asked(form: Form, order: ReportOrder) -> list[_Asked]:
    """Return every question over every window, the report's own first."""
    return [
        _Asked(key, question, replace(order, period=window.period, as_of=window.as_of))
        for key, window in windows_of(form, order.subject).items()
        for question in questions_of(form, key)
    ]


async def _ask_all(asked: Sequence[_Asked], indicators: Indicators) -> list[Answer]:
    """Ask a few at once: the shorter a reading, the less moves under it."""
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(one: _Asked) -> Answer:
        async with places:
            return await indicators.ask(one.question, one.order)

    return await asyncio.gather(*(ask(one) for one in asked))


def _laid_out(asked: Sequence[_Asked], answers: Sequence[Answer]) -> Numbers:
    """Return the report's own numbers with those of its other windows beside them."""
    by_window: dict[str, dict[Question, Mapping[Group, Cells]]] = {}
    for one, answer in zip(asked, answers, strict=True):
        by_window.setdefault(one.window, {})[one.question] = answer.groups
    merged = {window: merge_answers(found) for window, found in by_window.items()}
    return replace(merged.pop(NOW), windows=merged)
