"""Nothing that could name a person is taken.  Rule: contract section 3, rule 5."""

from typing import Any

import httpx
import pytest

from tests.dossier_api import wire
from tests.dossier_api.serving import Service, everything, post, post_one
from tests.dossier_api.wire import CATALOGUE_ENTRIES, event
from tests.support.problems import assert_problem

FIRST = CATALOGUE_ENTRIES + 1


PERSONAL = "Nguyễn Thị Hoa"
PUT_OFF = {"due_at": "2020-06-19T17:00:00+07:00", "reason": "complex"}
FREE_TEXT: list[tuple[str, dict[str, Any], str]] = [
    ("an unknown member", event(data=wire.accepted(applicant=PERSONAL)), ""),
    ("a reason", event("supplement_requested", {"reason": PERSONAL}), "/reason"),
    ("a sentence", event("refused", {"reason": f"thiếu giấy tờ của {PERSONAL}"}), "/reason"),
    ("a reason that need not be", event("withdrawn", {"reason": PERSONAL}), "/reason"),
    ("a reason to void", event("voided", {"event_id": "e1", "reason": PERSONAL}), "/reason"),
    ("a number", event("extended", {**PUT_OFF, "apology_number": PERSONAL}), "/apology_number"),
    ("a channel", event(data=wire.accepted(channel=PERSONAL)), "/channel"),
    ("a member where none is", event("paid", {"note": PERSONAL}), ""),
    ("text for data", event("paid", PERSONAL), ""),
]
each_text = pytest.mark.parametrize(("told", "place"), [pytest.param(*rest, id=name) for name, *rest in FREE_TEXT])


async def nowhere(service: Service) -> bool:
    return not any(PERSONAL in str(rows) for rows in await everything(service))


@each_text
async def test_a_single_event_with_free_text_is_refused_and_stored_nowhere(
    service: Service, province: httpx.AsyncClient, told: dict[str, Any], place: str
) -> None:
    answer = await post_one(province, told)

    assert_problem(answer, 422, "invalid-request", errors=answer.json().get("errors"))
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"#/data{place}"]
    assert await nowhere(service)


@each_text
async def test_in_a_batch_it_is_refused_and_stored_nowhere(
    service: Service, province: httpx.AsyncClient, told: dict[str, Any], place: str
) -> None:
    [first, second] = await post(province, told, event(id="e2"))

    refused = {"id": "e1", "status": "rejected", "position": None, "dossier": None, "problem": first["problem"]}
    assert (first, second["status"]) == (refused, "accepted")
    assert [error["pointer"] for error in first["problem"]["errors"]] == [f"#/0/data{place}"]
    assert await nowhere(service)


async def test_what_an_extension_attribute_says_is_not_kept(service: Service, province: httpx.AsyncClient) -> None:
    await post(province, event(applicant=PERSONAL))

    assert await nowhere(service)
