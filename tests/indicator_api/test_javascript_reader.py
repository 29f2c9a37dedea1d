"""jsonstat-toolkit, the JavaScript reader of JSON-stat's own author, finds the cells of the JSON."""

import asyncio
import json
import os
import shutil
from pathlib import Path

import pytest

from shared.contracts.life import Phase
from tests.indicator_api.feeding import World
from tests.indicator_api.given import DISTRICT, life
from tests.indicator_api.test_shapes_of_tables import JSON_STAT, TABLES, cells_of, shaped

SCRIPT = Path(__file__).parent / "clients" / "read_json_stat.mjs"
FOLDER = Path(os.environ.get("JSONSTAT_JS", "/nonexistent"))
HOW = "run `npm install jsonstat-toolkit` in a folder of its own and name it in JSONSTAT_JS; node must be on the PATH"


@pytest.mark.skipif(not (shutil.which("node") and (FOLDER / "node_modules" / "jsonstat-toolkit").is_dir()), reason=HOW)
@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize("group_by", ["", "unit", "month,field", "procedure,online_level,unit"])
async def test_javascript_finds_the_same_cells(world: World, path: str, group_by: str) -> None:
    world.told.tell("a", life("03-02", ("03-02", Phase.EARLY)))
    world.told.tell("b", life("04-02", ("04-02", Phase.LATE), field="Đất đai", channel="online"))
    world.told.tell("c", life("05-04", ("05-04", Phase.ON_TIME), units=[("01-01", DISTRICT)]))
    await world.project()
    rows = (await shaped(world, path, "application/json", group_by=group_by)).json()["rows"]
    dataset = await shaped(world, path, JSON_STAT, group_by=group_by)

    process = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), str(FOLDER), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await process.communicate(dataset.content)

    read = {tuple(cell["labels"]): cell["value"] for cell in json.loads(printed) if cell["value"] is not None}
    assert read == {labels: value for labels, value in cells_of(rows).items() if value is not None}
