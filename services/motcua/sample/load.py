"""Fill a running system with the sample, over HTTP like any counter."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from motcua.sample.calling import SampleRefused, ask, call
from motcua.sample.catalogue import catalogue
from motcua.sample.posting import LANES, post_stream
from motcua.sample.progress import Progress, fresh, keep, read_progress
from motcua.sample.reports import make_reports
from motcua.sample.stream import SampleEvent, make_stream, stream_name
from motcua.sample.summary import print_summary
from shared.http.client import client_for

PROJECTION_PATIENCE_S = 300.0
POLL_S = 0.2
UNAVAILABLE = 503


@dataclass(frozen=True)
class Services:
    """Clients on the three services, carrying the administrator's key."""

    dossier: httpx.AsyncClient
    indicator: httpx.AsyncClient
    report: httpx.AsyncClient


async def load_sample(
    *, dossier_url: str, indicator_url: str, report_url: str, admin_key: str, home: Path, console: Console
) -> None:
    """Load Lai Châu, first half of 2020, and make its reports; nothing is done twice.

    Raises SampleRefused.
    """
    progress = read_progress(home, stream=stream_name(), lanes=LANES)
    async with AsyncExitStack() as stack:
        urls = (dossier_url, indicator_url, report_url)
        services = Services(*[await stack.enter_async_context(client_for(url, key=admin_key)) for url in urls])
        if not await _is_loaded_there(progress, services.dossier):
            progress = fresh(progress.stream, lanes=LANES)
        if progress.is_complete:
            return
        await _load(progress, services, home=home, console=console)


async def _is_loaded_there(progress: Progress, client: httpx.AsyncClient) -> bool:
    """Say whether this database is the one the progress speaks of."""
    if progress.witness is None:
        return False
    response = await ask(client, f"/v1/dossiers/{progress.witness}")
    return response.is_success


async def _load(progress: Progress, services: Services, *, home: Path, console: Console) -> None:
    console.print("Dữ liệu mẫu: Lai Châu, 6 tháng đầu năm 2020 (hồ sơ là giả lập; tổng số là của báo cáo)")
    began = monotonic()
    events, _ = await asyncio.gather(
        asyncio.to_thread(make_stream), call(services.dossier, "POST", "/v1/catalogue", json=catalogue())
    )
    await _post(events, progress, client=services.dossier, home=home, console=console)
    await _projected(progress.position, services.indicator)
    console.print(f"  {len(events):,} sự kiện đã nạp và tính xong sau {monotonic() - began:.0f} giây".replace(",", "."))
    await make_reports(services.report, console=console)
    await print_summary(services.indicator, console=console)
    progress.is_complete = True
    keep(progress, home)


async def _post(
    events: list[SampleEvent], progress: Progress, *, client: httpx.AsyncClient, home: Path, console: Console
) -> None:
    """Post the events behind a bar; where nobody watches, silently."""
    columns = (TextColumn("  Nạp sự kiện"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=len(events))

        def on_batch(size: int) -> None:
            bar.advance(task, size)
            keep(progress, home)

        await post_stream(events, progress, client=client, on_batch=on_batch)


async def _projected(position: int, client: httpx.AsyncClient) -> None:
    """Wait until the figures contain everything that was sent."""
    query: dict[str, str | int] = {"unit": "H35", "period": "2020-H1", "min_position": position}
    give_up = monotonic() + PROJECTION_PATIENCE_S
    while (response := await ask(client, "/v1/counts", params=query)).status_code == UNAVAILABLE:
        if monotonic() > give_up:
            raise SampleRefused("GET /v1/counts", response.text)
        await asyncio.sleep(POLL_S)
    if not response.is_success:
        raise SampleRefused("GET /v1/counts", response.text)
