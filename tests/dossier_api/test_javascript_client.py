"""The CloudEvents SDK of JavaScript is a counter like any other."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from tests.dossier_api.live import running
from tests.dossier_api.serving import fill, serving

SCRIPT = Path(__file__).parent / "clients" / "post_events.mjs"
FOLDER = Path(os.environ.get("CLOUDEVENTS_JS", "/nonexistent"))
HOW = "run `npm install cloudevents` in a folder of its own and name it in CLOUDEVENTS_JS; node must be on the PATH"


@pytest.mark.skipif(not (shutil.which("node") and (FOLDER / "node_modules" / "cloudevents").is_dir()), reason=HOW)
async def test_every_mode_of_the_javascript_sdk_is_taken(dossier_url: str) -> None:
    async with serving(None, database_url=dossier_url) as service:
        key = (await fill(service)).headers["Authorization"].removeprefix("Bearer ")
    async with running(dossier_url) as (_, address):
        process = await asyncio.create_subprocess_exec(
            "node",
            str(SCRIPT),
            str(FOLDER),
            env={**os.environ, "MOTCUA_URL": address, "MOTCUA_KEY": key},
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()

    found = [json.loads(line) for line in told.splitlines()]
    statuses = [(one["mode"], one["status"], [result["status"] for result in one["results"]]) for one in found]
    assert statuses == [
        ("binary", 200, ["accepted"]),
        ("structured", 200, ["accepted"]),
        ("batch", 200, ["duplicate", "accepted", "accepted"]),
    ]
