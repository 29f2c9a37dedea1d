"""What cannot be applied is answered with its own problem and kept.  Rule: contract section 3, rules 2 and 3."""

import base64
from typing import Any

import httpx
import pytest

from tests.dossier_api import wire
from tests.dossier_api.serving import kept, post, post_one
from tests.dossier_api.wire import CATALOGUE_ENTRIES, DOSSIER, SOURCE, event
from tests.support.problems import assert_document, assert_problem

FIRST = CATALOGUE_ENTRIES + 1


async def test_a_rejected_event_is_kept_as_it_was_posted(province: httpx.AsyncClient) -> None:
    answer = await post_one(province, event("finished"))

    assert_problem(answer, 404, "dossier-unknown", dossier=DOSSIER)
    listed = (await province.get("/v1/rejected-events")).json()
    [item] = listed["items"]
    assert listed == {"items": [item], "next": None, "has_more": False}
    assert item == {
        "arrival": item["arrival"],
        "id": "e1",
        "source": SOURCE,
        "type": "vn.motcua.dossier.finished.v1",
        "time": "2020-06-01T09:12:00+07:00",
        "subject": DOSSIER,
        "data": {"outcome": "granted"},
        "received_at": "2020-06-01T12:00:00+07:00",
        "reason": "dossier-unknown",
        "facts": {"dossier": DOSSIER},
        "is_displaced": False,
    }


def elsewhere(**data: Any) -> dict[str, Any]:
    return event(data=wire.accepted(**data), dossier="D-9")


TOO_EARLY = "2020-06-02T17:00:00+07:00"
PUT_OFF = event("extended", {"due_at": TOO_EARLY, "reason": "complex"})
VOID_NOTHING = event("voided", {"event_id": "e9", "reason": "typo"})
Cause = tuple[str, dict[str, Any], int, str, dict[str, Any]]
CAUSES: list[Cause] = [
    ("no dossier", event("paid", dossier="D-9"), 404, "dossier-unknown", {"dossier": "D-9"}),
    (
        "an illegal move",
        event("supplemented"),
        409,
        "illegal-move",
        {"event": "supplemented", "dossier_status": "processing"},
    ),
    ("no unit", elsewhere(unit_code="H99"), 404, "unit-unknown", {"unit_code": "H99"}),
    ("no receiving unit", elsewhere(receiving_unit_code="H99"), 404, "unit-unknown", {"unit_code": "H99"}),
    ("a transfer to no unit", event("transferred", {"to_unit_code": "H99"}), 404, "unit-unknown", {"unit_code": "H99"}),
    ("no procedure", elsewhere(procedure_code="9.9"), 404, "procedure-unknown", {"procedure_code": "9.9"}),
    ("nothing to void", VOID_NOTHING, 404, "event-unknown", {"event_id": "e9"}),
    (
        "an extension that puts nothing off",
        PUT_OFF,
        422,
        "extension-not-later",
        {"due_at": TOO_EARLY, "due_current": "2020-06-08T17:00:00+07:00"},
    ),
]
each_cause = pytest.mark.parametrize(
    ("told", "status", "code", "facts"), [pytest.param(*rest, id=name) for name, *rest in CAUSES]
)


@each_cause
async def test_a_single_rejected_event_is_answered_with_its_problem_and_status(
    province: httpx.AsyncClient, told: dict[str, Any], status: int, code: str, facts: dict[str, Any]
) -> None:
    await post(province, event())

    assert_problem(await post_one(province, {**told, "id": "e2"}), status, code, **facts)

    assert await kept(province) == [("e2", told["subject"], code)]


@each_cause
async def test_in_a_batch_the_same_problem_stands_in_the_result(
    province: httpx.AsyncClient, told: dict[str, Any], status: int, code: str, facts: dict[str, Any]
) -> None:
    results = await post(
        province, event(), {**told, "id": "e2"}, event("rated", id="e3"), event(id="e4", dossier="D-4")
    )

    assert [result["status"] for result in results] == ["accepted", "rejected", "rejected", "accepted"]
    rejected = {"id": "e2", "status": "rejected", "position": None, "dossier": told["subject"]}
    assert results[1] == {**rejected, "problem": results[1]["problem"]}
    assert_document(results[1]["problem"], status, code, **facts)
    assert (await kept(province))[0] == ("e2", told["subject"], code)


async def test_an_extension_is_given_once(province: httpx.AsyncClient) -> None:
    until = {"due_at": "2020-06-19T17:00:00+07:00", "reason": "complex"}
    await post(province, event(), event("extended", until, id="e2"))

    answer = await post_one(province, event("extended", {**until, "due_at": "2020-06-26T17:00:00+07:00"}, id="e3"))

    assert_problem(answer, 409, "already-extended", due_at="2020-06-19T17:00:00+07:00")


async def test_problems_speak_the_readers_language(province: httpx.AsyncClient) -> None:
    english = await post_one(province, event("finished"), **{"Accept-Language": "en"})
    vietnamese = await post_one(province, event("finished"))
    [in_batch] = await post(province, event("finished"), **{"Accept-Language": "en-GB, vi;q=0.5"})

    assert [answer.headers["content-language"] for answer in (english, vietnamese)] == ["en", "vi"]
    assert [answer.json()["title"] for answer in (english, vietnamese)] == ["Unknown dossier", "Không có hồ sơ này"]
    assert in_batch["problem"]["detail"] == english.json()["detail"]
    assert english.json()["detail"].startswith(f"There is no dossier {DOSSIER}.")
    assert vietnamese.json()["detail"].startswith(f"Không có hồ sơ {DOSSIER}.")


async def test_rejected_events_are_paged_in_order_of_arrival(province: httpx.AsyncClient) -> None:
    await post(province, *(event("paid", id=f"e{n}", dossier=f"D-{n}") for n in range(5)))
    pages: list[Any] = []
    cursor: dict[str, Any] = {}

    for _ in range(3):
        page = (await province.get("/v1/rejected-events", params={"limit": 2, **cursor})).json()
        pages.append(([item["id"] for item in page["items"]], page["has_more"]))
        cursor = {"cursor": page["next"]}

    assert pages == [(["e0", "e1"], True), (["e2", "e3"], True), (["e4"], False)]
    assert cursor == {"cursor": None}


@pytest.mark.parametrize(
    "key",
    ['["x"]', '["1", "2"]', "[1]", '["9223372036854775808"]', f'["{"9" * 5000}"]', '["\\u0000"]', "{}"],
    ids=lambda key: key[:24],
)
@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/rejected-events"), ("POST", "/v1/rejected-events/replays")])
async def test_a_cursor_this_list_did_not_give_is_refused(
    province: httpx.AsyncClient, method: str, path: str, key: str
) -> None:
    cursor = base64.urlsafe_b64encode(key.encode()).decode()

    answer = await province.request(method, path, params={"cursor": cursor})

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["parameter"] for error in answer.json()["errors"]] == ["cursor"]
