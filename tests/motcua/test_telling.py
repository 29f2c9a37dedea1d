"""What an operator reads while a command works."""

import httpx
import pytest

from motcua.sample.calling import call
from motcua.telling import do


def test_a_call_that_is_repeated_prints_nothing_of_what_it_sends(capfd: pytest.CaptureFixture[str]) -> None:
    answers = iter([httpx.Response(503), httpx.Response(200, json={})])

    async def post() -> None:
        transport = httpx.MockTransport(lambda _: next(answers))
        async with httpx.AsyncClient(transport=transport, base_url="http://dossier") as client:
            await call(client, "POST", "/v1/events", content=b"a batch of a thousand events")

    do(post())

    assert "".join(capfd.readouterr()) == ""
    assert next(answers, None) is None
