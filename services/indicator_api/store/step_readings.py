"""Steps summed dossier by dossier: what was known once, the edges of a span, what came late."""

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Integer, Select, cast, func, select

from indicator_api.store.facts import Asked, placed_units, slice_number, trait_columns, with_services
from indicator_api.store.tables import step_kinds, steps


def steps_summed(
    asked: Asked, *conditions: ColumnElement[bool], within: FromClause | None = None, weight: int = 1
) -> Select[Any]:
    """Select cell, traits, slice number and measures of the steps that meet the conditions.

    `within` narrows to the days of spans.
    """
    tallied = _tallied(asked, *conditions, within=within)
    *keys, kind_id, times = tallied.c
    sums = (
        cast(func.sum(times * step_kinds.c[one.value]) * weight, Integer).label(one.value) for one in asked.measures
    )
    return select(*keys, *sums).join_from(tallied, step_kinds, step_kinds.c.id == kind_id).group_by(*keys)


def _tallied(asked: Asked, *conditions: ColumnElement[bool], within: FromClause | None) -> FromClause:
    """Return how many steps of each kind fall into each cell and slice: keys, then kind_id and times."""
    placed = placed_units(asked.cells, "placed")
    keys = [
        placed.c.cell,
        *trait_columns(steps, asked.selection),
        slice_number(steps.c.day, asked.slices),
        steps.c.kind_id,
    ]
    facts = with_services(steps, asked.selection).join(placed, placed.c.id == steps.c.unit_id)
    if within is not None:
        facts = facts.join(within, (steps.c.day >= within.c.first) & (steps.c.day < within.c.until))
    return (
        select(*keys, cast(func.count(), Integer).label("times"))
        .select_from(facts)
        .where(*conditions)
        .group_by(*keys)
        .subquery()
    )
