"""Which events a caller of one subtree may write, by whose the dossier was at their time.

Rule: contract section 7: what lies outside the caller's subtree does not exist for it.
"""

from collections.abc import Iterable

from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.errors import DossierUnknown, UnitUnknown
from dossier_api.domain.events import Accepted, Event, Submitted


def check_reach(event: Event, within: str | None, *, dossier: Dossier | None, rules: Rules) -> None:
    """Refuse an event on a unit or dossier outside the subtree of `within`, as if neither existed.

    None is the whole tree.  Raises DossierUnknown, UnitUnknown.
    """
    if within is None:
        return
    present = _units_of(dossier, event, rules)
    units = _units_named(event) or present
    if dossier is not None and not _reaches(within, present, rules):
        raise DossierUnknown(event.dossier)
    if not _reaches(within, units, rules):
        raise UnitUnknown(units[0]) if units else DossierUnknown(event.dossier)


def has_ever_reached(within: str, dossier: Dossier, rules: Rules) -> bool:
    """Say whether a dossier has ever lain in the subtree of `within`, or was received there."""
    competent = [rules.catalogue.unit_on(one.unit_code, one.start.date()) for one in dossier.placements]
    return _reaches(within, [*competent, *filter(None, [dossier.receiving_unit_code])], rules)


def _reaches(root: str, units: Iterable[str], rules: Rules) -> bool:
    return any(rules.catalogue.is_within(unit, root) for unit in units)


def _units_named(event: Event) -> list[str]:
    if not isinstance(event.data, Submitted | Accepted):
        return []
    return [code for code in (event.data.unit_code, event.data.receiving_unit_code) if code is not None]


def _units_of(dossier: Dossier | None, event: Event, rules: Rules) -> list[str]:
    """Return the units a dossier lay with at the time of an event, its receiving one too.

    A counter that uploads late had the dossier then, though it may have been passed on since.
    """
    if dossier is None:
        return []
    placed = [placement.unit_code for placement in dossier.placements if placement.start <= event.at]
    first = dossier.placements[0].unit_code if dossier.placements else dossier.unit_code
    competent = rules.catalogue.unit_on(placed[-1] if placed else first, event.at.date())
    return [competent, *([dossier.receiving_unit_code] if dossier.receiving_unit_code else [])]
