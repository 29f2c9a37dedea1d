"""What the province offers: services in force and units with a one-stop shop."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from indicator_api.domain.formulae import Offered, ServiceRatio
from indicator_api.domain.online_levels import LEVELS
from indicator_api.domain.rows import Group, Labels, RatioRow, in_order
from indicator_api.domain.selection import TIME, Dimension, Selection, UnitCells
from indicator_api.domain.slices import Slice
from indicator_api.domain.tree import Unit


@dataclass(frozen=True)
class Version:
    """A procedure as one decision made it; in force on `valid_from <= day < valid_to`."""

    procedure_code: str
    name: str
    field: str
    level: str
    online_level: str
    at_one_stop: bool
    valid_from: date
    valid_to: date | None

    def overlaps(self, first: date, last: date) -> bool:
        """Say whether the version is in force on any of the days, both inclusive."""
        return self.valid_from <= last and (self.valid_to is None or first < self.valid_to)


class Authority(NamedTuple):
    """The units of one level that are shown under the same labels and exist on the same of the days asked.

    They offer the same services.  Both days are inclusive.
    """

    labels: Labels
    level: str
    first: date
    last: date


# The procedure codes of each group, by its labels in the order grouped by, time aside.
Offers = Mapping[Group, Collection[str]]


def service_rows(
    ratio: ServiceRatio,
    versions: Iterable[Version],
    used: Offers,
    *,
    selection: Selection,
    authorities: Collection[Authority],
    one: Slice,
    limit: int,
) -> list[RatioRow]:
    """Return services over services for at most `limit` groups of one slice, the first by place.

    `authorities` are those of `asked_days`, `used` the services with a dossier filed online.
    """
    above, below = service_parts(
        ratio, versions, used, selection=selection, authorities=authorities, days=asked_days(ratio, one), limit=limit
    )
    return [
        _row(labels, selection, one, len(codes.intersection(above.get(labels, ()))), len(codes))
        for labels, codes in below.items()
    ]


def service_parts(
    ratio: ServiceRatio,
    versions: Iterable[Version],
    used: Offers,
    *,
    selection: Selection,
    authorities: Collection[Authority],
    days: tuple[date, date],
    limit: int,
) -> tuple[Offers, Mapping[Group, set[str]]]:
    """Return the services above the line and those below it, by group; above may name some that are not below."""
    offered = [version for version in versions if version.overlaps(*days)]
    if ratio.offered is Offered.USED_ONLINE:
        return used, offers(_above_the_line(ratio, offered), selection, authorities, limit=limit)
    above = offers(_above_the_line(ratio, offered), selection, authorities, limit=limit)
    return above, offers(offered, selection, authorities, limit=limit)


def asked_days(ratio: ServiceRatio, one: Slice) -> tuple[date, date]:
    """Return the first and last day on which a service must be offered to count.

    Rule: domain c.3: A asks the catalogue of the last day, B counts what was offered on any day.
    """
    return (one.start if ratio.offered is Offered.USED_ONLINE else one.last), one.last


def _above_the_line(ratio: ServiceRatio, versions: Iterable[Version]) -> list[Version]:
    return [version for version in versions if is_above_the_line(ratio, version)]


def is_above_the_line(ratio: ServiceRatio, version: Version) -> bool:
    """Say whether a version is of the kind a ratio counts: at the one-stop shop, or at one of its online levels."""
    if ratio.offered is Offered.AT_ONE_STOP:
        return version.at_one_stop
    return LEVELS.get(version.online_level) in ratio.online_levels


def in_force_at(versions: Iterable[Version], selection: Selection, levels: Collection[str]) -> list[Version]:
    """Return the chosen services of some levels of authority in force on the last day seen, each once."""
    day = selection.as_of
    found = {
        version.procedure_code: version
        for version in versions
        if version.level in levels and version.overlaps(day, day) and _is_chosen(version, selection)
    }
    return [found[code] for code in sorted(found)]


def unit_rows(selection: Selection, units: Collection[Unit], one: Slice) -> list[RatioRow]:
    """Return units with a one-stop shop over units, for each group of one slice."""
    groups: dict[Group, list[Unit]] = {} if _fixed(selection) else {(): []}
    for unit in units:
        groups.setdefault(tuple(_place_labels(unit)[dimension] for dimension in _fixed(selection)), []).append(unit)
    return [
        _row(labels, selection, one, sum(unit.has_one_stop for unit in members), len(members))
        for labels, members in groups.items()
    ]


def authorities_of(units: Iterable[Unit], cells: UnitCells, *, days: tuple[date, date]) -> list[Authority]:
    """Return the authorities units make up on the days asked, both inclusive, in the order of their labels."""
    found = {(cells.cells[unit.code], unit.level, *unit.existence_within(*days)) for unit in units}
    return [Authority(cells.labels[cell], level, first, last) for cell, level, first, last in sorted(found)]


def offers(
    versions: Iterable[Version], selection: Selection, authorities: Iterable[Authority], *, limit: int
) -> dict[Group, set[str]]:
    """Return the procedures each group offers, the first `limit` groups by place, then by service.

    Rule: domain c.3 A: a unit offers the procedures of its own level of authority, while it exists.
    """
    traits = [dimension for dimension in selection.group_by if dimension in _SERVICE_LABELS]
    chosen = [version for version in versions if _is_chosen(version, selection)]
    known: dict[tuple[str, date, date], dict[Group, set[str]]] = {}
    groups: dict[Group, set[str]] = {} if _fixed(selection) else {(): set()}
    for authority in authorities:
        asked = (authority.level, authority.first, authority.last)
        if asked not in known:
            known[asked] = _by_labels(chosen, traits, *asked)
        for labels, codes in known[asked].items():
            named = {**authority.labels, **dict(zip(traits, labels, strict=True))}
            key = tuple(named[dimension] for dimension in _fixed(selection))
            if key not in groups and len(groups) == limit:
                return groups
            groups[key] = groups.get(key, set()) | codes
    return groups


def _by_labels(
    versions: Iterable[Version], traits: Iterable[Dimension], level: str, first: date, last: date
) -> dict[Group, set[str]]:
    """Return the procedures of a level in force on any of the days, by their labels, in the order of these."""
    found: dict[Group, set[str]] = {}
    for version in versions:
        if version.level == level and version.overlaps(first, last):
            labels = tuple(_SERVICE_LABELS[trait](version) for trait in traits)
            found.setdefault(labels, set()).add(version.procedure_code)
    return dict(sorted(found.items()))


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


def _row(labels: Group, selection: Selection, one: Slice, numerator: int, denominator: int) -> RatioRow:
    named = {**dict(zip(_fixed(selection), labels, strict=True)), **one.labels}
    return RatioRow(in_order(selection, named), one, numerator, denominator)


def _fixed(selection: Selection) -> list[Dimension]:
    """Return the dimensions grouped by that are not of time."""
    return [dimension for dimension in selection.group_by if dimension not in TIME]


_SERVICE_LABELS: dict[Dimension, Callable[[Version], str]] = {
    Dimension.FIELD: lambda version: version.field,
    Dimension.PROCEDURE: lambda version: version.procedure_code,
    Dimension.ONLINE_LEVEL: lambda version: version.online_level,
}


def _place_labels(unit: Unit) -> dict[Dimension, str]:
    return {Dimension.UNIT: unit.code, Dimension.LEVEL: unit.level}


def _is_chosen(version: Version, selection: Selection) -> bool:
    narrowed = (
        (selection.fields, version.field),
        (selection.procedure_codes, version.procedure_code),
        (selection.online_labels, version.online_level),
    )
    return all(values is None or value in values for values, value in narrowed)
