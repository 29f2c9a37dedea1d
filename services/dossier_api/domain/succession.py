"""Whose a dossier is on each day: where events put it, and to whom a closed unit's open dossiers pass.

Rule: contract section 2; the abolition of districts on 2025-07-01 is the largest case so far.
"""

from collections.abc import Collection
from datetime import date

from dossier_api.domain.catalogue import Catalogue
from dossier_api.domain.dossier import Dossier


def placements_of(dossier: Dossier, catalogue: Catalogue) -> list[tuple[date, str]]:
    """Return the units of a dossier by first day, succession included while it is open.

    A closing that is already known lies in the future and comes true by itself.
    """
    found: dict[date, str] = {}
    ends = [placement.start for placement in dossier.placements[1:]]
    for placement, end in zip(dossier.placements, [*ends, dossier.closed_at], strict=False):
        start, last = placement.start.date(), end.date() if end else date.max
        for since, code in catalogue.line_of(placement.unit_code):
            if since <= last:
                found[max(since, start)] = code
    return sorted(found.items())


def predecessors_of(unit_codes: Collection[str], day: date, catalogue: Catalogue) -> list[str]:
    """Return every unit whose open dossiers lie with one of these units on `day`, themselves included."""
    candidates = {*unit_codes, *catalogue.closing}
    return [code for code in candidates if catalogue.unit_on(code, day) in unit_codes]
