"""Measure several indicators in one state, reading counts once for all that are made of them."""

from collections.abc import Iterable
from dataclasses import replace

from indicator_api.domain.counts import Count
from indicator_api.domain.definitions import definition_of
from indicator_api.domain.formulae import DossierRatio
from indicator_api.domain.selection import at_levels, by_channel
from indicator_api.domain.targets import Question, Ratio
from indicator_api.store.catalogue import Catalogue
from indicator_api.usecases.count_dossiers import count_in
from indicator_api.usecases.measure_indicator import measure_in
from indicator_api.usecases.read_figures import Reading

# Which dossiers a ratio is counted over: those of services at some levels, those filed in one way.
Scope = tuple[frozenset[int], str | None]


async def measure_several(questions: Iterable[Question], state: Reading, catalogue: Catalogue) -> dict[Question, Ratio]:
    """Return the figure each question asks for; the state's selection must not be grouped."""
    found: dict[Question, Ratio] = {}
    by_scope: dict[Scope, list[Question]] = {}
    for question in sorted(set(questions), key=str):
        computed = definition_of(question.indicator).computed
        if isinstance(computed, DossierRatio):
            by_scope.setdefault((computed.online_levels, question.channel), []).append(question)
        else:
            found[question] = await _offered(question, state, catalogue)
    for scope, asked in by_scope.items():
        found |= await _counted(asked, scope, state)
    return found


async def _offered(question: Question, state: Reading, catalogue: Catalogue) -> Ratio:
    rows = (await measure_in(definition_of(question.indicator), state, catalogue)).rows
    return Ratio(rows[0].numerator, rows[0].denominator) if rows else Ratio(None, None)


async def _counted(questions: list[Question], scope: Scope, state: Reading) -> dict[Question, Ratio]:
    levels, channel = scope
    narrowed = replace(state, selection=by_channel(at_levels(state.selection, levels), channel))
    ratios = [(question, definition_of(question.indicator).computed) for question in questions]
    made_of = {question: computed for question, computed in ratios if isinstance(computed, DossierRatio)}
    wanted: set[Count] = {count for ratio in made_of.values() for count in (*ratio.numerator, *ratio.denominator)}
    (row,) = (await count_in(narrowed, wanted)).rows
    return {
        question: Ratio(row.counts.total(ratio.numerator), row.counts.total(ratio.denominator))
        for question, ratio in made_of.items()
    }
