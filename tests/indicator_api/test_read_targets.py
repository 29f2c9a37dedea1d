"""The targets that hold, and those that were known to hold."""

from datetime import datetime, timedelta

import httpx
import pytest

from tests.indicator_api.feeding import KEEPER, ZONE, World

TARGET = {
    "code": "on-time",
    "scheme": "house",
    "name": {"vi": "Đúng hạn", "en": "On time"},
    "source": "QĐ 1/QĐ-UBND",
    "valid_from": "2020-01-01",
    "bands": [{"conditions": [{"indicator": "on_time_rate", "comparison": "at_least", "threshold": "0.9"}]}],
}


@pytest.mark.parametrize(("days", "is_known"), [(-1, False), (0, True), (1, True)], ids=["before", "the day", "after"])
async def test_targets_are_known_from_the_day_they_were_put(world: World, days: int, is_known: bool) -> None:
    shipped = (await world.get("/v1/targets")).json()
    headers = {"Authorization": f"Bearer {KEEPER}"}
    put = await world.client.put("/v1/targets", json={"targets": [TARGET]}, headers=headers)
    put_on = datetime.fromisoformat(put.json()["recorded_at"]).astimezone(ZONE).date()

    known = await world.get("/v1/targets", known_at=f"{put_on + timedelta(days=days)}")

    assert known.json() == (put.json() if is_known else shipped)


async def test_what_is_no_day_is_refused(world: World) -> None:
    answer = await world.get("/v1/targets", known_at="yesterday")

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert [error["parameter"] for error in answer.json()["errors"]] == ["known_at"]
