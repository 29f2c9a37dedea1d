"""A report is judged by the targets that the province keeps in indicator_api, and by no others."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import httpx
import pytest

from report_worker.domain.targets import Aim, Goal
from report_worker.usecases.make_report import Workshop, make_report
from shared.http.client import UpstreamNonsense, UpstreamUnavailable
from tests.report_worker.given import FakeFigures, condition, report_body, told_target

Make = Callable[[str], Awaitable[Mapping[str, Any]]]
ON_TIME = Goal("on_time_rate", Aim.AT_LEAST, 0.95)


async def _order(client: httpx.AsyncClient, **changes: Any) -> str:
    return str((await client.post("/v1/reports", json=report_body(**{"form": "cchc", **changes}))).json()["id"])


def _answered(figures: FakeFigures, response: httpx.Response) -> None:
    """Let the question about targets alone be answered otherwise."""
    figures.before_answer = lambda number: response if _is_of_targets(figures.asked[number - 1]) else None


def _is_of_targets(request: httpx.Request) -> bool:
    return request.url.path == "/v1/targets"


async def test_what_the_province_put_judges_the_report(
    client: httpx.AsyncClient, make: Make, figures: FakeFigures
) -> None:
    figures.targets = [told_target(condition(ON_TIME))]

    report = await make(await _order(client))

    assert [(one["figure"], one["aim"], one["threshold"], one["is_met"]) for one in report["figures"]["targets"]] == [
        ("on_time_rate_total", ">=", 0.95, True)
    ]


@pytest.mark.parametrize(
    ("target", "is_named"),
    [
        (told_target(condition(ON_TIME), points="1", name="Chỉ số"), False),
        (told_target(name="Không có dữ liệu"), False),
        (told_target(condition(ON_TIME, channel="online"), name="Trực tuyến"), True),
        (told_target(condition(ON_TIME), condition(ON_TIME), name="Cả hai"), True),
    ],
    ids=["an index that earns points", "nothing to judge", "one channel only", "two conditions"],
)
async def test_only_a_rate_of_a_plan_is_judged_and_what_is_left_of_a_plan_is_named(
    client: httpx.AsyncClient, make: Make, figures: FakeFigures, target: dict[str, Any], is_named: bool
) -> None:
    figures.targets = [target]

    report = await make(await _order(client))

    assert report["figures"]["targets"] == []
    assert any(target["name"]["vi"] in remark for remark in report["figures"]["remarks"]) is is_named


async def test_the_targets_are_those_known_when_the_figures_were(
    client: httpx.AsyncClient, make: Make, figures: FakeFigures
) -> None:
    await make(await _order(client, known_at="2020-07-15"))
    await make(await _order(client))

    asked = [str(request.url) for request in figures.asked if _is_of_targets(request)]
    assert asked == ["http://indicator/v1/targets?known_at=2020-07-15", "http://indicator/v1/targets"]


async def test_a_table_asks_for_no_targets(client: httpx.AsyncClient, make: Make, figures: FakeFigures) -> None:
    await make(await _order(client, form="II.06a"))

    assert not any(map(_is_of_targets, figures.asked))


async def test_a_made_report_keeps_what_it_was_judged_by(
    client: httpx.AsyncClient, make: Make, figures: FakeFigures
) -> None:
    made = await make(await _order(client))
    files = [(await client.get(made["files"][kind])).content for kind in ("docx", "xlsx", "pdf")]
    figures.targets = []

    again = (await client.get(f"/v1/reports/{made['id']}")).json()

    assert again["figures"]["targets"] == made["figures"]["targets"] != []
    assert [(await client.get(again["files"][kind])).content for kind in ("docx", "xlsx", "pdf")] == files


async def test_a_changed_target_alone_restates_no_figure(
    client: httpx.AsyncClient, make: Make, figures: FakeFigures
) -> None:
    made = await make(await _order(client))
    figures.targets = [told_target(condition(ON_TIME))]

    restated = (await client.get(f"/v1/reports/{made['id']}/restatement")).json()

    assert restated["cells"] == []


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (httpx.Response(503), UpstreamUnavailable),
        (httpx.Response(200, json={"items": [{"code": "x"}]}), UpstreamNonsense),
    ],
    ids=["away", "nonsense"],
)
async def test_targets_are_waited_for_as_figures_are(
    client: httpx.AsyncClient,
    workshop: Workshop,
    figures: FakeFigures,
    response: httpx.Response,
    error: type[Exception],
) -> None:
    ordered = await _order(client)
    _answered(figures, response)
    with pytest.raises(error):
        await make_report(UUID(ordered), workshop)
    figures.before_answer = lambda _number: None

    await make_report(UUID(ordered), workshop)

    assert (await client.get(f"/v1/reports/{ordered}")).json()["state"] == "done"


async def test_refused_targets_fail_the_report(client: httpx.AsyncClient, make: Make, figures: FakeFigures) -> None:
    _answered(figures, httpx.Response(403, json={"detail": "no scope"}))

    report = await make(await _order(client))

    assert report["state"] == "failed"
    assert report["problem"]["detail"] == "Nguồn số liệu từ chối «targets» (403): no scope"
