import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina

from motcua.sample.calling import SampleRefused
from motcua.sample.posting import BATCH, LANES, post_stream
from motcua.sample.progress import FILE, fresh, keep, read_progress
from motcua.sample.stream import SampleEvent

DOSSIERS = 2500


@pytest.fixture(autouse=True)
def _without_pauses() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3):
        yield


def stream() -> list[SampleEvent]:
    return [
        SampleEvent(f"{dossier}-{place}", "/counter", f"type.{place}", f"2020-01-0{place}", str(dossier), {})
        for place in (2, 3)
        for dossier in range(DOSSIERS)
    ]


class Counter:
    """A dossier_api that takes everything it has not been told otherwise about."""

    def __init__(self, reject: str | None = None, outages: int = 0) -> None:
        self.taken: list[dict[str, Any]] = []
        self.batches = 0
        self._reject, self._outages = reject, outages

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self._outages:
            self._outages -= 1
            raise httpx.ConnectError("down", request=request)
        events = json.loads(request.content)
        self.batches += 1
        self.taken += events
        return httpx.Response(200, json={"results": [self._result(event) for event in events]})

    def _result(self, event: dict[str, Any]) -> dict[str, Any]:
        if event["id"] == self._reject:
            return {"id": event["id"], "status": "rejected", "position": None, "problem": {"type": "illegal-move"}}
        return {"id": event["id"], "status": "accepted", "position": self.batches * BATCH, "problem": None}


def client(answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://dossier")


async def test_every_event_arrives_once_and_those_of_a_dossier_in_order() -> None:
    counter, progress, sizes = Counter(), fresh("s", lanes=LANES), list[int]()

    await post_stream(stream(), progress, client=client(counter), on_batch=sizes.append)

    places: dict[str, list[str]] = {}
    for event in counter.taken:
        places.setdefault(event["subject"], []).append(event["type"])
    assert len(places) == DOSSIERS
    assert all(types == ["type.2", "type.3"] for types in places.values())
    assert sum(sizes) == 2 * DOSSIERS
    assert progress.position == counter.batches * BATCH
    assert progress.witness in places


async def test_what_the_progress_counts_is_not_sent_again() -> None:
    progress = fresh("s", lanes=LANES)
    await post_stream(stream(), progress, client=client(Counter()), on_batch=lambda _: None)

    again = Counter()
    await post_stream(stream(), progress, client=client(again), on_batch=lambda _: None)

    assert again.taken == []


async def test_an_outage_is_waited_out() -> None:
    counter = Counter(outages=2)

    await post_stream(stream(), fresh("s", lanes=LANES), client=client(counter), on_batch=lambda _: None)

    assert len(counter.taken) == 2 * DOSSIERS


async def test_the_first_event_that_is_refused_is_named() -> None:
    with pytest.raises(SampleRefused, match=r"7-2 .*illegal-move"):
        await post_stream(
            stream(), fresh("s", lanes=LANES), client=client(Counter(reject="7-2")), on_batch=lambda _: None
        )


def test_progress_survives_and_belongs_to_one_sample(tmp_path: Path) -> None:
    progress = fresh("s", lanes=LANES)
    progress.position, progress.is_complete = 7, True
    keep(progress, tmp_path)

    assert read_progress(tmp_path, stream="s", lanes=LANES) == progress
    assert read_progress(tmp_path, stream="other", lanes=LANES) == fresh("other", lanes=LANES)


def test_a_damaged_progress_file_is_a_fresh_start(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{")

    assert read_progress(tmp_path, stream="s", lanes=LANES) == fresh("s", lanes=LANES)
