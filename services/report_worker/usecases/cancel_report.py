"""Cancel a report that waits or is being made."""

from uuid import UUID

from report_worker.domain.lifecycle import Action, require_allowed
from report_worker.domain.reports import Report, ReportState
from report_worker.store import audit, lifecycle
from shared.clock import Clock
from shared.db import Begin
from shared.http.access import Caller


async def cancel_report(report_id: UUID, caller: Caller, *, begin: Begin, clock: Clock) -> Report:
    """Cancel a report and return it; a cancelled one is returned as it is.

    Raises ReportNotFound, ActionNotAllowed.
    """
    async with begin() as session:
        report = await lifecycle.get_for_update(session, report_id, within=caller.unit_code)
        if report.state is ReportState.CANCELLED:
            return report
        require_allowed(report, Action.CANCEL)
        await audit.add(session, "report.cancelled", str(report_id), by=caller.id, at=clock.now())
        return await lifecycle.save_cancelled(session, report)
