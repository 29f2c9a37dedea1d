"""Make the one page a district office reads: everything in it from one state of the figures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from indicator_api.domain.counts import Count, Counts, counts_of
from indicator_api.domain.cursor import Cursor
from indicator_api.domain.definitions import definition_of
from indicator_api.domain.formulae import DossierRatio
from indicator_api.domain.rows import CountRow
from indicator_api.domain.selection import Dimension, Selection, UnitNotFound
from indicator_api.domain.summaries import Child, branches, ranked, trend, year_earlier
from indicator_api.domain.targets import Question, Ratio, Verdict, judged, questions_of
from indicator_api.domain.tree import Unit
from indicator_api.usecases.count_dossiers import count_in
from indicator_api.usecases.judge_targets import targets_in_force
from indicator_api.usecases.measure_several import measure_several
from indicator_api.usecases.read_figures import Reading, Source, reading

# Rule: contract section 5, one compact page: what an office is asked about every week.
SHOWN = (
    "on_time_rate",
    "on_time_of_received",
    "on_time_766",
    "on_time_strict",
    "online_usage_3",
    "online_usage_4",
    "online_of_all",
    "online_supply_34",
    "one_stop_coverage",
    "late_acceptance",
    "supplement_rate",
    "refusal_rate",
    "apology_coverage",
    "postal_in",
    "postal_out",
    "satisfaction",
)
# Children are ranked by it: a unit cannot rise by leaving its overdue dossiers unfinished.
RANKED_BY = "on_time_strict"
# Rule: contract section 1, every list has a stated limit; a merged province has some 170 communes.
MOST_CHILDREN = 200

Figures = Mapping[str, Ratio]


@dataclass(frozen=True)
class Totals:
    """Every count and indicator of one period."""

    selection: Selection
    counts: Counts
    figures: Figures


@dataclass(frozen=True)
class Summary:
    """A unit's page. `months` are oldest first, `children` best first."""

    unit: Unit
    through: Cursor
    now: Totals
    before: Totals
    verdicts: Sequence[Verdict]
    children: Sequence[Child]
    child_units: Mapping[str, Unit]
    months: Sequence[CountRow]
    is_truncated: bool


async def summarise(selection: Selection, *, root: str | None, source: Source, zone: ZoneInfo) -> Summary:
    """Return the summary of one unit with all below it.

    Raises UnitNotFound.
    """
    async with reading(selection, root=root, source=source) as state:
        unit = state.tree.units.get(state.selection.unit_code or "")
        if unit is None:
            raise UnitNotFound(state.selection.unit_code or "")
        children = ranked(await _children(state, unit.code))
        targets = await targets_in_force(state, zone)
        now, figures = await _totals(state, source, questions_of(targets))
        before, _ = await _totals(replace(state, selection=year_earlier(state.selection)), source)
        return Summary(
            unit,
            state.through,
            now,
            before,
            [judged(target, figures) for target in targets],
            children[:MOST_CHILDREN],
            state.tree.units,
            (await count_in(replace(state, selection=trend(state.selection)), Count)).rows,
            len(children) > MOST_CHILDREN,
        )


async def _totals(
    state: Reading, source: Source, asked: Collection[Question] = ()
) -> tuple[Totals, Mapping[Question, Ratio]]:
    """Return what the page shows of a period, and with it the figures asked besides: both read at once."""
    shown = {indicator: Question(indicator, None) for indicator in SHOWN}
    (row,) = (await count_in(state, Count)).rows
    figures = await measure_several({*shown.values(), *asked}, state, source.catalogue)
    told = {indicator: figures[question] for indicator, question in shown.items()}
    return Totals(state.selection, row.counts, told), figures


async def _children(state: Reading, unit_code: str) -> list[Child]:
    """Return every child that exists in the period or has anything to its name; one without dossiers has zeros."""
    placed = branches(state.tree, state.placed, unit_code)
    by_branch = replace(state, selection=replace(state.selection, group_by=(Dimension.UNIT,)), placed=placed)
    rows = (await count_in(by_branch, Count)).rows
    counted = {code: row.counts for row in rows for code in row.labels.values()}
    days = (state.selection.period.start, state.selection.as_of)
    existing = {unit.code for unit in state.tree.existing(set(placed.values()), *days)} - {unit_code}
    empty = counts_of({}, {}, state.selection.basis)
    return [
        Child(code, code == unit_code, counts, rate_of(counts))
        for code, counts in {**dict.fromkeys(existing, empty), **counted}.items()
    ]


def rate_of(counts: Counts) -> Ratio:
    """Return the rate children are ranked by."""
    computed = definition_of(RANKED_BY).computed
    if not isinstance(computed, DossierRatio):
        raise TypeError(f"{RANKED_BY} is not made of counts")
    return Ratio(counts.total(computed.numerator), counts.total(computed.denominator))
