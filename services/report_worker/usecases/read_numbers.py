"""Read all numbers of a report as they stood at one moment."""

import asyncio
from datetime import timedelta

from report_worker.clients.indicators import Answer, Indicators
from report_worker.domain.forms import Form
from report_worker.domain.numbers import Numbers, Question, merge_answers, questions_of
from report_worker.domain.reports import FiguresKeptMoving, ReportOrder, Through

READINGS = 12
FIRST_PAUSE = timedelta(seconds=0.1)
LONGEST_PAUSE = timedelta(seconds=5)
AT_ONCE = 4


async def read_numbers(
    form: Form, order: ReportOrder, *, indicators: Indicators, first_pause: timedelta
) -> tuple[Numbers, Through]:
    """Ask everything the form needs until all answers reach the same position of the feed.

    Raises FiguresKeptMoving, and what `Indicators.ask` raises.
    """
    questions, pause = questions_of(form), first_pause
    for _reading in range(READINGS):
        answers = await _ask_all(questions, order, indicators)
        if len({answer.through.position for answer in answers}) == 1:
            return merge_answers({answer.question: answer.groups for answer in answers}), answers[0].through
        await asyncio.sleep(pause.total_seconds())
        pause = min(pause * 2, LONGEST_PAUSE)
    raise FiguresKeptMoving(READINGS)


async def _ask_all(questions: list[Question], order: ReportOrder, indicators: Indicators) -> list[Answer]:
    """Ask a few at once: the shorter a reading, the less moves under it."""
    places = asyncio.Semaphore(AT_ONCE)

    async def ask(question: Question) -> Answer:
        async with places:
            return await indicators.ask(question, order)

    return await asyncio.gather(*(ask(question) for question in questions))
