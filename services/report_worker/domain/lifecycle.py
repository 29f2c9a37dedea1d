"""What may be done with a report, and in which state."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from uuid import UUID

from report_worker.domain.reports import Report, ReportState
from shared.errors import DomainError


class Action(StrEnum):
    """What somebody may do with a report."""

    CANCEL = "cancel"
    RETRY = "retry"
    PUBLISH = "publish"
    VERIFY = "verify"
    RESTATE = "restate"


# The states an action starts from.
ALLOWED: Mapping[Action, frozenset[ReportState]] = {
    Action.CANCEL: frozenset({ReportState.QUEUED, ReportState.RUNNING}),
    Action.RETRY: frozenset({ReportState.FAILED, ReportState.CANCELLED}),
    Action.PUBLISH: frozenset({ReportState.DONE}),
    Action.VERIFY: frozenset({ReportState.PUBLISHED}),
    Action.RESTATE: frozenset({ReportState.DONE, ReportState.PUBLISHED}),
}


class ActionNotAllowed(DomainError):
    """The report is in a state from which this cannot be done."""

    code = "report-action-not-allowed"

    def __init__(self, report: UUID, state: ReportState, action: Action) -> None:
        super().__init__(f"report {report} is {state}: no {action}")
        self.report, self.state, self.action = str(report), state, action
        self.allowed_in = sorted(ALLOWED[action])


class ChecksFail(DomainError):
    """The report breaks identities, and nobody wrote why it is published all the same."""

    code = "report-checks-fail"

    def __init__(self, report: UUID, identities: Sequence[str]) -> None:
        super().__init__(f"report {report} breaks {', '.join(identities)}")
        self.report, self.identities, self.failing = str(report), list(identities), len(identities)


def require_allowed(report: Report, action: Action) -> None:
    """Let an action pass.  Raises ActionNotAllowed."""
    if report.state not in ALLOWED[action]:
        raise ActionNotAllowed(report.id, report.state, action)


def broken_identities(report: Report) -> list[str]:
    """Return the identities a finished report breaks, each once, in the order of its checks."""
    checks = report.content.checks if report.content else ()
    return list(dict.fromkeys(check.verdict.identity for check in checks if not check.verdict.holds))
