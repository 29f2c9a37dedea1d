"""Whoever is led by a shortcut is answered as by the route it leads to."""

from typing import Any

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from structlog.testing import capture_logs

from shared.http.access import Scope, authenticated
from shared.http.shortcuts import Shortcut, Shortcuts
from tests.shared import serving
from tests.shared.serving import caller, client_of
from tests.support.problems import assert_bare_problem

READER, WRITER = caller("reader", Scope.DOSSIERS_READ), caller("writer", Scope.EVENTS_WRITE)


async def mine(request: Request) -> Response:
    await authenticated(request, Scope.DOSSIERS_READ)
    return JSONResponse(await serving.get_mine())


async def opened(_: Request) -> Response:
    return JSONResponse(await serving.get_open())


def raised_by(route: Any) -> Shortcut:
    async def shortcut(_: Request) -> Response:
        return JSONResponse(await route())

    return shortcut


SHORTCUTS: Shortcuts = {
    ("GET", "/mine"): mine,
    ("GET", "/open"): opened,
    ("GET", "/closed"): raised_by(serving.get_closed),
    ("GET", "/crash"): raised_by(serving.get_crash),
    ("GET", "/unsupported"): raised_by(serving.get_unsupported),
}


async def answered(shortcuts: Shortcuts, method: str, path: str, token: str) -> httpx.Response:
    with capture_logs():
        async with client_of(READER, WRITER, shortcuts=shortcuts) as client:
            headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
            return await client.request(method, path, headers=headers)


def content_of(answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name != "instance"}


@pytest.mark.parametrize(
    ("method", "path", "token", "status"),
    [
        pytest.param("GET", "/mine", "reader", 200, id="an-answer"),
        pytest.param("GET", "/open", "nobody", 200, id="an-answer-for-all"),
        pytest.param("GET", "/mine", "nobody", 401, id="an-unknown-caller"),
        pytest.param("GET", "/mine", "writer", 403, id="a-missing-scope"),
        pytest.param("GET", "/closed", "reader", 409, id="an-error-of-ours"),
        pytest.param("GET", "/unsupported", "reader", 415, id="an-error-of-the-framework"),
        pytest.param("GET", "/crash", "reader", 500, id="a-crash"),
        pytest.param("POST", "/open", "reader", 405, id="another-method"),
        pytest.param("GET", "/open/", "reader", 307, id="another-path"),
    ],
)
async def test_both_ways_answer_alike(method: str, path: str, token: str, status: int) -> None:
    short, usual = [await answered(shortcuts, method, path, token) for shortcuts in (SHORTCUTS, {})]

    assert short.status_code == usual.status_code == status
    assert short.headers == usual.headers
    if status != 307:
        assert content_of(short) == content_of(usual)


async def test_a_shortcut_is_taken() -> None:
    async def shortcut(_: Request) -> Response:
        return Response("by the short way")

    answer = await answered({("GET", "/open"): shortcut}, "GET", "/open", "nobody")

    assert answer.text == "by the short way"


async def test_what_a_shortcut_declines_is_left_to_the_route() -> None:
    async def declining(_: Request) -> None:
        return None

    answer = await answered({("GET", "/open"): declining}, "GET", "/open", "nobody")

    assert answer.json() == await serving.get_open()


async def test_a_body_too_large_is_refused_on_the_short_way_too() -> None:
    async def reading(request: Request) -> Response:
        return Response(await request.body())

    async with client_of(shortcuts={("POST", "/visits"): reading}, max_body_bytes=1000) as client:
        answer = await client.post("/visits", content=b"x" * 2000)

    assert_bare_problem(answer, 413)
