"""What the province offers: services in force and units with a one-stop shop."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from indicator_api.domain.definitions import Offered, ServiceRatio
from indicator_api.domain.online_levels import labels_at
from indicator_api.domain.rows import Group, RatioRow, in_order
from indicator_api.domain.selection import TIME, Dimension, Selection, UnitCells
from indicator_api.domain.slices import Slice
from indicator_api.domain.tree import Unit


@dataclass(frozen=True)
class Version:
    """A procedure as one decision made it; in force on `valid_from <= day < valid_to`."""

    procedure_code: str
    field: str
    level: str
    online_level: str
    at_one_stop: bool
    valid_from: date
    valid_to: date | None

    def overlaps(self, first: date, last: date) -> bool:
        """Say whether the version is in force on any of the days, both inclusive."""
        return self.valid_from <= last and (self.valid_to is None or first < self.valid_to)


# The procedure codes of each group, by its labels in the order grouped by, time aside.
Offers = Mapping[Group, Collection[str]]


def service_rows(
    ratio: ServiceRatio,
    versions: Iterable[Version],
    used: Offers,
    *,
    selection: Selection,
    units: Collection[Unit],
    one: Slice,
) -> list[RatioRow]:
    """Return services over services for each group of one slice; `used` are those with a dossier filed online.

    Rule: domain c.3: A asks the catalogue of the last day, B whatever was offered on any day.
    """
    last = one.end - timedelta(days=1)
    at_level = labels_at(ratio.online_levels)
    if ratio.offered is Offered.USED_ONLINE:
        offered = [
            one_of for one_of in versions if one_of.overlaps(one.start, last) and one_of.online_level in at_level
        ]
        return _over(used, offers(offered, selection, units), selection, one)
    in_force = [version for version in versions if version.overlaps(last, last)]
    if ratio.offered is Offered.AT_LEVEL:
        counted = [version for version in in_force if version.online_level in at_level]
    else:
        counted = [version for version in in_force if version.at_one_stop]
    return _over(offers(counted, selection, units), offers(in_force, selection, units), selection, one)


def unit_rows(selection: Selection, units: Collection[Unit], one: Slice) -> list[RatioRow]:
    """Return units with a one-stop shop over units, for each group of one slice."""
    groups: dict[Group, list[Unit]] = {} if _fixed(selection) else {(): []}
    for unit in units:
        groups.setdefault(tuple(_place(unit, dimension) for dimension in _fixed(selection)), []).append(unit)
    return [
        _row(labels, selection, one, sum(unit.has_one_stop for unit in members), len(members))
        for labels, members in groups.items()
    ]


def offers(versions: Iterable[Version], selection: Selection, units: Collection[Unit]) -> dict[Group, set[str]]:
    """Return the procedures each group offers.

    Rule: domain c.3 A: a unit offers the procedures of its own level of authority.
    """
    by_level: dict[str, list[Version]] = {}
    for version in versions:
        if _is_chosen(version, selection):
            by_level.setdefault(version.level, []).append(version)
    groups: dict[Group, set[str]] = {} if _fixed(selection) else {(): set()}
    for unit in _one_of_each_place(units, selection):
        for version in by_level.get(unit.level, ()):
            labels = tuple(_label(unit, version, dimension) for dimension in _fixed(selection))
            groups.setdefault(labels, set()).add(version.procedure_code)
    return groups


def used_online(
    found: Iterable[tuple[int, Mapping[Dimension, str]]], selection: Selection, cells: UnitCells
) -> dict[Group, set[str]]:
    """Return the procedures with a dossier filed online, by group, from the cells and labels they were found in."""
    groups: dict[Group, set[str]] = {}
    for cell, labels in found:
        named = {**cells.labels[cell], **labels}
        key = tuple(named[dimension] for dimension in _fixed(selection))
        groups.setdefault(key, set()).add(labels[Dimension.PROCEDURE])
    return groups


def _over(above: Offers, below: Offers, selection: Selection, one: Slice) -> list[RatioRow]:
    return [
        _row(labels, selection, one, len(codes & set(above.get(labels, ()))), len(codes))
        for labels, codes in ((labels, set(codes)) for labels, codes in below.items())
    ]


def _row(labels: Group, selection: Selection, one: Slice, numerator: int, denominator: int) -> RatioRow:
    named = {**dict(zip(_fixed(selection), labels, strict=True)), **one.labels}
    return RatioRow(in_order(selection, named), one, numerator, denominator)


def _fixed(selection: Selection) -> list[Dimension]:
    """Return the dimensions grouped by that are not of time."""
    return [dimension for dimension in selection.group_by if dimension not in TIME]


def _one_of_each_place(units: Collection[Unit], selection: Selection) -> Collection[Unit]:
    """Return one unit for all that offer the same in the same group."""
    if Dimension.UNIT in selection.group_by:
        return units
    return {unit.level: unit for unit in units}.values()


_SERVICE_LABELS: dict[Dimension, Callable[[Version], str]] = {
    Dimension.FIELD: lambda version: version.field,
    Dimension.PROCEDURE: lambda version: version.procedure_code,
    Dimension.ONLINE_LEVEL: lambda version: version.online_level,
}


def _label(unit: Unit, version: Version, dimension: Dimension) -> str:
    if dimension in _SERVICE_LABELS:
        return _SERVICE_LABELS[dimension](version)
    return _place(unit, dimension)


def _place(unit: Unit, dimension: Dimension) -> str:
    return unit.code if dimension is Dimension.UNIT else unit.level


def _is_chosen(version: Version, selection: Selection) -> bool:
    return (
        selection.field in {None, version.field}
        and selection.procedure_code in {None, version.procedure_code}
        and (selection.online_labels is None or version.online_level in selection.online_labels)
    )
