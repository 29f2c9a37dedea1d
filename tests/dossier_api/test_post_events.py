"""Counters post events: one or many, in every form CloudEvents has."""

import json
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from shared.db import Begin
from tests.dossier_api import wire
from tests.dossier_api.serving import Service, serving
from tests.dossier_api.wire import CATALOGUE_ENTRIES, DOSSIER, event
from tests.support.problems import assert_bare_problem, assert_document, assert_problem

FIRST = CATALOGUE_ENTRIES + 1
EVENT, BATCH = "application/cloudevents+json", "application/cloudevents-batch+json"
LINES = "application/x-ndjson"
MISSING = [{"detail": "Object missing required field `channel`", "pointer": "#/data"}]


def accepted(event_id: str, position: int, dossier: str = DOSSIER) -> dict[str, Any]:
    return {"id": event_id, "status": "accepted", "position": position, "dossier": dossier, "problem": None}


async def send(client: httpx.AsyncClient, body: Any, media_type: str, **headers: str) -> httpx.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post("/v1/events", content=content, headers={"Content-Type": media_type, **headers})


def ce_headers(told: dict[str, Any]) -> dict[str, str]:
    return {f"ce-{name}": quote(value, safe="/:+") for name, value in told.items() if name != "data"}


@pytest.mark.parametrize(
    "media_type", [EVENT, f"{EVENT}; charset=UTF-8", "application/json", "Application/CloudEvents+JSON"]
)
async def test_one_structured_event(province: httpx.AsyncClient, media_type: str) -> None:
    answer = await send(province, event(), media_type)

    assert answer.headers["content-type"] == "application/json"
    assert (answer.status_code, answer.json()) == (200, {"results": [accepted("e1", FIRST)]})


async def test_one_binary_event(province: httpx.AsyncClient) -> None:
    told = event()

    answer = await send(province, told["data"], "application/json", **ce_headers(told))

    assert (answer.status_code, answer.json()) == (200, {"results": [accepted("e1", FIRST)]})


async def test_attributes_in_headers_are_percent_decoded(province: httpx.AsyncClient, service: Service) -> None:
    told = event(id='quầy 2: "100%"', source="/đơn-vị/Mường Tè")

    answer = await send(province, told["data"], "application/json", **ce_headers(told))

    assert answer.json() == {"results": [accepted('quầy 2: "100%"', FIRST)]}
    kept = await service.rows("SELECT source, id FROM dossier.events WHERE position = :position", position=FIRST)
    assert kept == [("/đơn-vị/Mường Tè", 'quầy 2: "100%"')]


async def test_a_binary_event_without_a_body_says_nothing_more(province: httpx.AsyncClient) -> None:
    await send(province, [event(), event("supplement_requested", id="e2")], BATCH)

    answer = await send(province, b"", "application/json", **ce_headers(event("supplemented", id="e3")))

    assert answer.json() == {"results": [accepted("e3", FIRST + 2)]}


async def test_the_body_of_a_binary_event_is_its_data_and_nothing_else(province: httpx.AsyncClient) -> None:
    told = event()
    body = json.dumps(told["data"]).encode() + b', "subject": "another-dossier"'

    answer = await send(province, body, "application/json", **ce_headers(told))

    detail = answer.json()["errors"][0]["detail"]
    assert_problem(answer, 422, "invalid-request", errors=[{"detail": detail, "pointer": "#/data"}])
    assert (await province.get("/v1/dossiers/another-dossier")).status_code == 404


async def test_a_structured_event_may_repeat_its_attributes_in_headers(province: httpx.AsyncClient) -> None:
    """Rule: CloudEvents HTTP binding 1.0.2 section 3.2.3; the content type tells the mode."""
    answer = await send(province, event(), EVENT, **ce_headers(event()))

    assert answer.json() == {"results": [accepted("e1", FIRST)]}


@pytest.mark.parametrize("media_type", [BATCH, "application/json"])
async def test_a_batch_is_answered_in_its_order(province: httpx.AsyncClient, media_type: str) -> None:
    batch = [event(id="a", dossier="D-1"), event(id="b", dossier="D-2"), event("finished", id="c", dossier="D-1")]

    answer = await send(province, batch, media_type)

    results = [accepted("a", FIRST, "D-1"), accepted("b", FIRST + 1, "D-2"), accepted("c", FIRST + 2, "D-1")]
    assert (answer.status_code, answer.json()) == (200, {"results": results})


async def test_an_empty_batch_has_no_results(province: httpx.AsyncClient) -> None:
    assert (await send(province, [], BATCH)).json() == {"results": []}
    assert (await send(province, b"", LINES)).json() == {"results": []}


async def test_one_bad_event_never_sinks_its_neighbours(province: httpx.AsyncClient) -> None:
    unreadable = {"id": "b", "specversion": "0.3"}
    batch = [
        event(id="a"),
        unreadable,
        7,
        event(id="c", data={"procedure_code": "1", "unit_code": "H35"}),
        event(id="d", dossier="D-4"),
    ]

    first, second, third, fourth, fifth = (await send(province, batch, BATCH)).json()["results"]

    assert (first, fifth) == (accepted("a", FIRST), accepted("d", FIRST + 1, "D-4"))
    for result, event_id in ((second, "b"), (third, None), (fourth, "c")):
        assert {**result, "problem": None} == {
            "id": event_id,
            "status": "rejected",
            "position": None,
            "dossier": None,
            "problem": None,
        }
    errors = [{"detail": "Invalid enum value '0.3'", "pointer": "#/1/specversion"}]
    assert_document(second["problem"], 422, "invalid-request", errors=errors)
    errors = [{"detail": "Expected `object`, got `int`", "pointer": "#/2"}]
    assert_document(third["problem"], 422, "invalid-request", errors=errors)
    errors = [{**MISSING[0], "pointer": "#/3/data"}]
    assert_document(fourth["problem"], 422, "invalid-request", errors=errors)


@pytest.mark.parametrize("size", [1, 3, 7, 64, 1_000_000])
async def test_lines_may_be_cut_into_chunks_anywhere(province: httpx.AsyncClient, size: int) -> None:
    lines = [json.dumps(event(id=f"dấu-{n}", dossier=f"D-{n}"), ensure_ascii=False) for n in range(3)]
    body = ("\r\n".join([lines[0], "", "   ", lines[1]]) + "\n\n" + lines[2]).encode()

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(body), size):
            yield body[start : start + size]

    answer = await province.post("/v1/events", content=chunks(), headers={"Content-Type": LINES})

    assert answer.json() == {"results": [accepted(f"dấu-{n}", FIRST + n, f"D-{n}") for n in range(3)]}


async def test_a_broken_line_spoils_no_other(province: httpx.AsyncClient) -> None:
    body = b"\n".join(
        [json.dumps(event(id="a")).encode(), b'{"id": "b"', json.dumps(event(id="c", dossier="C")).encode()]
    )

    first, second, third = (await send(province, body, LINES)).json()["results"]

    assert (first, third) == (accepted("a", FIRST), accepted("c", FIRST + 1, "C"))
    assert_document(
        second["problem"], 422, "invalid-request", errors=[{"detail": "Input data was truncated", "pointer": "#/1"}]
    )


@pytest.mark.parametrize("count", [999, 1000, 1001, 2500])
async def test_more_lines_than_are_recorded_together(province: httpx.AsyncClient, count: int) -> None:
    body = b"".join(json.dumps(event(id=f"e{n}", dossier=f"D-{n}")).encode() + b"\n" for n in range(count))

    answer = await send(province, body, LINES)

    assert answer.json() == {"results": [accepted(f"e{n}", FIRST + n, f"D-{n}") for n in range(count)]}


def sdk_event(**data: Any) -> CloudEvent:
    told = event()
    attributes = {name: value for name, value in told.items() if name != "data"}
    return CloudEvent(
        attributes={**attributes, "time": datetime.fromisoformat(wire.MORNING), "datacontenttype": "application/json"},
        data={**told["data"], **data},
    )


@pytest.mark.parametrize("convert", [to_structured, to_binary])
async def test_the_python_sdk_is_a_client(province: httpx.AsyncClient, convert: Any) -> None:
    message = convert(sdk_event(), JSONFormat())

    answer = await province.post("/v1/events", content=message.body, headers=message.headers)

    assert (answer.status_code, answer.json()) == (200, {"results": [accepted("e1", FIRST)]})


async def test_structured_and_binary_say_the_same(province: httpx.AsyncClient) -> None:
    structured, binary = to_structured(sdk_event(), JSONFormat()), to_binary(sdk_event(), JSONFormat())
    await province.post("/v1/events", content=structured.body, headers=structured.headers)

    again = await province.post("/v1/events", content=binary.body, headers=binary.headers)

    assert again.json() == {"results": [{**accepted("e1", FIRST), "status": "duplicate"}]}


@pytest.mark.parametrize("media_type", ["text/plain", "application/cloudevents+avro", "application/xml"])
async def test_other_media_types_are_not_taken(province: httpx.AsyncClient, media_type: str) -> None:
    answer = await send(province, event(), media_type)

    assert_problem(answer, 415, "unsupported-event-format", media_type=media_type)


async def test_a_body_without_a_media_type_is_not_taken(province: httpx.AsyncClient) -> None:
    answer = await province.post("/v1/events", content=b"{}")

    assert_problem(answer, 415, "unsupported-event-format", media_type="")


async def test_a_body_declared_larger_than_allowed_is_refused(service: Service, province: httpx.AsyncClient) -> None:
    too_long = str(129 * 1024 * 1024)

    answer = await send(province, b"[]", BATCH, **{"Content-Length": too_long})

    assert_bare_problem(answer, 413)


@pytest.mark.parametrize("media_type", [EVENT, BATCH, LINES, "application/json"])
async def test_a_body_that_grows_larger_than_allowed_is_refused(begin: Begin, media_type: str) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 1000

    async with serving(begin, max_body_bytes=10_000) as service:
        client = await service.client()

        answer = await client.post("/v1/events", content=endless(), headers={"Content-Type": media_type})

    assert_bare_problem(answer, 413)


BAD_BODIES: Iterable[tuple[str, Any, str]] = [
    ("nothing", b"", "#"),
    ("half of it", b'{"specversion": "1.0"', "#"),
    ("another encoding", '{"id": "quầy"}'.encode("utf-16"), "#"),
    ("a lone surrogate", b'{"id": "\\ud800"}', "#"),
    ("no id", {name: value for name, value in event().items() if name != "id"}, "#"),
    ("an empty id", event(id=""), "#/id"),
    ("a null character in the id", event(id="a\0b"), "#/id"),
    ("a null character in the source", event(source="a\0b"), "#/source"),
    ("a control character in the id", event(id="a\x1fb"), "#/id"),
    ("a line feed after the id", event(id="a\n"), "#/id"),
    ("a line feed after the source", event(source="a\n"), "#/source"),
    ("a line feed after the subject", event(dossier="D-1\n"), "#/subject"),
    ("a line feed after a code", event(data=wire.accepted(unit_code="H35.12\n")), "#/data/unit_code"),
    ("an id too long", event(id="x" * 257), "#/id"),
    ("a time without an offset", event(at="2020-06-01T09:12:00"), "#/time"),
    ("a time as a number", event(time=1590977520), "#/time"),
    ("a day that is none", event(at="2020-02-30T09:12:00+07:00"), "#/time"),
    ("a time before any calendar", event(at="1999-12-31T09:12:00+07:00"), "#/time"),
    ("the first of all times", event(at="0001-01-01T00:00:00+14:00"), "#/time"),
    ("a subject with blanks", event(dossier="hồ sơ 1"), "#/subject"),
    ("a subject no path can name", event(dossier="a/b"), "#/subject"),
    ("no subject", event(subject=None), "#/subject"),
    ("an unknown type", event("archived"), "#/type"),
    ("another version of a type", event(type="vn.motcua.dossier.accepted.v2"), "#/type"),
    ("data that is a list", event(data=[]), "#/data"),
    ("a score out of range", event("rated", {"score": 6}), "#/data/score"),
    (
        "a printed date before any calendar",
        event(data=wire.accepted(due_at="1999-12-31T17:00:00+07:00")),
        "#/data/due_at",
    ),
    (
        "a printed date no calendar reaches",
        event(data=wire.accepted(due_at="2099-12-31T17:00:00+07:00")),
        "#/data/due_at",
    ),
    ("the last of all dates", event(data=wire.accepted(due_at="9999-12-31T23:59:59-01:00")), "#/data/due_at"),
]


@pytest.mark.parametrize(("body", "pointer"), [pytest.param(*rest, id=name) for name, *rest in BAD_BODIES])
async def test_what_is_no_event_is_refused_where_it_is_wrong(
    province: httpx.AsyncClient, service: Service, body: Any, pointer: str
) -> None:
    answer = await send(province, body, EVENT)

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert await service.rows("SELECT count(*) FROM dossier.rejected_events") == [0]


BOMB = b'{"id": "bomb", "data": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"


async def test_a_line_nested_without_end_spoils_no_neighbour(province: httpx.AsyncClient) -> None:
    answer = await send(province, BOMB + b"\n" + json.dumps(event()).encode(), LINES)

    assert [result["status"] for result in answer.json()["results"]] == ["rejected", "accepted"]


@pytest.mark.parametrize(("media_type", "body"), [(EVENT, BOMB), (BATCH, b"[" + BOMB + b"]")], ids=["one", "batch"])
async def test_a_body_nested_without_end_is_refused(province: httpx.AsyncClient, media_type: str, body: bytes) -> None:
    answer = await send(province, body, media_type)

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))


async def test_a_batch_that_is_no_array_is_refused(province: httpx.AsyncClient) -> None:
    answer = await send(province, event(), BATCH)

    errors = [{"detail": "Expected `array`, got `object`", "pointer": "#"}]
    assert_problem(answer, 422, "invalid-request", errors=errors)
