"""The guide for counters tells true requests and true answers."""

import re
from pathlib import Path
from typing import Any

import httpx
import msgspec

from tests.dossier_api.serving import fill, serving

GUIDE = Path(__file__).parents[2] / "docs" / "api.md"
EXCHANGE = re.compile(r"```http\n(?P<request>.*?)\n```\n\n```json\n(?P<answer>.*?)```", re.DOTALL)
# Different each time: the name of an occurrence.
INSTANCE = re.compile(rb"urn:uuid:[0-9a-f-]{36}")


async def sent(client: httpx.AsyncClient, request: str) -> httpx.Response:
    """Send a request as the guide spells it: a line, headers, an empty line, the body."""
    head, _, body = request.partition("\n\n")
    (method, path), *headers = (line.split(" ", 1) for line in head.splitlines())
    told = {name.removesuffix(":"): value for name, value in headers}
    return await client.request(method, path, headers=told, content=body.encode())


def plain(answer: bytes) -> Any:
    return msgspec.json.decode(INSTANCE.sub(b"urn:uuid:\xe2\x80\xa6", answer))


async def test_every_exchange_of_the_guide_is_true(dossier_url: str) -> None:
    """On a database of its own, since the quarantine's numbers are never given twice."""
    exchanges = [(found["request"], found["answer"]) for found in EXCHANGE.finditer(GUIDE.read_text(encoding="utf-8"))]

    async with serving(None, database_url=dossier_url) as service:
        client = await fill(service)
        answers = [(await sent(client, request)).content for request, _ in exchanges]

    assert [plain(answer) for answer in answers] == [plain(told.encode()) for _, told in exchanges]
    assert len(exchanges) == GUIDE.read_text(encoding="utf-8").count("```http")
