"""Hold the figures of a selection against the targets in force."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from indicator_api.domain.cursor import Cursor
from indicator_api.domain.selection import Selection
from indicator_api.domain.targets import Verdict, judged, questions_of
from indicator_api.store import targets as store
from indicator_api.usecases.measure_several import measure_several
from indicator_api.usecases.read_figures import Reading, Source, reading


@dataclass(frozen=True)
class Judgement:
    """Every target in force on the last day seen, judged in one state."""

    selection: Selection
    through: Cursor
    verdicts: list[Verdict]


async def judge_targets(selection: Selection, *, root: str | None, source: Source, zone: ZoneInfo) -> Judgement:
    """Return the verdicts in the order of the targets.

    Raises UnitNotFound.
    """
    async with reading(selection, root=root, source=source) as state:
        return Judgement(state.selection, state.through, await judge_in(state, source, zone))


async def judge_in(state: Reading, source: Source, zone: ZoneInfo) -> list[Verdict]:
    """Return the verdicts in a state already open; its selection must not be grouped."""
    known = await store.get_current(state.session, known_at=state.selection.known_at, zone=zone)
    targets = [target for target in known.targets if target.in_force(state.selection.as_of)]
    figures = await measure_several(questions_of(targets), state, source.catalogue)
    return [judged(target, figures) for target in targets]
