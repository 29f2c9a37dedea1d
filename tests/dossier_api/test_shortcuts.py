"""What the service has a shortcut to answers alike without it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from dossier_api.routes import events, worklists
from shared.db import Begin
from shared.http.service import PREFIX
from tests.dossier_api.serving import Service, serving
from tests.dossier_api.wire import DISTRICT, event
from tests.dossier_api.worklists import LISTS, promise

SHORTCUTS = {**events.shortcuts, **worklists.shortcuts}


@pytest.fixture
async def usual(
    begin: Begin, province: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    """Return the client of the province at another process of the service, one without shortcuts."""
    monkeypatch.setattr(events, "shortcuts", {})
    monkeypatch.setattr(worklists, "shortcuts", {})
    async with serving(begin) as running:
        yield await running.client_with(province.headers["Authorization"].removeprefix("Bearer "))


def test_each_leads_to_a_declared_route(service: Service) -> None:
    paths = service.app.openapi()["paths"]

    assert SHORTCUTS
    assert all(method.lower() in paths[f"{PREFIX}{path}"] for method, path in SHORTCUTS)


async def test_an_event_is_the_same_by_either_way(province: httpx.AsyncClient, usual: httpx.AsyncClient) -> None:
    by_short, repeated = [(await client.post("/v1/events", json=event())).json() for client in (province, usual)]
    by_usual, repeated_too = [
        (await client.post("/v1/events", json=event(id="e2", dossier="D-2"))).json() for client in (usual, province)
    ]

    assert [one["results"][0]["status"] for one in (by_short, by_usual)] == ["accepted"] * 2
    assert [one["results"][0]["status"] for one in (repeated, repeated_too)] == ["duplicate"] * 2


@pytest.mark.parametrize("worklist", LISTS)
@pytest.mark.parametrize("asked", [{}, {"unit": DISTRICT}, {"unit": "H99"}, {"limit": "1"}, {"limit": "0"}], ids=str)
async def test_a_list_is_the_same_by_either_way(
    province: httpx.AsyncClient, usual: httpx.AsyncClient, worklist: str, asked: dict[str, str]
) -> None:
    await promise(province, "2020-05-28", "2020-05-29", "2020-06-01", "2020-06-02")

    short, long = [await client.get(f"/v1/worklists/{worklist}", params=asked) for client in (province, usual)]

    assert (short.status_code, said(short)) == (long.status_code, said(long))
    assert short.headers.get("etag") == long.headers.get("etag")


def said(answer: httpx.Response) -> dict[str, Any]:
    """Return what an answer says; each problem has an instance of its own."""
    return {name: value for name, value in answer.json().items() if name != "instance"}
