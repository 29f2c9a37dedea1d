"""List the dossiers behind a figure."""

from dataclasses import dataclass, replace
from typing import Literal

from indicator_api.domain.counts import Linear, terms_of
from indicator_api.domain.formulae import Definition, DossierRatio
from indicator_api.domain.rows import Contribution
from indicator_api.domain.selection import Selection, at_levels
from indicator_api.store import dossier_lists
from indicator_api.usecases.read_figures import Source, reading
from shared.errors import DomainError


class NoDossiersBehind(DomainError):
    """An indicator counts services, units or reports, so no list of dossiers stands behind it."""

    code = "no-dossiers-behind"

    def __init__(self, indicator: str) -> None:
        super().__init__(f"{indicator} does not count dossiers")
        self.indicator = indicator


@dataclass(frozen=True)
class Listing:
    """Which dossiers are listed: those a sum of counts is made of, of services at some online levels."""

    counted: Linear
    online_levels: frozenset[int] = frozenset()


def listing_of(definition: Definition, part: Literal["numerator", "denominator"]) -> Listing:
    """Return what lists the dossiers of an indicator's part; raises NoDossiersBehind."""
    if not isinstance(definition.computed, DossierRatio):
        raise NoDossiersBehind(definition.id)
    return Listing(getattr(definition.computed, part), definition.computed.online_levels)


async def list_dossiers(
    selection: Selection,
    listing: Listing,
    *,
    after: str,
    limit: int,
    root: str | None,
    source: Source,
) -> list[Contribution]:
    """Return dossiers by code, from after a code on; all their `times` together are the figure.

    Raises UnitNotFound.
    """
    async with reading(selection, root=root, source=source) as state:
        ungrouped = replace(at_levels(state.selection, listing.online_levels), group_by=())
        return await dossier_lists.list_contributions(
            state.session,
            ungrouped,
            cells=replace(state, selection=ungrouped).cells,
            terms=terms_of(listing.counted, selection.basis),
            after=after,
            limit=limit,
        )
