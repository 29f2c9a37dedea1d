"""Units, procedures and office hours: what the law's arithmetic is told by the province."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from functools import cached_property

from dossier_api.domain.errors import (
    ProcedureNotInForce,
    ProcedureUnknown,
    ProvinceWide,
    UnitNotOpen,
    UnitUnknown,
)
from shared.working_days import WorkingCalendar


class Level(StrEnum):
    """Level of administration (cấp)."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class TimeUnit(StrEnum):
    """What a processing time is counted in."""

    WORKING_DAY = "working_day"
    WORKING_HOUR = "working_hour"
    CALENDAR_DAY = "calendar_day"


class SupplementPolicy(StrEnum):
    """What a supplement request does to the clock.  Rule: domain b.3, four texts in force side by side."""

    RESTART = "restart"
    EXCLUDE = "exclude"
    END_AT_REQUEST = "end_at_request"
    NONE = "none"


@dataclass(frozen=True)
class ProcessingTime:
    """Time allowed; `amount` None is a procedure without a time limit."""

    amount: int | None
    unit: TimeUnit


@dataclass(frozen=True)
class OnlineLevel:
    """Online level under the scheme of the decree that defined it: nd43 1-4, nd42 and nd224 full/partial."""

    scheme: str
    value: str

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


@dataclass(frozen=True)
class ProcedureVersion:
    """A procedure (thủ tục hành chính) as one decision made it; in force on `valid_from <= day < valid_to`."""

    valid_from: date
    valid_to: date | None
    name: str
    field: str
    level: Level
    processing_time: ProcessingTime
    online_level: OnlineLevel
    at_one_stop: bool
    interlinked: str
    postal: bool
    supplement_policy: SupplementPolicy
    late_acceptance_after: time | None

    def is_in_force(self, day: date) -> bool:
        """Say whether this version holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True)
class Procedure:
    """A procedure with all its versions, oldest first, none overlapping."""

    code: str
    versions: tuple[ProcedureVersion, ...]

    def version_on(self, day: date) -> ProcedureVersion:
        """Return the version in force on `day`; raises ProcedureNotInForce."""
        for version in reversed(self.versions):
            if version.is_in_force(day):
                return version
        raise ProcedureNotInForce(self.code, day)


@dataclass(frozen=True)
class Unit:
    """A unit (cơ quan, đơn vị); open on `valid_from <= day < valid_to`."""

    code: str
    name: str
    level: Level
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    successor_codes: tuple[str, ...]
    has_one_stop: bool

    def is_open(self, day: date) -> bool:
        """Say whether the unit exists on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Span = tuple[time, time]


@dataclass(frozen=True)
class OfficeHours:
    """Opening spans by weekday (0 is Monday) of one unit, from one day on."""

    valid_from: date
    weekdays: Mapping[int, tuple[Span, ...]]


# Rule: domain e.1, the hours of most offices; a unit without hours of its own inherits, at last these.
DEFAULT_HOURS = OfficeHours(
    date.min, dict.fromkeys(range(5), ((time(7, 30), time(11, 30)), (time(13, 30), time(17, 0))))
)


@dataclass(frozen=True)
class Catalogue:
    """Everything the province has told us, ready for look-ups.  Office hours newest first."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    procedures: Mapping[str, Procedure] = field(default_factory=dict)
    office_hours: Mapping[str, tuple[OfficeHours, ...]] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        """Return a unit; raises UnitUnknown."""
        try:
            return self.units[code]
        except KeyError:
            raise UnitUnknown(code) from None

    def check_whole(self, root: str | None) -> None:
        """Refuse a caller who sees less than the whole tree.  Raises ProvinceWide."""
        if root is not None and (root not in self.units or self.units[root].parent_code is not None):
            raise ProvinceWide(root)

    def visible_unit(self, code: str, root: str | None) -> Unit:
        """Return a unit of the subtree of `root`; raises UnitUnknown for any other, as if it did not exist."""
        unit = self.unit(code)
        if not self.is_within(code, root):
            raise UnitUnknown(code)
        return unit

    def open_unit(self, code: str, day: date) -> Unit:
        """Return a unit that exists on `day`; raises UnitUnknown, UnitNotOpen."""
        unit = self.unit(code)
        if not unit.is_open(day):
            raise UnitNotOpen(code, day)
        return unit

    def version(self, procedure_code: str, day: date) -> ProcedureVersion:
        """Return the version in force on `day`; raises ProcedureUnknown, ProcedureNotInForce."""
        try:
            procedure = self.procedures[procedure_code]
        except KeyError:
            raise ProcedureUnknown(procedure_code) from None
        return procedure.version_on(day)

    def path(self, code: str) -> tuple[str, ...]:
        """Return the codes from the root down to a unit, itself included."""
        return self._paths.get(code, ())

    @cached_property
    def _paths(self) -> dict[str, tuple[str, ...]]:
        return {code: self._path(code) for code in self.units}

    def _path(self, code: str) -> tuple[str, ...]:
        path: list[str] = []
        step: str | None = code
        while step is not None and step in self.units and step not in path:
            path.append(step)
            step = self.units[step].parent_code
        return tuple(path[::-1])

    def is_within(self, code: str, root: str | None) -> bool:
        """Say whether a unit lies in the subtree of `root`; None is the whole tree."""
        return root is None or root in self.path(code)

    def subtree(self, root: str) -> Sequence[str]:
        """Return the codes of a unit and of all below it; none for a unit that is not known."""
        return self._subtrees.get(root, ())

    @cached_property
    def _subtrees(self) -> dict[str, list[str]]:
        subtrees = defaultdict[str, list[str]](list)
        for code, path in self._paths.items():
            for above in path:
                subtrees[above].append(code)
        return dict(subtrees)

    @cached_property
    def closing(self) -> tuple[str, ...]:
        """Return the codes of the units that have an end, come or to come."""
        return tuple(code for code, unit in self.units.items() if unit.valid_to is not None)

    def line_of(self, unit_code: str) -> tuple[tuple[date, str], ...]:
        """Return a unit and its successors in turn, each with the day it takes over; the first has always been there.

        Of several successors the first named takes over; what belongs to another is then transferred to it.
        """
        return self._lines.get(unit_code) or ((date.min, unit_code),)

    @cached_property
    def _lines(self) -> dict[str, tuple[tuple[date, str], ...]]:
        return {code: tuple(self._line(code)) for code in self.units}

    def _line(self, code: str) -> Iterator[tuple[date, str]]:
        since, seen = date.min, set[str]()
        while code not in seen:
            yield since, code
            seen.add(code)
            unit = self.units.get(code)
            if unit is None or unit.valid_to is None or not unit.successor_codes:
                return
            since, code = unit.valid_to, unit.successor_codes[0]

    def unit_on(self, unit_code: str, day: date) -> str:
        """Return the unit that has on `day` what was put with `unit_code`."""
        line = self.line_of(unit_code)
        return unit_code if len(line) == 1 else [code for since, code in line if since <= day][-1]

    def hours_on(self, unit_code: str, day: date) -> OfficeHours:
        """Return a unit's office hours on a day, its nearest ancestor's where it has none."""
        for hours in self._hours.get(unit_code, ()):
            if hours.valid_from <= day:
                return hours
        return DEFAULT_HOURS

    @cached_property
    def _hours(self) -> dict[str, tuple[OfficeHours, ...]]:
        """The hours that may hold for each unit, its own before its parent's."""
        return {
            code: tuple(hours for step in reversed(self.path(code)) for hours in self.office_hours.get(step, ()))
            for code in self.units
        }


@dataclass(frozen=True)
class CalendarDay:
    """One official day: `off`, `worked`, or `usual` where an earlier entry is taken back.

    An estimate is what the law lets expect of a year for which no decision is out yet.
    """

    day: date
    kind: str
    decision: str
    name: str | None = None
    is_estimate: bool = False


def calendar_of(days: Iterable[CalendarDay]) -> WorkingCalendar:
    """Return the working calendar that official days make."""
    known = [day for day in days if day.kind != "usual"]
    return WorkingCalendar(
        off={day.day for day in known if day.kind == "off"},
        worked={day.day for day in known if day.kind == "worked"},
        estimated_from=_estimated_from(known),
    )


def _estimated_from(known: Sequence[CalendarDay]) -> date | None:
    """Return the first day of the first year not decided yet; None where no year is known at all."""
    if not known:
        return None
    estimated = [day.day.year for day in known if day.is_estimate]
    return date(min(estimated, default=max(day.day.year for day in known) + 1), 1, 1)


def without_overlap(versions: Iterable[ProcedureVersion]) -> tuple[ProcedureVersion, ...]:
    """Order versions by start and end each, at the latest, where the next begins."""
    ordered = sorted(versions, key=lambda version: version.valid_from)
    ends = [version.valid_from for version in ordered[1:]]
    return (*(_ended(version, end) for version, end in zip(ordered, ends, strict=False)), *ordered[-1:])


def _ended(version: ProcedureVersion, end: date) -> ProcedureVersion:
    valid_to = end if version.valid_to is None else min(version.valid_to, end)
    return ProcedureVersion(**{**vars(version), "valid_to": valid_to})
