"""The units of the province and who stands below whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta


@dataclass(frozen=True)
class Unit:
    """A unit (cơ quan, đơn vị); in force on `valid_from <= day < valid_to`."""

    code: str
    level: str
    parent_code: str | None
    valid_from: date
    valid_to: date | None
    has_one_stop: bool
    name: str = ""
    successor_codes: tuple[str, ...] = ()

    def exists_between(self, first: date, last: date) -> bool:
        """Say whether the unit exists on any of the days, both inclusive."""
        return self.valid_from <= last and (self.valid_to is None or first < self.valid_to)

    def existence_within(self, first: date, last: date) -> tuple[date, date]:
        """Return the first and last of the days on which the unit exists, all inclusive; it must on one of them."""
        until = last if self.valid_to is None else min(last, self.valid_to - timedelta(days=1))
        return max(first, self.valid_from), until


@dataclass(frozen=True)
class Tree:
    """All units ever, closed ones included, by code."""

    units: Mapping[str, Unit]
    _children: Mapping[str | None, list[str]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        children: dict[str | None, list[str]] = {}
        for unit in self.units.values():
            children.setdefault(unit.parent_code, []).append(unit.code)
        object.__setattr__(self, "_children", children)

    @property
    def root(self) -> str | None:
        """Return the one unit above all others; None if there is no such unit."""
        roots = [unit.code for unit in self.units.values() if unit.parent_code not in self.units]
        return roots[0] if len(roots) == 1 else None

    def subtree(self, code: str | None) -> frozenset[str]:
        """Return a unit and all below it; everything for None, nothing for a unit not in the tree."""
        if code is None:
            return frozenset(self.units)
        found: set[str] = set()
        waiting = [code] if code in self.units else []
        while waiting:
            unit_code = waiting.pop()
            if unit_code not in found:
                found.add(unit_code)
                waiting += self._children.get(unit_code, [])
        return frozenset(found)

    def today(self, code: str, day: date) -> str:
        """Return the unit that has on `day` what was with `code`: its successor, the successor's own, and so on.

        Rule: contract section 2. Of several successors the first named takes over, as for open dossiers.
        """
        seen: set[str] = set()
        while code not in seen:
            seen.add(code)
            unit = self.units[code]
            if unit.valid_to is None or day < unit.valid_to or not unit.successor_codes:
                break
            code = unit.successor_codes[0] if unit.successor_codes[0] in self.units else code
        return code

    def children(self, code: str | None) -> list[str]:
        """Return the units directly below one, by code."""
        return sorted(self._children.get(code, []))

    def level_of(self, code: str) -> str:
        """Return the level of a unit in the tree."""
        return self.units[code].level

    def existing(self, codes: Collection[str], first: date, last: date) -> list[Unit]:
        """Return those of the units that exist on any of the days, both inclusive, by code."""
        return [self.units[code] for code in sorted(codes) if self.units[code].exists_between(first, last)]


def tree_of(units: Iterable[Unit]) -> Tree:
    """Return the tree of the given units."""
    return Tree({unit.code: unit for unit in units})
