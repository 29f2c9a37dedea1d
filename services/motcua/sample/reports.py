"""The two reports the sample makes: the section of the administrative-reform report, and II.06a."""

import asyncio
from time import monotonic
from typing import Any

import httpx
from rich.console import Console

from motcua.sample.calling import SampleRefused, call
from motcua.sample.figures import LEVELS, printed_figures

UNIT = "H35"
PERIOD = "2020-H1"
FIRST_DAY = "2020-01-01"
PATIENCE_S = 120.0
POLL_S = 0.2
DONE = frozenset({"done", "published"})


async def make_reports(client: httpx.AsyncClient, *, console: Console) -> None:
    """Make the reports that do not exist yet and wait for them.  Raises SampleRefused."""
    existing = await _existing(client)
    for order in orders():
        report_id = existing.get(order["form"]) or (await call(client, "POST", "/v1/reports", json=order))["id"]
        await _done(report_id, client)
        console.print(f"  Báo cáo {order['form']}: {client.base_url.join(f'/v1/reports/{report_id}')}", soft_wrap=True)


def orders() -> list[dict[str, Any]]:
    """Return the bodies of `POST /v1/reports`."""
    common = {"unit_code": UNIT, "period": PERIOD}
    compare_with = {"title": printed_figures()["title"], "figures": printed_by_name()}
    return [{"form": "cchc", **common, "compare_with": compare_with}, {"form": "II.06a", **common}]


def printed_by_name() -> dict[str, int]:
    """Return what the official report prints, under the names of the form `cchc`."""
    printed = printed_figures()
    units, dossiers, services = printed["units"], printed["dossiers"], printed["online_services"]
    return {
        "one_stop_units_province": units["province_service_centre"],
        "one_stop_units_district": units["districts_with_one_stop"],
        "one_stop_units_commune": units["communes_with_one_stop"],
        "units_district": units["districts"],
        "units_commune": units["communes"],
        **_by_level("one_stop_procedures", printed["procedures_at_one_stop"]),
        "services_total": services["total"],
        "services_level_1_2": services["level_1_2"],
        "services_level_3": services["level_3"],
        "services_level_4": services["level_4"],
        "received_total": dossiers["received"],
        **_by_level("resolved", dossiers["resolved"]),
        **_by_level("open", dossiers["in_process"]),
        "open_not_yet_due_total": dossiers["in_process_not_yet_due"],
    }


def _by_level(name: str, figures: dict[str, int]) -> dict[str, int]:
    return {f"{name}_{level}": figures[level] for level in (*LEVELS, "total")}


async def _existing(client: httpx.AsyncClient) -> dict[str, str]:
    """Return the id of each report of ours that an earlier run has made, by form."""
    page = await call(client, "GET", "/v1/reports")
    return {
        report["form"]: report["id"]
        for report in page["items"]
        if report["unit_code"] == UNIT and report["period"]["from"] == FIRST_DAY and report["state"] != "failed"
    }


async def _done(report_id: str, client: httpx.AsyncClient) -> None:
    give_up = monotonic() + PATIENCE_S
    while True:
        report: dict[str, Any] = await call(client, "GET", f"/v1/reports/{report_id}")
        if report["state"] in DONE:
            return
        if report["state"] == "failed" or monotonic() > give_up:
            raise SampleRefused(f"báo cáo {report_id}", str(report))
        await asyncio.sleep(POLL_S)
