"""A log and a quarantine in memory, carried from one recorder to the next as the service carries them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.events import Event, Identity
from dossier_api.domain.fold import fold
from dossier_api.domain.recording import Decisions, History, Known, Outcome, Posted, Recorder
from shared.errors import DomainError
from tests.dossier_api import given

LATER = given.moment("2030-01-01")


@dataclass
class Desk:
    """Takes batches; every call is a session of its own that knows the others by what they wrote."""

    rules: Rules = field(default_factory=given.rules)
    now: datetime = LATER
    position: int = 0
    log: list[Event] = field(default_factory=list)
    known: dict[Identity, Known] = field(default_factory=dict)
    # By identity: what was posted, or None where a logged event was displaced; and why.
    quarantine: dict[Identity, tuple[Posted | None, DomainError]] = field(default_factory=dict)
    decisions: Decisions = field(default_factory=Decisions)

    def post(self, *events: Event | Posted) -> list[Outcome]:
        """Record a batch; return what became of each event."""
        posted = [one if isinstance(one, Posted) else given.posted(one) for one in events]
        histories = {code: self._history(code) for code in {one.event.dossier for one in posted}}
        recorder = Recorder(histories, self.known, rules_of=lambda _: self.rules, position=self.position, now=self.now)
        outcomes = recorder.record_all(posted)
        self._write(recorder.decisions)
        self.position = recorder.position
        return outcomes

    def verdicts(self, *events: Event | Posted) -> list[str]:
        """Record a batch; return how each was answered, a refusal by its code."""
        return [outcome.error.code if outcome.error else str(outcome.verdict) for outcome in self.post(*events)]

    def dossier(self, code: str = given.CODE) -> Dossier | None:
        """Return a dossier as it is read: folded from its log."""
        return fold(self._logged(code), self.rules).dossier

    def refused(self) -> dict[str, str]:
        """Return the ids in quarantine and why."""
        return {event_id: error.code for (_, event_id), (_, error) in self.quarantine.items()}

    def _logged(self, code: str) -> list[Event]:
        return [event for event in self.log if event.dossier == code]

    def _history(self, code: str) -> History:
        logged = self._logged(code)
        identities = {event.identity for event in logged}
        kept = [one for one, _ in self.quarantine.values() if one and one.event.dossier == code]
        displaced = {identity for identity in self.quarantine if identity in identities}
        return History(logged, kept, displaced, fold(logged, self.rules).dossier)

    def _write(self, decisions: Decisions) -> None:
        self.decisions = decisions
        for entry in decisions.logged:
            event = entry.posted.event
            assert event.identity not in self.known, "an identity is logged once"
            assert entry.dossier.code == event.dossier
            self.log.append(given.arrived(event, entry.position))
            self.known[event.identity] = Known(entry.position, entry.posted.content_hash, event.dossier)
        for code in decisions.gone:
            assert fold(self._logged(code), self.rules).dossier is None
        for code, left in decisions.dossiers.items():
            assert fold(self._logged(code), self.rules).dossier == left.dossier, "what is saved is what is read"
        for identity in decisions.resolved:
            self.quarantine.pop(identity, None)
        for identity, kept in decisions.rejected.items():
            self.quarantine[identity] = kept[-1]
        for identity, (_, error) in decisions.displaced.items():
            self.quarantine[identity] = (None, error)


def sessions(desk: Desk, batches: Iterable[Iterable[Event]]) -> Desk:
    """Post batches one after another."""
    for batch in batches:
        desk.post(*batch)
    return desk
