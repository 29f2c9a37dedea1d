"""What a monitor asks: how far the figures are, in Prometheus' text format."""

from collections.abc import Iterator

from fastapi import APIRouter, Response

from indicator_api.routes.dependencies import ReaderDep, ResourcesDep
from indicator_api.usecases.wait_for_position import get_position

router = APIRouter(tags=["metrics"])

# Rule: Prometheus exposition format 0.0.4.
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics", operation_id="get_metrics", response_class=Response)
async def get_metrics(_: ReaderDep, resources: ResourcesDep) -> Response:
    """Tell position, lag and the time of the feed's last answer; what is not known is left out.

    Rule: contract section 7: like every request it needs a key, with figures:read.
    """
    cursor, progress = await get_position(resources.source), resources.progress
    answered_at = progress.answered_at.timestamp() if progress.answered_at else None
    recorded_at = cursor.at.timestamp() if cursor.at else None
    lines = [
        *_gauge("position", "Last position of the feed that is counted", cursor.position),
        *_gauge("recorded_timestamp_seconds", "When that entry was recorded", recorded_at),
        *_gauge("feed_answered_timestamp_seconds", "When the feed last answered this process", answered_at),
        *_gauge(
            "lag_seconds",
            "Age of the latest counted entry while more are waiting, else 0",
            progress.lag_s(resources.clock.now(), cursor.at),
        ),
    ]
    return Response("".join(f"{line}\n" for line in lines), media_type=MEDIA_TYPE)


def _gauge(name: str, meaning: str, value: float | None) -> Iterator[str]:
    if value is not None:
        full = f"motcua_figures_{name}"
        yield f"# HELP {full} {meaning}"
        yield f"# TYPE {full} gauge"
        yield f"{full} {value}"
