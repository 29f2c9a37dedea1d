"""GET /metrics: what a monitor reads."""

from datetime import UTC, datetime, timedelta

import httpx
import pytest

from indicator_api.domain.progress import Progress
from tests.indicator_api.feeding import World
from tests.indicator_api.given import life

NOON = datetime(2020, 7, 1, 5, 0, tzinfo=UTC)


async def gauges(world: World) -> dict[str, float]:
    answer = await world.get("/metrics")
    assert answer.status_code == httpx.codes.OK
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    told = [line.split(" ") for line in answer.text.splitlines() if not line.startswith("#")]
    return {name.removeprefix("motcua_figures_"): float(value) for name, value in told}


async def test_before_the_feed_was_read_only_the_position_is_known(world: World) -> None:
    assert await gauges(world) == {"position": 0.0}


async def test_position_and_time_of_the_last_entry_counted(world: World) -> None:
    position = world.told.tell("a", life())
    await world.project()

    told = await gauges(world)

    recorded = datetime(2020, 7, 1, 2, 0, tzinfo=UTC)
    assert (told["position"], told["recorded_timestamp_seconds"]) == (position, recorded.timestamp())
    assert told["lag_seconds"] == 0.0
    assert abs(told["feed_answered_timestamp_seconds"] - datetime.now(UTC).timestamp()) < 60


async def test_metrics_need_a_key_too(world: World) -> None:
    assert (await world.client.get("/metrics")).status_code == httpx.codes.UNAUTHORIZED


@pytest.mark.parametrize(
    ("is_last", "counted_at", "lag_s"),
    [
        pytest.param(True, NOON - timedelta(hours=9), 0.0, id="caught-up-however-old"),
        pytest.param(False, NOON - timedelta(minutes=1), 60.0, id="behind"),
        pytest.param(False, NOON + timedelta(minutes=1), 0.0, id="a-clock-ahead-of-ours"),
        pytest.param(False, None, 0.0, id="nothing-counted-yet"),
    ],
)
def test_the_lag_is_the_age_of_what_is_counted_while_more_waits(
    is_last: bool, counted_at: datetime | None, lag_s: float
) -> None:
    progress = Progress()
    progress.answered(NOON, is_last=is_last)

    assert progress.lag_s(NOON, counted_at) == lag_s
    assert Progress().lag_s(NOON, counted_at) is None
