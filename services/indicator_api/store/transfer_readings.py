"""Transfers between the cells of a selection and what lies outside them."""

from collections.abc import Sequence

from indicator_api.domain.grains import Piece
from indicator_api.store.facts import Asked, chosen, first, in_spans, keys_of, of_traits, placed_units, with_services


def transfers_moved(asked: Asked) -> str:
    """Select the cell left, the cell entered, traits, slice number and how many moved, dossier by dossier."""
    start = asked.values.place(asked.selection.period.start, "date")
    conditions = [f"facts.day >= {start}", *chosen(asked.selection, asked.values)]
    return _moved(asked, with_services("transfers", asked.selection), "facts.day", conditions)


def kept_moved(asked: Asked, pieces: Sequence[Piece]) -> str:
    """Select the same from the kept sums, which tell no services apart and know all that was recorded."""
    start = asked.selection.period.start
    spans, found = in_spans([piece for piece in pieces if piece.end > start], asked.values)
    conditions = [f"facts.start >= {asked.values.place(start, 'date')}", *of_traits(asked.selection, asked.values)]
    return _moved(asked, f"{spans} JOIN transfer_sums AS facts ON {found}", "facts.start", conditions)


def _moved(asked: Asked, facts: str, day: str, conditions: Sequence[str]) -> str:
    keys = keys_of(asked, day, "departed.cell", "entered.cell")
    units = placed_units(asked.cells, asked.values)
    return f"""SELECT {", ".join(keys)}, sum(facts.moved)::bigint AS moved
        FROM {facts} LEFT JOIN {units} AS departed ON departed.id = facts.from_unit_id
            LEFT JOIN {units} AS entered ON entered.id = facts.to_unit_id
        WHERE {" AND ".join(["departed.cell IS DISTINCT FROM entered.cell", *conditions])}
        GROUP BY {first(len(keys))}
    """  # noqa: S608 - put together from constants and places of values
