"""Make a report again that failed or was cancelled."""

from uuid import UUID

from report_worker.domain.lifecycle import Action, require_allowed
from report_worker.domain.reports import WAITING_STATES, Report
from report_worker.store import audit, lifecycle, queue
from shared.clock import Clock
from shared.db import Begin
from shared.http.access import Caller


async def retry_report(report_id: UUID, caller: Caller, *, begin: Begin, clock: Clock) -> Report:
    """Queue a report anew and return it; one that waits already is returned as it is.

    Raises ReportNotFound, ActionNotAllowed.
    """
    async with begin() as session:
        report = await lifecycle.get_for_update(session, report_id, within=caller.unit_code)
        if report.state in WAITING_STATES:
            return report
        require_allowed(report, Action.RETRY)
        await audit.add(session, "report.retried", str(report_id), by=caller.id, at=clock.now())
        queued = await lifecycle.save_retried(session, report)
        await queue.enqueue(session, report_id)
    return queued
