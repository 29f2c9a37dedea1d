"""Transfers between the cells of a selection and what lies outside them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, FromClause, Select, cast, func, select

from indicator_api.domain.grains import Piece
from indicator_api.store.facts import (
    Asked,
    chosen,
    of_traits,
    placed_units,
    slice_number,
    spans_of,
    trait_columns,
    with_services,
)
from indicator_api.store.tables import transfer_sums, transfers


def transfers_moved(asked: Asked) -> Select[Any]:
    """Select the cell left, the cell entered, traits, slice number and how many moved, dossier by dossier."""
    facts = with_services(transfers, asked.selection)
    is_within = transfers.c.day >= asked.selection.period.start
    return _moved(asked, transfers, facts, transfers.c.day).where(is_within, *chosen(transfers, asked.selection))


def kept_moved(asked: Asked, pieces: Sequence[Piece]) -> Select[Any]:
    """Select the same from the kept sums, which tell no services apart and know all that was recorded."""
    kept = transfer_sums
    start = asked.selection.period.start
    spans = spans_of([piece for piece in pieces if piece.end > start])
    facts = spans.join(
        kept,
        (kept.c.grain == spans.c.grain) & (kept.c.start >= spans.c.first) & (kept.c.start < spans.c.until),
    )
    return _moved(asked, kept, facts, kept.c.start).where(kept.c.start >= start, *of_traits(kept, asked.selection))


def _moved(asked: Asked, table: FromClause, facts: FromClause, day: ColumnElement[Any]) -> Select[Any]:
    left, entered = placed_units(asked.cells, "departed"), placed_units(asked.cells, "entered")
    keys = [
        left.c.cell.label("cell_left"),
        entered.c.cell.label("cell_entered"),
        *trait_columns(table, asked.selection),
        slice_number(day, asked.slices),
    ]
    return (
        select(*keys, cast(func.sum(table.c.moved), BigInteger).label("moved"))
        .select_from(
            facts.outerjoin(left, left.c.id == table.c.from_unit_id).outerjoin(
                entered, entered.c.id == table.c.to_unit_id
            )
        )
        .where(left.c.cell.is_distinct_from(entered.c.cell))
        .group_by(*keys)
    )
