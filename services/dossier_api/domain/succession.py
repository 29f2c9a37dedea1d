"""Whose a dossier is on each day: where events put it, and to whom a closed unit's open dossiers pass.

Rule: contract section 2; the abolition of districts on 2025-07-01 is the largest case so far.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from dossier_api.domain.catalogue import Catalogue
from dossier_api.domain.dossier import Dossier, Placement


def placements_of(dossier: Dossier, catalogue: Catalogue) -> list[tuple[date, str]]:
    """Return the units of a dossier by first day, succession included while it is open.

    A closing that is already known lies in the future and comes true by itself.
    """
    found: dict[date, str] = {}
    for placement, end in _with_ends(dossier.placements, dossier.closed_at):
        start = placement.start.date()
        for since, code in catalogue.line_of(placement.unit_code):
            if end is None or since <= end:
                found[max(since, start)] = code
    return sorted(found.items())


def predecessors_of(unit_codes: Collection[str], day: date, catalogue: Catalogue) -> list[str]:
    """Return every unit whose open dossiers lie with one of these units on `day`, themselves included."""
    return [code for code in catalogue.units if catalogue.unit_on(code, day) in unit_codes]


def _with_ends(placements: Sequence[Placement], closed_at: datetime | None) -> Iterator[tuple[Placement, date | None]]:
    ends = [placement.start for placement in placements[1:]]
    for placement, end in zip(placements, [*ends, closed_at], strict=False):
        yield placement, end.date() if end else None
