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


def steps_summed(asked: Asked, *conditions: ColumnElement[bool], weight: int = 1) -> Select[Any]:
    """Select cell, traits, slice number and measures of the steps that meet the conditions."""
    tallied = _tallied(asked, *conditions)
    *keys, kind_id, times = tallied.c
    sums = (
        cast(func.sum(times * step_kinds.c[one.value]) * weight, Integer).label(one.value) for one in asked.measures
    )
    return select(*keys, *sums).join_from(tallied, step_kinds, step_kinds.c.id == kind_id).group_by(*keys)


def _tallied(asked: Asked, *conditions: ColumnElement[bool]) -> FromClause:
    """Return how many steps of each kind fall into each cell and slice: keys, then kind_id and times."""
    placed = placed_units(asked.cells, "placed")
    keys = [
        placed.c.cell,
        *trait_columns(steps, asked.selection),
        slice_number(steps.c.day, asked.slices),
        steps.c.kind_id,
    ]
    facts = with_services(steps, asked.selection).join(placed, placed.c.id == steps.c.unit_id)
    return (
        select(*keys, cast(func.count(), Integer).label("times"))
        .select_from(facts)
        .where(*conditions)
        .group_by(*keys)
        .subquery()
    )
