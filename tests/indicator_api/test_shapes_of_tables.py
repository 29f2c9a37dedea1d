"""One table in three shapes: JSON, CSV and JSON-stat 2.0."""

import csv
import io
import json
import math
from typing import Any

import httpx
import pytest
from pyjstat import pyjstat

from shared.contracts.life import Phase
from tests.indicator_api.feeding import World
from tests.indicator_api.given import COMMUNE, DISTRICT, life, unit

CSV, JSON_STAT = "text/csv", "application/vnd.json-stat+json"
TABLES = ["/v1/counts", "/v1/indicators/on_time_rate"]


@pytest.fixture
async def spring(world: World) -> World:
    """Dossiers of two units, fields and channels in three months, unevenly."""
    world.told.tell_unit(unit(COMMUNE, "commune", DISTRICT, name='Xã Mường Cang, "Một cửa"'))
    world.told.tell("a", life("03-02", ("03-02", Phase.EARLY)))
    world.told.tell("b", life("04-02", ("04-02", Phase.LATE), field="Đất đai", channel="online"))
    world.told.tell("c", life("05-04", ("05-04", Phase.ON_TIME), units=[("01-01", DISTRICT)]))
    world.told.tell("d", life("05-04", ("05-04", Phase.EARLY), units=[("01-01", DISTRICT)]))
    world.told.tell("e", life("05-05", ("05-05", Phase.LATE), units=[("01-01", DISTRICT)]))
    await world.project()
    return world


async def shaped(world: World, path: str, accept: str, *, language: str = "vi", **asked: str) -> httpx.Response:
    """Ask for a table of the spring of 2020 in a shape and language."""
    token = {"Authorization": "Bearer mc_test_whole_tree"}
    headers = {**token, "Accept": accept, "Accept-Language": language}
    return await world.client.get(path, params={"period": "2020-03-01/2020-06-01", **asked}, headers=headers)


def cells_of(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], float | None]:
    """Return the cells of a JSON table by labels and metric."""
    return {
        (*row["group"].values(), metric): value
        for row in rows
        for metric, value in (row.get("counts") or {k: row[k] for k in ("numerator", "denominator", "value")}).items()
    }


async def test_csv_has_vietnamese_headings_and_names_beside_codes(spring: World) -> None:
    answer = await shaped(spring, "/v1/indicators/on_time_rate", CSV, group_by="unit,month")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Language"] == "vi"
    assert answer.text.splitlines() == [
        "Mã đơn vị,Tên đơn vị,Tháng,Tử số,Mẫu số,Giá trị",
        "H35.12,H35.12,2020-03,0,0,",
        "H35.12,H35.12,2020-04,0,0,",
        "H35.12,H35.12,2020-05,2,3,0.6667",
        'H35.12.01,"Xã Mường Cang, ""Một cửa""",2020-03,1,1,1.0',
        'H35.12.01,"Xã Mường Cang, ""Một cửa""",2020-04,0,1,0.0',
        'H35.12.01,"Xã Mường Cang, ""Một cửa""",2020-05,0,0,',
    ]


async def test_csv_begins_with_a_byte_order_mark_only_on_request(spring: World) -> None:
    with_mark, without = [await shaped(spring, "/v1/counts", CSV, bom=bom) for bom in ("true", "false")]

    assert with_mark.content == b"\xef\xbb\xbf" + without.content
    assert without.content.startswith("Kỳ trước chuyển sang,Tiếp nhận trong kỳ,".encode())


async def test_csv_speaks_english_to_who_asks_for_it(spring: World) -> None:
    answer = await shaped(spring, "/v1/counts", CSV, language="en", group_by="field")

    assert answer.text.startswith("Field,Carried over,Received,")


@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize("group_by", ["", "unit", "month,field", "level,channel,quarter"])
async def test_csv_has_the_cells_of_the_json(spring: World, path: str, group_by: str) -> None:
    told = (await shaped(spring, path, "application/json", group_by=group_by)).json()["rows"]
    read = list(csv.reader(io.StringIO((await shaped(spring, path, CSV, group_by=group_by)).text)))[1:]

    named = "unit" in group_by
    values = [row[len(told[0]["group"]) + named :] for row in read]
    assert [[float(value) if value else None for value in row] for row in values] == [
        list(cells_of([row]).values()) for row in told
    ]


async def test_a_cut_table_is_no_csv(world: World) -> None:
    await world.project()

    answer = await shaped(world, "/v1/counts", CSV, period="2000-01-01/2028-01-01", group_by="day")

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert answer.json()["errors"][0]["parameter"] == "group_by"


async def test_json_stat_describes_its_cube(spring: World) -> None:
    answer = await shaped(spring, "/v1/indicators/on_time_rate", JSON_STAT, group_by="unit,month")

    assert answer.headers["Content-Type"] == JSON_STAT
    dataset = answer.json()
    extension = dataset.pop("extension")
    assert dataset == {
        "version": "2.0",
        "class": "dataset",
        "label": "Tỷ lệ hồ sơ giải quyết trước hạn và đúng hạn trên số hồ sơ đã giải quyết",
        "updated": "2020-07-01T09:00:00+07:00",
        "id": ["unit", "month", "metric"],
        "size": [2, 3, 3],
        "role": {"metric": ["metric"], "time": ["month"], "geo": ["unit"]},
        "dimension": {
            "unit": {
                "label": "Mã đơn vị",
                "category": {
                    "index": [DISTRICT, COMMUNE],
                    "label": {DISTRICT: DISTRICT, COMMUNE: 'Xã Mường Cang, "Một cửa"'},
                },
            },
            "month": {
                "label": "Tháng",
                "category": {
                    "index": ["2020-03", "2020-04", "2020-05"],
                    "label": {"2020-03": "2020-03", "2020-04": "2020-04", "2020-05": "2020-05"},
                },
            },
            "metric": {
                "label": "Chỉ tiêu",
                "category": {
                    "index": ["numerator", "denominator", "value"],
                    "label": {"numerator": "Tử số", "denominator": "Mẫu số", "value": "Giá trị"},
                },
            },
        },
        "value": [0, 0, None, 0, 0, None, 2, 3, 0.6667, 1, 1, 1.0, 0, 1, 0.0, 0, 0, None],
    }
    assert extension["period"] == {"from": "2020-03-01", "to": "2020-06-01"}
    assert extension["truncated"] is False


# Its only way to a table warns that it will go.
@pytest.mark.filterwarnings("ignore:Shouldn't use this function:DeprecationWarning")
@pytest.mark.parametrize("path", TABLES)
@pytest.mark.parametrize(
    "group_by", ["", "unit", "month,field", "level,channel,quarter", "procedure,online_level,unit"]
)
async def test_a_foreign_reader_finds_the_same_cells_in_json_stat(spring: World, path: str, group_by: str) -> None:
    told = (await shaped(spring, path, "application/json", group_by=group_by)).json()["rows"]
    answer = await shaped(spring, path, JSON_STAT, group_by=group_by)

    frame = pyjstat.Dataset.read(answer.text).write("dataframe", naming="id")

    read = {tuple(row[:-1]): row[-1] for row in frame.itertuples(index=False)}
    assert {key: value for key, value in read.items() if value is not None and not math.isnan(value)} == {
        key: value for key, value in cells_of(told).items() if value is not None
    }


async def test_too_large_a_cube_is_refused_as_json_stat(world: World) -> None:
    for number in range(120):
        units = [("01-01", COMMUNE)]
        world.told.tell(f"{number}", life(procedure_code=f"9.{number}", field=f"Lĩnh vực {number}", units=units))
    await world.project()

    answer = await shaped(world, "/v1/counts", JSON_STAT, period="2020-06", group_by="procedure,field,day")

    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "1000000 cells" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/html, text/csv;q=0.5, application/json;q=0.4", "text/csv; charset=utf-8"),
        ("application/json, text/csv", "application/json"),
        (JSON_STAT, JSON_STAT),
        ('application/json;profile="https://json-stat.org/format/"', JSON_STAT),
        ("application/json;q=0, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("text/csv;q=x, application/json;q=0.1", "application/json"),
    ],
)
async def test_the_shape_is_the_one_liked_best(spring: World, accept: str, content_type: str) -> None:
    assert (await shaped(spring, "/v1/counts", accept)).headers["Content-Type"] == content_type


async def test_who_takes_no_shape_there_is_gets_a_problem(spring: World) -> None:
    answer = await shaped(spring, "/v1/counts", "image/png")

    assert answer.status_code == httpx.codes.NOT_ACCEPTABLE
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["offered"] == ["application/json", "text/csv", JSON_STAT]


async def test_each_shape_has_a_tag_of_its_own(spring: World) -> None:
    answers = [await shaped(spring, "/v1/counts", accept) for accept in ("application/json", CSV, JSON_STAT)]

    assert len({answer.headers["ETag"] for answer in answers}) == 3
    assert all("Accept" in answer.headers["Vary"] for answer in answers)
    assert json.loads(answers[2].text)["class"] == "dataset"
