"""Sending the stream: a few lanes side by side, each in order, so that a dossier's events stay in theirs."""

import asyncio
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import msgspec

from motcua.sample.calling import SampleRefused, call
from motcua.sample.progress import Progress
from motcua.sample.stream import SampleEvent

LANES = 3
BATCH = 1000
TAKEN = frozenset({"accepted", "duplicate"})
BATCH_TYPE = {"Content-Type": "application/cloudevents-batch+json"}


async def post_stream(
    events: list[SampleEvent], progress: Progress, *, client: httpx.AsyncClient, on_batch: Callable[[int], None]
) -> None:
    """Send what the progress does not count yet; `on_batch` is told how many events a batch had.

    Raises SampleRefused at the first event that is neither accepted nor a duplicate.
    """
    lanes: list[list[SampleEvent]] = [[] for _ in range(LANES)]
    for event in events:
        lanes[zlib.crc32(event.subject.encode()) % LANES].append(event)
    try:
        async with asyncio.TaskGroup() as group:
            for place, lane in enumerate(lanes):
                group.create_task(_post_lane(place, lane, progress, client=client, on_batch=on_batch))
    except ExceptionGroup as failures:
        # The first to fail stopped the others; it alone has something to say.
        raise failures.exceptions[0] from failures


async def _post_lane(
    place: int,
    lane: list[SampleEvent],
    progress: Progress,
    *,
    client: httpx.AsyncClient,
    on_batch: Callable[[int], None],
) -> None:
    for number, batch in enumerate(_batches(lane)):
        if number >= progress.sent[place]:
            progress.position = max(progress.position, await _post(batch, client))
            progress.sent[place] = number + 1
            progress.witness = progress.witness or batch[0].subject
        on_batch(len(batch))


def _batches(lane: list[SampleEvent]) -> Iterator[list[SampleEvent]]:
    return (lane[start : start + BATCH] for start in range(0, len(lane), BATCH))


async def _post(batch: list[SampleEvent], client: httpx.AsyncClient) -> int:
    """Return the highest position of a batch."""
    answer = await call(client, "POST", "/v1/events", content=msgspec.json.encode(batch), headers=BATCH_TYPE)
    results: list[dict[str, Any]] = answer["results"]
    if len(results) != len(batch):
        raise SampleRefused("POST /v1/events", f"{len(results)} kết quả cho {len(batch)} sự kiện")
    for event, result in zip(batch, results, strict=True):
        if result["status"] not in TAKEN:
            raise SampleRefused(f"sự kiện {event.id} ({event.type})", str(result["problem"]))
    return max(int(result["position"]) for result in results)
