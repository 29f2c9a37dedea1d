"""Put the figures that units report beside the computed ones."""

from collections.abc import Sequence
from dataclasses import replace

from report_worker.domain.filling import windows_of
from report_worker.domain.forms import REPORTED, Form
from report_worker.domain.numbers import Numbers, reported_captions
from report_worker.domain.reported import ReportedTotal
from report_worker.domain.reports import ReportOrder
from report_worker.domain.windows import NOW
from report_worker.usecases.report_figures import ReturnOffice, read_totals
from shared.periods import Period


async def with_reported(
    form: Form, order: ReportOrder, numbers: Numbers, *, office: ReturnOffice
) -> tuple[Numbers, tuple[ReportedTotal, ...]]:
    """Return the numbers with what was reported for each period the form looks at, and the report's own returns.

    Raises UpstreamUnavailable, UpstreamNonsense.
    """
    names = set(reported_captions(form))
    if not names:
        return numbers, ()
    found = {
        key: await _totals(names, window.period, order, office)
        for key, window in windows_of(form, order.subject).items()
    }
    windows = {key: _added(one, found.get(key, [])) for key, one in numbers.windows.items()}
    return replace(_added(numbers, found[NOW]), windows=windows), tuple(found[NOW])


async def _totals(names: set[str], period: Period, order: ReportOrder, office: ReturnOffice) -> list[ReportedTotal]:
    totals = await read_totals(order.unit_code, period, known_at=order.known_at, office=office)
    return [one for one in totals if one.name in names]


def _added(numbers: Numbers, totals: Sequence[ReportedTotal]) -> Numbers:
    there = {f"{REPORTED}.{one.name}": one.total for one in totals if one.total is not None}
    return replace(numbers, cells={**numbers.cells, (): {**numbers.cells.get((), {}), **there}})
