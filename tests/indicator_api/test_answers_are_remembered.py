"""Any figure, of any day, as known on any day: what was answered then is answered for then, to the digit."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from sqlalchemy.ext.asyncio import AsyncConnection

from tests.indicator_api.feeding import FakeDossierApi, World, open_world
from tests.indicator_api.histories import Case, cases
from tests.indicator_api.recount import Asked, History
from tests.indicator_api.test_figures_equal_a_recount import RANDOM, THOROUGHNESS, every_indicator, parameters, tell
from tests.support.databases import joined

MOST_DAYS = 8
# So many indicators are asked for on each day, the next ones on the next.
EACH_DAY = 3

Answers = dict[tuple[date, str], list[dict[str, Any]]]


@given(cases([None]))
@settings(RANDOM, max_examples=2 * THOROUGHNESS)
async def test_what_was_answered_on_a_day_is_answered_for_it_ever_after(
    indicator_connection: AsyncConnection, case: Case
) -> None:
    history, (question,) = case
    asked = paths_by_day(history, question)
    example = await indicator_connection.begin_nested()
    world = open_world(joined(indicator_connection), FakeDossierApi())
    async with world.upstream, world.client:
        remembered: Answers = {}
        for day in sorted({one.recorded_on for one in history}):
            tell(world.told, [one for one in history if one.recorded_on == day])
            await world.project()
            for path in asked.get(day, []):
                remembered[day, path] = await answered(world, path, question)

        for (day, path), told_then in remembered.items():
            assert await answered(world, path, question, known_at=day.isoformat()) == told_then, (day, path, question)
    await example.rollback()


def paths_by_day(history: History, question: Asked) -> dict[date, list[str]]:
    """Return what is asked on some days of recording: the counts, and by turns every indicator."""
    days = sorted({one.recorded_on for one in history})
    indicators = sorted(every_indicator(history, question))
    found: dict[date, list[str]] = {}
    for number, day in enumerate(days[:: len(days) // MOST_DAYS + 1]):
        turn = [indicators[(EACH_DAY * number + place) % len(indicators)] for place in range(EACH_DAY)]
        found[day] = ["/v1/counts", *(f"/v1/indicators/{indicator}" for indicator in turn)]
    return found


async def answered(world: World, path: str, question: Asked, **known: str) -> list[dict[str, Any]]:
    """Return the figures of a table, without their links: those name the day of knowledge."""
    asked = {name: value for name, value in parameters(question).items() if name != "known_at"}
    rows = await world.rows(path, **asked, **known)
    return [{name: value for name, value in row.items() if name not in {"dossiers", "behind"}} for row in rows]
