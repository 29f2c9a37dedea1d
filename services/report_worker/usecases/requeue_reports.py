"""Put back into the queue what fell out of it."""

from report_worker.store import queue
from shared.db import Begin


async def requeue_reports(begin: Begin) -> int:
    """Queue every report that waits to be made and that no job is for; return how many.

    pgqueuer drops the job of a handler that is cancelled; the report's own row is what counts.
    """
    async with begin() as session:
        lost = await queue.list_unqueued(session)
        for report_id in lost:
            await queue.enqueue(session, report_id)
    return len(lost)
