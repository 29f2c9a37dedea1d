import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.responses import StreamingResponse
from starlette.types import Receive, Send
from starlette.types import Scope as ConnectionScope

from shared.http.access import Scope
from shared.http.etag import ETagMiddleware
from tests.shared.serving import caller, client_of

READER, OTHER = caller("reader", Scope.DOSSIERS_READ), caller("other", Scope.DOSSIERS_READ)


def by(name: str, **headers: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}", **headers}


async def test_a_read_carries_a_strong_tag_and_may_not_be_shared() -> None:
    async with client_of() as client:
        answer = await client.get("/open")

    assert answer.status_code == 200
    assert answer.headers["etag"].startswith('"')
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Accept, Accept-Encoding, Accept-Language, Authorization"


@pytest.mark.parametrize(
    "known",
    [
        pytest.param("{tag}", id="the-tag"),
        pytest.param("W/{tag}", id="weakened-by-a-proxy"),
        pytest.param('"other", {tag}', id="among-others"),
        pytest.param("*", id="any"),
    ],
)
async def test_who_has_it_already_is_answered_304_without_a_body(known: str) -> None:
    async with client_of() as client:
        first = await client.get("/open")
        again = await client.get("/open", headers={"If-None-Match": known.format(tag=first.headers["etag"])})

    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "content-length" not in again.headers


async def test_who_has_another_is_answered_in_full() -> None:
    async with client_of() as client:
        answer = await client.get("/open", headers={"If-None-Match": '"0123"'})

    assert (answer.status_code, answer.json()) == (200, {"said": "the same to everybody"})


async def test_equal_bodies_have_different_tags_for_different_callers() -> None:
    async with client_of(READER, OTHER) as client:
        answers = [await client.get("/mine", headers=by(name)) for name in ("reader", "other", "reader")]

    mine, others, again = (answer.headers["etag"] for answer in answers)
    assert mine == again
    assert mine != others


@pytest.mark.parametrize("path", [pytest.param("/closed", id="problem"), pytest.param("/mine", id="unauthenticated")])
async def test_an_error_has_no_tag_even_for_who_accepts_any(path: str) -> None:
    async with client_of() as client:
        answer = await client.get(path, headers={"If-None-Match": "*"})

    assert answer.status_code in {401, 409}
    assert "etag" not in answer.headers


async def test_a_write_has_no_tag() -> None:
    async with client_of() as client:
        answer = await client.post("/visits", json={"papers": {}})

    assert answer.status_code == 200
    assert "etag" not in answer.headers


App = Callable[[ConnectionScope, Receive, Send], Awaitable[Any]]


async def told_by(app: App) -> httpx.Response:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(ETagMiddleware(app)), base_url="http://it") as client:
        return await client.get("/")


async def slow_body(scope: ConnectionScope, receive: Receive, send: Send) -> None:
    async def parts() -> Any:
        for part in (b"[", b"", b"1", b"]"):
            await asyncio.sleep(0)
            yield part

    await StreamingResponse(parts(), media_type="application/json")(scope, receive, send)


async def broken_body(scope: ConnectionScope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": []})
    await send({"type": "http.response.body", "body": b"not ", "more_body": True})
    await send({"type": "http.response.body", "body": b"now"})


async def test_a_body_that_comes_in_parts_after_long_polling_is_tagged_whole() -> None:
    first, again = await told_by(slow_body), await told_by(slow_body)

    assert first.content == b"[1]"
    assert first.headers["etag"] == again.headers["etag"]


async def test_an_error_that_comes_in_parts_passes_untouched() -> None:
    answer = await told_by(broken_body)

    assert (answer.status_code, answer.content, "etag" in answer.headers) == (503, b"not now", False)
