"""Dossiers are read one by one and in lists, by whoever may see them."""

from typing import Any

import asyncpg
import httpx
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.http.access import Scope
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, post
from tests.dossier_api.wire import (
    BIRTH,
    CATALOGUE_ENTRIES,
    COMMUNE,
    DISTRICT,
    DOSSIER,
    LAND,
    OTHER_DISTRICT,
    SOURCE,
    event,
)
from tests.support.problems import assert_problem

FIRST = CATALOGUE_ENTRIES + 1
DUE = "2020-06-08T17:00:00+07:00"
READ = {
    "code": DOSSIER,
    "status": "processing",
    "class": "in_time",
    "unit_code": DISTRICT,
    "receiving_unit_code": None,
    "procedure_code": BIRTH,
    "channel": "direct",
    "submitted_at": None,
    "accepted_at": wire.MORNING,
    "due_first": DUE,
    "due_statutory": DUE,
    "due_current": DUE,
    "finished_at": None,
    "outcome": None,
    "returned_at": None,
    "flags": ["code_not_standard"],
}


async def codes(client: httpx.AsyncClient, **query: Any) -> list[str]:
    answer = await client.get("/v1/dossiers", params=query)
    assert answer.status_code == httpx.codes.OK, answer.text
    return [item["code"] for item in answer.json()["items"]]


async def test_a_dossier_tells_its_state_and_its_three_dates(province: httpx.AsyncClient) -> None:
    await post(province, event())

    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()

    assert {name: value for name, value in read.items() if name in READ} == {**READ, "flags": read["flags"]}
    assert (await province.get("/v1/dossiers")).json() == {
        "items": [{name: read[name] for name in READ}],
        "next": None,
        "has_more": False,
    }


async def test_its_events_are_listed_as_they_were_posted(province: httpx.AsyncClient) -> None:
    await post(province, event(), event("finished", id="e2", at="2020-06-01T10:00:00+07:00"))

    listed = (await province.get(f"/v1/dossiers/{DOSSIER}/events")).json()

    recorded = {"source": SOURCE, "recorded_at": "2020-06-01T12:00:00+07:00"}
    kind = "vn.motcua.dossier.{}.v1"
    assert listed["items"] == [
        {
            **recorded,
            "id": "e1",
            "type": kind.format("accepted"),
            "time": wire.MORNING,
            "data": wire.accepted(),
            "position": FIRST,
        },
        {
            **recorded,
            "id": "e2",
            "type": kind.format("finished"),
            "time": "2020-06-01T10:00:00+07:00",
            "data": {"outcome": "granted"},
            "position": FIRST + 1,
        },
    ]


async def test_its_events_come_in_pages(province: httpx.AsyncClient) -> None:
    notes = [event("rated", {"score": 5}, id=f"r{number}", at=f"2020-06-01T11:0{number}:00+07:00") for number in (1, 2)]
    await post(province, event(), event("finished", id="f", at="2020-06-01T10:00:00+07:00"), *notes)
    path = f"/v1/dossiers/{DOSSIER}/events"

    first = (await province.get(path, params={"limit": 3})).json()
    second = (await province.get(path, params={"limit": 3, "cursor": first["next"]})).json()

    assert ([one["id"] for one in first["items"]], first["has_more"]) == (["e1", "f", "r1"], True)
    assert ([one["id"] for one in second["items"]], second["next"], second["has_more"]) == (["r2"], None, False)


@pytest.fixture
async def several(service: Service, province: httpx.AsyncClient) -> httpx.AsyncClient:
    """Record one dossier of each kind a filter tells apart; go to the tenth of June."""
    service.clock.move(days=9)
    await post(
        province,
        event(id="1", dossier="A-open"),
        event(id="2", dossier="B-late-start", at="2020-06-08T09:00:00+07:00"),
        event(id="3", dossier="C-finished"),
        event("finished", id="4", dossier="C-finished", at="2020-06-05T10:00:00+07:00"),
        event(id="5", dossier="D-waiting"),
        event("supplement_requested", id="6", dossier="D-waiting", at="2020-06-02T10:00:00+07:00"),
        event(id="7", dossier="E-elsewhere", data=wire.accepted(unit_code=OTHER_DISTRICT)),
        event(id="8", dossier="F-received", data=wire.accepted(unit_code=OTHER_DISTRICT, receiving_unit_code=COMMUNE)),
        event(id="9", dossier="G-land", data=wire.accepted(procedure_code=LAND, unit_code=COMMUNE)),
        event("submitted", id="10", dossier="H-filed"),
        event(id="11", dossier="I-finished-late"),
        event("finished", id="12", dossier="I-finished-late", at="2020-06-10T10:00:00+07:00"),
    )
    return province


FILTERS: list[tuple[dict[str, str], str]] = [
    ({}, "ABCDEFGHI"),
    ({"unit": DISTRICT}, "ABCDFGHI"),
    ({"unit": COMMUNE}, "FG"),
    ({"unit": OTHER_DISTRICT}, "EF"),
    ({"status": "finished"}, "CI"),
    ({"status": "submitted"}, "H"),
    ({"procedure": LAND}, "G"),
    ({"unit": DISTRICT, "status": "awaiting_supplement"}, "D"),
    ({"due_before": "2020-06-08"}, ""),
    ({"due_before": "2020-06-09"}, "AEFG"),
    ({"due_before": "2020-06-16"}, "ABEFG"),
    ({"overdue_on": "2020-06-08"}, ""),
    ({"overdue_on": "2020-06-09"}, "AEFGI"),
    ({"overdue_on": "2020-06-10"}, "AEFG"),
    ({"overdue_on": "2020-06-09", "unit": DISTRICT}, "AFGI"),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS, ids=str)
async def test_a_list_is_narrowed(several: httpx.AsyncClient, query: dict[str, str], expected: str) -> None:
    assert "".join(code[0] for code in await codes(several, **query)) == expected


async def test_a_late_note_does_not_hide_that_a_dossier_was_overdue(
    service: Service, province: httpx.AsyncClient
) -> None:
    service.clock.move(days=14)
    await post(province, event(), event("finished", id="e2", at="2020-06-12T10:00:00+07:00"))
    await post(province, event("outage_started", id="e3", at="2020-06-01T10:00:00+07:00"))
    await post(province, event("outage_ended", id="e4", at="2020-06-01T10:01:00+07:00"))

    assert await codes(province, overdue_on="2020-06-11") == [DOSSIER]
    assert await codes(province, overdue_on="2020-06-12") == []


async def test_a_generous_receipt_does_not_hide_that_a_dossier_is_overdue(
    service: Service, province: httpx.AsyncClient
) -> None:
    """The full time again from completion may end before the day printed."""
    service.clock.move(days=30)
    await post(
        province,
        event(data=wire.accepted(due_at="2020-06-26T17:00:00+07:00")),
        event("supplement_requested", id="e2", at="2020-06-01T10:00:00+07:00"),
        event("supplemented", id="e3", at="2020-06-02T10:00:00+07:00"),
    )
    read = (await province.get(f"/v1/dossiers/{DOSSIER}")).json()

    overdue = await codes(province, overdue_on="2020-06-10")

    assert overdue == ([DOSSIER] if read["due_statutory"] < "2020-06-10" else [])


async def test_pages_follow_one_another_while_others_write(several: httpx.AsyncClient) -> None:
    whole = await codes(several)
    read: list[str] = []
    cursor: dict[str, str] = {}

    while True:
        page = (await several.get("/v1/dossiers", params={"limit": 4, **cursor})).json()
        read += [item["code"] for item in page["items"]]
        # A dossier that sorts before the cursor moves nothing.
        await post(several, event(id=f"new-{len(read)}", dossier=f"A-0{len(read)}"))
        if not page["has_more"]:
            break
        cursor = {"cursor": page["next"]}

    assert (read, page["next"]) == (whole, None)


async def test_overdue_dossiers_are_paged_too(several: httpx.AsyncClient) -> None:
    first = (await several.get("/v1/dossiers", params={"limit": 3, "overdue_on": "2020-06-09"})).json()
    query = {"limit": 3, "overdue_on": "2020-06-09", "cursor": first["next"]}
    second = (await several.get("/v1/dossiers", params=query)).json()

    found = ["".join(item["code"][0] for item in page["items"]) for page in (first, second)]
    assert (found, first["has_more"], second["has_more"]) == (["AEF", "GI"], True, False)


async def test_the_number_of_queries_does_not_grow_with_the_rows(
    province: httpx.AsyncClient, dossier_connection: AsyncConnection
) -> None:
    raw = (await dossier_connection.get_raw_connection()).driver_connection
    assert isinstance(raw, asyncpg.Connection)
    counts: list[int] = []

    for size in (2, 20, 60):
        await post(province, *(event(id=f"{size}-{n}", dossier=f"D-{size}-{n}") for n in range(size)))
        statements: list[str] = []
        with raw.query_logger(lambda record, into=statements: into.append(record.query)):
            assert len(await codes(province, limit=1000)) >= size
        counts.append(len(statements))

    assert counts[0] == counts[1] == counts[2]
    assert counts[0] > 0


@pytest.fixture
async def district(service: Service, several: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return a reader of one district."""
    return await service.client(DISTRICT, Scope.DOSSIERS_READ)


async def test_a_restricted_reader_lists_its_own_and_what_it_received(district: httpx.AsyncClient) -> None:
    assert "".join(code[0] for code in await codes(district)) == "ABCDFGHI"
    assert "".join(code[0] for code in await codes(district, overdue_on="2020-06-09")) == "AFGI"


@pytest.mark.parametrize("place", ["", "/events", "/clock"])
@pytest.mark.parametrize("code", ["E-elsewhere", "none"])
async def test_a_foreign_dossier_is_as_unknown_as_none(district: httpx.AsyncClient, code: str, place: str) -> None:
    assert_problem(await district.get(f"/v1/dossiers/{code}{place}"), 404, "dossier-unknown", dossier=code)


@pytest.mark.parametrize("unit_code", [OTHER_DISTRICT, wire.PROVINCE, "H99"])
async def test_a_foreign_unit_cannot_be_asked_for(district: httpx.AsyncClient, unit_code: str) -> None:
    answer = await district.get("/v1/dossiers", params={"unit": unit_code})

    assert_problem(answer, 404, "unit-unknown", unit_code=unit_code)


@pytest.mark.parametrize("path", [f"/v1/dossiers/{DOSSIER}", "/v1/dossiers", "/v1/units", "/v1/feed"])
async def test_a_read_is_tagged_and_not_sent_again(province: httpx.AsyncClient, path: str) -> None:
    await post(province, event())
    first = await province.get(path)

    again = await province.get(path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


async def test_a_change_changes_the_tag(province: httpx.AsyncClient) -> None:
    await post(province, event())
    first = await province.get(f"/v1/dossiers/{DOSSIER}")
    await post(province, event("finished", id="e2"))

    again = await province.get(f"/v1/dossiers/{DOSSIER}", headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.json()["status"]) == (200, "finished")
    assert again.headers["etag"] != first.headers["etag"]


async def test_another_callers_tag_tells_nothing(service: Service, province: httpx.AsyncClient) -> None:
    other = await service.client()

    tags = [(await client.get("/v1/dossiers")).headers["etag"] for client in (province, other)]

    assert tags[0] != tags[1]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"status": "lost"}, "status"),
        ({"due_before": "soon"}, "due_before"),
        ({"overdue_on": "2020-02-30"}, "overdue_on"),
        ({"overdue_on": "9999-12-31"}, "overdue_on"),
        ({"due_before": "0001-01-01"}, "due_before"),
        ({"procedure": "a\0b"}, "procedure"),
        ({"limit": "0"}, "limit"),
        ({"limit": "1001"}, "limit"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "WyJcdTAwMDAiXQ"}, "cursor"),
    ],
    ids=str,
)
async def test_a_query_that_means_nothing_is_refused(
    province: httpx.AsyncClient, query: dict[str, str], parameter: str
) -> None:
    answer = await province.get("/v1/dossiers", params=query)

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/dossiers/a%00b"),
        ("GET", "/v1/dossiers/a%00b/events"),
        ("GET", "/v1/dossiers/a%00b/clock"),
        ("GET", "/v1/runs/a%00b"),
        ("POST", "/v1/rejected-events/replays?reason=a%00b"),
        ("GET", "/v1/dossiers?unit=a%00b"),
        ("GET", "/v1/worklists/overdue?unit=a%00b"),
        ("GET", "/v1/units/a%00b"),
        ("GET", "/v1/procedures/a%00b"),
        ("DELETE", "/v1/keys/a%00b"),
    ],
)
async def test_a_null_character_names_nothing(province: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await province.request(method, path)

    assert answer.status_code in {404, 422}, answer.text
