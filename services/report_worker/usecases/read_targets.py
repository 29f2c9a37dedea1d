"""Read what a report is judged by."""

from report_worker.clients.indicators import Indicators
from report_worker.clients.targets import Targets
from report_worker.domain.forms import Form, NarrativeForm
from report_worker.domain.reports import ReportOrder
from report_worker.domain.targets import Target


async def read_targets(form: Form, order: ReportOrder, *, indicators: Indicators) -> tuple[Target, ...]:
    """Return the province's targets as known when the report's figures were; none where the form judges nothing.

    Raises FiguresRefused, UpstreamUnavailable, UpstreamNonsense.
    """
    if not (isinstance(form, NarrativeForm) and form.judged):
        return ()
    return await Targets(indicators).list_of_plans(known_at=order.known_at)
