"""Which changes of the catalogue make a run over open dossiers due."""

from collections.abc import Iterable
from datetime import date

from dossier_api.domain.catalogue import Catalogue, Procedure, Unit
from dossier_api.domain.runs import RunKind


def run_after(
    units: Iterable[Unit], procedures: Iterable[Procedure], *, with_hours: bool, known: Catalogue
) -> RunKind | None:
    """Return why open dossiers must be looked at again: their unit passes them on, or a rule they rest on is another.

    `with_hours` says that office hours change. A calendar is not among the reasons: it moves nothing before somebody
    orders that.  Rule: domain h.3, rule 3.
    """
    if any(_line(unit) != _line(known.units.get(unit.code)) for unit in units):
        return RunKind.SUCCESSION
    if with_hours or any(_is_corrected(one, known.procedures.get(one.code)) for one in procedures):
        return RunKind.CORRECTION
    return None


def _line(unit: Unit | None) -> tuple[date | None, tuple[str, ...]]:
    """Return when and to whom a unit's open dossiers pass; a new or lasting unit passes nothing on."""
    is_passing = unit is not None and unit.valid_to is not None and bool(unit.successor_codes)
    return (unit.valid_to, unit.successor_codes) if unit and is_passing else (None, ())


def _is_corrected(given: Procedure, known: Procedure | None) -> bool:
    """Say whether a version that dossiers may rest on is no longer what it was."""
    return known is not None and not set(given.versions).issuperset(known.versions)
