"""What a catalogue may not say at once."""

from collections import Counter
from collections.abc import Iterable

from dossier_api.domain.catalogue import CalendarDay, Catalogue, Unit
from dossier_api.domain.errors import CatalogueInconsistent


def contradictions(catalogue: Catalogue, changed: Iterable[Unit], units_with_hours: Iterable[str]) -> list[str]:
    """Return what the changed units contradict, in words; empty when all is well."""
    found = [
        f"office hours are given for {code}, which is no unit"
        for code in units_with_hours
        if code not in catalogue.units
    ]
    for unit in changed:
        found.extend(_of_unit(unit, catalogue))
    return found


def check_swaps(days: Iterable[CalendarDay]) -> None:
    """Refuse a calendar that holds half a swap.  Raises CatalogueInconsistent."""
    if found := lone_swaps(days):
        raise CatalogueInconsistent(found)


def lone_swaps(days: Iterable[CalendarDay]) -> list[str]:
    """Return decisions that make more days worked than they make off: half of a swap is missing.

    Rule: domain h.3, rule 1: both halves of a swap are entered together.
    """
    balance: Counter[str] = Counter()
    for day in days:
        if day.kind != "usual":
            balance[day.decision] += 1 if day.kind == "off" else -1
    return [
        f"decision {decision} makes {-count} more days worked than off: enter both halves of the swap together"
        for decision, count in sorted(balance.items())
        if count < 0
    ]


def _of_unit(unit: Unit, catalogue: Catalogue) -> Iterable[str]:
    if unit.parent_code is not None and unit.parent_code not in catalogue.units:
        yield f"{unit.code} lies below {unit.parent_code}, which is no unit"
    for successor in unit.successor_codes:
        if successor not in catalogue.units:
            yield f"{unit.code} is succeeded by {successor}, which is no unit"
    if unit.valid_to is not None and unit.valid_to <= unit.valid_from:
        yield f"{unit.code} ends on {unit.valid_to}, not after it began on {unit.valid_from}"
    if _is_own_ancestor(unit, catalogue):
        yield f"{unit.code} lies below itself"


def _is_own_ancestor(unit: Unit, catalogue: Catalogue) -> bool:
    seen, step = {unit.code}, unit.parent_code
    while step is not None and step in catalogue.units:
        if step in seen:
            return True
        seen.add(step)
        step = catalogue.units[step].parent_code
    return False
