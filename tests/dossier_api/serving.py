"""A whole dossier_api in the test's process, its clock in the test's hand."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from fastapi import FastAPI
from sqlalchemy import text

from dossier_api.app import create_app
from dossier_api.settings import Settings
from dossier_api.usecases.issue_key import issue_key
from shared.db import Begin
from shared.http.access import Scope
from tests.dossier_api import wire

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2020, 6, 1, 12, 0, tzinfo=ZONE)
UNUSED_URL = "postgresql://unused:unused@127.0.0.1:1/unused"


@dataclass
class SettableClock:
    """A clock that stands still until told otherwise."""

    at: datetime = NOON

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at

    def move(self, **span: float) -> None:
        """Go on by so many days, hours, minutes…"""
        self.at += timedelta(**span)


@dataclass
class Service:
    """A running dossier_api and the means to look behind it."""

    app: FastAPI
    clock: SettableClock
    begin: Begin
    clients: AsyncExitStack

    async def client(
        self, unit_code: str | None = None, *scopes: Scope, expires_at: datetime | None = None
    ) -> httpx.AsyncClient:
        """Return a client with a new key of its own; without scopes it may do everything."""
        issued = await issue_key(
            f"key of {unit_code or 'all'}",
            unit_code,
            scopes=scopes or [Scope.ADMIN],
            expires_at=expires_at,
            begin=self.begin,
            clock=self.clock,
        )
        return await self.client_with(issued.key)

    async def client_with(self, token: str | None) -> httpx.AsyncClient:
        """Return a client that sends this bearer token, or none."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        # A crash must reach the test as the answer its client would see.
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        client = httpx.AsyncClient(transport=transport, base_url="http://dossier", headers=headers)
        return await self.clients.enter_async_context(client)

    async def rows(self, statement: str, **parameters: Any) -> list[Any]:
        """Return what a statement finds in the database, as tuples, or as values where it asks for one column."""
        async with self.begin() as session:
            found = (await session.execute(text(statement), parameters)).all()
        return [row[0] if len(row) == 1 else tuple(row) for row in found]


@asynccontextmanager
async def serving(
    begin: Begin | None,
    *,
    database_url: str = UNUSED_URL,
    issuer: httpx.AsyncBaseTransport | None = None,
    **settings: Any,
) -> AsyncIterator[Service]:
    """Run the app over a `begin` of the test's, or over engines of its own on a database."""
    clock = SettableClock()
    told = Settings.model_validate({"database_url": database_url, "key_environment": "test", **settings})
    app = create_app(told, clock=clock, begin=begin, issuer=issuer)
    async with app.router.lifespan_context(app), AsyncExitStack() as clients:
        yield Service(app, clock, app.state.resources.begin, clients)


async def fill(service: Service) -> httpx.AsyncClient:
    """Write the usual catalogue; return the client of the whole tree that wrote it."""
    client = await service.client()
    answer = await client.post("/v1/catalogue", json=wire.catalogue())
    assert answer.status_code == httpx.codes.OK, answer.text
    return client


async def post(client: httpx.AsyncClient, *events: dict[str, Any], **headers: str) -> Any:
    """Post events as a batch; return their results."""
    answer = await client.post("/v1/events", json=events, headers=headers)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()["results"]


async def post_one(client: httpx.AsyncClient, told: dict[str, Any], **headers: str) -> httpx.Response:
    """Post one structured event; return the whole answer."""
    return await client.post(
        "/v1/events", json=told, headers={"Content-Type": "application/cloudevents+json", **headers}
    )


def statuses(results: list[dict[str, Any]]) -> list[tuple[str, int | None]]:
    """Return what became of each event."""
    return [(result["status"], result["position"]) for result in results]


async def kept(client: httpx.AsyncClient) -> list[tuple[str, str, str]]:
    """Return what the quarantine lists: id, dossier and reason of each."""
    items = (await client.get("/v1/rejected-events")).json()["items"]
    return [(item["id"], item["subject"], item["reason"]) for item in items]


async def everything(service: Service) -> list[Any]:
    """Return every row an event may leave, to compare before and after."""
    tables = ("events", "dossiers", "rejected_events", "feed_head")
    # On one connection with the service, which spells instants in the province's zone.
    await service.rows("SELECT set_config('TimeZone', 'UTC', true)")
    return [await service.rows(f"SELECT to_jsonb(t) FROM dossier.{table} t ORDER BY 1::text") for table in tables]
