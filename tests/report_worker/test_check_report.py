from typing import Any

import httpx
import pytest

from tests.report_worker.given import PRINTED

ENGLISH = {"Accept-Language": "en"}
COLUMNS = {"3": 37588, "7": 35801, "11": 1787, "12": 940}
VECTOR_16 = {"form": "II.06a", "figures": {"columns": COLUMNS}}


async def _check(client: httpx.AsyncClient, body: Any, **options: Any) -> Any:
    return (await client.post("/v1/report-checks", json=body, **options)).json()


async def test_the_silent_remainder_of_2020_is_named(client: httpx.AsyncClient) -> None:
    assert await _check(client, VECTOR_16) == {
        "holds": False,
        "judged": 6,
        "failures": [
            {
                "identity": "11 = 12 + 13",
                "group": {},
                "holds": False,
                "left": 1787,
                "right": 940,
                "difference": 847,
                "message": "11 = 12 + 13 không đúng: vế trái 1.787, vế phải 940, chênh 847. "
                "Ô 13 (Số lượng hồ sơ đang giải quyết: Quá hạn) để trống; phải là 847.",
                "cells": {"11": 1787, "12": 940},
                "kind": "silent_remainder",
                "likely": "Có phần còn lại không được nêu.",
                "suspect": "13",
                "should_be": 847,
            }
        ],
    }


async def test_the_message_comes_in_english_too(client: httpx.AsyncClient) -> None:
    answer = await _check(client, VECTOR_16, headers=ENGLISH)

    assert answer["failures"][0]["message"] == (
        "11 = 12 + 13 fails: 1,787 on the left, 940 on the right, 847 apart. "
        "13 (Dossiers in process: Overdue) is blank; it must be 847."
    )


async def test_with_847_typed_the_report_holds(client: httpx.AsyncClient) -> None:
    columns = {**COLUMNS, "13": 847}

    assert await _check(client, {"form": "II.06a", "figures": {"columns": columns}}) == {
        "holds": True,
        "judged": 8,
        "failures": [],
    }


async def test_every_failing_total_of_the_printed_report_is_found(client: httpx.AsyncClient) -> None:
    answer = await _check(client, {"form": "cchc", "figures": PRINTED.figures})

    assert [(one["identity"], one["difference"]) for one in answer["failures"]] == [
        ("services_total = services_level_1_2 + services_level_3 + services_level_4", -70),
        ("open_total = open_not_yet_due_total + open_overdue_total", 847),
    ]


async def test_the_second_printing_of_the_services_fails_too(client: httpx.AsyncClient) -> None:
    typed = {"services_total": 2034, "services_level_1_2": 2090, "services_level_3": 63, "services_level_4": 73}

    answer = await _check(client, {"form": "cchc", "figures": typed})

    assert [(one["left"], one["right"], one["difference"]) for one in answer["failures"]] == [(2034, 2226, -192)]


async def test_a_count_typed_in_a_rates_cell_is_found(client: httpx.AsyncClient) -> None:
    answer = await _check(client, {"form": "cchc", "figures": {"online_active_34": 190}})

    assert [one["identity"] for one in answer["failures"]] == ["online_active_34 <= 1"]


async def test_a_whole_table_is_checked_line_by_line_and_in_its_sums(client: httpx.AsyncClient) -> None:
    rows = [
        {"group": {"level": "commune", "field": "Hộ tịch"}, "columns": {"11": 10, "12": 6, "13": 3}},
        {"group": {"level": "commune", "field": "Đất đai"}, "columns": {"11": 5, "12": 5, "13": 0}},
    ]
    figures = {"rows": rows, "total": {"columns": {"11": 14, "12": 11, "13": 3}}}

    answer = await _check(client, {"form": "II.06a", "figures": figures}, headers=ENGLISH)

    assert [(one["identity"], one["group"], one["difference"]) for one in answer["failures"]] == [
        ("11 = 12 + 13", {"level": "commune", "field": "Hộ tịch"}, 1),
        ("[11] = Σ rows [11]", {}, -1),
    ]
    assert answer["failures"][0]["message"].startswith("Commune, Hộ tịch: 11 = 12 + 13 fails")


async def test_blank_cells_settle_nothing(client: httpx.AsyncClient) -> None:
    answer = await _check(client, {"form": "II.06a", "figures": {"columns": {"3": 5, "4": None}}})

    assert answer == {"holds": True, "judged": 1, "failures": []}


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"form": "II.06a", "figures": {"columns": {"14": 1}}}, 422, "unknown-figures"),
        ({"form": "cchc", "figures": {"columns": {"3": 1}}}, 422, "unknown-figures"),
        ({"form": "II.99", "figures": {"columns": {}}}, 404, "form-not-found"),
        ({"form": "II.06a", "figures": {"columns": {"3": "12"}}}, 422, "invalid-request"),
        ({"form": "II.06a", "figures": {"columns": {"3": True}}}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_checked_is_refused(client: httpx.AsyncClient, body: Any, status: int, code: str) -> None:
    response = await client.post("/v1/report-checks", json=body)

    assert (response.status_code, response.json()["type"].rpartition("/")[2]) == (status, code)
