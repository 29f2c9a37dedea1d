"""A dossier is the fold of its events that are not voided, in order of time, then of arrival.

An event its place in that order does not allow is refused and skipped, so every order of arrival
gives the same dossier.  Rule: contract section 3, rule 4.
"""

from collections.abc import Iterable

from msgspec import Struct

from dossier_api.domain import moves
from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.errors import DossierUnknown, EventUnknown, IllegalMove
from dossier_api.domain.events import Event, EventKind, Identity, Voided
from dossier_api.domain.transitions import FIRST, FOUND_IN
from shared.errors import DomainError


class Folded(Struct, frozen=True, gc=False):
    """The dossier, if any event made one, and the events that could not apply, with the reason."""

    dossier: Dossier | None
    refused: dict[Identity, DomainError]


def fold(events: Iterable[Event], rules: Rules) -> Folded:
    """Fold all events of one dossier, in whatever order they are given."""
    ordered = sorted(events, key=lambda event: event.order)
    voided, refused = _voided(ordered)
    dossier: Dossier | None = None
    for event in ordered:
        if event.kind is EventKind.VOIDED or event.identity in voided:
            continue
        try:
            dossier = advance(dossier, event, rules)
        except DomainError as error:
            refused[event.identity] = error
    return Folded(dossier, refused)


def advance(dossier: Dossier | None, event: Event, rules: Rules) -> Dossier:
    """Return the dossier after one more event, later than all before.

    Raises DossierUnknown, IllegalMove and what the event's own rule raises.
    """
    if dossier is None:
        if event.kind not in FIRST:
            raise DossierUnknown(event.dossier)
    elif dossier.status not in FOUND_IN[event.kind]:
        raise IllegalMove(event.kind, dossier.status)
    return moves.MOVES[event.kind](dossier, event, rules)


def _voided(events: list[Event]) -> tuple[set[Identity], dict[Identity, DomainError]]:
    """Return the identities undone, and the voidings that point at nothing, or at what is undone already.

    An id alone may name events of several sources: the voiding's own source is meant first.
    """
    voided: set[Identity] = set()
    refused: dict[Identity, DomainError] = {}
    for event in events:
        if not isinstance(event.data, Voided):
            continue
        named = [one.identity for one in events if one.id == event.data.event_id and one.kind is not EventKind.VOIDED]
        own = [identity for identity in named if identity[0] == event.source]
        target = next(iter(own or named), None)
        if target is None or target in voided:
            refused[event.identity] = EventUnknown(event.data.event_id)
        else:
            voided.add(target)
    return voided, refused
