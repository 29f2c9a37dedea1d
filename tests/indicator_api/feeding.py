"""A dossier_api that serves its feed and its callers from lists, and an indicator_api that reads it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from indicator_api.app import create_app
from indicator_api.clients.dossier_feed import DossierFeed
from indicator_api.domain.progress import Progress
from indicator_api.resources import Resources, database_check
from indicator_api.settings import Settings
from indicator_api.store import states
from indicator_api.store.states import State
from indicator_api.usecases.project_feed import project_feed
from indicator_api.usecases.read_figures import Source
from shared.clock import SystemClock
from shared.contracts.feed import PROCEDURE_TYPE, UNIT_TYPE
from shared.contracts.life import LifeV1
from shared.db import Begin, driver_of
from shared.http.introspection import Introspection
from tests.indicator_api import given

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
TREE_RECORDED_ON, RECORDED_ON = date(2020, 1, 1), date(2020, 7, 1)
WHOLE_TREE, KEEPER = "mc_test_whole_tree", "mc_test_keeper"
SCOPES = {
    "mc_test_counter": ["events:write"],
    KEEPER: ["figures:read", "catalogue:write"],
    "mc_test_H35.12.keeper": ["figures:read", "catalogue:write"],
}
SETTINGS = Settings.model_validate(
    {
        "database_url": "postgresql://unused:unused@127.0.0.1:1/unused",
        "dossier_url": "http://dossier",
        "key": "mc_test_feed_key",
        "position_wait_s": 0.1,
    }
)


@dataclass
class FakeDossierApi:
    """What dossier_api would say; tokens are `mc_test_<unit>` and `mc_test_whole_tree`."""

    items: list[dict[str, Any]] = field(default_factory=list)
    is_down: bool = False

    def tell(self, code: str, life: LifeV1, *, on: date = RECORDED_ON) -> int:
        """Append a dossier event that leaves the dossier with this life."""
        return self._append("vn.motcua.dossier.moved.v1", code, {"life": msgspec.to_builtins(life)}, on)

    def tell_unit(self, unit: dict[str, Any], *, on: date = RECORDED_ON) -> int:
        """Append a unit as it now stands."""
        return self._append(UNIT_TYPE, unit["code"], unit, on)

    def tell_procedure(self, code: str, *versions: dict[str, Any], on: date = RECORDED_ON) -> int:
        """Append a procedure as it now stands."""
        return self._append(PROCEDURE_TYPE, code, {"code": code, "versions": versions}, on)

    def tell_tree(self, *, on: date = TREE_RECORDED_ON) -> None:
        """Append the usual units."""
        for unit in given.tree():
            self.tell_unit(unit, on=on)

    def tell_other(self, kind: str, *, on: date = RECORDED_ON) -> int:
        """Append an entry that no figure is interested in."""
        return self._append(kind, "x", {}, on)

    def _append(self, kind: str, subject: str, data: dict[str, Any], on: date) -> int:
        # Positions ascend with gaps, as the contract has it.
        position = 3 * (len(self.items) + 1)
        recorded_at = datetime.combine(on, time(9, 0), ZONE).astimezone(UTC).isoformat()
        envelope = {"specversion": "1.0", "id": str(position), "source": "/units/H35", "type": kind, "subject": subject}
        self.items.append(
            {**envelope, "time": recorded_at, "recordedat": recorded_at, "position": position, "data": data}
        )
        return position

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer the feed and who-am-I."""
        if self.is_down:
            raise httpx.ConnectError("refused", request=request)
        if request.url.path == "/v1/whoami":
            return _whoami(request.headers["Authorization"].removeprefix("Bearer "))
        after, limit = int(request.url.params["after"]), int(request.url.params["limit"])
        page = [item for item in self.items if item["position"] > after][:limit]
        return httpx.Response(200, content=json.dumps(page))


def _taking_turns(begin: Begin) -> Begin:
    """Return a `begin` for what opens two transactions at once, where the tests have but one connection."""
    turn = asyncio.Lock()

    @asynccontextmanager
    async def begin_in_turn() -> AsyncIterator[AsyncSession]:
        async with turn, begin() as session:
            yield session

    return begin_in_turn


def _whoami(token: str) -> httpx.Response:
    if not token.startswith("mc_test_"):
        return httpx.Response(401)
    unit_code = None if token in {WHOLE_TREE, KEEPER} else token.removeprefix("mc_test_").removesuffix(".keeper")
    scopes = SCOPES.get(token, ["figures:read"])
    told = {"id": token, "name": token, "unit_code": unit_code, "scopes": scopes, "expires_at": None}
    return httpx.Response(200, json=told)


@dataclass(frozen=True)
class World:
    """A province: what is told, what is counted, and a reader."""

    told: FakeDossierApi
    begin: Begin
    upstream: httpx.AsyncClient
    client: httpx.AsyncClient
    progress: Progress

    async def project(self, page: int = 2000) -> None:
        """Count everything told."""
        feed = DossierFeed(self.upstream, page, 0, progress=self.progress)
        await project_feed(feed, begin=_taking_turns(self.begin), zone=ZONE, at_once=1)

    async def get(self, path: str, *, key: str = WHOLE_TREE, **parameters: Any) -> httpx.Response:
        """Ask as the owner of a key."""
        headers = {"Authorization": f"Bearer {key}", "Accept-Language": "en"}
        return await self.client.get(path, params=parameters or None, headers=headers)

    async def rows(self, path: str = "/v1/counts", **parameters: Any) -> list[dict[str, Any]]:
        """Return the rows of a table asked for with the key of the whole tree."""
        answer = await self.get(path, **{"period": "2020", **parameters})
        assert answer.status_code == httpx.codes.OK, answer.text
        rows: list[dict[str, Any]] = answer.json()["rows"]
        return rows

    async def counts(self, **parameters: Any) -> dict[str, int]:
        """Return the counts of the one row of an ungrouped table, zeros left out."""
        (row,) = await self.rows(**parameters)
        return {count: number for count, number in row["counts"].items() if number}


def open_world(begin: Begin, told: FakeDossierApi, *, snapshot: Begin | None = None) -> World:
    """Return a province on the given database; `snapshot` opens what answers are read in."""
    upstream = httpx.AsyncClient(base_url="http://dossier", transport=httpx.MockTransport(told.answer))
    app = create_app(SETTINGS)
    clock, progress = SystemClock(), Progress()
    authenticator = Introspection(upstream, clock)
    checks = {"database": database_check(begin)}

    async def state() -> State | None:
        async with begin() as session:
            # SQLAlchemy opens the transaction with a statement of its own.
            await session.execute(text("SELECT"))
            return await states.find(await driver_of(session))

    app.state.resources = Resources(
        Source(snapshot or begin), begin, clock, progress, SETTINGS, authenticator, checks, state
    )
    transport = httpx.ASGITransport(app=app)
    client = httpx.AsyncClient(base_url="http://indicator", transport=transport)
    return World(told, begin, upstream, client, progress)
