"""Lai Châu, first half of 2020: what the province printed, counted by a system that was killed piece by piece."""

import io
from collections import Counter
from typing import Any

import asyncpg
import openpyxl
import pytest

from motcua.administrator import cluster_of
from motcua.postgres import running_port
from motcua.sample.stream import make_stream
from motcua.settings import EMBEDDED_DATABASE
from tests.e2e.conftest import HALF_YEAR, System, state_of
from tests.e2e.system import get, motcua

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

LEVELS = ("province", "district", "commune")
# Rule: report of the Department of Home Affairs of Lai Châu for the first half of 2020, section "Cải cách thủ tục
# hành chính"; the 847 overdue and the 2,077 services are what its own sums come to.
RECEIVED = 37_588
RESOLVED = {"province": 8_460, "district": 14_175, "commune": 13_166}
IN_PROCESS = {"province": 899, "district": 593, "commune": 295}
NOT_YET_DUE = 940
OVERDUE = 847
SERVICES = {"level_1_2": 1_941, "level_3": 63, "level_4": 73}
ALL_SERVICES = 2_077
ALL_SERVICES_PRINTED = 2_007
AT_ONE_STOP = {"province": 1_651, "district": 222, "commune": 115}
READY_WITHIN_S = 30

Counts = dict[str, int]

# One day, and the month, that indicator_api keeps of one unit alone.
TAMPER = """
WITH victim AS (SELECT place_id, day.start, channel, units.code FROM indicator.unit_sums AS day
    JOIN indicator.places ON places.id = place_id JOIN indicator.units ON units.id = places.unit_id
    WHERE places.level IS NULL AND grain = 1 AND returned > 0 ORDER BY start, place_id LIMIT 1),
changed AS (UPDATE indicator.unit_sums AS kept SET returned = kept.returned + $1 FROM victim
    WHERE kept.place_id = victim.place_id AND kept.channel = victim.channel
    AND (kept.grain, kept.start) IN ((1, victim.start), (3, date_trunc('month', victim.start)::date)))
SELECT victim.code || ' ' || victim.start FROM victim
"""


async def counts_by(system: System, **query: str) -> dict[tuple[str, ...], Counts]:
    table = await get(system.run, "indicator_api", "/v1/counts", **HALF_YEAR, **query)
    assert not table["truncated"]
    return {tuple(row["group"].values()): row["counts"] for row in table["rows"]}


async def report(system: System, form: str) -> dict[str, Any]:
    (listed,) = (await get(system.run, "report_worker", "/v1/reports", form=form))["items"]
    found: dict[str, Any] = await get(system.run, "report_worker", f"/v1/reports/{listed['id']}")
    return found


async def workbook(system: System, form: str) -> openpyxl.Workbook:
    path = (await report(system, form))["files"]["xlsx"]
    async with system.run.client("report_worker") as client:
        return openpyxl.load_workbook(io.BytesIO((await client.get(path)).content), data_only=True)


async def on_database(system: System, statement: str, *values: int) -> str:
    """Run a statement as the database's administrator; return its first value."""
    port = running_port(system.run.home.data)
    assert port is not None
    connection = await asyncpg.connect(cluster_of(system.run.home).url(port, EMBEDDED_DATABASE))
    try:
        return str(await connection.fetchval(statement, *values))
    finally:
        await connection.close()


def resolved(counts: Counts) -> int:
    ended = ("early", "on_time", "late", "undetermined", "withdrawn", "stopped")
    return sum(counts[name] for name in ended)


def added(tables: dict[tuple[str, ...], Counts]) -> Counter[str]:
    total: Counter[str] = Counter()
    for counts in tables.values():
        total.update(counts)
    return total


async def test_the_counts_are_the_printed_ones(system: System) -> None:
    by_level = await counts_by(system, group_by="level")
    ((_, province),) = (await counts_by(system)).items()

    assert {level: resolved(by_level[(level,)]) for level in LEVELS} == RESOLVED
    assert {level: by_level[(level,)]["open"] for level in LEVELS} == IN_PROCESS
    assert province["received"] == RECEIVED
    assert province["open_in_time"] + province["waiting"] == NOT_YET_DUE
    assert province["open_overdue"] == OVERDUE
    assert province["carried_over"] == 0


@pytest.mark.parametrize("basis", ["statutory", "current"])
@pytest.mark.parametrize("group_by", ["unit", "level", "field", "procedure", "channel", "month", "unit,month"])
async def test_what_came_has_gone_or_is_open_in_every_row(system: System, group_by: str, basis: str) -> None:
    rows = await counts_by(system, group_by=group_by, basis=basis)

    for counts in rows.values():
        came = counts["carried_over"] + counts["received"] + counts["transferred_in"]
        assert came == resolved(counts) + counts["transferred_out"] + counts["open"]
        assert counts["open"] == counts["open_in_time"] + counts["open_overdue"] + counts["waiting"]
    if "month" not in group_by:
        assert added(rows)["open"] == sum(IN_PROCESS.values())
    assert added(rows)["received"] == RECEIVED


async def test_the_rates_are_those_of_the_counts(system: System) -> None:
    by_level = await counts_by(system, group_by="level")
    table = await get(system.run, "indicator_api", "/v1/indicators/on_time_rate", **HALF_YEAR, group_by="level")
    strict = await get(system.run, "indicator_api", "/v1/indicators/on_time_strict", **HALF_YEAR)

    assert {row["group"]["level"]: (row["numerator"], row["denominator"]) for row in table["rows"]} == {
        level: (by_level[(level,)]["early"] + by_level[(level,)]["on_time"], RESOLVED[level]) for level in LEVELS
    }
    late = sum(by_level[(level,)]["late"] for level in LEVELS)
    assert strict["rows"][0] == strict["rows"][0] | {
        "group": {},
        "numerator": RECEIVED - late - OVERDUE,
        "denominator": RECEIVED,
        "value": round((RECEIVED - late - OVERDUE) / RECEIVED, 4),
    }


@pytest.mark.parametrize(
    ("indicator", "at_level"),
    [("online_supply_3", 63), ("online_supply_4", 73), ("online_supply_34", 63 + 73)],
)
async def test_the_services_are_what_the_printed_parts_sum_to(system: System, indicator: str, at_level: int) -> None:
    table = await get(system.run, "indicator_api", f"/v1/indicators/{indicator}", **HALF_YEAR)

    assert [(row["numerator"], row["denominator"]) for row in table["rows"]] == [(at_level, ALL_SERVICES)]


async def test_the_procedures_at_the_one_stop_are_the_printed_ones(system: System) -> None:
    query = {**HALF_YEAR, "group_by": "level"}
    table = await get(system.run, "indicator_api", "/v1/indicators/one_stop_coverage", **query)

    assert {row["group"]["level"]: row["numerator"] for row in table["rows"]} == AT_ONE_STOP


async def test_the_narrative_report_prints_what_was_printed_and_says_where_that_fails(system: System) -> None:
    found = await report(system, "cchc")

    values = {name: figure["value"] for name, figure in found["figures"]["values"].items()}
    expected = {
        "received_total": RECEIVED,
        "resolved_total": sum(RESOLVED.values()),
        "open_total": sum(IN_PROCESS.values()),
        "open_not_yet_due_total": NOT_YET_DUE,
        "open_overdue_total": OVERDUE,
        "services_total": ALL_SERVICES,
        **{f"resolved_{level}": RESOLVED[level] for level in LEVELS},
        **{f"open_{level}": IN_PROCESS[level] for level in LEVELS},
        **{f"services_{part}": number for part, number in SERVICES.items()},
        **{f"one_stop_procedures_{level}": AT_ONE_STOP[level] for level in LEVELS},
    }
    assert {name: values[name] for name in expected} == expected
    assert all(check["holds"] for check in found["checks"])
    compared = {one["name"]: one for one in found["comparison"]["figures"]}
    assert [name for name, one in compared.items() if one["status"] == "differs"] == ["services_total"]
    assert compared["services_total"]["printed"] == ALL_SERVICES_PRINTED
    assert compared["open_overdue_total"]["status"] == "not_printed"
    failures = {(one["left"], one["right"]) for one in found["comparison"]["failures"]}
    assert (ALL_SERVICES_PRINTED, ALL_SERVICES) in failures


async def test_the_narrative_workbook_shows_the_same(system: System) -> None:
    book = await workbook(system, "cchc")

    rows = {str(row[0]): row[1:4] for row in book["Đối chiếu"].iter_rows(values_only=True)}
    assert rows["Hồ sơ tiếp nhận giải quyết (tổng số)"] == (RECEIVED, RECEIVED, 0)
    assert rows["Hồ sơ đã giải quyết (cấp tỉnh)"] == (RESOLVED["province"], RESOLVED["province"], 0)
    assert rows["Dịch vụ công đăng tải"] == (ALL_SERVICES_PRINTED, ALL_SERVICES, ALL_SERVICES_PRINTED - ALL_SERVICES)
    assert rows["Hồ sơ đã quá hạn mà chưa giải quyết xong (tổng số)"][1] == OVERDUE


async def test_the_table_holds_its_identities_in_every_row_and_comes_to_the_printed_totals(system: System) -> None:
    found = await report(system, "II.06a")

    figures = found["figures"]
    for row in (*figures["rows"], *figures["levels"], figures["total"]):
        cell = row["columns"]
        assert cell["3"] == cell["4"] + cell["5"] + cell["6"] == cell["7"] + cell["11"]
        assert cell["7"] == cell["8"] + cell["9"] + cell["10"]
        assert cell["11"] == cell["12"] + cell["13"]
    assert all(check["holds"] for check in found["checks"])
    total = figures["total"]["columns"]
    assert (total["3"], total["7"], total["11"]) == (RECEIVED, sum(RESOLVED.values()), sum(IN_PROCESS.values()))
    assert (total["12"], total["13"]) == (NOT_YET_DUE, OVERDUE)
    levels = {row["group"]["level"]: row["columns"] for row in figures["levels"]}
    assert {level: levels[level]["7"] for level in LEVELS} == RESOLVED
    assert {level: levels[level]["11"] for level in LEVELS} == IN_PROCESS
    for column, number in total.items():
        assert number == sum(row["columns"][column] for row in figures["rows"])


async def test_the_tables_workbook_shows_the_same(system: System) -> None:
    total = (await report(system, "II.06a"))["figures"]["total"]["columns"]
    book = await workbook(system, "II.06a")

    (printed,) = [row for row in book["II.06a"].iter_rows(values_only=True) if row[1] == "Tổng số" and not row[0]]
    assert list(printed[2:13]) == list(total.values())


async def test_every_event_was_taken_once_and_every_report_made_once(system: System) -> None:
    reports = (await get(system.run, "report_worker", "/v1/reports"))["items"]
    posted = Counter(event.id for event in make_stream())
    taken: Counter[str] = Counter()
    position = 0
    while page := await get(system.run, "dossier_api", "/v1/feed", after=position, limit=5000):
        taken.update(item["id"] for item in page if item["type"].startswith("vn.motcua.dossier."))
        position = page[-1]["position"]

    assert taken == posted
    assert sorted((one["form"], one["state"]) for one in reports) == [("II.06a", "done"), ("cchc", "done")]


async def test_a_restart_is_quick_and_changes_nothing(system: System) -> None:
    after = await state_of(system.run)

    assert after == system.before
    assert system.ready_after_s < READY_WITHIN_S


async def test_a_recount_names_the_unit_the_day_and_the_count_of_what_was_tampered_with(system: System) -> None:
    unit, day = (await on_database(system, TAMPER, 1)).split()
    try:
        exit_code, printed = await motcua(system.run, "verify")
    finally:
        await on_database(system, TAMPER, -1)

    rows = [line.split("\t") for line in printed.splitlines() if "\t" in line]
    months = [row for row in rows if row[2] == day[:7]]
    assert exit_code == 1
    # Both bases count what was returned.
    assert [(row[0], row[1], row[3], row[5], int(row[7]) - int(row[6])) for row in months] == [
        (unit, "riêng đơn vị", day, "returned", 1),
        (unit, "riêng đơn vị", day, "returned", 1),
    ]
    assert "số liệu sai lệch" in printed


async def test_a_recount_from_the_dossiers_finds_nothing(system: System) -> None:
    exit_code, printed = await motcua(system.run, "verify", "--language", "en")

    assert exit_code == 0, printed
    assert "Recounted 37,633 dossiers" in printed
    assert "nothing differs" in printed
