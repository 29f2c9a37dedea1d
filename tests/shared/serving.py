"""A service of nothing but the shared frame, with routes that meet every kind of error."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import MappingProxyType, SimpleNamespace
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI, HTTPException, Query
from pydantic import BaseModel

from shared.errors import DomainError
from shared.http.access import Caller, Scope, requires
from shared.http.languages import Text
from shared.http.problems import ProblemType
from shared.http.service import service_app
from shared.http.shortcuts import Shortcuts
from shared.settings import ServiceSettings

SECRET = "secret of the house"


class CounterClosed(DomainError):
    """An error whose fact bears the name of a member of every problem."""

    code = "counter-closed"

    def __init__(self, counter: str, status: str) -> None:
        super().__init__(f"counter {counter} is {status}")
        self.counter, self.status = counter, status


class PapersMissing(DomainError):
    """An error with several facts of one kind."""

    code = "papers-missing"

    def __init__(self, papers: list[str]) -> None:
        super().__init__(f"{', '.join(papers)} are missing")
        self.papers = papers


MISSING = ProblemType(
    422, Text("Thiếu giấy tờ", "Papers missing"), Text("Còn thiếu: {papers}.", "These are missing: {papers}.")
)
CLOSED = ProblemType(
    409,
    Text("Quầy đã đóng", "Counter closed"),
    Text("Quầy {counter} đã đóng.", "Counter {counter} is closed."),
    headers={"Retry-After": "60"},
)


class Visit(BaseModel):
    """A body with a place inside a place."""

    papers: dict[str, int]


router = APIRouter()


@router.get("/closed")
async def get_closed() -> None:
    raise CounterClosed("2", "closed")


@router.get("/papers")
async def get_papers() -> None:
    raise PapersMissing(["a map", "a photo"])


@router.get("/crash")
async def get_crash() -> None:
    raise RuntimeError(SECRET)


@router.get("/unsupported")
async def get_unsupported() -> None:
    raise HTTPException(415)


@router.post("/visits")
async def post_visit(visit: Visit, day: Annotated[int, Query(ge=1)] = 1) -> Visit:
    return visit


@router.get("/mine", dependencies=[requires(Scope.DOSSIERS_READ)])
async def get_mine() -> dict[str, str]:
    return {"said": "the same to everybody"}


@router.get("/open")
async def get_open() -> dict[str, str]:
    return {"said": "the same to everybody"}


@dataclass
class Door:
    """Knows callers by token."""

    callers: dict[str, Caller] = field(default_factory=dict)

    async def caller_of(self, token: str) -> Caller | None:
        return self.callers.get(token)


def caller(name: str, *scopes: Scope) -> Caller:
    """Build a caller of the whole tree."""
    return Caller(name, name, None, frozenset(scopes), None)


@asynccontextmanager
async def client_of(
    *callers: Caller, shortcuts: Shortcuts = MappingProxyType({}), **settings: Any
) -> AsyncIterator[httpx.AsyncClient]:
    """Serve the frame to callers whose token is their name; a crash reaches the client as its answer."""
    resources = SimpleNamespace(authenticator=Door({one.name: one for one in callers}), checks={})

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.resources = resources
        yield

    told = ServiceSettings.model_validate({"database_url": "postgresql://u:p@127.0.0.1:1/none", **settings})
    app = service_app(
        "frame",
        "frame",
        settings=told,
        lifespan=lifespan,
        problem_types={CounterClosed: CLOSED, PapersMissing: MISSING},
        routers=[router],
        shortcuts=shortcuts,
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://frame/v1") as client,
    ):
        yield client
