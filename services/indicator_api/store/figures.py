"""Sums of steps over a selection: the one reading behind every figure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import ARRAY, Date, FromClause, Integer, Subquery, Table, Text, bindparam, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from indicator_api.domain.measures import Measure
from indicator_api.domain.rows import Sum, traits
from indicator_api.domain.selection import Dimension, Selection, Since, UnitCells
from indicator_api.domain.slices import Slice
from indicator_api.store.tables import CHANNELS, services, step_kinds, steps, transfers, units

# Rule: contract section 1, a stated limit; a cut reading is answered as `truncated`.
MOST_SUMS = 100_000


async def list_sums(
    session: AsyncSession,
    selection: Selection,
    *,
    cells: UnitCells,
    slices: Sequence[Slice],
    measures: Sequence[Measure],
) -> list[Sum]:
    """Return what each slice added to each cell, at most MOST_SUMS + 1, ordered by cell and labels."""
    tallied = _tallied(selection, cells=cells, slices=slices)
    *keys, _, _ = tallied.c
    statement = (
        select(*keys, *(func.sum(tallied.c.times * step_kinds.c[measure.value]) for measure in measures))
        .join_from(tallied, step_kinds, step_kinds.c.id == tallied.c.kind_id)
        .group_by(*keys)
        .order_by(*keys)
        .limit(MOST_SUMS + 1)
    )
    label = _labeller(selection)
    width = len(keys)
    return [
        Sum(row[0], label(row[1 : width - 1]), row[width - 1], dict(zip(measures, row[width:], strict=True)))
        for row in await session.execute(statement)
    ]


def _tallied(selection: Selection, *, cells: UnitCells, slices: Sequence[Slice]) -> Subquery:
    """Return how many steps of each kind fall into each cell and slice: keys, then kind_id and times."""
    placed = placed_units(cells, "placed")
    traits_grouped = [column.label(f"trait_{place}") for place, column in enumerate(_trait_columns(steps, selection))]
    keys = [placed.c.cell, *traits_grouped, _slice_number(steps, slices), steps.c.kind_id]
    return (
        select(*keys, cast(func.count(), Integer).label("times"))
        .select_from(with_services(steps, selection).join(placed, placed.c.id == steps.c.unit_id))
        .where(*chosen(steps, selection))
        .group_by(*keys)
        .subquery("tallied")
    )


async def list_transfers(
    session: AsyncSession, selection: Selection, *, cells: UnitCells, slices: Sequence[Slice]
) -> list[Sum]:
    """Return what came into each cell from outside it and what left it, in each slice of the period.

    Rule: contract section 5: between the outside and the inside of the selection; each group is a
    selection of its own, so that the identity holds for it too.
    """
    left, entered = placed_units(cells, "departed"), placed_units(cells, "entered")
    keys = [left.c.cell, entered.c.cell, *_trait_columns(transfers, selection), _slice_number(transfers, slices)]
    statement = (
        select(*keys, func.sum(transfers.c.moved))
        .select_from(
            with_services(transfers, selection)
            .outerjoin(left, left.c.id == transfers.c.from_unit_id)
            .outerjoin(entered, entered.c.id == transfers.c.to_unit_id)
        )
        .where(left.c.cell.is_distinct_from(entered.c.cell), transfers.c.day >= selection.period.start)
        .where(*chosen(transfers, selection))
        .group_by(*keys)
        .order_by(*keys)
        .limit(MOST_SUMS + 1)
    )
    label = _labeller(selection)
    return [one for row in await session.execute(statement) for one in _crossings(row, label(row[2:-2]))]


def placed_units(cells: UnitCells, name: str) -> Subquery:
    """Return the selected units as a table of id and cell."""
    given = (
        func.unnest(
            bindparam(f"{name}_codes", list(cells.cells), ARRAY(Text)),
            bindparam(f"{name}_cells", list(cells.cells.values()), ARRAY(Integer)),
        )
        .table_valued("code", "cell", name=f"{name}_given")
        .render_derived()
    )
    return select(units.c.id, given.c.cell).join_from(units, given, given.c.code == units.c.code).subquery(name)


def with_services(facts: Table, selection: Selection) -> FromClause:
    """Return steps or transfers, joined to their services where the selection speaks of those."""
    asked = (selection.field, selection.procedure_code, selection.online_labels)
    if any(one is not None for one in asked) or any(trait in _SERVICE_COLUMNS for trait in traits(selection)):
        return facts.join(services, services.c.id == facts.c.service_id)
    return facts


def chosen(facts: FromClause, selection: Selection) -> list[ColumnElement[bool]]:
    """Return the conditions a selection puts on steps or transfers, its units and first day aside."""
    conditions: list[ColumnElement[bool]] = [facts.c.day <= selection.as_of]
    if selection.known_at is not None:
        conditions.append(facts.c.recorded_on <= selection.known_at)
    if selection.since is not None:
        conditions.append(_became_known(facts, selection.since))
    if selection.field is not None:
        conditions.append(services.c.field == selection.field)
    if selection.procedure_code is not None:
        conditions.append(services.c.procedure_code == selection.procedure_code)
    if selection.online_labels is not None:
        conditions.append(services.c.online_level.in_(sorted(selection.online_labels)))
    if selection.channel is not None:
        conditions.append(facts.c.channel == CHANNELS.index(selection.channel))
    return conditions


def _became_known(facts: FromClause, since: Since) -> ColumnElement[bool]:
    after = facts.c.position > since.position
    return after if since.recorded_on is None else or_(after, facts.c.recorded_on > since.recorded_on)


_SERVICE_COLUMNS = {
    Dimension.FIELD: services.c.field,
    Dimension.PROCEDURE: services.c.procedure_code,
    Dimension.ONLINE_LEVEL: services.c.online_level,
}


def _trait_columns(facts: Table, selection: Selection) -> list[ColumnElement[Any]]:
    return [_SERVICE_COLUMNS.get(trait, facts.c.channel) for trait in traits(selection)]


def _labeller(selection: Selection) -> Callable[[Sequence[Any]], tuple[str, ...]]:
    """Return the function that turns the trait columns of a row into labels."""
    channel_at = [trait is Dimension.CHANNEL for trait in traits(selection)]

    def label(found: Sequence[Any]) -> tuple[str, ...]:
        return tuple(
            CHANNELS[value] if is_channel else value for value, is_channel in zip(found, channel_at, strict=True)
        )

    return label


def _slice_number(facts: FromClause, slices: Sequence[Slice]) -> ColumnElement[int]:
    """Return the number of the slice a day falls in: 0 before the first, then 1 and on."""
    starts = bindparam("starts", [one.start for one in slices], ARRAY(Date), unique=True)
    return func.width_bucket(facts.c.day, starts, type_=Integer).label("slice_number")


def _crossings(row: Sequence[Any], labels: tuple[str, ...]) -> Iterator[Sum]:
    left, entered, slice_number, moved = row[0], row[1], row[-2], row[-1]
    if left is not None:
        yield Sum(left, labels, slice_number, {Measure.TRANSFERRED_OUT: moved})
    if entered is not None:
        yield Sum(entered, labels, slice_number, {Measure.TRANSFERRED_IN: moved})
