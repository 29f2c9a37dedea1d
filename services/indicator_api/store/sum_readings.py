"""Kept sums added up over the places and pieces a selection is made of."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Select, Table, bindparam, cast, func, select, true

from indicator_api.domain.grains import Grain, Piece
from indicator_api.domain.measures import Measure
from indicator_api.store.facts import (
    Asked,
    asks_of_services,
    of_traits,
    slice_number,
    spans_of,
    trait_columns,
    with_services,
)
from indicator_api.store.tables import service_sums, unit_sums

# Coarsest first. Sums by service are kept of no day: they would be as many as the dossiers.
UNIT_GRAINS = (Grain.YEAR, Grain.MONTH, Grain.DAY)
SERVICE_GRAINS = (Grain.YEAR, Grain.HALF, Grain.DAY)


def kept_summed(asked: Asked, places: Sequence[tuple[int, int]], pieces: Sequence[Piece]) -> Select[Any]:
    """Select cell, traits, slice number and measures of the places, each with its cell, over the pieces."""
    kept = service_sums if asks_of_services(asked.selection) else unit_sums
    held, spans = _held(places), spans_of(pieces)
    keys = [held.c.cell, *trait_columns(kept, asked.selection), slice_number(kept.c.start, asked.slices)]
    found = (
        (kept.c.place_id == held.c.place_id)
        & (kept.c.grain == spans.c.grain)
        & (kept.c.start >= spans.c.first)
        & (kept.c.start < spans.c.until)
    )
    return (
        select(*keys, *_sums(kept, tuple(asked.measures)))
        .select_from(held.join(spans, true()).join(with_services(kept, asked.selection), found))
        .where(*of_traits(kept, asked.selection))
        .group_by(*keys)
    )


@cache
def _sums(kept: Table, measures: tuple[Measure, ...]) -> list[ColumnElement[int]]:
    """Return the sums of measures: for a dozen and a half, to compose them takes longer than to read them."""
    added = (func.coalesce(func.sum(kept.c[measure.value]), 0) for measure in measures)
    return [cast(one, Integer).label(f"sum_{place}") for place, one in enumerate(added)]


def _held(places: Sequence[tuple[int, int]]) -> Any:
    numbers = bindparam("place_ids", [place_id for place_id, _ in places], ARRAY(Integer))
    cells = bindparam("place_cells", [cell for _, cell in places], ARRAY(Integer))
    return func.unnest(numbers, cells).table_valued("place_id", "cell", name="held").render_derived()
