"""The dossiers behind a count: the same steps, summed by dossier instead of by group."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Integer, Select, case, func, literal, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from indicator_api.domain.counts import Term, Window
from indicator_api.domain.measures import TRANSFERS, Measure
from indicator_api.domain.rows import Contribution
from indicator_api.domain.selection import Selection, UnitCells
from indicator_api.store.facts import chosen, placed_units, with_services
from indicator_api.store.tables import dossiers, step_kinds, steps, transfers


async def list_contributions(
    session: AsyncSession, selection: Selection, *, cells: UnitCells, terms: Sequence[Term], after: str, limit: int
) -> list[Contribution]:
    """Return the dossiers whose terms do not come to nothing, by code, from after a code on."""
    parts = [
        *_step_parts(selection, cells, [term for term in terms if term.measure not in TRANSFERS]),
        *(_transfer_part(selection, cells, term) for term in terms if term.measure in TRANSFERS),
    ]
    counted = union_all(*parts).subquery("counted")
    times = func.sum(counted.c.times)
    statement = (
        select(dossiers.c.code, times)
        .join_from(counted, dossiers, dossiers.c.id == counted.c.dossier_id)
        .where(dossiers.c.code > after)
        .group_by(dossiers.c.code)
        .having(times != 0)
        .order_by(dossiers.c.code)
        .limit(limit)
    )
    return [Contribution(*row) for row in await session.execute(statement)]


def _step_parts(selection: Selection, cells: UnitCells, terms: Sequence[Term]) -> list[Select[Any]]:
    if not terms:
        return []
    placed = placed_units(cells, "placed")
    times = sum((_weighed(term, selection) for term in terms), start=literal(0, Integer))
    statement = (
        select(steps.c.dossier_id, times.label("times"))
        .select_from(
            with_services(steps, selection)
            .join(placed, placed.c.id == steps.c.unit_id)
            .join(step_kinds, step_kinds.c.id == steps.c.kind_id)
        )
        .where(times != 0, *chosen(steps, selection))
    )
    if all(term.window is Window.WITHIN for term in terms):
        statement = statement.where(steps.c.day >= selection.period.start)
    return [statement]


def _weighed(term: Term, selection: Selection) -> ColumnElement[int]:
    weighed = step_kinds.c[term.measure.value] * term.weight
    start = selection.period.start
    match term.window:
        case Window.WITHIN:
            return case((steps.c.day >= start, weighed), else_=0)
        case Window.BEFORE:
            return case((steps.c.day < start, weighed), else_=0)
        case Window.UNTIL_END:
            return weighed


def _transfer_part(selection: Selection, cells: UnitCells, term: Term) -> Select[Any]:
    left, entered = placed_units(cells, "departed"), placed_units(cells, "entered")
    inside, outside = (entered, left) if term.measure is Measure.TRANSFERRED_IN else (left, entered)
    return (
        select(transfers.c.dossier_id, (transfers.c.moved * term.weight).label("times"))
        .select_from(
            with_services(transfers, selection)
            .outerjoin(left, left.c.id == transfers.c.from_unit_id)
            .outerjoin(entered, entered.c.id == transfers.c.to_unit_id)
        )
        .where(inside.c.id.is_not(None), outside.c.id.is_(None), transfers.c.day >= selection.period.start)
        .where(*chosen(transfers, selection))
    )
