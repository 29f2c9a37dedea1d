"""The parts every statement about steps or transfers is built of."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Date,
    FromClause,
    Integer,
    SmallInteger,
    Subquery,
    TableValuedAlias,
    Text,
    any_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.sql.elements import ColumnElement

from indicator_api.domain.grains import Piece
from indicator_api.domain.measures import Measure
from indicator_api.domain.rows import traits
from indicator_api.domain.selection import Dimension, Selection, Since, UnitCells
from indicator_api.domain.slices import Slice
from indicator_api.store.tables import CHANNELS, services, units

_SERVICE_COLUMNS = {
    Dimension.FIELD: services.c.field,
    Dimension.PROCEDURE: services.c.procedure_code,
    Dimension.ONLINE_LEVEL: services.c.online_level,
}


def placed_units(cells: UnitCells, name: str) -> Subquery:
    """Return the selected units as a table of id and cell."""
    given = (
        func.unnest(
            bindparam(f"{name}_codes", list(cells.cells), ARRAY(Text)),
            bindparam(f"{name}_cells", list(cells.cells.values()), ARRAY(Integer)),
        )
        .table_valued("code", "cell", name=f"{name}_given")
        .render_derived()
    )
    return select(units.c.id, given.c.cell).join_from(units, given, given.c.code == units.c.code).subquery(name)


def asks_of_services(selection: Selection) -> bool:
    """Say whether a selection tells services apart."""
    asked = (selection.fields, selection.procedure_codes, selection.online_labels)
    return any(one is not None for one in asked) or any(trait in _SERVICE_COLUMNS for trait in traits(selection))


def with_services(facts: FromClause, selection: Selection) -> FromClause:
    """Return steps or transfers, joined to their services where the selection speaks of those."""
    if asks_of_services(selection):
        return facts.join(services, services.c.id == facts.c.service_id)
    return facts


def chosen(facts: FromClause, selection: Selection) -> list[ColumnElement[bool]]:
    """Return the conditions a selection puts on steps or transfers, its units and first day aside."""
    conditions: list[ColumnElement[bool]] = [facts.c.day <= selection.as_of]
    if selection.known_at is not None:
        conditions.append(facts.c.recorded_on <= selection.known_at)
    if selection.since is not None:
        conditions.append(_became_known(facts, selection.since))
    return [*conditions, *of_traits(facts, selection)]


def of_traits(facts: FromClause, selection: Selection) -> list[ColumnElement[bool]]:
    """Return the conditions on service and channel, for anything that has both."""
    channels = None if selection.channels is None else {CHANNELS.index(channel) for channel in selection.channels}
    narrowed = (
        (services.c.field, selection.fields),
        (services.c.procedure_code, selection.procedure_codes),
        (services.c.online_level, selection.online_labels),
        (facts.c.channel, channels),
    )
    return [_among(column, values) for column, values in narrowed if values is not None]


def _among(column: ColumnElement[Any], values: Collection[Any]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of the values: the same text for one value as for twenty."""
    return column == any_(bindparam(None, sorted(values), ARRAY(column.type), unique=True))


def _became_known(facts: FromClause, since: Since) -> ColumnElement[bool]:
    after = facts.c.position > since.position
    return after if since.recorded_on is None else or_(after, facts.c.recorded_on > since.recorded_on)


def trait_columns(facts: FromClause, selection: Selection) -> list[ColumnElement[Any]]:
    """Return the columns of the traits grouped by, as asked: `trait_0` and on."""
    columns = (_SERVICE_COLUMNS.get(trait, facts.c.channel) for trait in traits(selection))
    return [column.label(f"trait_{place}") for place, column in enumerate(columns)]


def labeller(selection: Selection) -> Callable[[Sequence[Any]], tuple[str, ...]]:
    """Return the function that turns the trait columns of a row into labels."""
    channel_at = [trait is Dimension.CHANNEL for trait in traits(selection)]

    def label(found: Sequence[Any]) -> tuple[str, ...]:
        return tuple(
            CHANNELS[value] if is_channel else value for value, is_channel in zip(found, channel_at, strict=True)
        )

    return label


def slice_number(day: ColumnElement[Any], slices: Sequence[Slice]) -> ColumnElement[int]:
    """Return the number of the slice a day falls in: 0 before the first, then 1 and on."""
    starts = bindparam("starts", [one.start for one in slices], ARRAY(Date), unique=True)
    return func.width_bucket(day, starts, type_=Integer).label("slice_number")


@dataclass(frozen=True)
class Asked:
    """What is to be summed: of which selection, into which cells and slices, which measures."""

    selection: Selection
    cells: UnitCells
    slices: Sequence[Slice]
    measures: Sequence[Measure]


def spans_of(pieces: Sequence[Piece]) -> TableValuedAlias:
    """Return pieces as a table of grain, first and until."""
    columns = (
        bindparam("grains", [piece.grain.value for piece in pieces], ARRAY(SmallInteger), unique=True),
        bindparam("firsts", [piece.start for piece in pieces], ARRAY(Date), unique=True),
        bindparam("untils", [piece.end for piece in pieces], ARRAY(Date), unique=True),
    )
    return func.unnest(*columns).table_valued("grain", "first", "until", name="spans").render_derived()
