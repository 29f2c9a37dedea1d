"""The short table that ends the loading: what the province printed beside what the dossiers say."""

from typing import Any

import httpx
from rich.console import Console
from rich.table import Table

from motcua.sample.calling import call
from motcua.sample.figures import LEVELS, printed_figures

QUERY = {"unit": "H35", "period": "2020-H1"}
LEVEL_NAMES = {"province": "cấp tỉnh", "district": "cấp huyện", "commune": "cấp xã"}
NOT_PRINTED = "không nêu"
Row = tuple[str, str, str]
Counts = dict[str, int]


async def print_summary(client: httpx.AsyncClient, *, console: Console) -> None:
    """Print the table.  Raises SampleRefused."""
    counts = await call(client, "GET", "/v1/counts", params={**QUERY, "group_by": "level"})
    supply = await call(client, "GET", "/v1/indicators/online_supply_34", params=QUERY)
    by_level = {row["group"]["level"]: row["counts"] for row in counts["rows"]}
    table = Table("Lai Châu, 6 tháng đầu năm 2020", title_justify="left")
    table.add_column("Báo cáo in", justify="right")
    table.add_column("motcua tính", justify="right")
    for row in rows(by_level, services=supply["rows"][0]["denominator"]):
        table.add_row(*row)
    console.print(table)


def rows(by_level: dict[str, Counts], *, services: int) -> list[Row]:
    """Return caption, printed and computed of each line."""
    total = {name: sum(counts[name] for counts in by_level.values()) for name in by_level["province"]}
    printed = printed_figures()
    dossiers = printed["dossiers"]
    return [
        ("Hồ sơ tiếp nhận", whole(dossiers["received"]), whole(total["received"])),
        *_levels("Đã giải quyết", dossiers["resolved"], {level: _resolved(by_level[level]) for level in LEVELS}),
        *_levels("Đang giải quyết", dossiers["in_process"], {level: by_level[level]["open"] for level in LEVELS}),
        ("Chưa đến hạn", whole(dossiers["in_process_not_yet_due"]), whole(total["open"] - total["open_overdue"])),
        ("Quá hạn, chưa giải quyết xong", NOT_PRINTED, whole(total["open_overdue"])),
        ("Đúng hạn, trên hồ sơ đã giải quyết", NOT_PRINTED, percent(_in_time(total), _resolved(total))),
        ("Không quá hạn, tính cả hồ sơ tồn", NOT_PRINTED, percent(_not_late(total), _to_handle(total))),
        ("Dịch vụ công đăng tải", whole(printed["online_services"]["total"]), whole(services)),
    ]


def _levels(caption: str, printed: dict[str, Any], computed: Counts) -> list[Row]:
    return [(f"{caption}, {LEVEL_NAMES[level]}", whole(printed[level]), whole(computed[level])) for level in LEVELS]


def _in_time(counts: Counts) -> int:
    return counts["early"] + counts["on_time"]


def _resolved(counts: Counts) -> int:
    return _in_time(counts) + counts["late"]


def _to_handle(counts: Counts) -> int:
    return counts["carried_over"] + counts["received"]


def _not_late(counts: Counts) -> int:
    """Rule: contract section 5, OT4: the overdue backlog counts against the province."""
    return _to_handle(counts) - counts["late"] - counts["open_overdue"]


def whole(number: int) -> str:
    """Write an integer the Vietnamese way."""
    return f"{number:,}".replace(",", ".")


def percent(numerator: int, denominator: int) -> str:
    """Write a share as a percentage with two decimals, rounded half up."""
    hundredths = (numerator * 20_000 + denominator) // (2 * denominator)
    return f"{hundredths // 100},{hundredths % 100:02}%"
