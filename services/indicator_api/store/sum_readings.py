"""Kept sums added up over the places and pieces a selection is made of."""

from collections.abc import Sequence

from indicator_api.domain.grains import Grain, Piece
from indicator_api.store.facts import (
    Asked,
    asks_of_services,
    first,
    in_spans,
    keys_of,
    named,
    names_of,
    of_traits,
    with_services,
)

# Coarsest first. Sums by service are kept of no day: they would be as many as the dossiers.
UNIT_GRAINS = (Grain.YEAR, Grain.MONTH, Grain.DAY)
SERVICE_GRAINS = (Grain.YEAR, Grain.HALF, Grain.DAY)


def kept_summed(asked: Asked, places: Sequence[tuple[int, int]], pieces: Sequence[Piece]) -> str:
    """Select cell, traits, slice number and measures of the places, each with its cell, over the pieces."""
    selection, values = asked.selection, asked.values
    keys = keys_of(asked, "facts.start", "held.cell")
    sums = [f"coalesce(sum(facts.{one.value}), 0)::int" for one in asked.measures]
    kept = with_services("service_sums" if asks_of_services(selection) else "unit_sums", selection)
    spans, found = in_spans(pieces, values)
    numbers = values.place([place_id for place_id, _ in places], "int[]")
    cells = values.place([cell for _, cell in places], "int[]")
    return f"""SELECT {named([*keys, *sums], [*names_of(selection), *asked.measures])}
        FROM unnest({numbers}, {cells}) AS held (place_id, cell), {spans}, {kept}
        WHERE {" AND ".join(["facts.place_id = held.place_id", found, *of_traits(selection, values)])}
        GROUP BY {first(len(keys))}
    """  # noqa: S608 - put together from constants and places of values
