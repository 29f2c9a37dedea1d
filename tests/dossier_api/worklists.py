"""Dossiers that fall due, and the lists they are read from."""

from datetime import datetime
from typing import Any

import httpx

from dossier_api.store.worklists import Worklist
from tests.dossier_api import wire
from tests.dossier_api.serving import ZONE, Service, post
from tests.dossier_api.wire import DISTRICT, event

WORKLISTS = {
    "due-soon": Worklist.TURNING_LATE,
    "overdue": Worklist.TURNING_LATE,
    "apologies-due": Worklist.TURNING_LATE_UNEXTENDED,
    "late-acceptance": Worklist.LATE_RECEPTION,
}
LISTS = tuple(WORKLISTS)
HOURS = wire.version(processing_time={"amount": 8, "unit": "working_hour"})


def accepted(code: str, *, due: str, unit: str = DISTRICT) -> dict[str, Any]:
    """Build the acceptance of a dossier whose receipt prints a due day."""
    data = wire.accepted(unit_code=unit, due_at=f"{due}T17:00:00+07:00")
    return event(id=f"accepted-{code}", dossier=code, at="2020-01-02T09:00:00+07:00", data=data)


async def promise(client: httpx.AsyncClient, *dues: str) -> None:
    """Accept dossiers whose codes are their printed due days."""
    results = await post(client, *(accepted(due, due=due) for due in dues))
    assert {result["status"] for result in results} == {"accepted"}


async def listed(client: httpx.AsyncClient, worklist: str, **asked: Any) -> list[str]:
    """Return the codes of a worklist."""
    answer = await client.get(f"/v1/worklists/{worklist}", params=asked)
    assert answer.status_code == httpx.codes.OK, answer.text
    return [item["code"] for item in answer.json()["items"]]


def set_clock(service: Service, text: str) -> None:
    service.clock.at = datetime.fromisoformat(text).replace(tzinfo=ZONE)
