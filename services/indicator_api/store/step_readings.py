"""Steps summed dossier by dossier: what was known once, the edges of a span, what came late."""

from collections.abc import Sequence

from indicator_api.domain.grains import Piece
from indicator_api.store.facts import Asked, Values, first, keys_of, named, names_of, placed_units, with_services

_NEEDED = "day, unit_id, service_id, channel, kind_id"


def is_within(pieces: Sequence[Piece], values: Values) -> str:
    """Return the condition that a step falls into one of the pieces.

    Spelt out and not joined, so that the planner knows how few days they are: else it reads all steps of a unit.
    """
    spans = ((values.place(piece.start, "date"), values.place(piece.end, "date")) for piece in pieces)
    return f"({' OR '.join(f'facts.day >= {start} AND facts.day < {end}' for start, end in spans)})"


def steps_summed(asked: Asked, *conditions: str, recorded: str | None = None, weight: int = 1) -> str:
    """Select cell, traits, slice number and measures of the steps that meet the conditions.

    Those that meet a condition on the day and the day of record are looked up before any unit is: they lie where rows
    were written about that time. By unit they would be looked for among all its years.
    """
    keys, names = keys_of(asked, "facts.day", "placed.cell"), names_of(asked.selection)
    sums = (f"(sum(times * kind.{one.value}) * {weight})::int AS {one.value}" for one in asked.measures)
    found = "" if recorded is None else f"WITH found AS MATERIALIZED (SELECT {_NEEDED} FROM steps WHERE {recorded}) "  # noqa: S608 - as below
    facts = with_services("steps" if recorded is None else "found", asked.selection)
    return f"""{found}SELECT {", ".join([*names, *sums])}
        FROM (
            SELECT {named(keys, names)}, facts.kind_id, count(*)::int AS times
            FROM {facts} JOIN {placed_units(asked.cells, asked.values)} AS placed ON placed.id = facts.unit_id
            WHERE {" AND ".join(conditions) or "true"}
            GROUP BY {first(len(keys) + 1)}
        ) AS tallied JOIN step_kinds AS kind ON kind.id = tallied.kind_id
        GROUP BY {first(len(keys))}
    """  # noqa: S608 - put together from constants and places of values
