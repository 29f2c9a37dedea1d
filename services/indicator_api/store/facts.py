"""The parts every statement about steps or transfers is put together of: SQL, and the values it carries.

To put them together of SQLAlchemy's expressions took as long as everything else about a question.  All of them call
the table they read `facts`, and name tables bare.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.domain.grains import Piece
from indicator_api.domain.measures import Measure
from indicator_api.domain.rows import traits
from indicator_api.domain.selection import Dimension, Selection, Since, UnitCells
from indicator_api.domain.slices import Slice
from indicator_api.store.tables import CHANNELS

_SERVICE_COLUMNS = {
    Dimension.FIELD: "services.field",
    Dimension.PROCEDURE: "services.procedure_code",
    Dimension.ONLINE_LEVEL: "services.online_level",
}


class Values(list[Any]):
    """The values of one statement, in the order of their places."""

    def place(self, value: object, kind: str) -> str:
        """Add a value of a PostgreSQL type; return its place in the statement."""
        self.append(value)
        return f"${len(self)}::{kind}"


@dataclass(frozen=True)
class Asked:
    """What is to be summed: of which selection, into which cells and slices, which measures.

    `values` takes in what the parts of its statement carry.
    """

    selection: Selection
    cells: UnitCells
    slices: Sequence[Slice]
    measures: Sequence[Measure]
    values: Values = field(default_factory=Values)


async def fetched(session: AsyncSession, statement: str, values: Values) -> Sequence[Sequence[Any]]:
    """Return the rows of a statement put together of the parts below."""
    connection = await session.connection()
    return (await connection.exec_driver_sql(statement, tuple(values))).all()


def placed_units(cells: UnitCells, values: Values) -> str:
    """Return the selected units as a table of id and cell."""
    codes, numbers = values.place([*cells.cells], "text[]"), values.place([*cells.cells.values()], "int[]")
    given = f"unnest({codes}, {numbers}) AS given (code, cell)"
    return f"(SELECT units.id, given.cell FROM units JOIN {given} ON given.code = units.code)"  # noqa: S608 - places only


def asks_of_services(selection: Selection) -> bool:
    """Say whether a selection tells services apart."""
    asked = (selection.fields, selection.procedure_codes, selection.online_labels)
    return any(one is not None for one in asked) or any(trait in _SERVICE_COLUMNS for trait in traits(selection))


def with_services(facts: str, selection: Selection) -> str:
    """Return a table of facts, joined to their services where the selection speaks of those."""
    joined = " JOIN services ON services.id = facts.service_id" if asks_of_services(selection) else ""
    return f"{facts} AS facts{joined}"


def chosen(selection: Selection, values: Values) -> list[str]:
    """Return the conditions a selection puts on steps or transfers, its units and first day aside."""
    conditions = [f"facts.day <= {values.place(selection.as_of, 'date')}"]
    if selection.known_at is not None:
        conditions.append(f"facts.recorded_on <= {values.place(selection.known_at, 'date')}")
    if selection.since is not None:
        conditions.append(_became_known(selection.since, values))
    return [*conditions, *of_traits(selection, values)]


def of_traits(selection: Selection, values: Values) -> list[str]:
    """Return the conditions on service and channel, for anything that has both."""
    channels = None if selection.channels is None else {CHANNELS.index(channel) for channel in selection.channels}
    narrowed: tuple[tuple[str, Collection[Any] | None, str], ...] = (
        ("services.field", selection.fields, "text[]"),
        ("services.procedure_code", selection.procedure_codes, "text[]"),
        ("services.online_level", selection.online_labels, "text[]"),
        ("facts.channel", channels, "smallint[]"),
    )
    return [
        f"{column} = ANY ({values.place(sorted(among), kind)})" for column, among, kind in narrowed if among is not None
    ]


def _became_known(since: Since, values: Values) -> str:
    after = f"facts.position > {values.place(since.position, 'bigint')}"
    if since.recorded_on is None:
        return after
    return f"({after} OR facts.recorded_on > {values.place(since.recorded_on, 'date')})"


def keys_of(asked: Asked, day: str, *cells: str) -> list[str]:
    """Return what is grouped by: cells, the traits as asked, and the number of the slice a day falls in.

    It is 0 before the first slice, then 1 and on.
    """
    columns = (_SERVICE_COLUMNS.get(trait, "facts.channel") for trait in traits(asked.selection))
    starts = asked.values.place([one.start for one in asked.slices], "date[]")
    return [*cells, *columns, f"width_bucket({day}, {starts})"]


def names_of(selection: Selection) -> list[str]:
    """Return what the columns that sums are grouped by are called."""
    return ["cell", *(f"trait_{place}" for place in range(len(traits(selection)))), "slice_number"]


def named(columns: Iterable[str], names: Iterable[str]) -> str:
    """Return columns under their names."""
    return ", ".join(f"{column} AS {name}" for column, name in zip(columns, names, strict=True))


def first(number: int) -> str:
    """Return the first columns of a statement, by number, to be grouped or ordered by."""
    return ", ".join(str(place) for place in range(1, number + 1))


def labeller(selection: Selection) -> Callable[[Sequence[Any]], tuple[str, ...]]:
    """Return the function that turns the trait columns of a row into labels."""
    channel_at = [trait is Dimension.CHANNEL for trait in traits(selection)]

    def label(found: Sequence[Any]) -> tuple[str, ...]:
        return tuple(
            CHANNELS[value] if is_channel else value for value, is_channel in zip(found, channel_at, strict=True)
        )

    return label


def in_spans(pieces: Sequence[Piece], values: Values) -> tuple[str, str]:
    """Return pieces as a table, and the condition that a kept sum falls into one of them."""
    columns = (
        values.place([piece.grain.value for piece in pieces], "smallint[]"),
        values.place([piece.start for piece in pieces], "date[]"),
        values.place([piece.end for piece in pieces], "date[]"),
    )
    spans = f"unnest({', '.join(columns)}) AS spans (grain, first, until)"
    return spans, "facts.grain = spans.grain AND facts.start >= spans.first AND facts.start < spans.until"
