"""Hold the figures of a selection against the targets in force."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from indicator_api.domain.cursor import Cursor
from indicator_api.domain.selection import Selection
from indicator_api.domain.targets import Target, Verdict, judged, questions_of
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
        targets = await targets_in_force(state, zone)
        figures = await measure_several(questions_of(targets), state, source.catalogue)
        return Judgement(state.selection, state.through, [judged(target, figures) for target in targets])


async def targets_in_force(state: Reading, zone: ZoneInfo) -> list[Target]:
    """Return the targets that hold on the last day seen, as known then."""
    known = await store.get_current(state.session, known_at=state.selection.known_at, zone=zone)
    return [target for target in known.targets if target.in_force(state.selection.as_of)]
