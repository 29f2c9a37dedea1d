"""Counters post events: one, many, in every form CloudEvents has."""

import json
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.dossier_api import wire
from tests.dossier_api.serving import Service
from tests.dossier_api.wire import DOSSIER, event
from tests.support.problems import assert_problem

# The catalogue took the first eight positions.
FIRST = 9


def accepted(event_id: str, position: int, dossier: str = DOSSIER) -> dict[str, object]:
    return {"id": event_id, "status": "accepted", "position": position, "dossier": dossier, "problem": None}


async def test_one_structured_event_is_accepted(province: httpx.AsyncClient) -> None:
    answer = await province.post(
        "/v1/events", content=json.dumps(event()), headers={"Content-Type": "application/cloudevents+json"}
    )
    assert (answer.status_code, answer.json()) == (200, {"results": [accepted("e1", FIRST)]})
