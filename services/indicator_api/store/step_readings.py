"""Steps summed dossier by dossier: what was known once, the edges of a span, what came late."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, cast, func, or_, select

from indicator_api.domain.grains import Piece
from indicator_api.store.facts import Asked, placed_units, slice_number, trait_columns, with_services
from indicator_api.store.tables import step_kinds, steps


def is_within(pieces: Sequence[Piece]) -> ColumnElement[bool]:
    """Return the condition that a step falls into one of the pieces.

    Spelt out and not joined, so that the planner knows how few days they are: else it reads all steps of a unit.
    """
    return or_(*((steps.c.day >= piece.start) & (steps.c.day < piece.end) for piece in pieces))


def recorded(name: str, *conditions: ColumnElement[bool]) -> FromClause:
    """Return the steps that meet conditions on the day and the day of record, looked up before any unit is.

    They lie where rows were written about that time. By unit they would be looked for among all its years.
    """
    needed = (steps.c.day, steps.c.unit_id, steps.c.service_id, steps.c.channel, steps.c.kind_id)
    return select(*needed).where(*conditions).cte(name).prefix_with("MATERIALIZED")


def steps_summed(
    asked: Asked, *conditions: ColumnElement[bool], facts: FromClause = steps, weight: int = 1
) -> Select[Any]:
    """Select cell, traits, slice number and measures of the steps that meet the conditions."""
    tallied = _tallied(asked, facts, *conditions)
    *keys, kind_id, times = tallied.c
    sums = (
        cast(func.sum(times * step_kinds.c[one.value]) * weight, Integer).label(one.value) for one in asked.measures
    )
    return select(*keys, *sums).join_from(tallied, step_kinds, step_kinds.c.id == kind_id).group_by(*keys)


def _tallied(asked: Asked, facts: FromClause, *conditions: ColumnElement[bool]) -> FromClause:
    """Return how many steps of each kind fall into each cell and slice: keys, then kind_id and times."""
    placed = placed_units(asked.cells, "placed")
    keys = [
        placed.c.cell,
        *trait_columns(facts, asked.selection),
        slice_number(facts.c.day, asked.slices),
        facts.c.kind_id,
    ]
    return (
        select(*keys, cast(func.count(), Integer).label("times"))
        .select_from(with_services(facts, asked.selection).join(placed, placed.c.id == facts.c.unit_id))
        .where(*conditions)
        .group_by(*keys)
        .subquery()
    )
