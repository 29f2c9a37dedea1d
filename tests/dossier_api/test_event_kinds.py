"""Every kind of event through HTTP, and what it makes of a dossier.  Rule: contract section 3, the table of events."""

from typing import Any

import httpx
import pytest

from dossier_api.domain.events import EventKind
from tests.dossier_api import wire
from tests.dossier_api.serving import post, post_one
from tests.dossier_api.wire import COMMUNE, DISTRICT, DOSSIER, LAND, event
from tests.support.problems import assert_problem

DUE, LATER = "2020-06-08T17:00:00+07:00", "2020-06-12T17:00:00+07:00"
# Each kind with what must have happened, its data, and what is different after it.
LETTER = {"due_at": LATER, "reason": "consultation", "apology_number": "12/XL-UBND", "apology_on": "2020-06-01"}
STORIES: dict[str, tuple[list[str], dict[str, Any], dict[str, Any]]] = {
    "submitted": ([], {"channel": "postal"}, {"status": "submitted", "channel": "postal"}),
    "accepted": (["submitted"], {"channel": "online"}, {"status": "processing", "channel": "online", "due_first": DUE}),
    "refused": (["submitted"], {"reason": "wrong-office"}, {"status": "refused"}),
    "supplement_requested": (["accepted"], {"reason": "missing-papers"}, {"status": "awaiting_supplement"}),
    "supplemented": (["accepted", "supplement_requested"], {}, {"status": "processing"}),
    "payment_requested": (["accepted"], {}, {"status": "awaiting_payment", "class": "waiting"}),
    "paid": (["accepted", "payment_requested"], {}, {"status": "processing", "class": "in_time"}),
    "outage_started": (["accepted"], {}, {"status": "processing", "due_statutory": DUE}),
    "outage_ended": (["accepted", "outage_started"], {}, {"status": "processing", "due_statutory": DUE}),
    "transferred": (["accepted"], {"to_unit_code": COMMUNE}, {"unit_code": COMMUNE, "status": "processing"}),
    "extended": (["accepted"], LETTER, {"due_current": LATER, "due_statutory": DUE, "due_first": DUE}),
    "finished": (["accepted"], {"outcome": "granted_in_part"}, {"outcome": "granted_in_part", "class": "early"}),
    "returned": (["accepted", "finished"], {"channel": "postal"}, {"status": "returned"}),
    "withdrawn": (["accepted"], {}, {"status": "withdrawn", "class": "withdrawn"}),
    "stopped": (["accepted"], {"reason": "applicant-died"}, {"status": "stopped", "class": "stopped"}),
    "reopened": (["accepted", "finished"], {"reason": "wrong-result"}, {"status": "processing", "finished_at": None}),
    "rated": (["accepted", "finished"], {"score": 1}, {"status": "finished"}),
    "voided": (["accepted", "finished"], {"event_id": "e1", "reason": "typo"}, {"status": "processing"}),
}


def test_every_kind_has_its_story() -> None:
    assert set(STORIES) == set(EventKind)


@pytest.mark.parametrize("kind", STORIES)
async def test_a_kind_does_what_the_table_says(province: httpx.AsyncClient, kind: str) -> None:
    before, data, after = STORIES[kind]
    filed = {"procedure_code": wire.BIRTH, "unit_code": DISTRICT} if kind in {"submitted", "accepted"} else {}
    told = [(name, None) for name in before] + [(kind, {**filed, **data})]
    events = [
        event(name, said, id=f"e{place}", at=f"2020-06-01T09:{place:02}:00+07:00")
        for place, (name, said) in enumerate(told)
    ]

    results = await post(province, *events)

    assert [result["status"] for result in results] == ["accepted"] * len(events)
    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()
    assert {name: read[name] for name in after} == after


@pytest.mark.parametrize("kind", sorted(set(STORIES) - {"submitted", "accepted", "voided"}))
async def test_only_a_filing_or_an_acceptance_makes_a_dossier(province: httpx.AsyncClient, kind: str) -> None:
    answer = await post_one(province, event(kind, STORIES[kind][1]))

    assert_problem(answer, 404, "dossier-unknown", dossier=DOSSIER)


async def test_an_outage_over_days_moves_the_date(province: httpx.AsyncClient) -> None:
    await post(
        province,
        event(id="a", at="2020-05-25T09:00:00+07:00"),
        event("outage_started", id="b", at="2020-05-26T09:00:00+07:00"),
        event("outage_ended", id="c", at="2020-05-28T09:00:00+07:00"),
    )

    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()
    dues = [read[name][:10] for name in ("due_first", "due_statutory", "due_current")]
    assert dues == ["2020-06-01", "2020-06-03", "2020-06-03"]


async def test_a_dossier_was_overdue_on_a_day_whatever_arrived_since(province: httpx.AsyncClient) -> None:
    """A late upload is the newest arrival but not the newest event."""
    await post(
        province,
        event(id="a", at="2020-05-11T09:00:00+07:00"),
        event("finished", id="c", at="2020-05-25T09:00:00+07:00"),
        event("transferred", {"to_unit_code": COMMUNE}, id="b", at="2020-05-12T09:00:00+07:00"),
    )

    found = {}
    for day in ("2020-05-18", "2020-05-19", "2020-05-24", "2020-05-25"):
        items = (await province.get("/v1/dossiers", params={"overdue_on": day})).json()["items"]
        found[day] = [item["code"] for item in items]

    assert found == {"2020-05-18": [], "2020-05-19": [DOSSIER], "2020-05-24": [DOSSIER], "2020-05-25": []}


async def test_an_extension_over_http_keeps_all_three_dates(province: httpx.AsyncClient) -> None:
    """Rule: clock vectors 6 and 8: finished after the lawful date but before the new one is late."""
    letter = {"due_at": "2020-06-01T17:00:00+07:00", "reason": "consultation", "apology_on": "2020-05-26"}
    await post(
        province,
        event(id="a", at="2020-05-20T09:00:00+07:00"),
        event("extended", letter, id="b", at="2020-05-26T09:00:00+07:00"),
    )
    again = await post_one(province, event("extended", {**letter, "due_at": LATER}, id="c"))
    await post(province, event("finished", id="d", at="2020-05-29T09:00:00+07:00"))

    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()
    assert_problem(again, 409, "already-extended", due_at="2020-06-01T17:00:00+07:00")
    dues = [read[name][:10] for name in ("due_first", "due_statutory", "due_current")]
    assert (dues, read["class"]) == (["2020-05-27", "2020-05-27", "2020-06-01"], "late")


async def test_a_reopened_dossier_was_never_finished(province: httpx.AsyncClient) -> None:
    await post(
        province,
        event(id="a", at="2020-05-20T09:00:00+07:00", data=wire.accepted(procedure_code=LAND)),
        event("finished", id="b", at="2020-05-21T09:00:00+07:00"),
        event("reopened", id="c", at="2020-05-22T09:00:00+07:00"),
    )

    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()
    assert {name: read[name] for name in ("status", "class", "finished_at", "outcome")} == {
        "status": "processing",
        "class": "overdue",
        "finished_at": None,
        "outcome": None,
    }
