"""Deciding what becomes of events as they arrive, against the histories of the dossiers they touch.

What is decided here is written afterwards in one go; nothing here waits or asks anyone.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from dossier_api.domain.dossier import Dossier, Rules
from dossier_api.domain.errors import DossierUnknown, EventConflict, EventInFuture
from dossier_api.domain.events import Event, EventKind, Identity
from dossier_api.domain.fold import advance, fold
from dossier_api.domain.reach import check_reach, has_ever_reached
from shared.errors import DomainError

# Rule: contract section 3, rule 6: clocks of counters may run ahead by so much.
TOLERATED_LEAD = timedelta(minutes=5)


class Verdict(StrEnum):
    """What became of one posted event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REJECTED = "rejected"


class Posted(Struct, frozen=True, gc=False):
    """An event as a caller posted it; `within` roots the caller's subtree, None is the whole tree."""

    event: Event
    content_hash: bytes
    data: str
    key_id: str
    within: str | None

    def settles(self, within: str | None, content_hash: bytes) -> bool:
        """Say whether what a subtree has kept under this identity is done with once this event is logged.

        What another subtree posted stays kept unless it said the same: it must not vanish by what it cannot see.
        """
        return self.within == within or self.content_hash == content_hash


class Known(Struct, frozen=True, gc=False):
    """An identity the log already holds."""

    position: int
    content_hash: bytes
    dossier: str


class Outcome(Struct, frozen=True):
    """The answer to one posted event."""

    verdict: Verdict
    position: int | None
    dossier: str
    error: DomainError | None = None


class Logged(Struct, frozen=True, gc=False):
    """An event to be appended at `position`, with the dossier it left behind; blank if it left none."""

    position: int
    posted: Posted
    dossier: Dossier


class History(Struct, gc=False):
    """What is known of one dossier: logged events, kept ones, and the state the logged ones make.

    `displaced` are logged events that a late arrival has made impossible: they stay in the log and out of the state.
    """

    logged: list[Event] = []
    kept: list[Posted] = []
    displaced: set[Identity] = set()
    dossier: Dossier | None = None


@dataclass
class Decisions:
    """Everything to be written, in the order it was decided; `resolved` leave the quarantine before others enter it."""

    logged: list[Logged] = field(default_factory=list)
    rejected: dict[Identity, list[tuple[Posted, DomainError]]] = field(default_factory=dict)
    displaced: dict[Identity, tuple[Event, DomainError]] = field(default_factory=dict)
    resolved: set[Identity] = field(default_factory=set)
    dossiers: dict[str, Logged] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


class Recorder:
    """Takes events one by one, as if each arrived alone, and gathers what is to be written.

    `position` is the last one given out; `rules_of` tells the rules a dossier is folded by.
    """

    def __init__(
        self,
        histories: Mapping[str, History],
        known: Mapping[Identity, Known],
        *,
        rules_of: Callable[[str], Rules],
        position: int,
        now: datetime,
    ) -> None:
        self.decisions = Decisions()
        self.position = self._before = position
        self._histories = dict(histories)
        self._known = dict(known)
        self._rules_of = rules_of
        self._now = now
        self._latest = now + TOLERATED_LEAD

    def record_all(self, posted: Iterable[Posted]) -> list[Outcome]:
        """Decide events in order; one that a later neighbour made possible is answered as accepted."""
        decided = [(one, self._record(one)) for one in posted]
        healed: set[Identity] = set()
        return [
            self._final(one, outcome, healed) if outcome.verdict is Verdict.REJECTED else outcome
            for one, outcome in decided
        ]

    def _record(self, posted: Posted) -> Outcome:
        history = self._histories.get(posted.event.dossier)
        if history is None:
            history = self._histories[posted.event.dossier] = History()
        first = self._known.get(posted.event.identity)
        if first is not None:
            return self._repeated(posted, first, history)
        try:
            return self._apply(posted, history)
        except DomainError as error:
            history.kept = [*_others(history.kept, posted), posted]
            earlier = self.decisions.rejected.get(posted.event.identity, [])
            others = [(one, reason) for one, reason in earlier if one.within != posted.within]
            self.decisions.rejected[posted.event.identity] = [*others, (posted, error)]
            return Outcome(Verdict.REJECTED, None, posted.event.dossier, error)

    def _repeated(self, posted: Posted, first: Known, history: History) -> Outcome:
        """Answer an identity that is already logged, of a foreign dossier as if it were unknown.

        That an identity is taken cannot be hidden, since it is one for the whole province; by what, can.
        Rule: contract section 3, rule 1; section 7.
        """
        if first.content_hash == posted.content_hash and self._may_know(posted, history.dossier):
            return Outcome(Verdict.DUPLICATE, first.position, first.dossier)
        unseen = self._out_of_reach(posted, history)
        is_told = posted.within is None or first.dossier == posted.event.dossier
        conflict = EventConflict(posted.event.source, posted.event.id, first.position if is_told else None)
        return Outcome(Verdict.REJECTED, None, posted.event.dossier, unseen or conflict)

    def _may_know(self, posted: Posted, dossier: Dossier | None) -> bool:
        """Say whether a sender may hear that this event is logged: it may repeat what it passed on meanwhile."""
        if posted.within is None or dossier is None:
            return True
        return has_ever_reached(posted.within, dossier, self._rules_of(posted.event.dossier))

    def _out_of_reach(self, posted: Posted, history: History) -> DomainError | None:
        rules = self._rules_of(posted.event.dossier)
        try:
            check_reach(posted.event, posted.within, dossier=history.dossier, rules=rules)
        except DomainError as unseen:
            return unseen
        return None

    def _final(self, posted: Posted, outcome: Outcome, healed: set[Identity]) -> Outcome:
        """Return the outcome of an event that was refused at first: of the same, healed meanwhile, one is accepted."""
        identity = posted.event.identity
        logged = self._known.get(identity)
        if logged is None or logged.position <= self._before or logged.content_hash != posted.content_hash:
            return outcome
        verdict = Verdict.DUPLICATE if identity in healed else Verdict.ACCEPTED
        healed.add(identity)
        return Outcome(verdict, logged.position, logged.dossier)

    def _apply(self, posted: Posted, history: History) -> Outcome:
        event = posted.event
        if self._is_ahead(event):
            raise EventInFuture(event.at, self._now)
        rules = self._rules_of(event.dossier)
        check_reach(posted.event, posted.within, dossier=history.dossier, rules=rules)
        if _is_next(event, history):
            history.dossier = advance(history.dossier, event, rules)
            return self._log(posted, history, history.dossier)
        return self._refold(posted, history, rules)

    def _refold(self, posted: Posted, history: History, rules: Rules) -> Outcome:
        """Fold the whole history again with this event and all kept ones that may now find their place."""
        arriving = replace(posted.event, arrival=self.position + 1)
        waiting = self._healable(history, arriving, rules)
        everything = [*history.logged, arriving, *_behind(arriving, waiting)]
        folded = fold(everything, rules)
        if error := folded.refused.get(arriving.identity):
            raise error
        history.dossier, left = folded.dossier, folded.dossier or _blank(everything, rules)
        outcome = self._log(posted, history, left)
        for one in waiting:
            if one.event.identity not in folded.refused:
                self._log(one, history, left)
        self._note_displaced(history, folded.refused)
        return outcome

    def _healable(self, history: History, arriving: Event, rules: Rules) -> list[Posted]:
        """Return the kept events that may take part, in order of arrival.

        One that heals may bring the dossier to the poster of another, so they are looked for until none is added.
        """
        others = [one for one in history.kept if one.event.identity != arriving.identity]
        found: list[Posted] = []
        while True:
            dossier = fold([*history.logged, arriving, *_behind(arriving, found)], rules).dossier if others else None
            more = [one for one in others if one in found or self._may(one, dossier, rules)]
            if len(more) == len(found):
                return found
            found = more

    def _is_ahead(self, event: Event) -> bool:
        return event.at > self._latest

    def _may(self, kept: Posted, dossier: Dossier | None, rules: Rules) -> bool:
        """Say whether a kept event may take part: its time has come, and its poster may write this dossier.

        One that was corrected to another dossier under its identity is this one's no more.
        """
        if self._is_ahead(kept.event) or kept.event.identity in self._known:
            return False
        try:
            check_reach(kept.event, kept.within, dossier=dossier, rules=rules)
        except DomainError:
            return False
        return True

    def _log(self, posted: Posted, history: History, left: Dossier) -> Outcome:
        event, identity = posted.event, posted.event.identity
        self.position += 1
        history.logged.append(replace(event, arrival=self.position))
        history.kept = _others(history.kept, posted)
        if rejected := self.decisions.rejected.pop(identity, None):
            left_over = [one for one in rejected if not posted.settles(one[0].within, one[0].content_hash)]
            self.decisions.rejected.update({identity: left_over} if left_over else {})
        # Even where nothing is kept of this dossier: it may have been kept as another's before it was corrected.
        self.decisions.resolved.add(identity)
        logged = Logged(self.position, posted, left)
        self.decisions.logged.append(logged)
        self._leave(event.dossier, logged, is_gone=history.dossier is None)
        self._known[identity] = Known(self.position, posted.content_hash, event.dossier)
        return Outcome(Verdict.ACCEPTED, self.position, event.dossier)

    def _leave(self, code: str, logged: Logged, *, is_gone: bool) -> None:
        if is_gone:
            self.decisions.dossiers.pop(code, None)
            self.decisions.gone.add(code)
        else:
            self.decisions.dossiers[code] = logged
            self.decisions.gone.discard(code)

    def _note_displaced(self, history: History, refused: Mapping[Identity, DomainError]) -> None:
        """Keep the quarantine true to the fold: logged events that lost their place, and those that found it again."""
        logged = {event.identity: event for event in history.logged}
        displaced = {identity for identity in refused if identity in logged}
        for identity in displaced - history.displaced:
            self.decisions.displaced[identity] = (logged[identity], refused[identity])
        for identity in history.displaced - displaced:
            self.decisions.displaced.pop(identity, None)
            self.decisions.resolved.add(identity)
        history.displaced = displaced


def _others(kept: list[Posted], posted: Posted) -> list[Posted]:
    """Return what is kept beside what this sender sent under this identity."""
    return [one for one in kept if (one.event.identity, one.within) != (posted.event.identity, posted.within)]


def _is_next(event: Event, history: History) -> bool:
    """Say whether an event can simply follow the state, without folding the history again.

    Where anything was voided, it may be the event that was meant.
    """
    if event.kind is EventKind.VOIDED or history.kept or history.displaced:
        return False
    return all(one.at <= event.at and one.kind is not EventKind.VOIDED for one in history.logged)


def _behind(arriving: Event, waiting: Iterable[Posted]) -> list[Event]:
    """Return kept events in order of arrival after another."""
    return [replace(one.event, arrival=arriving.arrival + 1 + place) for place, one in enumerate(waiting)]


def _blank(events: Iterable[Event], rules: Rules) -> Dossier:
    """Return what the figures still need of a dossier all of whose events are voided: whose it was, and no life.

    Raises DossierUnknown where nothing ever made one.
    """
    told = [event for event in events if event.kind is not EventKind.VOIDED]
    dossier = fold(told, rules).dossier
    if dossier is None:
        raise DossierUnknown(told[0].dossier)
    return Dossier(
        dossier.code,
        dossier.status,
        dossier.unit_code,
        dossier.procedure_code,
        dossier.version,
        placements=dossier.placements,
    )
