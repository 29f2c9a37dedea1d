"""The dossiers behind a count: the same steps, summed by dossier instead of by group."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.counts import Term, Window
from indicator_api.domain.measures import TRANSFERS, Measure
from indicator_api.domain.rows import Contribution
from indicator_api.domain.selection import Selection, UnitCells
from indicator_api.store.facts import Values, chosen, fetched, placed_units, with_services


async def list_contributions(
    session: AsyncSession, selection: Selection, *, cells: UnitCells, terms: Sequence[Term], after: str, limit: int
) -> list[Contribution]:
    """Return the dossiers whose terms do not come to nothing, by code, from after a code on."""
    values = Values()
    parts = [
        *_step_parts(selection, cells, [term for term in terms if term.measure not in TRANSFERS], values),
        *(_transfer_part(selection, cells, term, values) for term in terms if term.measure in TRANSFERS),
    ]
    statement = f"""SELECT dossiers.code, sum(times)
        FROM ({" UNION ALL ".join(parts)}) AS counted JOIN dossiers ON dossiers.id = counted.dossier_id
        WHERE dossiers.code > {values.place(after, "text")}
        GROUP BY dossiers.code HAVING sum(times) <> 0 ORDER BY dossiers.code LIMIT {values.place(limit, "int")}
    """  # noqa: S608 - put together from constants and places of values
    return [Contribution(*row) for row in await fetched(session, statement, values)]


def _step_parts(selection: Selection, cells: UnitCells, terms: Sequence[Term], values: Values) -> list[str]:
    if not terms:
        return []
    times = " + ".join(_weighed(term, selection, values) for term in terms)
    conditions = [f"{times} <> 0", *chosen(selection, values)]
    if all(term.window is Window.WITHIN for term in terms):
        conditions.append(_is_within(selection, values))
    return [
        f"""SELECT facts.dossier_id, {times} AS times
        FROM {with_services("steps", selection)}
            JOIN {placed_units(cells, values)} AS placed ON placed.id = facts.unit_id
            JOIN step_kinds AS kind ON kind.id = facts.kind_id
        WHERE {" AND ".join(conditions)}
    """  # noqa: S608 - put together from constants and places of values
    ]


def _is_within(selection: Selection, values: Values) -> str:
    return f"facts.day >= {values.place(selection.period.start, 'date')}"


def _weighed(term: Term, selection: Selection, values: Values) -> str:
    weighed = f"kind.{term.measure.value} * ({term.weight})"
    match term.window:
        case Window.WITHIN:
            return f"CASE WHEN {_is_within(selection, values)} THEN {weighed} ELSE 0 END"
        case Window.BEFORE:
            return f"CASE WHEN {_is_within(selection, values)} THEN 0 ELSE {weighed} END"
        case Window.UNTIL_END:
            return weighed


def _transfer_part(selection: Selection, cells: UnitCells, term: Term, values: Values) -> str:
    comes_in = term.measure is Measure.TRANSFERRED_IN
    inside, outside = ("entered", "departed") if comes_in else ("departed", "entered")
    units = placed_units(cells, values)
    conditions = [f"{inside}.id IS NOT NULL", f"{outside}.id IS NULL", _is_within(selection, values)]
    return f"""SELECT facts.dossier_id, facts.moved * ({term.weight}) AS times
        FROM {with_services("transfers", selection)}
            LEFT JOIN {units} AS departed ON departed.id = facts.from_unit_id
            LEFT JOIN {units} AS entered ON entered.id = facts.to_unit_id
        WHERE {" AND ".join([*conditions, *chosen(selection, values)])}
    """  # noqa: S608 - put together from constants and places of values
