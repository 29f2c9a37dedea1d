"""What can be wrong with an event or a change of the catalogue, each with its facts."""

from datetime import date, datetime

from shared.errors import DomainError


class DossierUnknown(DomainError):
    """No dossier of this code exists, or the caller may not see it."""

    code = "dossier-unknown"

    def __init__(self, dossier: str) -> None:
        super().__init__(f"no dossier {dossier}")
        self.dossier = dossier


class IllegalMove(DomainError):
    """The dossier's status does not allow this event at that time."""

    code = "illegal-move"

    def __init__(self, event: str, dossier_status: str) -> None:
        super().__init__(f"a dossier that is {dossier_status} cannot be {event}")
        self.event, self.dossier_status = event, dossier_status


class UnitUnknown(DomainError):
    """No unit of this code exists, or the caller may not see it."""

    code = "unit-unknown"

    def __init__(self, unit_code: str) -> None:
        super().__init__(f"no unit {unit_code}")
        self.unit_code = unit_code


class UnitNotOpen(DomainError):
    """The unit does not exist yet, or no longer, on that day."""

    code = "unit-not-open"

    def __init__(self, unit_code: str, day: date) -> None:
        super().__init__(f"unit {unit_code} is not open on {day}")
        self.unit_code, self.day = unit_code, day


class ProcedureUnknown(DomainError):
    """No procedure of this code exists."""

    code = "procedure-unknown"

    def __init__(self, procedure_code: str) -> None:
        super().__init__(f"no procedure {procedure_code}")
        self.procedure_code = procedure_code


class ProcedureNotInForce(DomainError):
    """No version of the procedure is in force on that day."""

    code = "procedure-not-in-force"

    def __init__(self, procedure_code: str, day: date) -> None:
        super().__init__(f"procedure {procedure_code} is not in force on {day}")
        self.procedure_code, self.day = procedure_code, day


class EventInFuture(DomainError):
    """The event's time lies more than the tolerated minutes ahead."""

    code = "event-in-future"

    def __init__(self, time: datetime, now: datetime) -> None:
        super().__init__(f"{time.isoformat()} is later than {now.isoformat()}")
        self.time, self.now = time, now


class EventConflict(DomainError):
    """Another event of the same source and id has already been taken, at `position` if that may be told."""

    code = "event-conflict"

    def __init__(self, source: str, event_id: str, position: int | None) -> None:
        super().__init__(f"{source} has already sent another event {event_id}")
        self.source, self.event_id, self.position = source, event_id, position


class RejectedEventUnknown(DomainError):
    """No kept event of this arrival exists, or the caller may not see it."""

    code = "rejected-event-unknown"

    def __init__(self, arrival: int) -> None:
        super().__init__(f"no rejected event {arrival}")
        self.arrival = arrival


class EventDisplaced(DomainError):
    """The event is in the log, but a later arrival has made it impossible."""

    code = "event-displaced"

    def __init__(self, event_id: str, dossier: str) -> None:
        super().__init__(f"event {event_id} of {dossier} is logged and displaced")
        self.event_id, self.dossier = event_id, dossier


class EventUnknown(DomainError):
    """The event to be voided is not one of this dossier's, is itself a voiding, or is undone already."""

    code = "event-unknown"

    def __init__(self, event_id: str) -> None:
        super().__init__(f"no event {event_id} to void on this dossier")
        self.event_id = event_id


class AlreadyExtended(DomainError):
    """A dossier's date is put off at most once.  Rule: NĐ 61/2018 Đ.19(9)."""

    code = "already-extended"

    def __init__(self, due_at: datetime) -> None:
        super().__init__(f"already extended, to {due_at.isoformat()}")
        self.due_at = due_at


class ExtensionNotLater(DomainError):
    """The new date is not later than the one it puts off."""

    code = "extension-not-later"

    def __init__(self, due_at: datetime, due_current: datetime | None) -> None:
        super().__init__(f"{due_at.isoformat()} does not put off {due_current and due_current.isoformat()}")
        self.due_at, self.due_current = due_at, due_current


class KeyUnknown(DomainError):
    """No key of this id exists, or the caller may not see it."""

    code = "key-unknown"

    def __init__(self, key_id: str) -> None:
        super().__init__(f"no key {key_id}")
        self.key_id = key_id


class RunUnknown(DomainError):
    """No run of this id exists."""

    code = "run-unknown"

    def __init__(self, run_id: str) -> None:
        super().__init__(f"no run {run_id}")
        self.run_id = run_id


class KeyWouldExceed(DomainError):
    """A key may not be given more than its issuer has."""

    code = "key-would-exceed"

    def __init__(self, scopes: list[str]) -> None:
        super().__init__(f"the issuer does not hold all of {', '.join(scopes)} for that unit")
        self.scopes = scopes


class ProvinceWide(DomainError):
    """Procedures, the calendar and runs are everybody's: a key of a part of the province may not touch them."""

    code = "province-wide"

    def __init__(self, unit_code: str) -> None:
        super().__init__(f"a key of {unit_code} may not change what holds for the whole province")
        self.unit_code = unit_code


class CatalogueInconsistent(DomainError):
    """The catalogue would contradict itself after this change."""

    code = "catalogue-inconsistent"

    def __init__(self, contradictions: list[str]) -> None:
        super().__init__("; ".join(contradictions))
        self.contradictions = contradictions


class UnsupportedEventFormat(DomainError):
    """The body's media type is none of the CloudEvents formats taken here."""

    code = "unsupported-event-format"

    def __init__(self, media_type: str) -> None:
        super().__init__(f"{media_type or 'no media type'} is not a CloudEvents format")
        self.media_type = media_type
