import gzip

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from shared.http.etag import ETagMiddleware

LONG = ("Xã Mường Cang " * 200).encode()


async def told(body: bytes, *, media_type: str = "application/json", **headers: str) -> httpx.Response:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(body, media_type=media_type)(scope, receive, send)

    transport = httpx.ASGITransport(ETagMiddleware(app))
    asked = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(transport=transport, base_url="http://it") as client:
        return await client.get("/", headers=asked)


async def test_a_long_body_is_packed_for_who_takes_it() -> None:
    answer = await told(LONG, accept_encoding="br, gzip")

    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) == len(gzip.compress(LONG, 5, mtime=0)) < len(LONG) / 10
    assert answer.content == LONG
    assert "Accept-Encoding" in answer.headers["vary"]


@pytest.mark.parametrize("accepted", ["identity", "br", "gzip;q=0", "gzip; q=0.0", ""])
async def test_who_does_not_take_it_gets_the_body_itself(accepted: str) -> None:
    answer = await told(LONG, accept_encoding=accepted)

    assert "content-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(LONG)


@pytest.mark.parametrize(("body", "media_type"), [(LONG[:1023], "application/json"), (LONG, "application/pdf")])
async def test_what_would_gain_nothing_is_left_alone(body: bytes, media_type: str) -> None:
    answer = await told(body, media_type=media_type, accept_encoding="gzip")

    assert "content-encoding" not in answer.headers


async def test_each_coding_has_its_own_tag_and_is_recognised_by_it() -> None:
    plain, packed, again = [await told(LONG, accept_encoding=coding) for coding in ("identity", "gzip", "gzip")]

    assert plain.headers["etag"] != packed.headers["etag"] == again.headers["etag"]
    known = await told(LONG, accept_encoding="gzip", if_none_match=packed.headers["etag"])
    assert (known.status_code, known.content, "content-encoding" in known.headers) == (304, b"", False)
